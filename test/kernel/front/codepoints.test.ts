import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { toCodePoints, toUtf16 } from '../../../kernel/front/codepoints.ts';

describe('a cursor position', () => {
  it('is the same place in code points and in UTF-16 units', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 30 }), (text, position) => {
        const points = Array.from(text);
        const at = Math.min(position, points.length);
        const offset = toUtf16(text, position);
        assert.equal(offset, points.slice(0, at).join('').length);
        assert.equal(toCodePoints(text, offset), at);
      }),
    );
  });

  it('counts lone surrogates as one', () =>
    assert.deepEqual([toUtf16('\ud83dx', 2), toCodePoints('\ud83dx', 2)], [2, 2]));
  it('that is negative is the start', () => assert.equal(toUtf16('abc', -5), 0));
});
