/** `%%virtual` and `%loop`. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

const setUp = [
  'import { createTask, fromPromise, getEventLoop, newEventLoop, Queue, sleep, timeout } from "tsloop"\nconst loop = getEventLoop()',
] as const;

describeCells('%%virtual', {
  'lets hours pass at once, in the order of real time': [
    [...setUp],
    [
      '%%virtual\nconst start = loop.time(), since = Date.now()\nloop.callLater(7200, console.log, "two hours")\nloop.callLater(60, console.log, "a minute")\nawait sleep(7201)\n;[Math.round(loop.time() - start), Date.now() - since < 3_600_000]',
      { stdout: 'a minute\ntwo hours\n', result: '[ 7201, true ]' },
    ],
  ],
  'lets the time go on from there, as fast as it really does': [
    [...setUp],
    ['const before = loop.time()'],
    ['%%virtual\nawait sleep(1e6)'],
    [
      'const after = loop.time()\nawait sleep(0.01)\n;[after - before >= 1e6, loop.time() > after, loop.time() - after < 1e5]',
      '[ true, true, true ]',
    ],
  ],
  'declares names and gives a value as any cell': [
    ['%%virtual\nconst declared: number = 3\ndeclared + 1', '4'],
    ['declared', '3'],
  ],
  'ends a deadlock with an error that names the tasks and where they were made': [
    [...setUp],
    [
      '%%virtual\nconst queue = new Queue<string>()\nasync function consume() { await queue.get() }\nawait createTask(consume, { name: "consumer" })',
      {
        error:
          /^DeadlockError: Deadlock at [\d.]+ s: 2 wait for something.*\n {2}consumer \(consume\(\)\) waits for <Future pending.*; made at In \[\d+\]:4\n {2}code outside of tasks waits for task consumer$/,
      },
    ],
    ['%%virtual\nawait loop.createFuture()', { error: /^DeadlockError: .*code outside of tasks waits for/s }],
    ['%%virtual\nawait loop.runUntilComplete(loop.createFuture())', { error: /^DeadlockError: / }],
    ['await sleep(0.001, "real again")', "'real again'"],
  ],
  'runs the finally blocks of tasks that are given up': [
    [...setUp],
    [
      '%%virtual\nawait createTask(async () => { try { await loop.createFuture() } finally { console.log("tidied") } })',
      { stdout: 'tidied\n', error: /^DeadlockError: / },
    ],
  ],
  'ends a chain of timers that never lets the time move': [
    [...setUp],
    [
      '%%virtual\nlet isOver = false\nconst again = () => { if (!isOver) loop.callLater(0, again) }\nagain()\nawait sleep(1)',
      { error: /^RuntimeError: Virtual time does not move/ },
    ],
    ['isOver = true; await sleep(0.001, "real again")', "'real again'"],
  ],
  "does not run ahead of Node's own timers, nor of promises of fromPromise": [
    [...setUp],
    [
      '%%virtual\nlet isEarly = false\nconst timer = loop.callLater(3600, () => { isEarly = true })\nawait new Promise((resolve) => setTimeout(resolve, 30))\nawait fromPromise(new Promise((resolve) => setTimeout(resolve, 30)))\ntimer.cancel()\nisEarly',
      'false',
    ],
  ],
  'is for the loops of newEventLoop as well': [
    [...setUp],
    ['const older = newEventLoop()'],
    [
      '%%virtual\nconst own = newEventLoop()\nconst results = [await own.runUntilComplete(() => sleep(1e6, "own")), await older.runUntilComplete(() => sleep(1e6, "older"))]\nresults',
      "[ 'own', 'older' ]",
    ],
    ['%%virtual\nawait own.runUntilComplete(() => own.createFuture())', { error: /^DeadlockError: / }],
    ['await own.runUntilComplete(() => sleep(0.001, "real"))', "'real'"],
    [
      '%%virtual\nawait newEventLoop({ timerPrecision: "high" }).runUntilComplete(() => sleep(1e6, "precise"))',
      "'precise'",
    ],
    [
      'await newEventLoop({ timerPrecision: "high" }).runUntilComplete(() => sleep(0.001, "precise"))',
      "'precise'",
    ],
    [
      'import { virtualTime } from "tsloop/testing"\nconst tested = newEventLoop(virtualTime())\nawait tested.runUntilComplete(() => sleep(1e6))\ntested.time()',
      '1000000',
    ],
  ],
  'takes no arguments': [['%%virtual 3\n1', { error: /^UsageError: .*%%virtual/ }]],
});

describeCells('%loop', {
  'shows time, handles and tasks with what they wait for': [
    [...setUp],
    [
      'const pending = loop.createFuture()\nconst worker = createTask(async function work() { await pending }, { name: "worker" })\nconst late = loop.callLater(7200, function tidyUp() {})\nconst never = loop.callLater(3600, function never() {})\nnever.cancel()\nawait sleep(0.001)',
    ],
    [
      '%loop',
      {
        stdout:
          /^PersistentLoop: running\ntime: [\d.]+ s\nready: 0\nscheduled: 1\n {2}in (?:2h 0min 0s|1h 59min \d+s)  <TimerHandle when=[\d.]+ tidyUp\(\)>\ntasks: 1\n {2}worker \(work\(\)\) waits for <Future pending.*>\n$/,
      },
    ],
    ['late.cancel(); pending.setResult(1); await worker'],
    ['%loop', { stdout: /^PersistentLoop: running\ntime: [\d.]+ s\nready: 0\nscheduled: 0\ntasks: 0\n$/ }],
    ['%loop now', { error: /^UsageError: .*%loop/ }],
  ],
  'counts what is too much to be shown': [
    [...setUp],
    ['const many = Array.from({ length: 25 }, (_, i) => loop.callLater(3600 + i, console.log))'],
    ['%loop', { stdout: /scheduled: 25\n(?: {2}in .*\n){20} {2}and 5 more\ntasks: 0\n$/ }],
    ['for (const each of many) each.cancel()'],
  ],
});

describe('an interrupt of a cell in virtual time', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.stop());

  it('ends the cell, and the time is real again', async () => {
    const { client } = kernel;
    await client.run(setUp[0]);
    const id = client.submit('%%virtual\nconsole.log("begun"); await new Promise(() => {})');
    await client.printed(id, 'begun');
    await client.request('control', 'interrupt_request');
    assert.equal((await client.answer(id)).reply['ename'], 'KeyboardInterrupt');
    const { published } = await client.run(
      'const now = loop.time(); await sleep(0.01); loop.time() - now < 3600',
    );
    assert.equal(shownBy(published).result, 'true');
    // Were it virtual, this would end at once.
    const sleeping = client.submit('console.log("begun"); await sleep(1e6)');
    await client.printed(sleeping, 'begun');
    await client.request('control', 'interrupt_request');
    assert.equal((await client.answer(sleeping)).reply['ename'], 'KeyboardInterrupt');
  });
});
