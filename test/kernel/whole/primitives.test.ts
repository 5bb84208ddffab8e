/** Tasks, task groups, locks and queues in cells. What they do in detail is tested under `test/src`. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

const wait = (name: string): string =>
  `const ${name} = async (name: string, delay: number) => { await sleep(delay); return name }`;

describeCells('the primitives of asyncio in cells', {
  'gather gives results in order, and the first error': [
    ['import { createTask, gather, sleep } from "tsloop"'],
    [wait('slept')],
    ['await gather(sleep(0.02, 1), () => slept("b", 0.001), Promise.resolve(3))', "[ 1, 'b', 3 ]"],
    [
      'const fail = async () => { await sleep(0.001); throw new RangeError("too far") }\nawait gather(() => slept("a", 0.01), fail)',
      { error: 'RangeError: too far', traceback: /In \[4\]/ },
    ],
    [
      'const [a, b] = await gather(() => slept("a", 0), fail, { returnExceptions: true }); [a, String(b)]',
      "[ 'a', 'RangeError: too far' ]",
    ],
  ],
  'a task lives from cell to cell, and can be cancelled in another one': [
    ['import { createTask, sleep, wait, waitFor, shield } from "tsloop"'],
    [
      'const task = createTask(async () => { try { await sleep(1e6) } finally { console.log("cleaned up") } }, { name: "lasting" }); task.done()',
      'false',
    ],
    ['const [done, pending] = await wait([task], { timeout: 0.001 }); [done.size, pending.size]', '[ 0, 1 ]'],
    ['await waitFor(shield(task), 0.001)', { error: /^TimeoutError: It was not done within 0.001 seconds/ }],
    ['task.done()', 'false'],
    ['task.cancel("enough"); await task', { error: 'CancelledError: enough' }],
    ['[task.getName(), task.cancelled()]', "[ 'lasting', true ]"],
  ],
  'asCompleted gives results as they come': [
    ['import { asCompleted, sleep } from "tsloop"'],
    [
      'for await (const delay of asCompleted([0.03, 0.001].map((d) => () => sleep(d, d)))) console.log(delay)',
      { stdout: '0.001\n0.03\n' },
    ],
  ],
  'a timeout ends what a cell waits for, and the time may be moved': [
    ['import { getEventLoop, sleep, timeout } from "tsloop"'],
    ['await timeout(0.001).with(() => sleep(1e6))', { error: 'TimeoutError: The time limit was exceeded.' }],
    [
      'await timeout(0.001).with(async (scope) => { scope.reschedule(null); await sleep(0.01); return scope.expired() })',
      'false',
    ],
  ],
  'a task group shows all errors of its tasks': [
    ['import { sleep, TaskGroup } from "tsloop"'],
    [
      'await new TaskGroup().with(async (group) => {\n  group.createTask(async () => { throw new TypeError("first") })\n  group.createTask(async () => { throw new RangeError("second") })\n  await sleep(1e6)\n})',
      {
        error: 'AggregateError: unhandled errors in a TaskGroup (2 sub-exceptions)',
        traceback: /TypeError: first[^]*RangeError: second/,
      },
    ],
    [
      'const tasks = await new TaskGroup().with((group) => [1, 2].map((n) => group.createTask(() => sleep(0.001, n)))); tasks.map((task) => task.result())',
      '[ 1, 2 ]',
    ],
  ],
  'a lock is held over awaits, also for the rest of a block': [
    ['import { gather, Lock, sleep } from "tsloop"\nconst lock = new Lock()'],
    [
      'const work = async (name: string) => { await using held = await lock.hold(); console.log(name, "in"); await sleep(0.001); console.log(name, "out") }\nawait gather(() => work("a"), () => work("b")); lock',
      { stdout: 'a in\na out\nb in\nb out\n', result: '<Lock [unlocked]>' },
    ],
    ['await lock.acquire(); lock', '<Lock [locked]>'],
    ['lock.release(); lock.release()', { error: 'RuntimeError: Lock is not acquired.' }],
  ],
  'events, conditions, semaphores and barriers make cells and tasks wait': [
    ['import { Barrier, Condition, createTask, Event, gather, Semaphore, sleep } from "tsloop"'],
    [
      'const event = new Event(); const condition = new Condition(); const barrier = new Barrier(2); const one = new Semaphore(1); let ready = false',
    ],
    [
      'const waiting = createTask(async () => { await event.wait(); await condition.with(() => condition.waitFor(() => ready)); return barrier.wait() })',
    ],
    ['event.set(); await sleep(0); await condition.with(() => { ready = true; condition.notifyAll() })'],
    ['[await barrier.wait(), await waiting].sort()', '[ 0, 1 ]'],
    [
      'let inside = 0; await gather(...[1, 2, 3].map(() => () => one.with(async () => { inside++; await sleep(0); return inside-- })))',
      '[ 1, 1, 1 ]',
    ],
  ],
  'a queue connects producers and consumers of different cells': [
    ['import { createTask, PriorityQueue, Queue, sleep } from "tsloop"\nconst queue = new Queue<string>(1)'],
    [
      'const consumer = createTask(async () => { for (;;) { console.log("got", await queue.get()); queue.taskDone() } })',
    ],
    [
      'for (const item of ["a", "b", "c"]) await queue.put(item)\nawait queue.join(); queue',
      { result: '<Queue maxsize=1 getters[1]>' },
    ],
    ['consumer.cancel(); await sleep(0); queue', '<Queue maxsize=1>'],
    [
      'const jobs = new PriorityQueue<[number, string]>(); jobs.putNowait([10, "later"]); jobs.putNowait([9, "sooner"]); await jobs.get()',
      "[ 9, 'sooner' ]",
    ],
    ['queue.getNowait()', { error: /^QueueEmpty: The queue is empty/ }],
  ],
});

describeCells(
  'the primitives of asyncio in cells that are checked',
  {
    'have the types of what they wait for': [
      ['import { asCompleted, createTask, gather, Lock, Queue, sleep, TaskGroup, timeout } from "tsloop"'],
      [
        'const results: [number, string] = await gather(sleep(0, 1), async () => "two"); results',
        "[ 1, 'two' ]",
      ],
      ['const wrong: [string, string] = results', { types: ['2322 1:7 wrong'] }],
      ['const text: string = await timeout(1).with(() => sleep(0, "text")); text', "'text'"],
      ['{ await using held = await new Lock().hold() }'],
      ['new Queue<number>().putNowait("text")', { types: ['2345 1:31 "text"'] }],
      [
        'for await (const value of asCompleted([async () => 1])) console.log(value.toFixed(1))',
        { stdout: '1.0\n' },
      ],
    ],
  },
  {},
  {},
);

describe('an interrupt of a cell that waits for primitives', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'off' } });
    await kernel.client.run(
      'import { createTask, gather, Lock, Queue, sleep, TaskGroup, timeout } from "tsloop"\n' +
        // Said when the wait has begun, so that the interrupt does not come before it.
        'const say = (text: string) => { setTimeout(console.log, 1, text) }\n' +
        'const work = async (name: string) => { try { say(`${name} begun`); await sleep(1e6) } finally { await sleep(0); console.log(`${name} cleaned up`) } }',
    );
  });
  after(() => kernel.stop());

  /** What the cells wait for, and what must be cleaned up then. */
  const cells: Readonly<Record<string, readonly [code: string, cleanedUp: readonly string[]]>> = {
    'a task': ['await createTask(() => work("task"))', ['task']],
    'gathered tasks': ['await gather(() => work("one"), () => work("two"))', ['one', 'two']],
    'a task group': [
      'await new TaskGroup().with(async (group) => { group.createTask(() => work("child")); await work("body") })',
      ['child', 'body'],
    ],
    'a time limit': ['await timeout(1e6).with(() => work("limited"))', ['limited']],
    'a lock': [
      'const lock = new Lock(); await lock.acquire(); say("lock begun"); try { await lock.acquire() } finally { console.log("lock cleaned up") }',
      ['lock'],
    ],
    'a queue': [
      'say("queue begun"); try { await new Queue().get() } finally { console.log("queue cleaned up") }',
      ['queue'],
    ],
    'a task that waits for one which is stuck': [
      'await createTask(async () => { try { await createTask(async () => { await sleep(0); console.log("outer begun"); for (;;); }) } finally { console.log("outer cleaned up") } })',
      ['outer'],
    ],
  };
  for (const [name, [code, cleanedUp]] of Object.entries(cells)) {
    it(`runs the finally blocks: ${name}`, async () => {
      const { client } = kernel;
      const id = client.submit(code);
      for (const each of cleanedUp) await client.printed(id, `${each} begun`);
      await client.request('control', 'interrupt_request');
      const { published, reply } = await client.answer(id);
      assert.equal(reply['ename'], 'KeyboardInterrupt');
      // A clean-up that itself waits may end after the cell.
      for (const each of cleanedUp) await client.printed(id, `${each} cleaned up`);
      assert.equal(shownBy(published).errors.length, 1);
    });
  }
});
