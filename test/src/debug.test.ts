import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { currentTask, newEventLoop, sleep, TimerHandle, type EventLoop } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';
import { captureConsole } from './capture-console.ts';

/** Blocks the thread for that many seconds. */
function block(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

describe('debug mode', () => {
  let loop: EventLoop;
  beforeEach(() => {
    loop = newEventLoop({ ...virtualTime(), debug: true });
    // Slow machines are slow with any callback: here only what blocks on purpose counts.
    loop.slowCallbackDuration = Infinity;
  });
  afterEach(() => loop.close());

  it('rule 125: is an option, else what the environment says', async () => {
    assert.equal(newEventLoop().getDebug(), false);
    assert.equal(newEventLoop({ debug: true }).getDebug(), true);
    const library = JSON.stringify(new URL('../../src/index.js', import.meta.url).href);
    const script = `const { newEventLoop } = await import(${library});
      console.log(newEventLoop().getDebug(), newEventLoop({ debug: false }).getDebug());`;
    const show = async (value: string): Promise<string> => {
      const env = { ...process.env, TSLOOP_DEBUG: value };
      const run = promisify(execFile);
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
      return stdout.trim();
    };
    assert.deepEqual(await Promise.all([show('1'), show('0')]), ['true false', 'false false']);
  });

  it('rule 126: notes where handles, futures and tasks were made, at most 10 frames', () => {
    const deep = (depth: number): string[] =>
      depth > 0 ? deep(depth - 1) : loop.createTask(async () => {}).getStack();
    const stack = deep(30);
    assert.equal(stack.length, 10);
    for (const frame of stack) assert.match(frame, /debug\.test\.js/);
    assert.match(String(loop.callSoon(() => {})), /created at .*debug\.test\.js:\d+>$/);
    assert.match(String(loop.createFuture()), /created at .*debug\.test\.js:\d+>$/);
  });

  it('rule 98: shows where a task was made; outside debug mode it knows nothing', async () => {
    function makeTask(): ReturnType<typeof loop.createTask> {
      return loop.createTask(async () => {}, { name: 'shown' });
    }
    const task = makeTask();
    assert.match(String(task.getStack()[0]), /makeTask/);
    assert.equal(task.getStack(1).length, 1);
    const [shown] = await captureConsole(() => task.printStack(1));
    assert.match(String(shown), /^Stack for <Task pending name='shown'.*\n {4}at .*makeTask.*$/);
    loop.setDebug(false);
    assert.deepEqual(makeTask().getStack(), []);
  });

  it('rule 127: tells of callbacks that take long, with the microtasks that follow from them', async () => {
    function slow(): void {
      block(0.06);
    }
    async function slowTask(): Promise<void> {
      await sleep(0);
      await Promise.resolve();
      block(0.06);
    }
    const shown = await captureConsole(async () => {
      loop.callSoon(slow);
      await loop.runUntilComplete(() => sleep(0));
      loop.slowCallbackDuration = 0.05;
      loop.callSoon(slow);
      await loop.runUntilComplete(loop.createTask(slowTask, { name: 'slow' }));
    });
    const told = shown.filter((line) => /slow/.test(line));
    assert.equal(told.length, 2, shown.join('\n'));
    assert.match(String(told[0]), /^Executing <Handle slow\(\) created at .*> took \d+\.\d{3} seconds$/);
    assert.match(String(told[1]), /^Executing <Task \w+ name='slow' .*> took \d+\.\d{3} seconds$/);
  });

  it('rule 127: tells nothing outside of debug mode', async () => {
    loop.setDebug(false);
    loop.slowCallbackDuration = 0.001;
    const shown = await captureConsole(async () => {
      loop.callSoon(block, 0.01);
      await loop.runUntilComplete(() => sleep(0));
    });
    assert.deepEqual(shown, []);
  });

  it('rule 128: checks kinds of callbacks only when it is on, and for later handles', () => {
    const asynchronous = async (): Promise<void> => {};
    assert.throws(() => loop.callSoon(asynchronous), { name: 'TypeError', message: /createTask/ });
    const before = loop.callSoon(() => {});
    loop.setDebug(false);
    loop.callSoon(asynchronous);
    assert.match(String(before), /created at/);
    assert.doesNotMatch(String(loop.callSoon(() => {})), /created at/);
  });

  it('rule 24: a loop stays in its thread: it cannot be sent to another', () => {
    const { port1 } = new MessageChannel();
    assert.throws(() => port1.postMessage(newEventLoop()), { name: 'DataCloneError' });
    port1.close();
  });

  it('rule 42: timers compare by when they are due, and with nothing else', () => {
    const [late, early] = [loop.callAt(2, () => {}), loop.callAt(1, () => {})];
    assert.deepEqual([late, early].sort(TimerHandle.compare), [early, late]);
    assert.equal(TimerHandle.compare(late, late), 0);
    const handle = loop.callSoon(() => {});
    assert.throws(() => TimerHandle.compare(late, handle as TimerHandle), { name: 'TypeError' });
  });

  it('rule 97: a task factory makes the tasks, whose names are set afterwards', async () => {
    assert.equal(loop.getTaskFactory(), null);
    assert.throws(() => loop.setTaskFactory(5 as never), { name: 'TypeError', message: /not 5/ });
    const { Task } = await import('../../src/index.ts');
    class OwnTask<T> extends Task<T> {}
    const factory = (on: EventLoop, code: () => Promise<unknown>): InstanceType<typeof OwnTask> =>
      new OwnTask(code, { loop: on });
    loop.setTaskFactory(factory as never);
    assert.equal(loop.getTaskFactory(), factory);
    const task = loop.createTask(async () => currentTask()?.getName(), { name: 'named' });
    assert.ok(task instanceof OwnTask);
    assert.match(String(task), /^<OwnTask pending name='named'/);
    assert.equal(await loop.runUntilComplete(task), 'named');
    loop.setTaskFactory(null);
    assert.equal(loop.createTask(async () => {}) instanceof OwnTask, false);
    loop.close();
    loop.setTaskFactory(factory as never);
    assert.throws(() => loop.createTask(async () => {}), { name: 'RuntimeError' });
  });
});
