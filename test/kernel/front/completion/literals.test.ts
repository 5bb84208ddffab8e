import assert from 'node:assert/strict';
import { ending, surroundings } from '../../../../kernel/front/completion/literals.ts';

/** The text up to `|`, and what of the string before it has been typed. */
const strings: ReadonlyArray<readonly [text: string, typed: string]> = [
  ['"|', ''],
  ['f("ab|")', 'ab'],
  ["f(1,   'a b|", 'a b'],
  ['f(/* "x" */ "ab|', 'ab'],
  ['f( // "x"\n "ab|', 'ab'],
  ['`ab|', 'ab'],
  ['`a ${b} c|', ' c'],
  ['"a \\" b|', 'a \\" b'],
];

describe('the surroundings of the cursor', () => {
  for (const [text, typed] of strings) {
    it(`of ${JSON.stringify(text)} are a string`, () => {
      const offset = text.indexOf('|');
      const { kind, start } = surroundings(text.replace('|', ''), offset);
      assert.deepEqual([kind, text.slice(start, offset)], ['string', typed]);
    });
  }

  it('are code or a comment elsewhere', () => {
    for (const text of ['', 'a', '"a"', '`${a', '"a\n'])
      assert.equal(surroundings(text, text.length).kind, 'code', text);
    for (const text of ['// a', '/* a', '/** @p'])
      assert.equal(surroundings(text, text.length).kind, 'comment', text);
  });
});

describe('the ending of unfinished text', () => {
  for (const [text, end] of [
    ['a', '\n'],
    ['if (a) {', '\n}'],
    ['f(() => { a.', '\n})'],
    ['[{ a: (', '\n)}]'],
    ['`a ${b', '\n}`'],
    ['`a', '`'],
    ['f(`a', '`)'],
    ['/* a', '*/\n'],
    ['{ // a', '\n}'],
    ['}', '\n'],
  ] as const)
    it(`of ${JSON.stringify(text)} is ${JSON.stringify(end)}`, () => assert.equal(ending(text), end));
});
