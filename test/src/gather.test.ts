import assert from 'node:assert/strict';
import {
  createTask,
  currentTask,
  gather,
  getRunningLoop,
  newEventLoop,
  setEventLoop,
  sleep,
  type Future,
} from '../../src/index.ts';
import { onVirtualLoop } from '../support/virtual-loop.ts';

const fail = (message: string, delay: number) => async (): Promise<never> => {
  await sleep(delay);
  throw new Error(message);
};

describe('gather', () => {
  it('rule 103: gives the results in the order of its arguments, whenever they come', async () => {
    const results = await onVirtualLoop(() =>
      gather(sleep(3, 'a'), () => sleep(1, 2), Promise.resolve(true)),
    );
    const typed: [string, number, boolean] = results;
    assert.deepEqual(typed, ['a', 2, true]);
  });

  it('rule 103: of nothing is a future that is done, also where no loop runs', async () => {
    const loop = newEventLoop();
    setEventLoop(loop);
    try {
      const nothing = gather();
      assert.equal(nothing.done(), true);
      assert.deepEqual(nothing.result(), []);
      assert.equal(nothing.getLoop(), loop);
    } finally {
      setEventLoop(newEventLoop());
    }
  });

  it('rule 103: waits once for a future or promise that is given twice, but calls a function twice', async () => {
    let calls = 0;
    const results = await onVirtualLoop(async () => {
      const task = createTask(() => sleep(1, 'task'));
      const promise = Promise.resolve('promise');
      const call = async (): Promise<number> => ++calls;
      return gather(task, promise, task, promise, call, call);
    });
    assert.deepEqual(results, ['task', 'promise', 'task', 'promise', 1, 2]);
  });

  it('rule 103: keeps its options apart from what it waits for', async () => {
    const results = await onVirtualLoop(async () => [
      await gather({ returnExceptions: true }),
      await gather(sleep(0, 1), { returnExceptions: false }),
      await gather(sleep(0, 1), {}),
    ]);
    assert.deepEqual(results, [[], [1], [1]]);
  });

  it('rule 104: fails with the first error at once, and asks for the later ones', async () => {
    await onVirtualLoop(async (loop) => {
      await assert.rejects(gather(fail('second', 2), fail('first', 1), sleep(3)), { message: 'first' });
      assert.equal(loop.time(), 1);
      await sleep(5);
    });
  });

  it('rule 104: puts errors among the results if asked to', async () => {
    await onVirtualLoop(async (loop) => {
      const [a, b] = await gather(fail('a', 2), sleep(1, 'b'), { returnExceptions: true });
      assert.equal(a.message, 'a');
      assert.equal(b, 'b');
      assert.equal(loop.time(), 2);
    });
  });

  it('rule 104: hands on what was thrown even if it is no Error', async () => {
    await onVirtualLoop(async () => {
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- the point of it
      const odd = async (): Promise<void> => {
        throw 'text';
      };
      await assert.rejects(
        async () => gather(odd),
        (error) => error === 'text',
      );
    });
  });

  it('rule 105: takes the cancellation of a child for its error', async () => {
    await onVirtualLoop(async () => {
      const task = createTask(() => sleep(9));
      const gathered = gather(task);
      await sleep(0);
      task.cancel('enough');
      await assert.rejects(gathered, { name: 'CancelledError', message: 'enough' });
      assert.equal(gathered.cancelled(), false);
      const collected = gather(task, { returnExceptions: true });
      assert.equal(((await collected)[0] as Error).name, 'CancelledError');
    });
  });

  it('rule 106: cancels its children when it is cancelled, and ends when they have ended', async () => {
    for (const returnExceptions of [true, false]) {
      await onVirtualLoop(async (loop) => {
        const ends: number[] = [];
        const child = async (): Promise<void> => {
          try {
            await sleep(9);
          } finally {
            await sleep(1);
            ends.push(loop.time());
          }
        };
        const gathered: Future = returnExceptions
          ? gather(child, child, { returnExceptions })
          : gather(child, child);
        await sleep(2);
        assert.equal(gathered.cancel('enough'), true);
        assert.equal(gathered.done(), false);
        await assert.rejects(gathered, { name: 'CancelledError', message: 'enough' });
        assert.deepEqual(ends, [3, 3]);
      });
    }
  });

  it('rule 106: cannot be cancelled once all children are done', async () => {
    await onVirtualLoop(async () => {
      const task = createTask(() => sleep(0, 'result'));
      const gathered = gather(task);
      await task;
      assert.equal(gathered.cancel(), false);
      assert.deepEqual(await gathered, ['result']);
    });
  });

  it('rule 107: refuses futures of different loops', async () => {
    const other = newEventLoop();
    await onVirtualLoop(async (loop) => {
      const ours = loop.createFuture();
      assert.throws(() => gather(ours, other.createFuture()), { name: 'ValueError' });
    });
  });

  it('refuses what cannot be waited for', async () => {
    await onVirtualLoop(async () => {
      assert.throws(() => gather(3 as never), { name: 'TypeError' });
      assert.throws(() => gather({ returnExceptions: true } as never, sleep(0)), { name: 'TypeError' });
    });
  });

  it('is no step of a task: its children are tasks of their own', async () => {
    await onVirtualLoop(async () => {
      const own = currentTask();
      const [child] = await gather(async () => [currentTask()]);
      assert.notEqual(child?.[0], own);
      assert.equal(getRunningLoop(), child?.[0]?.getLoop());
    });
  });
});
