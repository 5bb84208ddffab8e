/** Errors that the loop makes, or brings from elsewhere: they lead to the line that awaited. */
import { describeCells } from './cells.ts';

describeCells('an error of the loop', {
  'of a time limit shows the line that awaits': [
    [
      'import { sleep, timeout, waitFor } from "tsloop"\nasync function slow() {\n  await timeout(0.01).with(async () => {\n    await sleep(60)\n  })\n}\nawait slow()',
      {
        error: 'TimeoutError: The time limit was exceeded.',
        traceback:
          /^In \[1\]:3:3\n {6}await timeout\(0\.01\)\.with\(async \(\) => \{\n {6}\^\nTimeoutError: The time limit was exceeded\.\n {4}at async slow \(In \[1\]:3:3\)\n {4}at (?:async )?In \[1\]:7:1 \{/,
      },
    ],
    [
      'await waitFor(() => sleep(60), 0.01)',
      {
        error: 'TimeoutError: It was not done within 0.01 seconds.',
        traceback: /^In \[2\]:1:1\n[^]*\n {4}at (?:async )?In \[2\]:1:1 \{/,
      },
    ],
  ],
  'of a group shows the line that awaits the group, and those that failed': [
    [
      'import { TaskGroup } from "tsloop"\nconst group = new TaskGroup()\nawait group.with(() => {\n  group.createTask(async () => { throw new Error("one") })\n})',
      {
        error: 'AggregateError: unhandled errors in a TaskGroup (1 sub-exception)',
        traceback:
          /^In \[1\]:3:1\n[^]*\nAggregateError: [^\n]*\n {4}at (?:async )?In \[1\]:3:1 \{[^]*Error: one\n +at (?:Task\.<anonymous> \()?In \[1\]:4:40/,
      },
    ],
  ],
  'of a cancelled task or future shows the line that awaits it': [
    [
      'import { createTask, getEventLoop, sleep } from "tsloop"\nconst task = createTask(() => sleep(60))\ntask.cancel()\nawait task',
      { error: 'CancelledError: ', traceback: /^In \[1\]:4:1\n {4}await task\n {4}\^\nCancelledError\n/ },
    ],
    [
      'const done = getEventLoop().createFuture<void>()\ndone.cancel("why")\nasync function inner() {\n  await done\n}\nawait inner()',
      {
        error: 'CancelledError: why',
        traceback: /^In \[2\]:4:3\n[^]*at async inner \(In \[2\]:4:3\)\n {4}at (?:async )?In \[2\]:6:1/,
      },
    ],
    [
      'const late = getEventLoop().createFuture<void>()\ngetEventLoop().callLater(0.01, () => late.cancel())\nawait late',
      { error: 'CancelledError: ', traceback: /^In \[3\]:3:1\n/ },
    ],
  ],
  'of one of several waits shows the line that awaits them all': [
    [
      'import { gather, sleep, waitFor } from "tsloop"\nconst both = gather(sleep(60), waitFor(() => sleep(60), 0.01))\nawait both',
      { error: /^TimeoutError: /, traceback: /^In \[1\]:[23]:\d+\n/ },
    ],
  ],
  'on a loop of its own shows the line that awaits': [
    [
      'import { newEventLoop, sleep, waitFor } from "tsloop"\nconst loop = newEventLoop()\nasync function main() {\n  await sleep(0)\n  const f = loop.createFuture()\n  loop.callSoon(() => f.cancel())\n  try {\n    await f\n  } finally {\n    await sleep(0)\n  }\n}\nawait loop.runUntilComplete(main)',
      { error: 'CancelledError: ', traceback: /^In \[1\]:13:1\n/ },
    ],
    ['loop.close()'],
  ],
  'keeps the place where it was thrown': [
    [
      'import { createTask } from "tsloop"\nconst thrown = createTask(async () => {\n  throw new RangeError("here")\n})\nawait thrown',
      { error: 'RangeError: here', traceback: /^In \[1\]:3:9\n/ },
    ],
  ],
  'is the same object for code that catches it, with the lines in its stack': [
    [
      'import { createTask, sleep } from "tsloop"\nconst ended = createTask(() => sleep(60))\nended.cancel("enough")\nlet caught: any\ntry {\n  await ended\n} catch (error) {\n  caught = error\n}\n[caught.name, caught.reason, /In \\[\\d+\\]:6:3/.test(caught.stack)].join()',
      "'CancelledError,enough,true'",
    ],
  ],
  'comes to what a then was given, as it does without a place': [
    [
      'import { getEventLoop } from "tsloop"\nconst f = getEventLoop().createFuture<number>()\nconst order: string[] = []\nconst all = Promise.all([f.then(() => order.push("no"), (e) => { order.push("then " + e.name); return 1 }), f.catch((e) => { order.push("catch"); return 2 }), f.finally(() => order.push("finally")).catch(() => 3)])\nf.cancel()\nString([await all, order.slice().sort()])',
      "'1,2,3,catch,finally,then CancelledError'",
    ],
  ],
});
