import assert from 'node:assert/strict';
import {
  allTasks,
  CancelledError,
  currentTask,
  KeyboardInterrupt,
  newEventLoop,
  sleep,
  Task,
  type EventLoop,
  type Future,
} from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';
import { collectGarbageUntil } from './collect-garbage.ts';

const isCancel = { name: 'CancelledError' };

describe('a task', () => {
  let loop: EventLoop;
  let log: unknown[];
  const note = (text: unknown): void => void log.push(text);
  const run = <T>(main: () => PromiseLike<T>): Promise<T> => loop.runUntilComplete(main);
  beforeEach(() => {
    loop = newEventLoop(virtualTime());
    log = [];
  });
  afterEach(() => loop.close());

  it('rule 78: is made of a function or a promise, on an open loop', async () => {
    assert.throws(() => loop.createTask(5 as never), { name: 'TypeError', message: /not of 5/ });
    assert.throws(() => loop.createTask(undefined as never), { name: 'TypeError' });
    const wrong = loop.createTask(() => 5);
    await assert.rejects(
      run(() => wrong),
      { name: 'TypeError', message: /returned 5, not a promise/ },
    );
    assert.equal(await run(() => loop.createTask(Promise.resolve(2))), 2);
    assert.equal(await run(() => loop.createTask(() => sleep(1, 3))), 3);
    loop.close();
    assert.throws(() => loop.createTask(async () => {}), { name: 'RuntimeError', message: /closed/ });
  });

  it('rule 79: begins in the next iteration, in its place in the queue', async () => {
    await run(async () => {
      loop.callSoon(note, 'before');
      loop.createTask(async () => note('first step'));
      loop.callSoon(note, 'behind');
      note('created');
      await sleep(0);
    });
    assert.deepEqual(log, ['created', 'before', 'first step', 'behind']);
  });

  it('rule 80: is the current one in each of its steps, and nothing is between them', async () => {
    const main: Task<boolean> = loop.createTask(async () => {
      const inTask = async (): Promise<void> => {
        const own = currentTask();
        assert.ok(own instanceof Task);
        for (let i = 0; i < 3; i++) {
          assert.equal(currentTask(), own);
          await sleep(i);
          assert.equal(currentTask(), own);
          await Promise.resolve();
          assert.equal(currentTask(), own);
        }
        note(own.getName());
      };
      loop.callSoon(() => note(currentTask()));
      const future = loop.createFuture();
      future.addDoneCallback(() => note(currentTask()));
      future.setResult(1);
      const tasks = [loop.createTask(inTask, { name: 'a' }), loop.createTask(inTask, { name: 'b' })];
      for (const task of tasks) await task;
      assert.equal(currentTask(), main);
      return currentTask(loop) === main;
    });
    assert.equal(await loop.runUntilComplete(main), true);
    assert.deepEqual(log, [null, null, 'a', 'b']);
    assert.throws(() => currentTask(), { name: 'RuntimeError', message: 'no running event loop' });
    assert.equal(currentTask(loop), null);
  });

  it('rule 81: has a name, counted or given, always text', () => {
    const idle = (): Promise<void> => Promise.resolve();
    const [first, second] = [loop.createTask(idle), loop.createTask(idle)];
    const number = (task: Task<void>): number => Number(/^Task-(\d+)$/.exec(task.getName())?.[1]);
    assert.equal(number(second), number(first) + 1);
    assert.equal(loop.createTask(idle, { name: 'worker' }).getName(), 'worker');
    const numbered = loop.createTask(idle, { name: 5 });
    assert.equal(numbered.getName(), '5');
    numbered.setName(null);
    assert.equal(numbered.getName(), 'null');
  });

  it('rule 82: takes no result from outside', () => {
    const task = loop.createTask(async () => {});
    const refusal = { name: 'RuntimeError', message: /Task does not support/ };
    assert.throws(() => task.setResult(), refusal);
    assert.throws(() => task.setException(new Error('no')), refusal);
  });

  it('rule 83: may wait neither for what is of another loop nor for itself', async () => {
    const other = newEventLoop(virtualTime());
    await assert.rejects(
      run(async () => await other.createFuture()),
      { name: 'RuntimeError', message: /attached to a different loop/ },
    );
    other.close();
    const selfish: Task = loop.createTask(async (): Promise<unknown> => await selfish);
    await assert.rejects(loop.runUntilComplete(selfish), {
      name: 'RuntimeError',
      message: /cannot await on itself/,
    });
  });

  it('rule 84: may await any value', async () => {
    // oxlint-disable-next-line typescript/await-thenable, unicorn/no-unnecessary-await -- what is tested
    assert.deepEqual(await run(async () => [5, null, await Promise.resolve('p')]), [5, null, 'p']);
  });

  it('rule 85: cancels what it waits for, or is cancelled at its next wait or its end', async () => {
    await run(async () => {
      const future = loop.createFuture();
      const waiting = loop.createTask(async () => await future);
      await sleep(0);
      assert.equal(waiting.cancel(), true);
      assert.equal(future.cancelled(), true);
      await assert.rejects(waiting, isCancel);
      assert.equal(waiting.cancel(), false);

      const ready = loop.createFuture();
      const late = loop.createTask(async () => {
        await ready;
        note('not reached');
      });
      await sleep(0);
      ready.setResult(1);
      late.cancel('between the end of its future and its step');
      await assert.rejects(late, { ...isCancel, message: /between/ });
      assert.equal(ready.cancelled(), false);
    });
    assert.deepEqual(log, []);
  });

  it('rule 86: is cancelled only when its code has ended by a CancelledError, whoever threw it', async () => {
    await run(async () => {
      const task = loop.createTask(() => sleep(1));
      await sleep(0);
      task.cancel();
      assert.deepEqual([task.cancelled(), task.done()], [false, false]);
      await assert.rejects(task, isCancel);
      assert.equal(task.cancelled(), true);
      const own = new CancelledError('thrown by its code');
      const thrower = loop.createTask(async () => {
        throw own;
      });
      await assert.rejects(thrower, (error) => error === own);
      assert.equal(thrower.cancelled(), true);
    });
  });

  it('rule 87: never begins when it was cancelled before its first step', async () => {
    await run(async () => {
      const task = loop.createTask(async () => note('begun'));
      task.cancel();
      await assert.rejects(task, isCancel);
    });
    assert.deepEqual(log, []);
  });

  it('rule 88: that cancels itself is stopped by its next wait, else by its end', async () => {
    await run(async () => {
      const waits = loop.createTask(async () => {
        currentTask()?.cancel();
        note('goes on to its next wait');
        await sleep(5);
        note('not reached');
      });
      await assert.rejects(waits, isCancel);
      assert.equal(loop.time(), 0);
      const ends = loop.createTask(async () => {
        currentTask()?.cancel();
        return 'returned';
      });
      await assert.rejects(ends, isCancel);
      assert.equal(ends.cancelled(), true);
    });
    assert.deepEqual(log, ['goes on to its next wait']);
  });

  it('rule 89: may catch the cancel, wait again, and end otherwise', async () => {
    await run(async () => {
      const survivor = loop.createTask(async () => {
        try {
          await sleep(100);
        } catch (error) {
          note((error as Error).name);
          await sleep(2);
        }
        return 'survived';
      });
      const breaker = loop.createTask(async () => {
        try {
          await sleep(100);
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- what is tested
          throw new RangeError('instead');
        }
      });
      await sleep(1);
      survivor.cancel();
      breaker.cancel();
      assert.equal(await survivor, 'survived');
      assert.equal(survivor.cancelled(), false);
      assert.equal(loop.time(), 3);
      await assert.rejects(breaker, { name: 'RangeError' });
      assert.equal(breaker.cancelled(), false);
    });
    assert.deepEqual(log, ['CancelledError']);
  });

  it('rule 90: counts the requests to cancel, never below zero, and shows them', async () => {
    await run(async () => {
      const task = loop.createTask(
        async () => {
          try {
            await sleep(10);
          } catch {
            await sleep(10);
          }
        },
        { name: 'counted' },
      );
      await sleep(0);
      assert.equal(task.uncancel(), 0);
      assert.equal(task.cancelling(), 0);
      task.cancel();
      await sleep(0);
      task.cancel();
      assert.equal(task.cancelling(), 2);
      assert.match(String(task), /^<Task cancelling name='counted' /);
      assert.equal(task.uncancel(), 1);
      await assert.rejects(task, isCancel);
      assert.match(String(task), /^<Task cancelled name='counted' /);
      assert.equal(task.uncancel(), 0);
      assert.equal(task.cancelled(), true);
    });
  });

  it('rule 91: hands the last message of a cancel on, of whatever type', async () => {
    await run(async () => {
      const reason = { any: 'type' };
      const pending = loop.createTask(() => sleep(1));
      pending.cancel('first');
      pending.cancel(reason);
      await assert.rejects(pending, (error) => (error as CancelledError).reason === reason);
      const waiting = loop.createTask(() => sleep(1));
      await sleep(0);
      waiting.cancel('text');
      await assert.rejects(waiting, { message: 'text', reason: 'text' });
    });
  });

  it('rule 92: cancels the innermost of nested tasks first', async () => {
    await run(async () => {
      const nest = async (depth: number): Promise<void> => {
        try {
          await (depth === 0 ? sleep(10) : loop.createTask(() => nest(depth - 1)));
        } finally {
          note(depth);
        }
      };
      const outer = loop.createTask(() => nest(2));
      for (let i = 0; i < 5; i++) await sleep(0);
      outer.cancel();
      await assert.rejects(outer, isCancel);
    });
    assert.deepEqual(log, [0, 1, 2]);
  });

  it('rule 93: is stopped by a CancelledError, which code that catches errors tells by its class', async () => {
    await run(async () => {
      const task = loop.createTask(async () => {
        try {
          await sleep(10);
        } catch (error) {
          if (error instanceof CancelledError) throw error;
          note('an ordinary error');
        }
      });
      await sleep(0);
      task.cancel();
      await assert.rejects(task, isCancel);
    });
    assert.deepEqual(log, []);
  });

  it('rule 94: is among all tasks of its loop until it is done', async () => {
    const other = newEventLoop(virtualTime());
    other.createTask(async () => {});
    const main: Task<void> = loop.createTask(async () => {
      const task = loop.createTask(() => sleep(1));
      assert.deepEqual(allTasks(), new Set([main, task]));
      await task;
      assert.deepEqual(allTasks(), new Set([main]));
      const [cancelled, failed] = [
        loop.createTask(() => sleep(1)),
        loop.createTask(Promise.reject(new Error('no'))),
      ];
      cancelled.cancel();
      await assert.rejects(cancelled, isCancel);
      await assert.rejects(failed, /no/);
      assert.deepEqual(allTasks(), new Set([main]));
    });
    await loop.runUntilComplete(main);
    assert.deepEqual(allTasks(loop), new Set());
    assert.equal(allTasks(other).size, 1);
    assert.throws(() => allTasks(), { name: 'RuntimeError' });
    other.close();
  });

  it('rule 94: does not stay alive for being registered: what waits for nothing that anybody has is gone', async () => {
    const make = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) loop.createTask(async () => await loop.createFuture());
      await run(() => sleep(0));
    };
    const held = loop.createFuture();
    const kept = loop.createTask(async () => await held, { name: 'kept' });
    await make(300);
    assert.equal(allTasks(loop).size, 301);
    // A loop lets go when it has many tasks, and gets more.
    await make(1000);
    await collectGarbageUntil(() => allTasks(loop).size < 1100);
    assert.ok(allTasks(loop).has(kept));
    held.setResult(1);
    await run(() => kept);
    assert.equal(allTasks(loop).has(kept), false);
  });

  it('rule 96: keeps an interrupt that its code throws, which leaves the run at once', async () => {
    const interrupt = new KeyboardInterrupt('stop');
    const task = loop.createTask(async () => {
      await sleep(1);
      loop.callSoon(note, 'kept for the next run');
      throw interrupt;
    });
    await assert.rejects(loop.runForever(), (error) => error === interrupt);
    assert.deepEqual(log, []);
    assert.equal(task.exception(), interrupt);
    await run(() => sleep(0));
    assert.deepEqual(log, ['kept for the next run']);
  });

  it('has a signal that a cancel aborts, with the CancelledError', async () => {
    await run(async () => {
      const task = loop.createTask(() => sleep(10));
      const { signal } = task;
      assert.equal(signal.aborted, false);
      assert.equal(task.signal, signal);
      await sleep(0);
      task.cancel('why');
      assert.equal(signal.aborted, true);
      assert.ok(signal.reason instanceof CancelledError);
      assert.equal(signal.reason.message, 'why');
      await assert.rejects(task, isCancel);
      const late = loop.createTask(() => sleep(10));
      late.cancel();
      assert.equal(late.signal.aborted, true);
      await assert.rejects(late, isCancel);
    });
  });

  it('rule 85: cancels all that its code waits for at the same time', async () => {
    await run(async () => {
      const futures: Future[] = [loop.createFuture(), loop.createFuture()];
      const task = loop.createTask(() => Promise.all([...futures, sleep(5)]));
      await sleep(0);
      task.cancel();
      await assert.rejects(task, isCancel);
      assert.deepEqual(
        futures.map((future) => future.cancelled()),
        [true, true],
      );
      assert.equal(loop.time(), 0);
    });
  });

  it('of a future waits for that, and not whoever made the task', async () => {
    await run(async () => {
      const future = loop.createFuture<string>();
      const maker = loop.createTask(async () => {
        const task = loop.createTask(future);
        await sleep(1);
        return task;
      });
      await sleep(0);
      maker.cancel();
      await assert.rejects(maker, isCancel);
      assert.equal(future.cancelled(), false);
      const task = loop.createTask(future);
      assert.match(String(task), /wait_for=<Future pending>/);
      task.cancel();
      await assert.rejects(task, isCancel);
      assert.equal(future.cancelled(), true);
    });
  });

  it('of a promise ends when it is cancelled, and the code that it stands for goes on', async () => {
    await run(async () => {
      const code = async (): Promise<void> => {
        await new Promise((resolve) => loop.callLater(2, () => resolve(null)));
        note('went on');
      };
      const task = loop.createTask(code());
      await sleep(1);
      assert.equal(task.cancel(), true);
      await assert.rejects(task, isCancel);
      assert.equal(loop.time(), 1);
      await sleep(2);
    });
    assert.deepEqual(log, ['went on']);
  });

  it('shows its name, its code and what it waits for', async () => {
    async function worker(): Promise<void> {
      await sleep(1);
    }
    const task = loop.createTask(worker, { name: 'w' });
    assert.equal(String(task), "<Task pending name='w' coro=<worker()>>");
    await run(() => sleep(0));
    assert.equal(String(task), "<Task pending name='w' coro=<worker()> wait_for=<Future pending>>");
    await run(() => task);
    assert.equal(String(task), "<Task finished name='w' coro=<worker()> result=undefined>");
  });
});
