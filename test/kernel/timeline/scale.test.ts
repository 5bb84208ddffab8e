import assert from 'node:assert/strict';
import { durationText, ticksOf } from '../../../kernel/timeline/scale.ts';

describe('times in a timeline', () => {
  const texts: ReadonlyArray<readonly [number, string]> = [
    [0, '0 ms'],
    [0.0000401, '40 µs'],
    [0.001, '1 ms'],
    [0.0123, '12 ms'],
    [0.25, '250 ms'],
    [1.25, '1.3 s'],
    [90, '90 s'],
    [3600, '60 min'],
  ];
  for (const [seconds, text] of texts) {
    it(`${seconds} s reads ${text}`, () => assert.equal(durationText(seconds), text));
  }

  it('have round marks, and not too many', () => {
    assert.deepEqual(ticksOf(0.25, 6).map(durationText), [
      '0 ms',
      '50 ms',
      '100 ms',
      '150 ms',
      '200 ms',
      '250 ms',
    ]);
    assert.deepEqual(ticksOf(3600, 6).map(durationText), [
      '0 ms',
      '10 min',
      '20 min',
      '30 min',
      '40 min',
      '50 min',
      '60 min',
    ]);
    for (const length of [1e-6, 0.0007, 0.3, 7, 59, 1000, 86_400, 1e6]) {
      const { length: count } = ticksOf(length, 6);
      assert.ok(count >= 2 && count <= 7, `${length}: ${count}`);
    }
  });
});
