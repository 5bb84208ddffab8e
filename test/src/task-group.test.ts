import assert from 'node:assert/strict';
import {
  CancelledError,
  createTask,
  currentTask,
  KeyboardInterrupt,
  newEventLoop,
  reportUnretrieved,
  sleep,
  TaskGroup,
  type ExceptionContext,
} from '../../src/index.ts';
import { installPersistentLoop } from '../../src/persistent.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';
import { onVirtualLoop } from '../support/virtual-loop.ts';

const fail = (message: string, delay: number) => async (): Promise<never> => {
  await sleep(delay);
  throw new Error(message);
};

async function errorOf(run: () => Promise<unknown>): Promise<Error> {
  return run().then(
    () => assert.fail('no error'),
    (error: Error) => error,
  );
}

describe('TaskGroup', () => {
  it('rule 115: waits for all its tasks, and gives the value of the body', async () => {
    await onVirtualLoop(async (loop) => {
      const value = await new TaskGroup().with(async (group) => {
        const task = group.createTask(() => sleep(2, 'task'), { name: 'named' });
        group.createTask(async () => {
          await sleep(1);
          group.createTask(() => sleep(3));
        });
        assert.equal(task.getName(), 'named');
        return 'value';
      });
      assert.deepEqual([value, loop.time()], ['value', 4]);
    });
  });

  it('rule 115: the first error cancels the others and the body, and all errors come out together', async () => {
    await onVirtualLoop(async (loop) => {
      const ends: string[] = [];
      const sibling = async (): Promise<void> => {
        try {
          await sleep(9);
        } finally {
          ends.push(`sibling at ${loop.time()}`);
        }
      };
      const error = await errorOf(() =>
        new TaskGroup().with(async (group) => {
          group.createTask(fail('one', 1));
          group.createTask(sibling);
          group.createTask(() =>
            fail('two', 9)().catch(() => Promise.reject(new Error('while cleaning up'))),
          );
          try {
            await sleep(9);
          } finally {
            ends.push(`body at ${loop.time()}`);
          }
        }),
      );
      assert.ok(error instanceof AggregateError);
      assert.equal(error.message, 'unhandled errors in a TaskGroup (2 sub-exceptions)');
      assert.deepEqual(
        error.errors.map((each: Error) => each.message),
        ['one', 'while cleaning up'],
      );
      assert.deepEqual(ends.sort(), ['body at 1', 'sibling at 1']);
      assert.equal(currentTask()?.cancelling(), 0);
    });
  });

  it('rule 115: an error of the body cancels the tasks and is one of the errors', async () => {
    await onVirtualLoop(async (loop) => {
      const error = await errorOf(() =>
        new TaskGroup().with(async (group) => {
          group.createTask(() => sleep(9));
          await sleep(1);
          throw new Error('body');
        }),
      );
      assert.equal(loop.time(), 1);
      assert.equal(error.message, 'unhandled errors in a TaskGroup (1 sub-exception)');
      assert.equal(((error as AggregateError).errors[0] as Error).message, 'body');
    });
  });

  it('rule 115: a cancel of the parent cancels the tasks and comes out; errors of tasks come before it', async () => {
    await onVirtualLoop(async () => {
      for (const cleanUpFails of [false, true]) {
        let child = createTask(() => sleep(0));
        const parent = createTask(() =>
          new TaskGroup().with(async (group) => {
            child = group.createTask(async () => {
              try {
                await sleep(9);
              } catch (error) {
                throw cleanUpFails ? new Error('clean-up') : error;
              }
            });
          }),
        );
        await sleep(1);
        parent.cancel();
        const error = await errorOf(async () => parent);
        assert.equal(child.done(), true);
        assert.equal(error.constructor, cleanUpFails ? AggregateError : CancelledError);
        assert.equal(parent.cancelled(), !cleanUpFails);
      }
    });
  });

  it('rule 115: a task that is cancelled by itself is no error', async () => {
    await onVirtualLoop(async (loop) => {
      await new TaskGroup().with(async (group) => {
        const task = group.createTask(() => sleep(9));
        group.createTask(() => sleep(2));
        await sleep(1);
        task.cancel();
      });
      assert.equal(loop.time(), 2);
    });
  });

  it('rule 115: makes tasks neither before it is entered, nor when it is over or shutting down', async () => {
    await onVirtualLoop(async () => {
      const group = new TaskGroup();
      const refuse = (message: RegExp): void =>
        assert.throws(() => group.createTask(() => sleep(0)), { name: 'RuntimeError', message });
      refuse(/has not been entered/);
      await group.with(() => {});
      refuse(/is finished/);

      const failing = new TaskGroup();
      const error = await errorOf(() =>
        failing.with(async () => {
          failing.createTask(fail('no', 1));
          try {
            await sleep(9);
          } finally {
            assert.throws(() => failing.createTask(() => sleep(0)), { message: /is shutting down/ });
          }
        }),
      );
      assert.ok(error instanceof AggregateError);
    });
  });

  it('rule 115: can be entered once, and in a task only', async () => {
    await onVirtualLoop(async () => {
      const group = new TaskGroup();
      await group.with(async () => {
        await assert.rejects(
          group.with(() => {}),
          { name: 'RuntimeError', message: /already been entered/ },
        );
      });
      await assert.rejects(
        group.with(() => {}),
        { name: 'RuntimeError', message: /already been entered/ },
      );
    });
    const loop = newEventLoop(virtualTime());
    const attempts: Array<Promise<unknown>> = [];
    loop.callSoon(() => {
      attempts.push(new TaskGroup().with(() => {}));
      loop.stop();
    });
    await loop.runForever();
    await assert.rejects(attempts[0] as Promise<unknown>, {
      name: 'RuntimeError',
      message: /cannot determine the parent task/,
    });
    loop.close();
  });

  it('rule 115: lets an interrupt out as it is', async () => {
    const loop = newEventLoop(virtualTime());
    const interrupt = new KeyboardInterrupt();
    const main = loop.createTask(() =>
      new TaskGroup().with(async (group) => {
        group.createTask(() => sleep(9));
        throw interrupt;
      }),
    );
    await assert.rejects(loop.runUntilComplete(main), (error) => error === interrupt);
    loop.close();
  });

  it('tells the exception handler of an error that comes when the parent has gone', async () => {
    const loop = newEventLoop(virtualTime());
    const contexts: ExceptionContext[] = [];
    loop.setExceptionHandler((_loop, context) => contexts.push(context));
    let group = new TaskGroup();
    await loop.runUntilComplete(async () => {
      // A parent that is over although its group is not: nobody waits for `with`.
      await loop.createTask(async () => {
        group = new TaskGroup();
        group.with(() => void group.createTask(fail('orphan', 1))).catch(() => {});
      });
      await sleep(2);
    });
    assert.equal(contexts.length, 1);
    assert.match(contexts[0]?.message ?? '', /errored out but its parent task .* is already completed/);
    assert.match(String(contexts[0]?.exception), /orphan/);
    loop.close();
  });

  it('gives the body a task of its own on a loop that always runs, where there is none', async () => {
    const installed = installPersistentLoop({ ...virtualTime() });
    try {
      const tasks = await new TaskGroup().with((group) => [group.createTask(() => sleep(1, 'a'))]);
      assert.equal(tasks[0]?.result(), 'a');
      const error = await errorOf(() =>
        new TaskGroup().with(async (group) => {
          group.createTask(fail('no', 1));
          await sleep(9);
        }),
      );
      assert.ok(error instanceof AggregateError);
    } finally {
      installed.uninstall();
    }
  });

  it('shows its state', async () => {
    await onVirtualLoop(async () => {
      const group = new TaskGroup();
      const texts = [String(group)];
      await errorOf(() =>
        group.with(async () => {
          texts.push(String(group));
          group.createTask(fail('no', 1));
          try {
            await sleep(9);
          } finally {
            texts.push(String(group));
          }
        }),
      );
      assert.deepEqual(texts, ['<TaskGroup>', '<TaskGroup entered>', '<TaskGroup errors=1 cancelling>']);
    });
  });
});

describe('an interrupt that a coroutine raises', () => {
  it('rule 59: leaves the run, is not reported as never retrieved, and stops no later run', async () => {
    const loop = newEventLoop(virtualTime());
    const contexts: ExceptionContext[] = [];
    loop.setExceptionHandler((_loop, context) => contexts.push(context));
    const interrupt = new KeyboardInterrupt('stop');
    const main = async (): Promise<void> => {
      await sleep(1);
      throw interrupt;
    };
    await assert.rejects(loop.runUntilComplete(main), (error) => error === interrupt);
    reportUnretrieved(loop);
    assert.deepEqual(contexts, []);
    assert.equal(await loop.runUntilComplete(() => sleep(1, 'a later run')), 'a later run');
    loop.close();
  });
});
