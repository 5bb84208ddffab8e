import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { offsetAt, positionAt } from '../../../kernel/typescript/places.ts';

describe('a place in a text', () => {
  it('counts lines by all line breaks, and characters in UTF-16 units', () => {
    const text = 'a\r\n😀b\rc\nd';
    const positions = '0 1 3 5 6 7 8 9'.split(' ').map((offset) => positionAt(text, Number(offset)));
    assert.deepEqual(
      positions.map(({ line, character }) => `${line}:${character}`),
      ['0:0', '0:1', '1:0', '1:2', '1:3', '2:0', '2:1', '3:0'],
    );
  });

  it('leads back to its offset, except inside of a line break', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\r', '\n', '😀')), fc.nat(), (parts, at) => {
        const text = parts.join('');
        const offset = at % (text.length + 1);
        fc.pre(text.slice(offset - 1, offset + 1) !== '\r\n');
        assert.equal(offsetAt(text, positionAt(text, offset)), offset);
      }),
    );
  });

  it('behind the end is the end', () => {
    assert.equal(offsetAt('a\nb', { line: 7, character: 0 }), 3);
    assert.equal(offsetAt('a\nb', { line: 1, character: 9 }), 3);
  });
});
