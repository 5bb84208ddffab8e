import assert from 'node:assert/strict';
import { BUSY_QUIET_TIME, PATIENCE, Quiet, QUIET_TIME } from '../../../kernel/typescript/quiet.ts';

/** Time that passes when the test says so. */
class FakeClock {
  #now = 1000;
  #timers: Array<{ at: number; call: () => void }> = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.#now + milliseconds, call };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((each) => each !== timer));
  }

  pass(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = next.at;
      this.#timers = this.#timers.filter((each) => each !== next);
      next.call();
    }
    this.#now = until;
  }
}

describe('the time for checks that nobody waits for', () => {
  let clock: FakeClock;
  /** When cells began that wait. */
  let waiting: number[];
  /** How many were checked at which time. */
  let calls: number;
  let quiet: Quiet;

  beforeEach(() => {
    clock = new FakeClock();
    waiting = [];
    calls = 0;
    quiet = new Quiet(
      () => waiting[0],
      () => (calls += 1),
      clock,
    );
  });

  const begins = (): void => {
    quiet.begins();
    waiting.push(clock.now());
  };

  it('comes when nothing has happened for a moment', () => {
    begins();
    clock.pass(QUIET_TIME - 1);
    quiet.stir();
    clock.pass(QUIET_TIME - 1);
    assert.equal(calls, 0);
    clock.pass(1);
    assert.equal(calls, 1);
    assert.ok(quiet.isTime);
  });

  it('does not come where no cell waits', () => {
    quiet.stir();
    clock.pass(PATIENCE);
    assert.equal(calls, 0);
  });

  it('comes later where cells come one upon the other', () => {
    begins();
    clock.pass(5);
    begins();
    clock.pass(BUSY_QUIET_TIME - 1);
    assert.equal(calls, 0);
    clock.pass(1);
    assert.equal(calls, 1);
    // They have been checked: the next one is a first one.
    waiting = [];
    begins();
    clock.pass(QUIET_TIME);
    assert.equal(calls, 2);
  });

  it('is over when the next cell begins', () => {
    begins();
    clock.pass(QUIET_TIME);
    assert.ok(quiet.isTime);
    begins();
    assert.ok(!quiet.isTime);
  });

  it('comes for a cell that has waited long, however many others come', () => {
    begins();
    for (let time = 10; time < PATIENCE; time += 10) {
      clock.pass(10);
      begins();
      assert.equal(calls, 0);
    }
    clock.pass(10);
    assert.equal(calls, 1);
    assert.ok(quiet.isTime);
  });
});
