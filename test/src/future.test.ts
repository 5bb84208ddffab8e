import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  ensureFuture,
  Future,
  isFuture,
  newEventLoop,
  setEventLoop,
  sleep,
  type EventLoop,
} from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

describe('a future', () => {
  let loop: EventLoop;
  let log: unknown[];
  const note = (text: unknown): void => void log.push(text);
  const settle = (): Promise<void> => loop.runUntilComplete(() => sleep(0));
  const failed = (error: Error): Future => {
    const future = loop.createFuture();
    future.setException(error);
    return future;
  };
  beforeEach(() => {
    loop = newEventLoop(virtualTime());
    log = [];
  });
  afterEach(() => loop.close());

  it('rule 64: is pending, then finished or cancelled, and both are done', () => {
    const states = (future: Future): boolean[] => [future.done(), future.cancelled()];
    const result = loop.createFuture();
    assert.deepEqual(states(result), [false, false]);
    result.setResult(1);
    assert.deepEqual(states(result), [true, false]);
    const cancelled = loop.createFuture();
    cancelled.cancel();
    assert.deepEqual(states(cancelled), [true, true]);
    const error = failed(new Error('set'));
    assert.deepEqual(states(error), [true, false]);
    error.exception();
  });

  it('rule 65: gives result and exception once it is done', () => {
    const pending = loop.createFuture();
    const early = { name: 'InvalidStateError', message: /is not set/ };
    assert.throws(() => pending.result(), early);
    assert.throws(() => pending.exception(), early);
    pending.setResult('there');
    assert.equal(pending.result(), 'there');
    assert.equal(pending.exception(), null);
    const error = new Error('the very one');
    const broken = failed(error);
    assert.equal(broken.exception(), error);
    assert.throws(
      () => broken.result(),
      (thrown) => thrown === error,
    );
    const cancelled = loop.createFuture();
    cancelled.cancel('reason');
    const cancel = { name: 'CancelledError', code: 'ERR_CANCELLED', message: 'reason' };
    assert.throws(() => cancelled.result(), cancel);
    assert.throws(() => cancelled.exception(), cancel);
  });

  it('rule 66: takes one outcome only, and says which it has', () => {
    const done = loop.createFuture();
    done.setResult(1);
    const finished = { name: 'InvalidStateError', message: /finished.*<Future finished result=1>/ };
    assert.throws(() => done.setResult(2), finished);
    assert.throws(() => done.setException(new Error('no')), finished);
    const cancelled = loop.createFuture();
    cancelled.cancel();
    assert.throws(() => cancelled.setResult(2), { name: 'InvalidStateError', message: /cancelled/ });
    assert.throws(() => cancelled.setException(new Error('no')), { name: 'InvalidStateError' });
  });

  it('rule 67: takes an error or a class of errors as exception, and nothing else', () => {
    const future = loop.createFuture();
    future.setException(RangeError);
    assert.ok(future.exception() instanceof RangeError);
    assert.throws(() => loop.createFuture().setException('text' as never), {
      name: 'TypeError',
      message: /an Error or a class of errors, not 'text'/,
    });
    assert.throws(() => loop.createFuture().setException(Map as never), { name: 'TypeError' });
  });

  it('rule 68: can be cancelled while it is pending, with a message of any type', () => {
    const future = loop.createFuture();
    const reason = { any: 'type' };
    assert.equal(future.cancel(reason), true);
    assert.equal(future.cancel('later'), false);
    assert.throws(
      () => future.result(),
      (error) => (error as { reason: unknown }).reason === reason,
    );
  });

  it('rule 69: calls its done callbacks by the loop, in order, with itself', async () => {
    const future = loop.createFuture();
    future.addDoneCallback((done) => note(['first', done === future]));
    future.addDoneCallback(() => note('second'));
    loop.callSoon(note, 'ready before');
    future.setResult(1);
    future.addDoneCallback(() => note('added to a done one'));
    assert.deepEqual(log, []);
    await settle();
    assert.deepEqual(log, ['ready before', ['first', true], 'second', 'added to a done one']);
    assert.throws(() => future.addDoneCallback(5 as never), { name: 'TypeError' });
  });

  it('rule 70: calls a callback as often as it was added, and removes all that are equal', async () => {
    const future = loop.createFuture();
    const twice = (): void => note('twice');
    const removed = (): void => note('removed');
    for (const callback of [twice, removed, twice, removed, removed]) future.addDoneCallback(callback);
    assert.equal(future.removeDoneCallback(removed), 3);
    future.setResult(1);
    assert.equal(future.removeDoneCallback(twice), 0, 'they are scheduled already');
    await settle();
    assert.deepEqual(log, ['twice', 'twice']);
  });

  it('rule 71: lets callbacks add and remove callbacks', async () => {
    const future = loop.createFuture();
    const later = (): void => note('added while they are called');
    const second = (): void => note('second');
    future.addDoneCallback(() => {
      future.removeDoneCallback(second);
      future.addDoneCallback(later);
    });
    future.addDoneCallback(second);
    future.setResult(1);
    await settle();
    await settle();
    assert.deepEqual(log, ['second', 'added while they are called']);
  });

  it('rule 73: is awaited without an iteration when done, until its callbacks run when pending', async () => {
    await loop.runUntilComplete(async () => {
      const done = loop.createFuture();
      done.setResult('at once');
      loop.callSoon(note, 'next iteration');
      note(await done);
      const pending = loop.createFuture();
      loop.callSoon(() => {
        pending.setResult('the pending one');
        note('set');
        loop.callSoon(note, 'scheduled behind it');
      });
      note(await pending);
    });
    await settle();
    assert.deepEqual(log, ['at once', 'next iteration', 'set', 'the pending one', 'scheduled behind it']);
  });

  it('rule 73: passes errors on to those who await it, pending or done', async () => {
    const error = new Error('the very one');
    const isIt = (thrown: unknown): boolean => thrown === error;
    await loop.runUntilComplete(async () => {
      await assert.rejects(failed(error), isIt);
      const pending = loop.createFuture();
      loop.callSoon(() => pending.setException(error));
      await assert.rejects(async () => await pending, isIt);
      const cancelled = loop.createFuture();
      loop.callSoon(() => cancelled.cancel('why'));
      await assert.rejects(async () => await cancelled, { name: 'CancelledError', message: 'why' });
    });
  });

  it('is a promise to all who take one', async () => {
    await loop.runUntilComplete(async () => {
      const make = (): Future<number> => {
        const future = loop.createFuture<number>();
        loop.callLater(1, () => future.setResult(2));
        return future;
      };
      assert.equal(await make().then((value) => value + 1), 3);
      assert.equal(await Promise.any([make(), new Promise<never>(() => {})]), 2);
      assert.equal(await make().finally(() => note('finally')), 2);
      assert.equal(await failed(new Error('no')).catch((error) => (error as Error).message), 'no');
      await assert.rejects(
        make().then(() => {
          throw new RangeError('thrown by then');
        }),
        { name: 'RangeError' },
      );
      assert.equal(await make().then(null), 2);
    });
    assert.deepEqual(log, ['finally']);
  });

  it('rule 74: shows its state, its outcome, its callbacks, and in debug mode where it was made', () => {
    const named = (name: string): (() => void) => Object.defineProperty(() => {}, 'name', { value: name });
    const future = loop.createFuture();
    assert.equal(String(future), '<Future pending>');
    assert.equal(inspect(future), '<Future pending>');
    future.addDoneCallback(named('a'));
    assert.equal(String(future), '<Future pending cb=[a()]>');
    future.addDoneCallback(named('b'));
    assert.equal(String(future), '<Future pending cb=[a(), b()]>');
    future.addDoneCallback(named('c'));
    future.addDoneCallback(named('d'));
    assert.equal(String(future), '<Future pending cb=[a(), <2 more>, d()]>');
    future.setResult('x'.repeat(1000));
    assert.match(String(future), /^<Future finished result='x{30,}.*\.\.\..*>$/);
    assert.ok(String(future).length < 120);
    const broken = failed(new RangeError('too far'));
    assert.equal(String(broken), "<Future finished exception=RangeError('too far')>");
    broken.exception();
    const cancelled = loop.createFuture();
    cancelled.cancel();
    assert.equal(String(cancelled), '<Future cancelled>');
    const own = loop.createFuture<Future>();
    own.setResult(own);
    assert.match(String(own), /^<Future finished result=/);
    loop.setDebug(true);
    assert.match(String(loop.createFuture()), /^<Future pending created at .*future\.test\.js:\d+>$/);
  });

  it('rule 75: belongs to the loop that is given, else to the current one', async () => {
    assert.equal(loop.createFuture().getLoop(), loop);
    assert.equal(new Future({ loop }).getLoop(), loop);
    assert.equal(await loop.runUntilComplete(async () => new Future().getLoop()), loop);
    setEventLoop(null);
    try {
      assert.throws(() => new Future(), { name: 'RuntimeError', message: /no current event loop/ });
    } finally {
      setEventLoop(newEventLoop());
    }
  });

  it('rule 76: is told from other promises by a mark', () => {
    assert.equal(isFuture(loop.createFuture()), true);
    assert.equal(isFuture({ [Symbol.for('tsloop.Future')]: true }), true);
    for (const other of [Promise.resolve(), null, undefined, 5, {}, () => {}]) {
      assert.equal(isFuture(other), false);
    }
  });

  it('ensureFuture returns futures as they are, and makes tasks of functions and promises', async () => {
    const future = loop.createFuture();
    assert.equal(ensureFuture(future), future);
    assert.equal(ensureFuture(future, { loop }), future);
    const other = newEventLoop(virtualTime());
    assert.throws(() => ensureFuture(future, { loop: other }), { name: 'ValueError' });
    other.close();
    assert.equal(await loop.runUntilComplete(ensureFuture(async () => 1, { loop })), 1);
    assert.equal(await loop.runUntilComplete(ensureFuture(Promise.resolve(2), { loop })), 2);
    assert.throws(() => ensureFuture(5 as never, { loop }), { name: 'TypeError', message: /ensureFuture/ });
  });

  it('takes its outcome silently when its loop is closed', () => {
    const future = loop.createFuture();
    future.addDoneCallback(note);
    loop.close();
    future.setResult(1);
    assert.equal(future.result(), 1);
    assert.deepEqual(log, []);
  });
});
