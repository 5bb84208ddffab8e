import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { lexicalState } from '../../../kernel/language/lexical.ts';

/** The text up to `|`, and what a character there belongs to. */
const places: ReadonlyArray<readonly [text: string, context: string]> = [
  ['a|', 'code'],
  ['"a|"', 'string'],
  ['"a"|', 'code'],
  ["'a\\'|", 'string'],
  ["'a\n|", 'code'],
  ['"|', 'string'],
  ['`|', 'template'],
  ['`a|`', 'template'],
  ['`a`|', 'code'],
  ['`a ${b|} c`', 'code'],
  ['`a ${b} c|`', 'template'],
  ['`a ${`b|`} c`', 'template'],
  ['`a ${{ b: 1 }|} c`', 'code'],
  ['`a \\${b|`', 'template'],
  ['// a|', 'lineComment'],
  ['// a\n|', 'code'],
  ['"// a"; b|', 'code'],
  ['/* a|', 'blockComment'],
  ['/*/|', 'blockComment'],
  ['/* a */|', 'code'],
  ['/a"b/.test(c|', 'code'],
  ['/a|', 'regex'],
  ['a / b|', 'code'],
  ['(a) / "b|"', 'string'],
  ['return /"/; a|', 'code'],
  ['x = /[/"]/; a|', 'code'],
  ['"😀"; a|', 'code'],
  ['"a\\\r\nb|"', 'string'],
];

describe('the lexical state', () => {
  for (const [text, context] of places) {
    it(`of ${JSON.stringify(text)} is ${context}`, () =>
      assert.equal(lexicalState(text.replace('|', ''), text.indexOf('|')).context, context));
  }

  it('says which brackets are open, and where', () => {
    const { open } = lexicalState('f({ a: [1], b: "(" }, `${g(');
    assert.deepEqual(
      open.map(({ bracket, offset }) => `${bracket}${offset}`),
      ['(1', '`22', '${23', '(26'],
    );
  });

  it('blanks what is no code, and keeps every place', () =>
    assert.equal(lexicalState('a("b") // c\n+ /d/g').code, 'a(   )     \n+     '));

  it('takes any text to its end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Array.from('\'"`${}()[]/*\\\n\r a1;😀')), { maxLength: 30 }),
        (characters) => {
          const text = characters.join('');
          assert.equal(lexicalState(text).code.length, text.length);
        },
      ),
    );
  });
});
