import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { MessageChannel } from 'node:worker_threads';
import {
  getEventLoop,
  getRunningLoop,
  KeyboardInterrupt,
  newEventLoop,
  setEventLoop,
  sleep,
  type ContextKeeper,
} from '../../src/index.ts';
import { NodeDriver } from '../../src/driver.ts';
import { installPersistentLoop, PersistentLoop, type InstalledPersistentLoop } from '../../src/persistent.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';
import type { Step } from '../../src/turnstile.ts';

/** A cell, as far as a loop knows of one: the context in which its code runs. */
const cell = new AsyncLocalStorage<string>();
const context: ContextKeeper = {
  capture: () => cell.getStore(),
  run: (store, fn, args) =>
    cell.run(store as string, fn as (...args: readonly unknown[]) => unknown, ...args),
};
const hostTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Enough turns of the host for a loop to have done all that needs no time, however slow the machine. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await hostTurn();
}

describe('the persistent loop', () => {
  let installed: InstalledPersistentLoop;
  let log: unknown[];
  let reports: unknown[];
  const note = (text: unknown): void => void log.push(text);
  beforeEach(() => {
    log = [];
    reports = [];
    installed = installPersistentLoop({
      context,
      exceptionHandler: (_loop, { exception: error }) => reports.push(error),
    });
  });
  afterEach(() => installed.uninstall());

  it('is what getEventLoop and getRunningLoop return, and always runs', () => {
    const loop = installed.loop();
    assert.equal(getEventLoop(), loop);
    assert.equal(getRunningLoop(), loop);
    assert.equal(loop.isRunning(), true);
    assert.equal(String(loop), '<PersistentLoop running=true closed=false debug=false>');
  });

  it('calls callbacks without any run call', async () => {
    getEventLoop().callSoon(note, 'soon');
    getEventLoop().callLater(0.001, note, 'later');
    await sleep(0.002);
    assert.deepEqual(log, ['soon', 'later']);
  });

  it('sleeps at the top of a cell', async () => {
    assert.equal(await sleep(0, 'slept'), 'slept');
  });

  it('waits in runUntilComplete while it runs on, for several at once and within each other', async () => {
    const loop = getEventLoop();
    const inner = async (): Promise<string> => {
      await sleep(0.002);
      return 'inner';
    };
    const outer = async (): Promise<string> => `outer of ${await loop.runUntilComplete(inner)}`;
    assert.deepEqual(
      await Promise.all([loop.runUntilComplete(outer()), loop.runUntilComplete(() => sleep(0.001, 'other'))]),
      ['outer of inner', 'other'],
    );
  });

  it('calls what was scheduled before the end of what it waits for', async () => {
    const loop = getEventLoop();
    await loop.runUntilComplete(async () => void loop.callSoon(note, 'before the end'));
    assert.deepEqual(log, ['before the end']);
  });

  it('passes errors on, and refuses what cannot be waited for', async () => {
    const loop = getEventLoop();
    const error = new Error('the very one');
    await assert.rejects(loop.runUntilComplete(Promise.reject(error)), (thrown) => thrown === error);
    await assert.rejects(loop.runUntilComplete(5 as never), { name: 'TypeError' });
  });

  it('ends the waits by stop(), after what is ready, and what was waited for goes on', async () => {
    const loop = getEventLoop();
    const main = sleep(0.002, 'finished');
    const forever = loop.runForever().then(() => note('runForever resolved'));
    const wait = assert.rejects(loop.runUntilComplete(main), {
      name: 'RuntimeError',
      message: /stopped before Future/,
    });
    loop.callSoon(() => {
      loop.stop();
      loop.callSoon(note, 'goes on');
    });
    loop.callSoon(note, 'ready');
    await Promise.all([forever, wait]);
    assert.equal(log[0], 'ready');
    assert.equal(await main, 'finished');
    assert.deepEqual(new Set(log), new Set(['ready', 'runForever resolved', 'goes on']));
    loop.stop();
    assert.equal(
      await loop.runUntilComplete(() => sleep(0, 'a stop without waits does nothing')),
      'a stop without waits does nothing',
    );
  });

  it('may be closed while it runs: drops its handles, ends waits and sleeps', async () => {
    const loop = getEventLoop();
    loop.callSoon(note, 'never');
    loop.callLater(0, note, 'never');
    const forever = loop.runForever();
    const wait = assert.rejects(loop.runUntilComplete(new Promise(() => {})), {
      name: 'RuntimeError',
      message: /closed before/,
    });
    const sleeping = sleep(1000);
    await Promise.resolve();
    loop.close();
    loop.close();
    await Promise.all([
      forever,
      wait,
      assert.rejects(sleeping, { name: 'RuntimeError', message: /closed during the sleep/ }),
    ]);
    await settle();
    assert.deepEqual(log, []);
    assert.equal(loop.isRunning(), false);
    assert.throws(() => loop.callSoon(note, ''), { message: 'Event loop is closed' });
    await assert.rejects(loop.runForever(), { message: 'Event loop is closed' });
  });

  it('can be closed by one of its callbacks', async () => {
    const loop = getEventLoop();
    loop.callSoon(() => loop.close());
    loop.callSoon(note, 'never');
    await loop.runForever();
    await settle();
    assert.deepEqual(log, []);
  });

  it('is followed by a fresh one after a close', async () => {
    const first = getEventLoop();
    first.close();
    const second = getEventLoop();
    assert.notEqual(second, first);
    assert.ok(second instanceof PersistentLoop);
    assert.equal(getEventLoop(), second);
    assert.equal(await second.runUntilComplete(() => sleep(0, 'runs')), 'runs');
  });

  it('is followed by a fresh one also in the very code that its callback has resumed', async () => {
    const first = getEventLoop();
    await first.runUntilComplete(() => sleep(0));
    first.close();
    assert.notEqual(getEventLoop(), first);
    assert.equal(getRunningLoop(), getEventLoop());
    assert.equal(await sleep(0, 'slept'), 'slept');
  });

  it('gives way to a loop that was set, and comes back with null', () => {
    const other = newEventLoop();
    setEventLoop(other);
    assert.equal(getEventLoop(), other);
    setEventLoop(null);
    assert.equal(getEventLoop(), installed.loop());
  });

  it('leaves the thread as it was when uninstalled', () => {
    const loop = installed.loop();
    installed.uninstall();
    assert.equal(loop.isClosed(), true);
    assert.throws(getRunningLoop, { name: 'RuntimeError' });
    assert.ok(!(getEventLoop() instanceof PersistentLoop));
  });

  it('runs on beside a strict loop, and each knows its own callbacks and sleeps', async () => {
    const persistent = getEventLoop();
    const strict = newEventLoop();
    const check = async (name: string, own: unknown): Promise<void> => {
      for (let i = 0; i < 50; i++) {
        assert.equal(getRunningLoop(), own);
        assert.equal(getEventLoop(), own);
        await sleep(0);
      }
      note(name);
    };
    persistent.callSoon(check, 'persistent', persistent);
    await strict.runUntilComplete(() => check('strict', strict));
    strict.close();
    await sleep(0.001);
    assert.deepEqual(new Set(log), new Set(['persistent', 'strict']));
    assert.deepEqual(reports, []);
    assert.equal(getRunningLoop(), persistent);
  });

  it('keeps strict loops strict: nothing fires before their run, and their sleeps are theirs', async () => {
    const strict = newEventLoop(virtualTime());
    strict.callSoon(note, 'strict');
    await sleep(0.001);
    assert.deepEqual(log, []);
    async function main(): Promise<number> {
      await sleep(3600);
      return strict.time();
    }
    assert.equal(await strict.runUntilComplete(main()), 3600);
    assert.deepEqual(log, ['strict']);
  });

  it('calls and reports in the context of the scheduling', async () => {
    const where: unknown[] = [];
    const loop = getEventLoop();
    cell.run('cell 1', () => loop.callSoon(() => where.push(cell.getStore())));
    cell.run('cell 2', () => newEventLoop().callSoon(note, 'never run'));
    await cell.run('cell 3', () => loop.runUntilComplete(() => sleep(0)));
    assert.deepEqual(where, ['cell 1']);
  });

  it('goes on in the context of the code that waits, also where it did not know the loop yet', async () => {
    const where: unknown[] = [];
    const look = (): void => void where.push(cell.getStore());
    await Promise.all([
      cell.run('cell 1', () => sleep(0).then(look)),
      cell.run('cell 2', () => sleep(0.001).then(look)),
      cell.run('cell 3', async () => {
        await sleep(0.001);
        look();
      }),
      cell.run('cell 4', () =>
        getEventLoop()
          .createTask(() => sleep(0.001))
          .then(look),
      ),
    ]);
    assert.deepEqual(new Set(where), new Set(['cell 1', 'cell 2', 'cell 3', 'cell 4']));
  });

  it('goes on after errors of callbacks, and reports them', async () => {
    const loop = getEventLoop();
    const error = new Error('reported');
    loop.callSoon(() => {
      throw error;
    });
    loop.callSoon(note, 'next');
    await sleep(0);
    assert.deepEqual(log, ['next']);
    assert.deepEqual(reports, [error]);
  });

  it('ends its waits with a KeyboardInterrupt that a callback throws, and runs on', async () => {
    const loop = getEventLoop();
    loop.callSoon(() => {
      throw new KeyboardInterrupt();
    });
    loop.callSoon(note, 'next');
    await assert.rejects(loop.runForever(), { name: 'KeyboardInterrupt' });
    await sleep(0);
    assert.deepEqual(log, ['next']);
  });

  it('reports a KeyboardInterrupt that a callback throws while nobody waits', async () => {
    const interrupt = new KeyboardInterrupt();
    getEventLoop().callSoon(() => {
      throw interrupt;
    });
    await settle();
    assert.deepEqual(reports, [interrupt]);
  });

  it('reports nothing for callbacks whose sleep a close has ended', async () => {
    const loop = getEventLoop();
    loop.callSoon(() => sleep(1000));
    const wait = assert.rejects(
      loop.runUntilComplete(() => sleep(1000)),
      { message: /closed before Future/ },
    );
    await settle();
    loop.close();
    await wait;
    await settle();
    assert.deepEqual(reports, []);
  });

  describe('interrupted', () => {
    const stop = new KeyboardInterrupt('stopped by the user');
    const isStop = (error: unknown): boolean => error === stop;

    it('rejects the waits and sleeps of one owner, and leaves the others alone', async () => {
      const loop = installed.loop();
      const main = async (): Promise<void> => {
        try {
          await sleep(1000);
        } finally {
          note('main cleaned up');
        }
      };
      const stoppedOnes = cell.run('cell 2', () => [
        loop.runUntilComplete(main),
        loop.runForever(),
        sleep(1000),
      ]);
      const others = cell.run('cell 1', () => [
        loop.runUntilComplete(() => sleep(0.003, 'other wait')),
        sleep(0.003, 'other sleep'),
      ]);
      const rejected = Promise.all(stoppedOnes.map((each) => assert.rejects(each, isStop)));
      await settle();
      // Two waits, and the sleep outside of them.
      assert.equal(loop.interrupt('cell 2', stop), 3);
      await rejected;
      assert.deepEqual(log, ['main cleaned up']);
      assert.deepEqual(await Promise.all(others), ['other wait', 'other sleep']);
      assert.equal(loop.interrupt('cell 2', stop), 0);
      await settle();
      assert.deepEqual(reports, [], 'an interrupt that the user asked for is no error to report');
    });

    it('ends also what waits for a future that is done, and has not gone on yet', async () => {
      const loop = installed.loop();
      const [done, failed] = [loop.createFuture<string>(), loop.createFuture<string>()];
      const waits = cell.run('cell 2', () => [done, done, failed].map(async (future) => await future));
      const other = cell.run('cell 1', async () => await done);
      const rejected = Promise.all(waits.map((each) => assert.rejects(each, isStop)));
      // By now they wait: an await asks for `then` in a microtask.
      await settle();
      done.setResult('done');
      failed.setException(new TypeError('failed'));
      assert.equal(loop.interrupt('cell 2', stop), 2);
      await rejected;
      assert.equal(await other, 'done');
      await settle();
      assert.deepEqual(reports, []);
    });

    it('reports nothing for callbacks whose sleep it ended', async () => {
      const loop = installed.loop();
      cell.run('cell 1', () => loop.callSoon(() => sleep(1000)));
      await settle();
      assert.equal(loop.interrupt('cell 1', stop), 1);
      await settle();
      assert.deepEqual(reports, []);
    });

    it('reports nothing for callbacks of a strict loop either', async () => {
      const strict = cell.run('cell 4', () => newEventLoop());
      cell.run('cell 4', () => strict.callSoon(() => sleep(1000)));
      const run = assert.rejects(
        cell.run('cell 4', () => strict.runForever()),
        isStop,
      );
      await settle();
      assert.equal(installed.loop().interrupt('cell 4', stop), 2);
      await run;
      await settle();
      assert.deepEqual(reports, []);
      strict.close();
    });

    it('calls nothing of a strict loop after its run was ended', async () => {
      const strict = cell.run('cell 4', () => newEventLoop());
      strict.callSoon(note, 'kept');
      const run = assert.rejects(
        cell.run('cell 4', () => strict.runForever()),
        isStop,
      );
      assert.equal(installed.loop().interrupt('cell 4', stop), 1);
      await run;
      await settle();
      assert.deepEqual(log, []);
      await strict.runUntilComplete(() => sleep(0));
      assert.deepEqual(log, ['kept']);
      strict.close();
    });

    it('ends the run of a strict loop of that owner, which can be run again', async () => {
      const strict = cell.run('cell 4', () => newEventLoop());
      const run = cell.run('cell 4', () => strict.runUntilComplete(() => sleep(1000)));
      const rejected = assert.rejects(run, isStop);
      await settle();
      assert.equal(installed.loop().interrupt('cell 3', stop), 0);
      assert.equal(strict.isRunning(), true);
      assert.equal(installed.loop().interrupt('cell 4', stop), 1);
      await rejected;
      assert.equal(strict.isRunning(), false);
      assert.equal(await strict.runUntilComplete(() => sleep(0, 'again')), 'again');
      strict.close();
    });
  });

  describe('is fair to the host: a message comes through', () => {
    async function messageDuring(work: (loop: PersistentLoop, over: () => boolean) => void): Promise<void> {
      let over = false;
      work(installed.loop(), () => over);
      const { port1, port2 } = new MessageChannel();
      const received = new Promise((resolve) => port2.once('message', resolve));
      port1.postMessage('through');
      await received;
      await hostTurn();
      over = true;
      port1.close();
    }

    it('under an endless chain of callSoon', () =>
      messageDuring((loop, over) => {
        const again = (): void => void (over() || loop.callSoon(again));
        loop.callSoon(again);
      }));

    it('under an ever full queue', () =>
      messageDuring((loop, over) => {
        const again = (): void => void (over() || loop.callSoon(again));
        for (let i = 0; i < 10_000; i++) loop.callSoon(again);
      }));

    it('under an endless chain of callLater(0)', () =>
      messageDuring((loop, over) => {
        const again = (): void => void (over() || loop.callLater(0, again));
        loop.callSoon(again);
      }));

    it('under endless sleeps of zero', () =>
      messageDuring((loop, over) => {
        loop.callSoon(async () => {
          while (!over()) await sleep(0);
        });
      }));
  });

  describe('recovers', () => {
    /** Loses the continuation of a step, as a torn step does. */
    class LossyDriver extends NodeDriver {
      loseNext = false;
      override resume(step: Step, until: number): void {
        if (this.loseNext) this.loseNext = false;
        else super.resume(step, until);
      }
    }
    let driver: LossyDriver;
    let loop: PersistentLoop;
    beforeEach(() => {
      installed.uninstall();
      installed = installPersistentLoop({ driver: (clock) => (driver = new LossyDriver(clock, false)) });
      loop = installed.loop();
    });

    it('when the continuation of a callback was lost: the rest of the queue is called, in order', async () => {
      loop.callSoon(() => {
        driver.loseNext = true;
        note('torn');
      });
      loop.callSoon(note, 'second');
      loop.callLater(0.001, note, 'timer');
      await settle();
      assert.deepEqual(log, ['torn']);
      loop.recover();
      await sleep(0.002);
      assert.deepEqual(log, ['torn', 'second', 'timer']);
    });

    it('when a wait was lost', async () => {
      loop.callSoon(() => queueMicrotask(() => (driver.loseNext = true)));
      await settle();
      loop.callSoon(note, 'called');
      await settle();
      assert.deepEqual(log, []);
      loop.recover();
      await settle();
      assert.deepEqual(log, ['called']);
    });

    it('a strict loop that runs, too', async () => {
      let lossy: LossyDriver | undefined;
      const strict = newEventLoop({ driver: (clock) => (lossy = new LossyDriver(clock, true)) });
      const run = strict.runUntilComplete(async () => {
        (lossy as LossyDriver).loseNext = true;
        await sleep(0);
        return 'ran on';
      });
      await settle();
      loop.recover();
      assert.equal(await run, 'ran on');
      strict.close();
    });

    it('without harm when nothing was lost, at any time and any number of times: each handle is called once', async () => {
      const calls: number[] = [];
      for (let i = 0; i < 200; i++) {
        loop.callSoon(() => {
          calls.push(i);
          if (i % 7 === 0) loop.recover();
          if (i % 5 === 0) queueMicrotask(() => loop.recover());
          if (i % 11 === 0) process.nextTick(() => loop.recover());
          if (i % 13 === 0) setImmediate(() => loop.recover());
        });
      }
      loop.recover();
      await loop.runUntilComplete(() => sleep(0.001));
      await settle();
      assert.deepEqual(
        calls,
        Array.from({ length: 200 }, (_, i) => i),
      );
      // Still one step at a time: a callback's microtasks come before the next callback.
      loop.callSoon(async () => {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        note('end of the first');
      });
      loop.callSoon(note, 'second');
      await settle();
      assert.deepEqual(log, ['end of the first', 'second']);
    });

    it('nothing once it is closed', async () => {
      loop.close();
      loop.recover();
      await settle();
      assert.equal(loop.isRunning(), false);
    });
  });
});
