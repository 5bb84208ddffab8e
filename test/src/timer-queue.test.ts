import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TimerHandle } from '../../src/handle.ts';
import { TimerQueue } from '../../src/timer-queue.ts';

const timerAt = (when: number): TimerHandle => new TimerHandle(when, () => {}, [], undefined, null);

/** Pops all timers; returns them in that order. */
function drain(heap: TimerQueue): TimerHandle[] {
  const popped: TimerHandle[] = [];
  for (let timer = heap.popDue(Infinity); timer !== undefined; timer = heap.popDue(Infinity))
    popped.push(timer);
  return popped;
}

/** Few different deadlines, so that ties are common. */
const deadline = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }));

/** How many timers are sorted at once: few, as no test has thousands; or never. */
const limits = fc.constantFrom(0, 1, 7, 50, Infinity);

describe('the timer queue', () => {
  it('gives timers by deadline, and equal deadlines in the order of adding (rule 31)', () => {
    fc.assert(
      fc.property(fc.array(deadline, { maxLength: 400 }), limits, (deadlines, sortAbove) => {
        const heap = new TimerQueue(sortAbove);
        const timers = deadlines.map((when) => timerAt(when));
        for (const timer of timers) heap.push(timer);
        // Array.sort is stable: a model of the order of ties.
        assert.deepEqual(
          drain(heap),
          timers.toSorted((a, b) => a.when() - b.when()),
        );
      }),
    );
  });

  it('agrees with a sorted list under any mix of adding, cancelling and popping (rule 36)', () => {
    const operation = fc.oneof(
      { weight: 6, arbitrary: fc.record({ add: deadline }) },
      { weight: 4, arbitrary: fc.record({ cancel: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ popBefore: deadline }) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 600 }), limits, (operations, sortAbove) => {
        const heap = new TimerQueue(sortAbove);
        let model: TimerHandle[] = [];
        const all: TimerHandle[] = [];
        for (const op of operations) {
          if ('add' in op) {
            const timer = timerAt(op.add);
            heap.push(timer);
            all.push(timer);
            model.push(timer);
            model = model.toSorted((a, b) => a.when() - b.when());
          } else if ('cancel' in op) {
            const timer = all[op.cancel % Math.max(all.length, 1)];
            timer?.cancel();
            model = model.filter((kept) => kept !== timer);
          } else {
            const expected =
              model[0] !== undefined && model[0].when() < op.popBefore ? model.shift() : undefined;
            assert.equal(heap.popDue(op.popBefore), expected);
          }
          assert.equal(heap.nextDeadline(), model[0]?.when() ?? Infinity);
          assert.equal(heap.size - heap.cancelledCount, model.length);
        }
        assert.deepEqual(drain(heap), model);
      }),
    );
  });

  it('lets go of cancelled timers once more than half of over a hundred are (rule 36)', () => {
    const heap = new TimerQueue();
    const timers = Array.from({ length: 1000 }, (_, i) => timerAt(i));
    for (const timer of timers) heap.push(timer);
    for (const timer of timers.slice(499)) timer.cancel();
    assert.equal(heap.size, 499);
    assert.equal(heap.cancelledCount, 0);
    for (const timer of timers.slice(0, 250)) timer.cancel();
    assert.deepEqual(drain(heap), timers.slice(250, 499));
  });

  it('says which timer is now the first to be due', () => {
    const heap = new TimerQueue();
    assert.equal(heap.push(timerAt(5)), true);
    assert.equal(heap.push(timerAt(7)), false);
    assert.equal(heap.push(timerAt(5)), false);
    assert.equal(heap.push(timerAt(4)), true);
  });

  it('is in order again after a repair of a torn push, and has lost nothing but that', () => {
    const heap = new TimerQueue();
    const timers = Array.from({ length: 30 }, (_, i) => timerAt(i < 3 ? 1 : 9));
    for (const timer of timers) heap.push(timer);
    // Looked at only where deadlines are equal: by then it has risen above several others.
    const torn = timerAt(1);
    Object.defineProperty(torn, '_number', {
      set() {},
      get() {
        throw new Error('torn');
      },
    });
    assert.throws(() => heap.push(torn), /torn/);
    heap.repair();
    assert.deepEqual(
      drain(heap).filter((timer) => timer !== torn),
      timers,
    );
  });

  it('keeps its timers through a repair of nothing', () => {
    const heap = new TimerQueue();
    const timers = [5, 3, 8, 1, 9, 2].map((when) => timerAt(when));
    for (const timer of timers) heap.push(timer);
    timers[1]?.cancel();
    heap.repair();
    assert.deepEqual(
      drain(heap).map((timer) => timer.when()),
      [1, 2, 5, 8, 9],
    );
  });
});
