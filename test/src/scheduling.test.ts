import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { getRunningLoop, newEventLoop, sleep, type EventLoop } from '../../src/index.ts';
import { VirtualDriver, virtualTime } from '../../src/testing/virtual-time.ts';
import type { Step } from '../../src/turnstile.ts';

describe('scheduling', () => {
  let loop: EventLoop;
  let log: unknown[];
  const note = (text: unknown): void => void log.push(text);
  let uncaught: unknown[];
  beforeEach(() => {
    uncaught = [];
    loop = newEventLoop({
      ...virtualTime(),
      exceptionHandler: (_loop, { exception: error }) => uncaught.push(error),
    });
    log = [];
  });
  afterEach(() => {
    loop.close();
    assert.deepEqual(uncaught, []);
  });
  /** Runs until nothing happens before this many seconds from now. */
  const runFor = (seconds: number): Promise<void> => loop.runUntilComplete(() => sleep(seconds));

  describe('with callSoon', () => {
    it('calls in the order of scheduling, each once, with its arguments (rule 16)', async () => {
      const collect = (...args: number[]): void => note(args);
      loop.callSoon(collect);
      loop.callSoon(collect, 1);
      loop.callSoon(collect, 1, 2);
      await runFor(1);
      assert.deepEqual(log, [[], [1], [1, 2]]);
    });

    it('returns a handle and calls nothing itself (rule 17)', async () => {
      const handle = loop.callSoon(note, 'called');
      assert.equal(handle.cancelled(), false);
      assert.deepEqual(log, []);
      await runFor(0);
      assert.deepEqual(log, ['called']);
    });

    it('leaves to the next iteration what is scheduled during one (rule 18)', async () => {
      loop.callSoon(() => {
        note('a');
        loop.callSoon(note, 'a2');
      });
      loop.callSoon(() => {
        note('b');
        loop.stop();
      });
      await loop.runForever();
      assert.deepEqual(log, ['a', 'b']);
    });

    it('waits for the next deadline only when nothing is ready (rule 19)', async () => {
      const waits: number[] = [];
      class WatchedDriver extends VirtualDriver {
        override resume(step: Step, until: number): void {
          if (until !== -Infinity) waits.push(until);
          super.resume(step, until);
        }
      }
      const { clock } = virtualTime();
      const watched = newEventLoop({ clock, driver: () => new WatchedDriver(clock) });
      watched.callLater(1, note, 'cancelled').cancel();
      watched.callLater(3, () => watched.stop());
      watched.callLater(2, () => watched.callSoon(note, 'soon'));
      await watched.runForever();
      assert.deepEqual(waits, [2, 3]);
      watched.stop();
      await watched.runForever();
      assert.deepEqual(waits, [2, 3], 'a stopped loop does not wait');
    });

    it('calls what is ready before timers that are overdue already (rule 20)', async () => {
      loop.callLater(-1, note, 'overdue');
      loop.callSoon(note, 'ready');
      await runFor(1);
      assert.deepEqual(log, ['ready', 'overdue']);
    });

    it('prevents a call even when the handle is in the current batch (rule 21)', async () => {
      const first = loop.callSoon(() => second.cancel());
      const second = loop.callSoon(note, 'never');
      await runFor(1);
      assert.deepEqual(log, []);
      assert.equal(first.cancelled(), false);
    });

    it('refuses at once what is no function (rule 22)', () => {
      const message = /callSoon\(\) takes a function as callback, not 5/;
      assert.throws(() => loop.callSoon(5 as never), { name: 'TypeError', message });
      assert.throws(() => loop.callLater(1, null as never), { name: 'TypeError', message: /not null/ });
      assert.throws(() => loop.callSoon(Promise.resolve() as never), {
        name: 'TypeError',
        message: /started already/,
      });
    });

    it('refuses async functions in debug mode, and takes them otherwise (rule 23)', async () => {
      const main = async (): Promise<void> => note('called');
      loop.callSoon(main);
      await runFor(0);
      assert.deepEqual(log, ['called']);
      loop.setDebug(true);
      assert.throws(() => loop.callSoon(main), { name: 'TypeError', message: /no async function \(main\)/ });
      assert.throws(() => loop.callLater(1, main), { name: 'TypeError', message: /no async function/ });
    });

    it('keeps one order for callSoon and callSoonThreadsafe (rule 25)', async () => {
      loop.callSoon(note, 1);
      loop.callSoonThreadsafe(note, 2);
      loop.callSoon(note, 3);
      await runFor(0);
      assert.deepEqual(log, [1, 2, 3]);
    });

    it('wakes a loop that waits, from code that the loop has not called (rule 25)', async () => {
      const run = loop.runForever();
      await new Promise((resolve) => setImmediate(resolve));
      loop.callSoonThreadsafe(() => loop.stop());
      await run;
    });

    it('calls in the context of the scheduling, given a context keeper (rule 26)', async () => {
      const storage = new AsyncLocalStorage<string>();
      const reported: unknown[] = [];
      const kept = newEventLoop({
        ...virtualTime(),
        context: {
          capture: () => storage.getStore(),
          run: (context, fn, args) =>
            storage.run(context as string, fn as (...args: readonly unknown[]) => unknown, ...args),
        },
        exceptionHandler: () => reported.push(storage.getStore()),
      });
      const show = (name: string): void => note(`${name} in ${storage.getStore()}`);
      storage.run('A', () => {
        kept.callSoon(show, 'soon');
        kept.callLater(2, show, 'later');
        kept.callSoon(() => {
          throw new Error('reported');
        });
      });
      storage.run('B', () => {
        kept.callLater(1, show, 'other');
        kept.callSoon(async () => {
          await sleep(0);
          throw new Error('reported');
        });
      });
      await storage.run('C', () => kept.runUntilComplete(() => sleep(3)));
      assert.deepEqual(log, ['soon in A', 'other in B', 'later in A']);
      assert.deepEqual(reported, ['A', 'B']);
    });

    it('lets all microtasks of a callback run before the next one, however long their chain', async () => {
      loop.callSoon(async () => {
        for (let i = 0; i < 50; i++) await Promise.resolve();
        note('end of the first');
      });
      loop.callSoon(note, 'second');
      await runFor(0);
      assert.deepEqual(log, ['end of the first', 'second']);
    });
  });

  describe('with callLater and callAt', () => {
    it('counts in seconds from one base for time, callLater and callAt (rule 27)', async () => {
      assert.equal(loop.callLater(1.5, note, '').when(), loop.time() + 1.5);
      loop.callAt(loop.time() + 2, () => note(loop.time()));
      await runFor(3);
      assert.deepEqual(log, ['', 2]);
      assert.equal(loop.time(), 3);
    });

    it('refuses times that are no numbers (rule 28)', () => {
      for (const bad of [null, undefined, NaN, '1']) {
        assert.throws(() => loop.callLater(bad as never, note, ''), {
          name: 'TypeError',
          message: /delay must be a number of seconds/,
        });
        assert.throws(() => loop.callAt(bad as never, note, ''), {
          name: 'TypeError',
          message: /when must be a number of seconds/,
        });
      }
      loop.callLater(Infinity, note, 'never');
    });

    it('calls by deadline, negative ones included, in the next iteration (rule 30)', async () => {
      loop.callLater(0, note, '0');
      loop.callLater(-1, note, '-1');
      loop.callLater(-2, note, '-2');
      loop.stop();
      await loop.runForever();
      assert.deepEqual(log, ['-2', '-1', '0']);
    });

    it('keeps the order of scheduling among equal deadlines (rule 31)', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) loop.callAt(1, note, name);
      await runFor(2);
      assert.deepEqual(log, ['a', 'b', 'c', 'd', 'e']);
    });

    it('takes a timer as due within the resolution of the clock (rules 32, 33)', async () => {
      const { clock, driver } = virtualTime({ start: 1 });
      const fine = newEventLoop({ clock, driver });
      fine.callAt(1 + 0.5e-9, note, 'within');
      fine.callAt(1 + 3e-9, note, 'beyond');
      fine.stop();
      await fine.runForever();
      assert.deepEqual(log, ['within']);
      assert.equal(fine.time(), 1);
    });

    it('does not spin when it wakes a hair early (rule 32)', async () => {
      let steps = 0;
      const { clock } = virtualTime({ start: 1000 });
      class EarlyDriver extends VirtualDriver {
        override resume(step: Step, until: number): void {
          steps++;
          super.resume(step, until - clock.resolution / 2);
        }
      }
      const early = newEventLoop({ clock, driver: () => new EarlyDriver(clock) });
      await early.runUntilComplete(async () => {
        for (const delay of [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10]) await sleep(delay);
      });
      // Per sleep one wait and two calls (its timer, its end); besides these the start and the end.
      assert.ok(steps <= 3 * 9 + 4, `${steps} steps`);
    });

    it('waits again if woken before the deadline (rules 33, 34)', async () => {
      const { clock } = virtualTime();
      const times: number[] = [];
      class CappedDriver extends VirtualDriver {
        override resume(step: Step, until: number): void {
          super.resume(step, Math.min(until, clock.time() + 10));
        }
      }
      const capped = newEventLoop({ clock, driver: () => new CappedDriver(clock) });
      capped.callLater(95, () => {
        times.push(capped.time());
        capped.stop();
      });
      await capped.runForever();
      assert.deepEqual(times, [95]);
    });

    it('leaves the callLater(0) of a timer to a later iteration (rule 35)', async () => {
      loop.callAt(1, () => {
        note('timer');
        loop.callLater(0, note, 'its timer');
        loop.callSoon(note, 'its soon');
      });
      loop.callAt(1, note, 'other timer');
      await runFor(2);
      assert.deepEqual(log, ['timer', 'other timer', 'its soon', 'its timer']);
    });

    it('reads the clock once per iteration, so that all timers due then are one batch (rule 37)', async () => {
      let now = 0;
      let reads = 0;
      const ticking = newEventLoop({
        // Each look at this clock takes a second.
        clock: { time: () => (reads++, now++), resolution: 1e-9 },
        driver: () => new VirtualDriver(virtualTime().clock),
      });
      ticking.callAt(-3, note, 'a');
      ticking.callAt(-2, () => ticking.stop());
      ticking.callAt(-1, note, 'b');
      ticking.callAt(0.5, note, 'not yet due at the start');
      await ticking.runForever();
      assert.equal(reads, 1);
      assert.deepEqual(log, ['a', 'b']);
    });

    it('wakes for a timer that is nearer than the one it waits for', async () => {
      const { clock } = virtualTime();
      const waits: number[] = [];
      class HeldDriver extends VirtualDriver {
        override resume(step: Step, until: number): void {
          if (until >= 100) waits.push(until);
          // A wait that is not near does not end by itself.
          super.resume(step, until >= 100 ? Infinity : until);
        }
      }
      const held = newEventLoop({ clock, driver: () => new HeldDriver(clock) });
      held.callLater(100, note, 'far');
      const run = held.runForever();
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(waits, [100]);
      held.callLater(1, () => held.stop());
      await run;
      assert.equal(held.time(), 1);
    });
  });

  describe('when callbacks fail', () => {
    it('reports the error and goes on with the batch (rules 45, 46)', async () => {
      const reports: unknown[] = [];
      const error = new Error('failed');
      const failing = (): never => {
        throw error;
      };
      const watched = newEventLoop({
        ...virtualTime(),
        exceptionHandler: (...report) => reports.push(report),
      });
      const handle = watched.callSoon(failing);
      watched.callSoon(note, 'next in the batch');
      await watched.runUntilComplete(() => sleep(0));
      assert.deepEqual(log, ['next in the batch']);
      assert.deepEqual(reports, [
        [watched, { message: 'Exception in callback failing()', exception: error, handle }],
      ]);
    });

    it('reports a rejected promise that a callback returned (rule 23)', async () => {
      const reports: string[] = [];
      const watched = newEventLoop({
        ...virtualTime(),
        exceptionHandler: (_loop, { exception: error }) => reports.push(String(error)),
      });
      watched.callSoon(async () => {
        await sleep(1);
        throw new Error('failed later');
      });
      await watched.runUntilComplete(() => sleep(2));
      assert.deepEqual(reports, ['Error: failed later']);
    });

    it('leaves the run at once with a KeyboardInterrupt, and keeps the rest of the batch (rule 47)', async () => {
      const { KeyboardInterrupt } = await import('../../src/index.ts');
      loop.callSoon(() => {
        throw new KeyboardInterrupt('stop now');
      });
      loop.callSoon(note, 'kept');
      await assert.rejects(loop.runForever(), { name: 'KeyboardInterrupt', message: 'stop now' });
      assert.deepEqual(log, []);
      assert.throws(getRunningLoop);
      await runFor(0);
      assert.deepEqual(log, ['kept']);
    });

    it('goes on when the report fails too', async () => {
      const shown: unknown[] = [];
      const original = console.error;
      console.error = (...args: unknown[]) => shown.push(args.map(String).join(' '));
      try {
        const watched = newEventLoop({
          ...virtualTime(),
          exceptionHandler: () => {
            throw new Error('handler');
          },
        });
        watched.callSoon(() => {
          throw new Error('callback');
        });
        watched.callSoon(note, 'next');
        await watched.runUntilComplete(() => sleep(0));
      } finally {
        console.error = original;
      }
      assert.deepEqual(log, ['next']);
      assert.match(String(shown[0]), /unhandled error in handler[^]*Error: callback[^]*Error: handler/);
    });

    it('reports on console.error by default, with the stack', async () => {
      const shown: unknown[] = [];
      const original = console.error;
      console.error = (...args: unknown[]) => shown.push(...args);
      try {
        const plain = newEventLoop(virtualTime());
        plain.callSoon(function failing(_n: number) {
          throw new Error('shown');
        }, 3);
        await plain.runUntilComplete(() => sleep(0));
      } finally {
        console.error = original;
      }
      assert.match(
        String(shown[0]),
        /^Exception in callback failing\(3\)\nhandle: <Handle failing\(3\)>\nError: shown\n {4}at /,
      );
    });
  });
});
