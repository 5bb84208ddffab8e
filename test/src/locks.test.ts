import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  Barrier,
  BoundedSemaphore,
  CancelledError,
  Condition,
  createTask,
  Event,
  gather,
  Lock,
  Queue,
  Semaphore,
  sleep,
  type Task,
  type WaitOptions,
} from '../../src/index.ts';
import { onVirtualLoop } from '../support/virtual-loop.ts';

const reason = new Error('the user left');
const isReason = (error: unknown): boolean => error === reason;

/** Everything that makes somebody wait, in a state in which it does. */
const WAITS: Readonly<Record<string, () => Promise<(options?: WaitOptions) => Promise<unknown>>>> = {
  'Lock.acquire': async () => {
    const lock = new Lock();
    await lock.acquire();
    return (options) => lock.acquire(options);
  },
  'Lock.with': async () => {
    const lock = new Lock();
    await lock.acquire();
    return (options) => lock.with(() => assert.fail('got in'), options);
  },
  'Lock.hold': async () => {
    const lock = new Lock();
    await lock.acquire();
    return (options) => lock.hold(options);
  },
  'Event.wait': async () => {
    const event = new Event();
    return (options) => event.wait(options);
  },
  'Semaphore.acquire': async () => {
    const semaphore = new Semaphore(0);
    return (options) => semaphore.acquire(options);
  },
  'Queue.get': async () => {
    const queue = new Queue();
    return (options) => queue.get(options);
  },
  'Queue.put': async () => {
    const queue = new Queue<number>(1);
    await queue.put(1);
    return (options) => queue.put(2, options);
  },
  'Queue.join': async () => {
    const queue = new Queue<number>();
    await queue.put(1);
    return (options) => queue.join(options);
  },
  'Condition.acquire': async () => {
    const condition = new Condition();
    await condition.acquire();
    return (options) => condition.acquire(options);
  },
  'Condition.wait': async () => {
    const condition = new Condition();
    return (options) => condition.with(() => condition.wait(options));
  },
  'Condition.waitFor': async () => {
    const condition = new Condition();
    return (options) => condition.with(() => condition.waitFor(() => false, options));
  },
};

describe('what waits', () => {
  for (const [name, make] of Object.entries(WAITS)) {
    it(`rule 116: ${name} belongs to the first loop on which somebody waited for it`, async () => {
      let start = async (_options?: WaitOptions): Promise<unknown> => assert.fail();
      await onVirtualLoop(async () => {
        start = await make();
        const waiting = createTask(start);
        await sleep(1);
        assert.equal(waiting.done(), false);
        waiting.cancel();
        await assert.rejects(waiting, CancelledError);
      });
      await onVirtualLoop(async () => {
        await assert.rejects(start(), {
          name: 'RuntimeError',
          message: /is bound to a different event loop/,
        });
      });
    });

    it(`${name} ends with the reason of a signal that aborts, before or while it waits`, async () => {
      await onVirtualLoop(async (loop) => {
        const start = await make();
        await assert.rejects(start({ signal: AbortSignal.abort(reason) }), isReason);
        const controller = new AbortController();
        loop.callAt(2, () => controller.abort(reason));
        await assert.rejects(start({ signal: controller.signal }), isReason);
        assert.equal(loop.time(), 2);
        // A cancel of the task counts more than an abort of the same moment.
        const second = new AbortController();
        const task = createTask(() => start({ signal: second.signal }));
        await sleep(1);
        second.abort(reason);
        task.cancel();
        await assert.rejects(task, CancelledError);
        assert.equal(task.cancelled(), true);
      });
    });
  }
});

describe('Lock', () => {
  it('rule 117: is taken at once when it is free, and resolves to true', async () => {
    const lock = new Lock();
    assert.equal(lock.locked(), false);
    // No loop is needed where nobody waits.
    assert.equal(await lock.acquire(), true);
    assert.equal(lock.locked(), true);
    lock.release();
    assert.equal(lock.locked(), false);
  });

  it('rule 117: cannot be released when it is free', () => {
    assert.throws(() => new Lock().release(), { name: 'RuntimeError', message: 'Lock is not acquired.' });
  });

  it('rule 117: goes to one after the other in the order in which they came', async () => {
    await onVirtualLoop(async (loop) => {
      const lock = new Lock();
      const seen: string[] = [];
      const user = (name: string, delay: number) => () =>
        lock.with(async () => {
          await sleep(delay);
          seen.push(`${name} at ${loop.time()}`);
        });
      await gather(user('a', 3), user('b', 1), user('c', 2));
      assert.deepEqual(seen, ['a at 3', 'b at 4', 'c at 6']);
    });
  });

  it('rule 117: is neither lost nor had twice, whichever of 3 waiters are cancelled before, at or after the release', async () => {
    // Each waiter: 0 never cancelled, else cancelled that many iterations after the start of the releases.
    for (let code = 0; code < 4 ** 3; code++) {
      const moments = [code & 3, (code >> 2) & 3, code >> 4];
      await onVirtualLoop(async () => {
        const lock = new Lock();
        let holders = 0;
        let served = 0;
        await lock.acquire();
        const user = (): Promise<void> =>
          lock.with(async () => {
            assert.equal(++holders, 1);
            served++;
            try {
              await sleep(0);
            } finally {
              holders--;
            }
          });
        const tasks = moments.map(() => createTask(user));
        await sleep(0);
        for (let iteration = 1; iteration <= 3; iteration++) {
          if (iteration === 2) lock.release();
          tasks.forEach((task: Task<void>, i) => moments[i] === iteration && task.cancel());
          await sleep(0);
        }
        await gather(...tasks, { returnExceptions: true });
        assert.equal(lock.locked(), false, `left locked: ${moments.join()}`);
        assert.ok(served >= moments.filter((moment) => moment === 0).length);
        assert.equal(String(lock), '<Lock [unlocked]>');
      });
    }
  });

  it('is given back however the body of with() ends, and with hold() at the end of the block', async () => {
    const lock = new Lock();
    assert.equal(await lock.with(() => lock.locked()), true);
    assert.equal(lock.locked(), false);
    await assert.rejects(
      lock.with(() => Promise.reject(reason)),
      isReason,
    );
    assert.equal(lock.locked(), false);
    const held = await lock.hold();
    assert.equal(lock.locked(), true);
    held.release();
    await held[Symbol.asyncDispose]();
    held[Symbol.dispose]();
    assert.equal(lock.locked(), false);
  });

  it('shows its state', async () => {
    await onVirtualLoop(async () => {
      const lock = new Lock();
      assert.equal(inspect(lock), '<Lock [unlocked]>');
      await lock.acquire();
      const waiting = createTask(() => lock.acquire());
      await sleep(0);
      assert.equal(inspect(lock), '<Lock [locked, waiters:1]>');
      waiting.cancel();
      await sleep(0);
    });
  });
});

describe('Event', () => {
  it('rule 118: wakes all who wait, also if it is cleared at once; resolves to true', async () => {
    await onVirtualLoop(async (loop) => {
      const event = new Event();
      loop.callLater(2, () => {
        event.set();
        event.clear();
      });
      assert.deepEqual(await gather(event.wait(), () => event.wait()), [true, true]);
      assert.deepEqual([loop.time(), event.isSet()], [2, false]);
    });
  });

  it('rule 118: does not let wait who comes when it is set', async () => {
    const event = new Event();
    event.set();
    event.set();
    assert.equal(event.isSet(), true);
    // No loop runs here.
    assert.equal(await event.wait(), true);
  });

  it('rule 118: forgets a waiter that is cancelled', async () => {
    await onVirtualLoop(async () => {
      const event = new Event();
      const waiting = createTask(() => event.wait());
      await sleep(0);
      assert.equal(String(event), '<Event [unset, waiters:1]>');
      waiting.cancel();
      await sleep(0);
      assert.equal(String(event), '<Event [unset]>');
      event.set();
      assert.equal(String(event), '<Event [set]>');
    });
  });
});

describe('Condition', () => {
  it('rule 119: neither waits nor notifies without the lock', async () => {
    const condition = new Condition();
    await assert.rejects(condition.wait(), { name: 'RuntimeError', message: /wait on un-acquired/ });
    assert.throws(() => condition.notify(), { name: 'RuntimeError', message: /notify on un-acquired/ });
    assert.throws(() => condition.notifyAll(), { name: 'RuntimeError' });
    assert.throws(() => condition.release(), { name: 'RuntimeError' });
  });

  it('rule 119: has the lock again after a wait, also after one that was cancelled or aborted', async () => {
    await onVirtualLoop(async (loop) => {
      const condition = new Condition();
      for (const abort of [false, true]) {
        const controller = new AbortController();
        const waiting = createTask(() =>
          condition.with(async () => {
            try {
              await condition.wait({ signal: controller.signal });
            } finally {
              assert.equal(condition.locked(), true);
            }
          }),
        );
        await sleep(1);
        await condition.acquire();
        if (abort) controller.abort(reason);
        else waiting.cancel();
        await sleep(1);
        // It is over only when it has had the lock again.
        assert.equal(waiting.done(), false);
        condition.release();
        if (abort) await assert.rejects(waiting, isReason);
        else await assert.rejects(waiting, CancelledError);
        assert.equal(condition.locked(), false);
      }
      assert.equal(loop.time(), 4);
    });
  });

  it('rule 119: wakes as many as it is told, first come, first served', async () => {
    await onVirtualLoop(async () => {
      const condition = new Condition();
      const woken: number[] = [];
      const tasks = [0, 1, 2, 3].map((i) =>
        createTask(() =>
          condition.with(async () => {
            assert.equal(await condition.wait(), true);
            woken.push(i);
          }),
        ),
      );
      const notify = async (n?: number): Promise<void> => {
        await sleep(1);
        await condition.with(() => condition.notify(n));
        await sleep(1);
      };
      await notify();
      assert.deepEqual(woken, [0]);
      await notify(0);
      assert.deepEqual(woken, [0]);
      assert.equal(String(condition), '<Condition [unlocked, waiters:3]>');
      await notify(2);
      assert.deepEqual(woken, [0, 1, 2]);
      await condition.with(() => condition.notifyAll());
      await gather(...tasks);
      assert.deepEqual(woken, [0, 1, 2, 3]);
    });
  });

  it('rule 119: waitFor gives what the predicate gave, and waits only if that is false', async () => {
    await onVirtualLoop(async () => {
      const condition = new Condition();
      let value = '';
      await condition.with(async () => {
        assert.equal(await condition.waitFor(() => 'truthy'), 'truthy');
        await assert.rejects(
          condition.waitFor(async () => true),
          { name: 'TypeError', message: /not a promise/ },
        );
      });
      const waiting = createTask(() => condition.with(() => condition.waitFor(() => value)));
      for (const next of ['', 'there']) {
        await sleep(1);
        assert.equal(waiting.done(), false);
        value = next;
        await condition.with(() => condition.notify());
      }
      assert.equal(await waiting, 'there');
    });
  });

  it('rule 119: may share a lock with another one', async () => {
    const lock = new Lock();
    const [a, b] = [new Condition(lock), new Condition(lock)];
    await a.acquire();
    assert.deepEqual([b.locked(), lock.locked()], [true, true]);
    b.release();
    assert.equal(a.locked(), false);
  });
});

describe('Semaphore', () => {
  it('rule 120: refuses a negative number of permits', () => {
    for (const value of [-1, NaN]) assert.throws(() => new Semaphore(value), { name: 'ValueError' });
  });

  it('rule 120: lets through as many as it has permits, in order', async () => {
    await onVirtualLoop(async (loop) => {
      const semaphore = new Semaphore(2);
      const seen: string[] = [];
      const user = (name: string) => () =>
        semaphore.with(async () => {
          await sleep(1);
          seen.push(`${name} at ${loop.time()}`);
        });
      await gather(...['a', 'b', 'c', 'd', 'e'].map(user));
      assert.deepEqual(seen, ['a at 1', 'b at 1', 'c at 2', 'd at 2', 'e at 3']);
      assert.equal(String(semaphore), '<Semaphore [unlocked, value:2]>');
    });
  });

  it('rule 120: is locked while somebody waits who has been promised a permit', async () => {
    await onVirtualLoop(async () => {
      const semaphore = new Semaphore(0);
      assert.equal(semaphore.locked(), true);
      const waiting = createTask(() => semaphore.acquire());
      await sleep(0);
      assert.equal(String(semaphore), '<Semaphore [locked, waiters:1]>');
      semaphore.release();
      semaphore.release();
      assert.equal(semaphore.locked(), true);
      assert.equal(await waiting, true);
      assert.equal(String(semaphore), '<Semaphore [unlocked, value:1]>');
    });
  });

  it('rule 120: loses no permit, whichever of 3 waiters are cancelled before, at or after the release', async () => {
    for (let code = 0; code < 4 ** 3; code++) {
      const moments = [code & 3, (code >> 2) & 3, code >> 4];
      await onVirtualLoop(async () => {
        const semaphore = new Semaphore(0);
        const tasks = moments.map(() => createTask(() => semaphore.acquire()));
        await sleep(0);
        for (let iteration = 1; iteration <= 3; iteration++) {
          if (iteration === 2) semaphore.release();
          tasks.forEach((task, i) => moments[i] === iteration && task.cancel());
          await sleep(0);
        }
        await sleep(0);
        const got = tasks.filter((task) => task.done() && !task.cancelled()).length;
        const left = /value:(\d)/.exec(String(semaphore))?.[1] ?? '0';
        assert.equal(got + Number(left), 1, `${moments.join()}: ${String(semaphore)}`);
        for (const task of tasks) task.cancel();
        await sleep(0);
      });
    }
  });

  it('rule 120: a bounded one is not given back more often than it was taken', async () => {
    const semaphore = new BoundedSemaphore(1);
    assert.throws(() => semaphore.release(), { name: 'ValueError', message: /released too many times/ });
    await semaphore.acquire();
    semaphore.release();
    assert.equal(String(semaphore), '<BoundedSemaphore [unlocked, value:1]>');
    new Semaphore(1).release();
  });
});

describe('Barrier', () => {
  it('rule 121: refuses less than one party', () => {
    for (const parties of [0, -1, NaN]) assert.throws(() => new Barrier(parties), { name: 'ValueError' });
  });

  it('rule 121: gives each a number of its own, and lets them go together', async () => {
    await onVirtualLoop(async (loop) => {
      const barrier = new Barrier(3);
      assert.deepEqual([barrier.parties, barrier.nWaiting, barrier.broken], [3, 0, false]);
      const party = (delay: number) => async () => {
        await sleep(delay);
        const index = await barrier.wait();
        return [index, loop.time()];
      };
      const came = await gather(party(2), party(1), party(3));
      assert.deepEqual(came, [
        [1, 3],
        [0, 3],
        [2, 3],
      ]);
      assert.equal(await new Barrier(1).with((index) => `as ${index}`), 'as 0');
    });
  });

  it('rule 121: a reset ends the wait with BrokenBarrierError; after an abort all waits end so, until a reset', async () => {
    await onVirtualLoop(async () => {
      const barrier = new Barrier(2);
      const broken = { name: 'BrokenBarrierError' };
      const first = createTask(() => barrier.wait());
      await sleep(0);
      assert.equal(String(barrier), '<Barrier [filling, waiters:1/2]>');
      await barrier.reset();
      await assert.rejects(first, broken);
      assert.equal(barrier.broken, false);

      const second = createTask(() => barrier.wait());
      await sleep(0);
      await barrier.abort();
      await assert.rejects(second, broken);
      await assert.rejects(barrier.wait(), broken);
      assert.equal(String(barrier), '<Barrier [broken]>');
      await barrier.reset();
      assert.deepEqual((await gather(barrier.wait(), barrier.wait())).sort(), [0, 1]);
    });
  });
});
