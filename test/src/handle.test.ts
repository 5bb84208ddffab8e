import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { newEventLoop, type EventLoop } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

function greet(..._args: unknown[]): void {}

/** Runs one iteration and stops. */
async function runOnce(loop: EventLoop): Promise<void> {
  loop.stop();
  await loop.runForever();
}

describe('a handle', () => {
  let loop: EventLoop;
  beforeEach(() => {
    loop = newEventLoop(virtualTime());
  });

  it('is cancelled once and for all, and forgets callback and arguments (rule 38)', () => {
    const handle = loop.callSoon(greet, { big: true });
    assert.equal(handle.cancelled(), false);
    handle.cancel();
    handle.cancel();
    assert.equal(handle.cancelled(), true);
    assert.equal(handle._callback, null);
    assert.deepEqual(handle._args, []);
  });

  it('can be cancelled after the call, without effect (rule 39)', async () => {
    let calls = 0;
    const handle = loop.callSoon(() => calls++);
    await runOnce(loop);
    handle.cancel();
    await runOnce(loop);
    assert.equal(calls, 1);
    assert.equal(handle.cancelled(), true);
  });

  it('shows its callback and arguments, or that it is cancelled (rule 40)', () => {
    const handle = loop.callSoon(greet, 1, 'two', [3]);
    assert.equal(handle.toString(), "<Handle greet(1, 'two', [ 3 ])>");
    assert.equal(inspect({ handle }), "{ handle: <Handle greet(1, 'two', [ 3 ])> }");
    handle.cancel();
    assert.equal(String(handle), '<Handle cancelled>');
  });

  it('shows the deadline of a timer, after "cancelled" if it is (rule 40)', () => {
    const timer = loop.callAt(12.5, greet);
    assert.equal(String(timer), '<TimerHandle when=12.5 greet()>');
    timer.cancel();
    assert.equal(String(timer), '<TimerHandle cancelled when=12.5>');
  });

  it('names anonymous and bound functions in its text (rule 44)', () => {
    assert.equal(String(loop.callSoon(() => {})), '<Handle <anonymous>()>');
    assert.equal(String(loop.callSoon(greet.bind(null, 1))), '<Handle bound greet()>');
  });

  it('keeps the values in its text short (rule 44)', () => {
    const text = String(
      loop.callSoon(
        greet,
        'x'.repeat(1000),
        Array.from({ length: 1000 }, (_, i) => i),
      ),
    );
    assert.ok(text.length < 200, text);
  });

  it('has a text even if an argument cannot be shown (rule 44)', () => {
    const hostile = {
      [inspect.custom]() {
        throw new Error('no');
      },
    };
    assert.equal(String(loop.callSoon(greet, hostile)), '<Handle greet(<object that cannot be shown>)>');
  });

  it('says in debug mode where it was created, and keeps its text when cancelled (rule 41)', () => {
    loop.setDebug(true);
    const handle = loop.callSoon(greet, 1);
    assert.match(String(handle), /^<Handle greet\(1\) created at .*handle\.test\.[jt]s:\d+>$/);
    const timer = loop.callLater(1, greet);
    assert.match(String(timer), /^<TimerHandle when=1 greet\(\) created at .*handle\.test\.[jt]s:\d+>$/);
    handle.cancel();
    const text = String(handle);
    assert.match(text, /^<Handle cancelled greet\(1\) created at .*handle\.test\.[jt]s:\d+>$/);
    handle.cancel();
    assert.equal(String(handle), text);
  });

  it('knows its deadline, also after a cancel (rule 29)', () => {
    const timer = loop.callLater(2, greet);
    assert.equal(timer.when(), 2);
    timer.cancel();
    assert.equal(timer.when(), 2);
  });
});
