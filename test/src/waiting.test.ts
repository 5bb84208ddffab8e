import assert from 'node:assert/strict';
import {
  ALL_COMPLETED,
  asCompleted,
  CancelledError,
  createTask,
  FIRST_COMPLETED,
  getRunningLoop,
  newEventLoop,
  shield,
  sleep,
  wait,
  waitFor,
  type Future,
} from '../../src/index.ts';
import { onVirtualLoop, timersOf } from '../support/virtual-loop.ts';

/** A signal that aborts at a time of the running loop, in seconds. */
function abortAt(when: number, reason: unknown): AbortSignal {
  const controller = new AbortController();
  getRunningLoop().callAt(when, () => controller.abort(reason));
  return controller.signal;
}

const reason = new Error('the user left');
const isReason = (error: unknown): boolean => error === reason;

describe('wait', () => {
  it('rule 108: refuses nothing, a single future, what is no future, and an unknown returnWhen', async () => {
    await onVirtualLoop(async () => {
      const future = getRunningLoop().createFuture();
      const refused: ReadonlyArray<[() => Promise<unknown>, string, RegExp]> = [
        [() => wait([]), 'ValueError', /empty/],
        [() => wait(future as never), 'TypeError', /a list of futures, not <Future pending>/],
        [() => wait((async () => {}) as never), 'TypeError', /a list of futures/],
        [() => wait(null as never), 'TypeError', /a list of futures, not null/],
        [() => wait([future, (async () => {}) as never]), 'TypeError', /createTask/],
        [() => wait([Promise.resolve() as never]), 'TypeError', /createTask/],
        [() => wait([future], { returnWhen: 'SOME' as never }), 'ValueError', /returnWhen value: 'SOME'/],
        [() => wait([future], { timeout: '1' as never }), 'TypeError', /number of seconds or null, not '1'/],
        [() => wait([future], { timeout: NaN }), 'TypeError', /NaN/],
      ];
      for (const [call, name, message] of refused) await assert.rejects(call, { name, message });
    });
  });

  it('rule 108: counts a future that is given twice once', async () => {
    await onVirtualLoop(async () => {
      const task = createTask(() => sleep(1, 'result'));
      const [done, pending] = await wait(new Set([task, task]), { returnWhen: ALL_COMPLETED });
      assert.deepEqual([...done], [task]);
      assert.equal(pending.size, 0);
      assert.deepEqual([...(await wait([task, task]))[0]], [task]);
    });
  });

  it('rule 109: cancels nothing and throws nothing when the time is over', async () => {
    await onVirtualLoop(async (loop) => {
      const fast = createTask(() => sleep(1, 'fast'));
      const slow = createTask(() => sleep(9, 'slow'));
      const [done, pending] = await wait([slow, fast], { timeout: 3 });
      assert.deepEqual([[...done], [...pending], loop.time()], [[fast], [slow], 3]);
      assert.equal(await slow, 'slow');
    });
  });

  it('rule 109: leaves no callbacks and no timer behind when it is cancelled', async () => {
    await onVirtualLoop(async (loop) => {
      const future = loop.createFuture();
      const waiting = createTask(() => wait([future], { timeout: 100 }));
      await sleep(1);
      waiting.cancel();
      await assert.rejects(waiting, CancelledError);
      assert.doesNotMatch(String(future), /cb=/);
      assert.equal(future.done(), false);
      assert.equal(timersOf(loop), 0);
    });
  });

  it('ends with the reason of a signal that aborts', async () => {
    await onVirtualLoop(async (loop) => {
      const future = loop.createFuture();
      await assert.rejects(wait([future], { signal: abortAt(2, reason) }), isReason);
      assert.equal(loop.time(), 2);
      await assert.rejects(wait([future], { signal: AbortSignal.abort(reason) }), isReason);
      assert.doesNotMatch(String(future), /cb=/);
      const controller = new AbortController();
      const task = createTask(() => sleep(1));
      await wait([task], { returnWhen: FIRST_COMPLETED, signal: controller.signal });
      controller.abort(reason);
    });
  });
});

describe('waitFor', () => {
  it('rule 110: with null waits as long as it takes, in the same task', async () => {
    await onVirtualLoop(async (loop) => {
      assert.equal(await waitFor(() => sleep(1e6, 'long'), null), 'long');
      assert.equal(await waitFor(sleep(1, 'promise'), null), 'promise');
      assert.equal(loop.time(), 1e6 + 1);
    });
  });

  it('rule 110: with zero or less only takes what is done, and calls no function', async () => {
    await onVirtualLoop(async (loop) => {
      let called = false;
      const call = async (): Promise<void> => void (called = true);
      await assert.rejects(waitFor(call, 0), { name: 'TimeoutError', message: /within 0 seconds/ });
      await assert.rejects(waitFor(call, -1), (error: Error) => error.cause instanceof CancelledError);
      assert.equal(called, false);
      const future = loop.createFuture<string>();
      future.setResult('done');
      assert.equal(await waitFor(future, 0), 'done');
    });
  });

  it('rule 110: cancels and waits for the end when the time is over', async () => {
    await onVirtualLoop(async (loop) => {
      const task = createTask(async () => {
        try {
          await sleep(100);
        } finally {
          await sleep(2);
        }
      });
      const error = await waitFor(task, 1).catch((caught: unknown) => caught as Error);
      assert.equal(loop.time(), 3);
      assert.deepEqual([(error as Error).name, task.cancelled()], ['TimeoutError', true]);
      assert.match((error as Error).message, /not done within 1 seconds/);
      assert.ok((error as Error).cause instanceof CancelledError);
    });
  });

  it('rule 110: leaves no timer and no callback behind, however it ends', async () => {
    await onVirtualLoop(async (loop) => {
      await waitFor(sleep(1), 100);
      const future = loop.createFuture();
      const waiting = createTask(() => waitFor(shield(future), 100));
      await sleep(1);
      assert.equal(timersOf(loop), 1);
      waiting.cancel();
      await assert.rejects(waiting, CancelledError);
      await assert.rejects(waitFor(shield(future), 1), { name: 'TimeoutError' });
      assert.equal(timersOf(loop), 0);
      assert.doesNotMatch(String(future), /cb=/);
    });
  });

  it('cancels what it waits for when a signal aborts, and ends with its reason', async () => {
    await onVirtualLoop(async (loop) => {
      for (const timeout of [100, null]) {
        const task = createTask(() => sleep(50));
        const begin = loop.time();
        await assert.rejects(waitFor(task, timeout, { signal: abortAt(begin + 2, reason) }), isReason);
        assert.deepEqual([task.cancelled(), loop.time()], [true, begin + 2]);
      }
      const { signal } = new AbortController();
      assert.equal(await waitFor(() => sleep(1, 'in time'), null, { signal }), 'in time');
    });
  });

  it('refuses a timeout that is no number of seconds', async () => {
    await onVirtualLoop(async () => {
      for (const timeout of ['1', NaN, undefined]) {
        await assert.rejects(waitFor(sleep(0), timeout as never), { name: 'TypeError' });
      }
    });
  });
});

describe('shield', () => {
  it('rule 111: asks for an error that comes in the iteration of its own cancellation', async () => {
    await onVirtualLoop(async (loop) => {
      const inner = loop.createFuture();
      const outer = shield(inner);
      // The inner's callback is on its way already, and finds the outer cancelled.
      inner.setException(new Error('nobody wants to know'));
      outer.cancel();
      await sleep(0);
      assert.equal(outer.cancelled(), true);
    });
  });

  it('rule 111: lets go of the inner when it is cancelled', async () => {
    await onVirtualLoop(async (loop) => {
      const inner = loop.createFuture<string>();
      const outer = shield(inner);
      assert.match(String(inner), /cb=/);
      outer.cancel();
      await sleep(0);
      assert.doesNotMatch(String(inner), /cb=/);
      inner.setResult('goes on');
    });
  });

  it('rule 111: hands on results, errors and cancellations of the inner', async () => {
    await onVirtualLoop(async () => {
      assert.equal(await shield(() => sleep(1, 'result')), 'result');
      const fail = async (): Promise<void> => Promise.reject(new Error('inner'));
      await assert.rejects(shield(fail), { message: 'inner' });
      const task = createTask(() => sleep(9));
      const outer = shield(task);
      await sleep(1);
      task.cancel();
      await assert.rejects(outer, CancelledError);
    });
  });

  it('rule 111: returns a future that is done as it is, and refuses what cannot be waited for', async () => {
    await onVirtualLoop(async (loop) => {
      const future = loop.createFuture();
      assert.notEqual(shield(future), future);
      future.setResult(1);
      assert.equal(shield(future), future);
      assert.throws(() => shield(1 as never), { name: 'TypeError' });
    });
  });
});

describe('asCompleted', () => {
  const sleeper = (delay: number) => () => sleep(delay, delay);

  it('rule 112: gives the values in the order in which they come', async () => {
    await onVirtualLoop(async (loop) => {
      const seen: string[] = [];
      for await (const value of asCompleted([sleeper(3), sleeper(1), sleeper(2)])) {
        seen.push(`${value} at ${loop.time()}`);
      }
      assert.deepEqual(seen, ['1 at 1', '2 at 2', '3 at 3']);
      for await (const value of asCompleted([])) assert.fail(String(value));
    });
  });

  it('rule 112: lets each fail for itself in the form of promises, and ends for await with the first error', async () => {
    await onVirtualLoop(async () => {
      const fail = (): Promise<number> => Promise.reject(new Error('no'));
      const seen: unknown[] = [];
      for (const next of asCompleted([sleeper(2), fail, sleeper(1)])) {
        seen.push(await next.catch((error: Error) => error.message));
      }
      assert.deepEqual(seen, ['no', 1, 2]);
      await assert.rejects(
        async () => {
          for await (const value of asCompleted([fail, sleeper(1)])) seen.push(value);
        },
        { message: 'no' },
      );
      await sleep(2);
    });
  });

  it('rule 112: gives a TimeoutError for each that is left when the time is over, and cancels none', async () => {
    await onVirtualLoop(async (loop) => {
      const tasks = [1, 5, 6].map((delay) => createTask(sleeper(delay)));
      const seen: unknown[] = [];
      for (const next of asCompleted(tasks, { timeout: 3 })) {
        seen.push(await next.catch((error: Error) => `${error.name} at ${loop.time()}`));
      }
      assert.deepEqual(seen, [1, 'TimeoutError at 3', 'TimeoutError at 3']);
      const results = asCompleted(tasks.slice(1), { timeout: 1 });
      await assert.rejects(results.next(), { name: 'TimeoutError', message: /within 1 seconds/ });
      await assert.rejects(results.next(), { name: 'TimeoutError' });
      assert.deepEqual(await results.next(), { done: true, value: undefined });
      assert.deepEqual([await tasks[1], await tasks[2]], [5, 6]);
    });
  });

  it('rule 112: counts a future that is given twice once, and forgets them when the loop is left', async () => {
    await onVirtualLoop(async () => {
      const tasks = [createTask(sleeper(1)), createTask(sleeper(2))];
      const twice = [...tasks, ...tasks];
      let count = 0;
      for await (const _ of asCompleted(twice)) count++;
      assert.equal(count, 2);
      const slow = createTask(sleeper(9));
      for await (const _ of asCompleted([...tasks, slow])) break;
      for (const next of asCompleted([...tasks, slow])) {
        await next;
        break;
      }
      assert.doesNotMatch(String(slow), /cb=/);
      slow.cancel();
    });
  });

  it('rule 112: leaves no timer behind, and no error of a promise that nobody waits for', async () => {
    await onVirtualLoop(async (loop) => {
      for await (const _ of asCompleted([sleeper(1)], { timeout: 100 }));
      const never = (): Promise<number> => shield(loop.createFuture<number>());
      for await (const _ of asCompleted([sleeper(1), never()], { timeout: 100 })) break;
      assert.equal(timersOf(loop), 0);
      const fail = (): Promise<number> => Promise.reject(new Error('no'));
      const unhandled: unknown[] = [];
      const note = (error: unknown): void => void unhandled.push(error);
      process.on('unhandledRejection', note);
      assert.equal([...asCompleted([fail, fail], { timeout: 100 })].length, 2);
      await sleep(1);
      // Node tells of rejections when its queues are empty.
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', note);
      assert.deepEqual(unhandled, []);
      assert.equal(timersOf(loop), 0);
    });
  });

  it('rule 112: refuses a single future, and what cannot be waited for', async () => {
    await onVirtualLoop(async (loop) => {
      const future: Future = loop.createFuture();
      for (const wrong of [future, async () => {}, null, 3]) {
        assert.throws(() => asCompleted(wrong as never), { name: 'TypeError', message: /a list of futures/ });
      }
      assert.throws(() => asCompleted([3 as never]), { name: 'TypeError' });
      assert.throws(() => asCompleted([], { timeout: 'soon' as never }), { name: 'TypeError' });
    });
  });
});

describe('createTask', () => {
  it('makes a task of the running loop, or of one that is given', async () => {
    const other = newEventLoop();
    await onVirtualLoop(async (loop) => {
      assert.equal(createTask(() => sleep(0)).getLoop(), loop);
      const task = createTask(async () => 'other', { loop: other, name: 'named' });
      assert.deepEqual([task.getLoop(), task.getName()], [other, 'named']);
    });
    assert.throws(() => createTask(async () => {}), {
      name: 'RuntimeError',
      message: 'no running event loop',
    });
    other.close();
    assert.throws(() => createTask(async () => {}, { loop: other }), { message: 'Event loop is closed' });
  });
});

describe('sleep in a task', () => {
  it('rule 101: leaves no timer behind, however it ends', async () => {
    await onVirtualLoop(async (loop) => {
      const task = createTask(() => sleep(100));
      await sleep(1);
      assert.equal(timersOf(loop), 1);
      task.cancel();
      await assert.rejects(task, CancelledError);
      assert.equal(timersOf(loop), 0);
      // Given up by a time limit, and by a group.
      await assert.rejects(waitFor(sleep(100), 1), { name: 'TimeoutError' });
      assert.equal(timersOf(loop), 0);
      await sleep(1);
      assert.equal(timersOf(loop), 0);
    });
  });
});
