import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { fromPromise, newEventLoop, sleep, type EventLoop, type TraceEvent } from '../../src/index.ts';
import { DeadlockError, virtualTime } from '../../src/testing/index.ts';
import { PersistentLoop } from '../../src/persistent.ts';

/** The error of a run that comes to a standstill. */
async function deadlockOf(loop: EventLoop, main: () => Promise<unknown>): Promise<DeadlockError> {
  const error: unknown = await loop.runUntilComplete(main).then(
    () => assert.fail('the run has ended'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DeadlockError, String(error));
  return error;
}

describe('virtual time', () => {
  it('rule 130: moves when nothing is ready, straight to the next deadline, and at no other time', async () => {
    const loop = newEventLoop(virtualTime());
    const times: number[] = [];
    loop.callLater(3600, () => {
      times.push(loop.time());
      loop.callSoon(() => times.push(loop.time()));
    });
    loop.callLater(5, () => times.push(loop.time()));
    loop.callSoon(() => times.push(loop.time()));
    await loop.runUntilComplete(() => sleep(3601));
    assert.deepEqual(times, [0, 5, 3600, 3600]);
    assert.equal(loop.time(), 3601);
  });

  describe('with foreign work', () => {
    it('rule 131: does not jump while a promise of fromPromise is pending', async () => {
      const loop = newEventLoop(virtualTime());
      const source = new EventEmitter();
      let isTimeOver = false;
      const main = async (): Promise<number> => {
        loop.callLater(3600, () => (isTimeOver = true));
        // A turn of the host away; less than it takes for the time to flow.
        setImmediate(() => source.emit('answer'));
        await fromPromise(once(source, 'answer'));
        return loop.time();
      };
      assert.ok((await loop.runUntilComplete(main)) < 3600);
      assert.equal(isTimeOver, false);
    });

    it('rule 131: lets the time flow as the real one when it takes long', async () => {
      const loop = newEventLoop(virtualTime());
      const source = new EventEmitter();
      const main = async (): Promise<number> => {
        // It ends only when the time has moved without a jump to it.
        loop.callLater(0.001, () => source.emit('answer'));
        await fromPromise(once(source, 'answer'));
        await sleep(3600);
        return loop.time();
      };
      const end = await loop.runUntilComplete(main);
      assert.ok(end >= 3600.001 && end < 3660, `ended at ${end} s`);
    });
  });

  describe('when nothing can go on', () => {
    it('rule 131: ends the run with an error that names the tasks, what they wait for and where they were made', async () => {
      const loop = newEventLoop(virtualTime());
      const error = await deadlockOf(loop, async () => {
        await sleep(2);
        const future = loop.createFuture();
        async function worker(): Promise<void> {
          await future;
        }
        loop.createTask(worker, { name: 'first' });
        await loop.createTask(worker, { name: 'second' });
      });
      assert.equal(error.name, 'DeadlockError');
      const place = String.raw`; made at \S*virtual-time\.test\.js:\d+`;
      const lines = error.message.split('\n');
      assert.match(lines[0] ?? '', /^Deadlock at 2 s: 3 wait for something/);
      assert.match(lines[1] ?? '', new RegExp(String.raw`Task-\d+ .*waits for task second${place}$`));
      assert.match(
        lines[2] ?? '',
        new RegExp(String.raw`first \(worker\(\)\) waits for <Future pending .*${place}$`),
      );
      assert.match(
        lines[3] ?? '',
        new RegExp(String.raw`second \(worker\(\)\) waits for <Future pending .*${place}$`),
      );
      assert.deepEqual(
        error.tasks.slice(1).map((task) => task.getName()),
        ['first', 'second'],
      );
    });

    it('rule 131: leaves a loop that can be run again', async () => {
      const loop = newEventLoop(virtualTime());
      const future = loop.createFuture<string>();
      await deadlockOf(loop, () => future);
      loop.callLater(1, () => future.setResult('there'));
      assert.equal(await loop.runUntilComplete(future), 'there');
    });

    it('rule 131: says so of a run without any task', async () => {
      const loop = newEventLoop(virtualTime());
      await assert.rejects(loop.runForever(), { name: 'DeadlockError', message: /nothing is scheduled/ });
    });

    it('rule 131: counts more tasks than it shows', async () => {
      const loop = newEventLoop(virtualTime());
      const error = await deadlockOf(loop, async () => {
        const future = loop.createFuture();
        for (let i = 0; i < 30; i++) loop.createTask(async () => future);
        await future;
      });
      assert.match(error.message, /31 wait for/);
      assert.match(error.message, /and 11 more$/);
    });

    it('ends the waits on a persistent loop, and leaves one alone on which nobody waits', async () => {
      const loop = new PersistentLoop(virtualTime());
      const calls: string[] = [];
      await new Promise<void>((resolve) => setImmediate(resolve));
      await assert.rejects(loop.runUntilComplete(loop.createFuture()), DeadlockError);
      loop.callLater(5, () => calls.push('later'));
      await loop.runUntilComplete(() => sleep(6));
      assert.deepEqual(calls, ['later']);
      loop.close();
    });
  });

  describe('advance()', () => {
    let time: ReturnType<typeof virtualTime>;
    let loop: EventLoop;
    let calls: string[];
    const note = (name: string): number => calls.push(`${name} at ${loop.time()}`);

    beforeEach(() => {
      time = virtualTime({ autojump: false });
      loop = newEventLoop(time);
      calls = [];
    });

    /** Runs the loop while `during` lets the time pass. */
    async function running(during: () => Promise<void>): Promise<void> {
      const run = loop.runForever();
      try {
        await during();
      } finally {
        loop.stop();
        await run;
      }
    }

    it('rule 132: runs one deadline after the other, each at its own time, with all microtasks between', async () => {
      loop.callLater(1, () => {
        note('first');
        void Promise.resolve().then(() => loop.callLater(1, note, 'of a microtask'));
      });
      loop.callLater(3, note, 'third');
      loop.callLater(9, note, 'too late');
      await running(async () => {
        await time.advance(0.5);
        assert.deepEqual([calls, loop.time()], [[], 0.5]);
        await time.advance(4.5);
      });
      assert.deepEqual(calls, ['first at 1', 'of a microtask at 2', 'third at 3']);
      assert.equal(loop.time(), 5);
    });

    it('rule 132: takes what is due at its very end with it', async () => {
      loop.callLater(2, note, 'at the end');
      await running(() => time.advance(2));
      assert.deepEqual(calls, ['at the end at 2']);
    });

    it('rule 132: leaves the time alone otherwise', async () => {
      loop.callLater(1, note, 'never');
      await running(async () => {
        for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      });
      assert.deepEqual([calls, loop.time()], [[], 0]);
    });

    it('rule 133: never goes back: neither by a negative time, nor for a deadline in the past', async () => {
      await assert.rejects(time.advance(-1), { name: 'ValueError' });
      await assert.rejects(time.advance(Number.NaN), TypeError);
      await running(async () => {
        await time.advance(5);
        loop.callAt(1, note, 'past');
        await time.advance(0);
      });
      assert.deepEqual(calls, ['past at 5']);
    });

    it('rule 133: gives up on timers that follow each other without end at one time', async () => {
      const again = (): void => void loop.callLater(0, again);
      again();
      const run = loop.runForever();
      const isEndless = { name: 'RuntimeError', message: /Virtual time does not move/ };
      await Promise.all([assert.rejects(time.advance(1), isEndless), assert.rejects(run, isEndless)]);
    });

    it('moves the clock alone when no loop runs, and is one at a time', async () => {
      const first = time.advance(3);
      await assert.rejects(time.advance(1), { name: 'RuntimeError', message: /under way/ });
      await first;
      assert.equal(loop.time(), 3);
    });

    it('also skips ahead where the time jumps by itself', async () => {
      time = virtualTime();
      loop = newEventLoop(time);
      const run = loop.runUntilComplete(() => sleep(10, 'slept'));
      await time.advance(20);
      assert.equal(await run, 'slept');
      assert.equal(loop.time(), 20);
    });
  });

  it('rule 133: gives up on endless timers without advance() as well', async () => {
    const loop = newEventLoop(virtualTime());
    const again = (): void => void loop.callLater(0, again);
    again();
    await assert.rejects(
      loop.runUntilComplete(() => sleep(1)),
      { name: 'RuntimeError', message: /Virtual time does not move/ },
    );
  });

  it('rule 134: gives the same trace each time', async () => {
    const traceOf = async (): Promise<unknown[]> => {
      const loop = newEventLoop(virtualTime());
      const trace = loop.trace();
      await loop.runUntilComplete(async () => {
        const tasks = [3, 1, 2, 1].map((delay, index) =>
          loop.createTask(() => sleep(delay), { name: `task ${index}` }),
        );
        for (const task of tasks) await task;
      });
      // How long something took is a matter of the real clock.
      return trace.stop().map(({ took: _took, ...event }: TraceEvent) => event);
    };
    const first = await traceOf();
    assert.ok(first.length > 8);
    // The names of the main tasks count on, as those of asyncio.
    const unnamed = (events: unknown[]): string => JSON.stringify(events).replaceAll(/Task-\d+/g, 'Task');
    assert.equal(unnamed(await traceOf()), unnamed(first));
  });

  it('rule 135: leaves Date, setTimeout and performance alone', async () => {
    const loop = newEventLoop(virtualTime());
    const before = [Date.now(), performance.now()] as const;
    const { setTimeout: timer } = globalThis;
    await loop.runUntilComplete(() => sleep(1e6));
    assert.ok(Date.now() - before[0] < 1e8 && performance.now() - before[1] < 1e8);
    assert.equal(globalThis.setTimeout, timer);
  });
});
