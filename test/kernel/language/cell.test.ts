import assert from 'node:assert/strict';
import { completeness, syntaxErrorLines } from '../../../kernel/language/cell.ts';
import { CellSyntaxError } from '../../../kernel/language/compile.ts';

describe('completeness', () => {
  for (const source of [
    '',
    '1 + 1',
    'const a = [\n1,\n]',
    'if (a) { b }',
    'class A {}',
    '`a\nb`',
    '<b>x</b>',
    'a?.b',
    '// comment',
  ]) {
    it(`runs ${JSON.stringify(source)}`, () =>
      assert.deepEqual(completeness(source), { status: 'complete' }));
  }
  for (const [source, indent] of [
    ['function f(', '  '],
    ['const x =', ''],
    ['if (a) {', '  '],
    ['foo(1,', '  '],
    ['class A {\n  foo() {', '    '],
    ['x =>', ''],
    ['/* open', ''],
    ['`open', ''],
    ['a ? b', ''],
    ['import { a } from', ''],
    ['foo( // a comment\n', '  '],
  ] as const) {
    it(`waits for more after ${JSON.stringify(source)}`, () =>
      assert.deepEqual(completeness(source), { status: 'incomplete', indent }));
  }
  for (const source of ['a b', '}', 'let let', '"open', 'foo(;', 'const a = 1 1']) {
    it(`refuses ${JSON.stringify(source)}`, () =>
      assert.deepEqual(completeness(source), { status: 'invalid' }));
  }
});

describe('a syntax error', () => {
  it('shows place, line and a caret under each character', () => {
    const source = 'let a;\nlet bad = @@@ 1;';
    const error = new CellSyntaxError(source, [
      { message: 'Oops', start: source.indexOf('@'), end: source.indexOf('@') + 3 },
    ]);
    assert.deepEqual(syntaxErrorLines(error, 'In [2]'), [
      'In [2]:2:11',
      '    let bad = @@@ 1;',
      '              ^^^',
    ]);
  });
  it('keeps tabs before the caret, and ends with its line', () => {
    const error = new CellSyntaxError('\tfoo(\nbar', [{ message: 'Oops', start: 5, end: 9 }]);
    assert.deepEqual(syntaxErrorLines(error, 'In [1]').slice(1), ['    \tfoo(', '    \t    ^']);
  });
});
