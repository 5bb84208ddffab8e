import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  EventLoop,
  getEventLoop,
  getRunningLoop,
  KeyboardInterrupt,
  newEventLoop,
  setEventLoop,
  sleep,
} from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

const stopped = { name: 'RuntimeError', message: /Event loop stopped before Future completed/ };

describe('the life of a loop', () => {
  let loop: EventLoop;
  let log: string[];
  const note = (text: string): void => void log.push(text);
  beforeEach(() => {
    loop = newEventLoop(virtualTime());
    log = [];
  });
  afterEach(() => loop.close());

  it('begins neither running nor closed, and shows its state (rule 1)', () => {
    assert.equal(loop.isRunning(), false);
    assert.equal(loop.isClosed(), false);
    assert.equal(String(loop), '<EventLoop running=false closed=false debug=false>');
    assert.equal(inspect(loop), String(loop));
    loop.setDebug(true);
    loop.close();
    assert.equal(String(loop), '<EventLoop running=false closed=true debug=true>');
  });

  it('fires nothing before it is run', async () => {
    loop.callSoon(note, 'soon');
    loop.callLater(0, note, 'later');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, []);
  });

  it('runs between the entry and the exit of a run call only (rule 2)', async () => {
    loop.callSoon(() => {
      note(`inside ${loop.isRunning()}`);
      loop.stop();
    });
    const run = loop.runForever();
    note(`entered ${loop.isRunning()}`);
    await run;
    note(`left ${loop.isRunning()}`);
    assert.deepEqual(log, ['entered true', 'inside true', 'left false']);
    const failed = loop.runUntilComplete(() => Promise.reject(new Error('main failed')));
    await assert.rejects(failed, /main failed/);
    assert.equal(loop.isRunning(), false);
  });

  it('refuses to run once closed (rule 3)', async () => {
    loop.close();
    await assert.rejects(loop.runForever(), { name: 'RuntimeError', message: 'Event loop is closed' });
    await assert.rejects(loop.runUntilComplete(Promise.resolve(1)), {
      name: 'RuntimeError',
      message: 'Event loop is closed',
    });
  });

  it('refuses to run while it runs, from outside and from a callback, and leaves the argument alone (rule 4)', async () => {
    let called = false;
    const run = loop.runUntilComplete(async () => {
      await assert.rejects(loop.runForever(), { name: 'RuntimeError', message: /already running/ });
      await sleep(1);
      return 'first';
    });
    const main = async (): Promise<void> => void (called = true);
    await assert.rejects(loop.runUntilComplete(main), { name: 'RuntimeError', message: /already running/ });
    assert.equal(await run, 'first');
    assert.equal(called, false);
  });

  it('refuses to run while another loop runs on this thread (rule 5)', async () => {
    const other = newEventLoop(virtualTime());
    const run = loop.runUntilComplete(() => other.runForever());
    await assert.rejects(run, { name: 'RuntimeError', message: /another loop is running/ });
    await other.runUntilComplete(() => sleep(1));
    other.close();
  });

  it('finishes the iteration when stopped, and keeps for the next run what it queued (rule 6)', async () => {
    loop.callSoon(() => {
      loop.stop();
      loop.callSoon(note, 'queued in the iteration');
    });
    loop.callSoon(note, 'ready at the start');
    await loop.runForever();
    assert.deepEqual(log, ['ready at the start']);
    loop.stop();
    await loop.runForever();
    assert.deepEqual(log, ['ready at the start', 'queued in the iteration']);
  });

  it('runs exactly one iteration when stopped before, without waiting for timers (rule 7)', async () => {
    loop.callSoon(() => loop.callSoon(note, 'second iteration'));
    loop.callSoon(note, 'first iteration');
    loop.callLater(10, note, 'timer');
    loop.stop();
    await loop.runForever();
    assert.deepEqual(log, ['first iteration']);
    assert.equal(loop.time(), 0);
  });

  it('has forgotten a stop after every kind of exit (rule 8)', async () => {
    loop.callSoon(() => {
      loop.stop();
      throw new KeyboardInterrupt();
    });
    await assert.rejects(loop.runForever(), { name: 'KeyboardInterrupt' });
    loop.stop();
    await loop.runForever();
    assert.equal(await loop.runUntilComplete(() => sleep(1, 'ran on')), 'ran on');
  });

  it('takes stop() silently when idle and when closed (rule 9)', () => {
    loop.stop();
    loop.close();
    loop.stop();
  });

  it('cannot be closed while it runs, and can be closed twice (rule 10)', async () => {
    await loop.runUntilComplete(async () => {
      assert.throws(() => loop.close(), {
        name: 'RuntimeError',
        message: /Cannot close a running event loop/,
      });
    });
    loop.close();
    loop.close();
    assert.equal(loop.isClosed(), true);
  });

  it('drops what is scheduled when it is closed (rule 11)', async () => {
    loop.callSoon(note, 'soon');
    const timer = loop.callLater(0, note, 'later');
    loop.close();
    timer.cancel();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, []);
  });

  it('takes no callbacks once closed, but still tells time and state (rule 12)', () => {
    loop.close();
    const closed = { name: 'RuntimeError', message: 'Event loop is closed' };
    assert.throws(() => loop.callSoon(note, ''), closed);
    assert.throws(() => loop.callSoonThreadsafe(note, ''), closed);
    assert.throws(() => loop.callLater(1, note, ''), closed);
    assert.throws(() => loop.callAt(1, note, ''), closed);
    assert.equal(loop.time(), 0);
    loop.setDebug(true);
    assert.equal(loop.getDebug(), true);
  });

  it('is the running loop in its callbacks and while it is run, and nowhere else (rule 14)', async () => {
    assert.throws(getRunningLoop, { name: 'RuntimeError', message: 'no running event loop' });
    const seen = await loop.runUntilComplete(async () => {
      const first = getRunningLoop();
      await sleep(1);
      await new Promise((resolve) => setImmediate(resolve));
      return [first, getRunningLoop(), getEventLoop()];
    });
    assert.deepEqual(seen, [loop, loop, loop]);
    assert.throws(getRunningLoop, { name: 'RuntimeError' });
  });

  it('has one default loop per thread, which can be set, and set to none (rule 15)', () => {
    setEventLoop(loop);
    try {
      assert.equal(getEventLoop(), loop);
      assert.throws(() => setEventLoop({} as EventLoop), {
        name: 'TypeError',
        message: /an EventLoop or null/,
      });
      setEventLoop(null);
      assert.throws(getEventLoop, { name: 'RuntimeError', message: /no current event loop/ });
    } finally {
      setEventLoop(new EventLoop());
    }
    assert.equal(getEventLoop(), getEventLoop());
  });

  it('resolves to the result of what was run, or rejects with its very error (rule 53)', async () => {
    assert.equal(await loop.runUntilComplete(Promise.resolve(42)), 42);
    assert.equal(await loop.runUntilComplete(async () => 43), 43);
    const error = new Error('the very one');
    await assert.rejects(loop.runUntilComplete(Promise.reject(error)), (thrown) => thrown === error);
    await assert.rejects(
      loop.runUntilComplete(() => {
        throw error;
      }),
      (thrown) => thrown === error,
    );
    const thenable: PromiseLike<number> = Object.create({
      // oxlint-disable-next-line unicorn/no-thenable -- what is tested
      then: (resolve: (value: number) => void) => resolve(44),
    });
    assert.equal(await loop.runUntilComplete(thenable), 44);
  });

  it('refuses what cannot be waited for (rule 54)', async () => {
    await assert.rejects(loop.runUntilComplete(5 as never), {
      name: 'TypeError',
      message: /a promise, or a function that returns one, not 5/,
    });
    const notAsync = (): number => 5;
    await assert.rejects(loop.runUntilComplete(notAsync as never), {
      name: 'TypeError',
      message: /notAsync\(\) returned 5, not a promise/,
    });
    assert.equal(loop.isRunning(), false);
  });

  it('calls what is ready together with the end, and keeps the rest (rule 55)', async () => {
    await loop.runUntilComplete(async () => {
      loop.callSoon(() => {
        note('same iteration as the end');
        loop.callSoon(note, 'later');
      });
    });
    assert.deepEqual(log, ['same iteration as the end']);
    await loop.runUntilComplete(() => sleep(0));
    assert.deepEqual(log, ['same iteration as the end', 'later']);
  });

  it('rejects when stopped too early; another run may go on with the same promise (rule 56)', async () => {
    const main = sleep(5, 'done at last');
    loop.callLater(1, () => loop.stop());
    await assert.rejects(loop.runUntilComplete(main), stopped);
    assert.equal(loop.time(), 1);
    assert.equal(await loop.runUntilComplete(main), 'done at last');
    assert.equal(loop.time(), 5);
  });

  it('stopped before, returns the value of a function that ends in its first step, no other (rule 57)', async () => {
    loop.stop();
    assert.equal(await loop.runUntilComplete(async () => 'one step'), 'one step');
    loop.stop();
    await assert.rejects(
      loop.runUntilComplete(() => sleep(0, 'two steps')),
      stopped,
    );
  });

  it('leaves nothing behind that would stop a later run (rule 58)', async () => {
    loop.stop();
    await loop.runUntilComplete(async () => 'done, its stop still queued');
    await countToFive();
    loop.stop();
    await assert.rejects(
      loop.runUntilComplete(() => sleep(0)),
      stopped,
    );
    await countToFive();
  });

  /** Fails if anything stops the loop before. */
  async function countToFive(): Promise<void> {
    let iterations = 0;
    const count = (): void => void (++iterations < 5 ? loop.callSoon(count) : loop.stop());
    loop.callSoon(count);
    await loop.runForever();
    assert.equal(iterations, 5);
  }

  it('reports an error that comes after the run has ended, if nobody waits for it any more', async () => {
    const reports: string[] = [];
    const watched = newEventLoop({
      ...virtualTime(),
      exceptionHandler: (_loop, { exception: error, message }) =>
        reports.push(`${message}: ${String(error)}`),
    });
    watched.callLater(1, () => watched.stop());
    const main = async (): Promise<void> => {
      await sleep(2);
      throw new Error('too late');
    };
    await assert.rejects(watched.runUntilComplete(main), stopped);
    await watched.runUntilComplete(() => sleep(5));
    assert.deepEqual(reports, [
      'Exception in main(), after the run that waited for it had ended: Error: too late',
    ]);
  });
});
