import assert from 'node:assert/strict';
import fc from 'fast-check';
import { typescriptView, withoutTypecheckLine } from '../../../kernel/magics/typescript-view.ts';

/** What a cell may be made of; joined at random, most of it is no cell that makes sense. */
const piece = fc.constantFrom(
  'const a = 1',
  'f(',
  ')',
  '`',
  '"😀"',
  '漢字',
  '/*',
  '*/',
  '// c',
  '{',
  '}',
  '!ls -l {a} \\',
  '!',
  '  !echo 😀 名',
  '%pwd',
  '%time f(1)',
  '%time',
  '%%time',
  '%%time x',
  '%%typecheck warn',
  '%%typecheck nope',
  '%%bash',
  '%typecheck off',
  '%typecheck 😀',
  '<b>',
  '</b>',
  '\t',
  ' ',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '\u2028',
);
const cell = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

/** Where the lines of a text begin, as an editor counts them. */
const breaks = (text: string): Array<[number, string]> =>
  [...text.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: end }) => [index, end]);

describe('the TypeScript of a cell', () => {
  const cases: Array<[claim: string, code: string, text: string]> = [
    ['is all of a cell that is nothing else', 'const a = 1\r\n a', 'const a = 1\r\n a'],
    ['is blank where there is a command', 'a\n!ls -l\nb', 'a\n;     \nb'],
    ['is blank in all lines of a command', 'a\n!ls \\\n  -l\nb', 'a\n;    \n    \nb'],
    ['is blank where there is a magic', '%pwd\na', '    \na'],
    ['is blank up to the indentation', '  %pwd\na', '      \na'],
    ['keeps \\r\\n', '!ls\r\na\r\n%pwd\r\n', '   \r\na\r\n;   \r\n'],
    ['keeps a lone \\r', '!ls\rx\na', '   \r \na'],
    ['is blank for each half of an emoji', '!echo 😀\na', '        \na'],
    ['has @ts-nocheck at its top below a magic', '%pwd\n// @ts-nocheck\na', '    \n// @ts-nocheck\na'],
    ['is what %time takes', 'a\n%time  f(x) \nb', 'a\n;      f(x) \nb'],
    ['is what %time takes, though its name has it too', '%time e\n', '      e\n'],
    ['is nothing of %time alone', '%time\na', '     \na'],
    ['is the body of %%time', '%%time\nf(x)', '      \nf(x)'],
    ['is the body of %%virtual', '%%virtual\nf(x)\n%loop\ng', '         \nf(x)\n;    \ng'],
    ['is the body of %%timeline', '%%timeline virtual\nf(x)', '                  \nf(x)'],
    ['is nothing of two cell magics', '%%timeline\n%%virtual\nf(x)', '          \n         \n    '],
    ['is the body of %%typecheck', '%%typecheck warn\nf(x)\n!ls\n', '                \nf(x)\n;  \n'],
    [
      'is the body of a %%time below %%typecheck',
      '%%typecheck off\n%%time\nf()',
      '               \n      \nf()',
    ],
    ['is nothing of a cell of another language', '%%bash\nconst n = 1', '      \n           '],
    ['is nothing of %%typecheck with a mode that there is not', '%%typecheck loud\nx', '                \n '],
    ['is nothing where a cell magic comes too late', 'const a = 1\n%%bash\nb', '           \n      \n '],
    ['leaves a template alone', '`\n!ls\n%pwd\n`', '`\n!ls\n%pwd\n`'],
    ['leaves an expression that goes on alone', 'a\n!== b', 'a\n!== b'],
    ['may be empty', '', ''],
  ];
  for (const [claim, code, text] of cases) {
    it(claim, () => assert.equal(typescriptView(code).text, text));
  }

  it('has every position where it was', () => {
    fc.assert(
      fc.property(cell, (code) => {
        const { text } = typescriptView(code);
        assert.equal(text.length, code.length);
        assert.deepEqual(breaks(text), breaks(code));
        // What is not the cell's own text is blank.
        for (let index = 0; index < code.length; index++)
          if (text[index] !== code[index]) assert.match(text[index] ?? '', /[ ;]/);
      }),
      { numRuns: 400 },
    );
  });

  it('of any text has every position where it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (code) => {
        assert.equal(typescriptView(`%pwd ${code}`).text.length, code.length + 5);
      }),
    );
  });
});

describe('the mode that a cell asks for', () => {
  const cases: Array<[code: string, mode: string | undefined]> = [
    ['a', undefined],
    ['%%typecheck warn\na', 'warn'],
    ['%%typecheck  off \r\na', 'off'],
    ['\n\n%%typecheck on\na', 'on'],
    ['%%typecheck\na', undefined],
    ['%%typecheck loud\na', undefined],
    ['%typecheck warn\na', 'warn'],
    ['a\n%typecheck off', 'off'],
    ['%typecheck off\n%typecheck warn', 'warn'],
    ['%typecheck off\n%typecheck loud', 'off'],
    ['%typecheck', undefined],
    ['`\n%typecheck off\n`', undefined],
    ['%%time\n%typecheck off', 'off'],
    ['%%bash\n%typecheck off', undefined],
  ];
  for (const [code, mode] of cases) {
    it(`is ${mode ?? 'none'} in ${JSON.stringify(code)}`, () =>
      assert.equal(typescriptView(code).mode, mode));
  }
});

describe('a cell without its %%typecheck line', () => {
  it('has its other lines where they were', () => {
    assert.equal(withoutTypecheckLine('%%typecheck off\r\na\n'), '               \r\na\n');
    assert.equal(withoutTypecheckLine('\n%%typecheck on\n%%time\na'), '\n              \n%%time\na');
  });

  for (const code of [
    '%%typecheck\na',
    '%%typecheck loud\na',
    'a // %%typecheck on',
    '%%bash\n%%typecheck on',
    '',
  ]) {
    it(`is ${JSON.stringify(code)} as it is`, () => assert.equal(withoutTypecheckLine(code), code));
  }

  it('has the positions of the cell', () => {
    fc.assert(
      fc.property(cell, (code) => {
        const without = withoutTypecheckLine(code);
        assert.equal(without.length, code.length);
        assert.deepEqual(breaks(without), breaks(code));
        // Both see the same TypeScript, but for the semicolon in place of the line.
        if (without !== code)
          assert.equal(
            typescriptView(without).text.replaceAll(';', ' '),
            typescriptView(code).text.replaceAll(';', ' '),
          );
      }),
      { numRuns: 400 },
    );
  });
});
