import assert from 'node:assert/strict';
import { completeness, syntaxErrorLines } from '../../../kernel/language/cell.ts';
import { CellSyntaxError } from '../../../kernel/language/compile.ts';

const complete = [
  '',
  '\n\n',
  '1 + 1;',
  'const a = [\n1,\n]',
  'if (a) { b }',
  'if (a) b',
  'class A {}',
  '`a\nb`',
  '`a ${b} \\` c`',
  '<b>x</b>',
  'a?.b',
  'a\n  ?.b',
  '// comment',
  '/* ( */',
  'x => x',
  'await f()',
  'function f() {\n  return 1\n}\r\n',
  'declare function f(): number',
  'function f(): void\nfunction f() {}',
  'type A = { a: 1 }',
  'const q = /[/`]/',
  'import { a } from "a"',
];

const incomplete: ReadonlyArray<readonly [source: string, indent: string]> = [
  // The last line opens a bracket.
  ['function f(', '  '],
  ['if (a) {', '  '],
  ['foo(1,', '  '],
  ['foo({ a: [', '  '],
  ['class A {\n  foo() {', '    '],
  ['\tif (a) {', '\t  '],
  ['foo( // a comment\n', '  '],
  ['foo( /* ) */', '  '],
  ['if (a) {\r\n', '  '],
  ['const a = { // "', '  '],
  ['import("x"', '  '],
  ['`a ${', '  '],
  ['"😀("; [', '  '],
  ['x = y ? {', '  '],
  ['a / b / (', '  '],
  // It does not, and stays where it is.
  ['foo({\n  a: 1,', '  '],
  ['foo({\n    a: 1,\n\n', '    '],
  ['if (a) {\n  b();', '  '],
  ['const x =', ''],
  ['const x', ''],
  ['let { a }', ''],
  ['a ? b', ''],
  ['a?.', ''],
  ['import { a } from', ''],
  ['try {}', ''],
  ['function f(): number', ''],
  ['export function f()', ''],
  ['@dec', ''],
  // It closes what another line opened.
  ['if (a) {\n  foo(\n    1,\n  );', '  '],
  ['if (a) {\n  foo(1,\n      2);', '  '],
  ['const a = [\n  1\n] +', ''],
  ['class A {\n  f() {\n    return 1; }', '  '],
  // A body or a statement follows.
  ['x =>', '  '],
  ['const f = async (a: number) =>', '  '],
  ['if (a)', '  '],
  ['if (a) {\n} else', '  '],
  ['{\n  for (const a of b())', '    '],
  ['switch (a) {\n  case 1:', '    '],
  ['switch (a) {\n  default:\n    f();', '    '],
  // Text, to which blanks would be added.
  ['`open', ''],
  ['  f(`', ''],
  ['  f(`a\n    b', ''],
  ['`${a} b', ''],
  ['let a = "b\\', ''],
  // A comment.
  ['/* open', ''],
  ['  /** open\n   * more (', '   '],
];

const invalid = [
  'a b',
  '}',
  ')',
  'let let',
  '"open',
  "f('open",
  '/re',
  'foo(;',
  'const a = 1 1',
  '0x',
  '"`',
  'a b `open',
  'return 1',
  'else {',
  'let a = 1; let a = 2',
];

describe('completeness', () => {
  for (const source of complete) {
    it(`runs ${JSON.stringify(source)}`, () =>
      assert.deepEqual(completeness(source), { status: 'complete' }));
  }
  for (const [source, indent] of incomplete) {
    it(`waits for more after ${JSON.stringify(source)}`, () =>
      assert.deepEqual(completeness(source), { status: 'incomplete', indent }));
  }
  for (const source of invalid) {
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
