import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ReadyQueue } from '../../src/ready-queue.ts';

describe('the ready queue', () => {
  it('behaves as an array that is pushed and shifted, whatever the mix (rule 16)', () => {
    const operation = fc.oneof(
      { weight: 5, arbitrary: fc.record({ push: fc.integer() }) },
      { weight: 4, arbitrary: fc.constant('shift' as const) },
      { weight: 1, arbitrary: fc.constant('clear' as const) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
        const queue = new ReadyQueue<number>();
        let model: number[] = [];
        for (const op of operations) {
          if (op === 'shift') assert.equal(queue.shift(), model.shift());
          else if (op === 'clear') {
            queue.clear();
            model = [];
          } else {
            queue.push(op.push);
            model.push(op.push);
          }
          assert.equal(queue.length, model.length);
          assert.deepEqual([...queue], model);
        }
      }),
    );
  });

  it('grows while it is wrapped around', () => {
    const queue = new ReadyQueue<number>();
    for (let i = 0; i < 12; i++) queue.push(-1);
    for (let i = 0; i < 12; i++) queue.shift();
    for (let i = 0; i < 1000; i++) queue.push(i);
    for (let i = 0; i < 1000; i++) assert.equal(queue.shift(), i);
    assert.equal(queue.shift(), undefined);
  });
});
