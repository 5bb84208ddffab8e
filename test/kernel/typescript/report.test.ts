import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Diagnostic,
  diagnosticLines,
  errorsIn,
  linesOf,
  typeScriptError,
  warningText,
} from '../../../kernel/typescript/report.ts';

/** `1:7-1:9`, counted from 1, as editors show it. */
function at(place: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const [line = 1, character = 1, endLine = line, endCharacter = character] = place.split(/[:-]/).map(Number);
  return {
    range: {
      start: { line: line - 1, character: character - 1 },
      end: { line: endLine - 1, character: endCharacter - 1 },
    },
    severity: 1,
    code: 2322,
    message: 'It is wrong.',
    ...more,
  };
}

/** The last two lines: the source, and the carets. */
const marked = (source: string, place: string): string[] =>
  diagnosticLines(source, at(place), 'In [1]')
    .slice(-2)
    .map((line) => line.slice('    '.length));

describe('the errors of a cell', () => {
  const found = (source: string, diagnostics: Diagnostic[]): unknown[] =>
    errorsIn(source, diagnostics).map(({ range: { start } }) => `${start.line + 1}:${start.character + 1}`);

  it('are sorted by place, whatever order they come in', () => {
    assert.deepEqual(found('a\nb', [at('2:1-2:2'), at('1:3-1:4'), at('1:1-1:2')]), ['1:1', '1:3', '2:1']);
  });

  it('are those that the protocol calls errors; without a severity, it is one', () => {
    const { severity: _, ...unknown } = at('1:4-1:5');
    const diagnostics = [2, 3, 4].map((severity) => at('1:1-1:2', { severity }));
    assert.deepEqual(found('abcdef', [...diagnostics, unknown]), ['1:4']);
  });

  it('are no modules of the Node that runs, whose types do not know them yet', () => {
    const missing = (name: string): Diagnostic =>
      at('1:1-1:2', {
        code: 2307,
        message: `Cannot find module '${name}' or its corresponding type declarations.`,
      });
    assert.deepEqual(errorsIn('x', [missing('node:test')]), []);
    assert.equal(errorsIn('x', [missing('node:no-such-module')]).length, 1);
  });

  it('are none of what has been added behind', () => {
    for (const [source, lines] of [
      ['a', 1],
      ['a\n', 2],
      ['a\r\nb', 2],
      ['a\rb', 2],
      // Together with the line break in front of what is added, one break.
      ['a\r', 1],
      ['', 1],
    ] as const) {
      const own = at(`${lines}:1-${lines}:1`);
      assert.deepEqual(
        errorsIn(source, [own, at(`${lines + 1}:1-${lines + 1}:9`)]),
        [own],
        JSON.stringify(source),
      );
    }
  });

  it('begin with the first line of what has been added nowhere, for any line breaks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\u2028', '😀') }), (source) => {
        const line = linesOf(`${source}\n;added`).findIndex((text) => text.endsWith(';added')) + 1;
        assert.deepEqual(errorsIn(source, [at(`${line}:1-${line}:2`)]), []);
        if (line > 1) assert.equal(errorsIn(source, [at(`${line - 1}:1-${line - 1}:1`)]).length, 1);
      }),
    );
  });

  it('are no globals that are only known at run time', () => {
    const message = "Property 'counter' does not exist on type 'typeof globalThis'.";
    assert.deepEqual(found('x', [at('1:1-1:2', { code: 2339, message })]), []);
    const implicit =
      "Element implicitly has an 'any' type because type 'typeof globalThis' has no index signature.";
    assert.deepEqual(found('x', [at('1:1-1:2', { code: 7017, message: implicit })]), []);
    const other = at('1:1-1:2', { code: 2339, message: "Property 'x' does not exist on type 'Point'." });
    assert.deepEqual(errorsIn('x', [other]), [other]);
  });
});

describe('a diagnostic', () => {
  it('says where and what, and shows the line', () => {
    assert.deepEqual(diagnosticLines('let a = 1\nlet n: number = "a"\nb', at('2:5-2:6'), 'In [3]'), [
      'In [3]:2:5 - error TS2322: It is wrong.',
      '    let n: number = "a"',
      '        ^',
    ]);
  });

  it('keeps the lines of its message, as they are indented', () => {
    const message = 'Not assignable.\n  Types differ.\n    Number and string.';
    assert.deepEqual(diagnosticLines('a', at('1:1-1:2', { message }), 'In [1]').slice(0, 3), [
      'In [1]:1:1 - error TS2322: Not assignable.',
      '  Types differ.',
      '    Number and string.',
    ]);
  });

  const cases: Array<[claim: string, source: string, place: string, carets: string]> = [
    ['marks every character of its range', 'foo.bar()', '1:5-1:8', '    ^^^'],
    ['marks one where its range is empty', 'foo.', '1:5-1:5', '    ^'],
    ['marks one at the end of a line', 'a +\nb', '1:4-1:4', '   ^'],
    ['marks to the end of its first line when it goes on below', 'f({\n  a: 1\n})', '1:3-3:2', '  ^'],
    ['marks the rest of the line when it ends in the next', 'call(a, b\n)', '1:5-2:2', '    ^^^^^'],
    ['marks below a line that ends in \\r\\n', 'ab cd\r\nx', '1:4-2:1', '   ^^'],
    ['finds the line behind a lone \\r', 'first\rab cd', '2:4-2:6', '   ^^'],
    ['keeps the tabs in front, which are as wide below', '\tif (x) {\t y }', '1:12-1:13', '\t        \t ^'],
    ['marks a tab within as one', 'a\tb', '1:1-1:4', '^^^'],
    ['takes two columns for an emoji', '"😀".nope', '1:6-1:10', '     ^^^^'],
    ['takes two columns for an emoji of several parts', '"👨‍👩‍👧".x', '1:12-1:13', '     ^'],
    ['marks an emoji with two', '😀', '1:1-1:3', '^^'],
    ['takes two columns for each of 漢字 and ｆｕｌｌ', 'const 漢字 = 1', '1:7-1:9', '      ^^^^'],
    ['takes one column for a letter with a combining mark', 'e\u0301.x', '1:4-1:5', '  ^'],
  ];
  for (const [claim, source, place, carets] of cases) {
    it(claim, () => assert.equal(marked(source, place)[1], carets));
  }

  const digits = '0123456789'.repeat(100);
  const cuts: Array<[claim: string, source: string, place: string, line: string, carets: string]> = [
    ['shows a line of 100 characters whole', digits.slice(0, 100), '1:99-1:101', digits.slice(0, 100), '^^'],
    ['cuts what follows behind 100 characters', digits, '1:4-1:6', `${digits.slice(0, 100)}…`, '^^'],
    ['cuts what precedes but for 30', digits, '1:501-1:504', `…${digits.slice(470, 570)}…`, '^^^'],
    ['cuts only the beginning for the end', digits, '1:1001-1:1001', `…${digits.slice(970)}`, '^'],
    [
      'marks of a longer range what is shown',
      digits,
      '1:501-1:900',
      `…${digits.slice(470, 570)}…`,
      '^'.repeat(70),
    ],
    ['cuts no emoji into two', '😀'.repeat(200), '1:202-1:204', `…${'😀'.repeat(50)}…`, '^^'],
  ];
  for (const [claim, source, place, line, carets] of cuts) {
    it(claim, () => {
      const [shown = '', below = ''] = marked(source, place);
      assert.equal(shown, line);
      assert.equal(below.trim(), carets);
    });
  }

  it('marks in a long line the same characters as the range does', () => {
    fc.assert(
      fc.property(fc.nat(950), fc.integer({ min: 1, max: 40 }), (from, length) => {
        const source = digits.replaceAll('0', 'x');
        const [shown = '', carets = ''] = marked(source, `1:${from + 1}-1:${from + length + 1}`);
        const below = shown.slice(carets.indexOf('^'), carets.length);
        assert.equal(below, source.slice(from, from + length));
        assert.ok(shown.length <= 102, shown);
      }),
    );
  });

  it('never throws and always marks something, whatever the line has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(30), fc.nat(30), (text, from, length) => {
        const source = text.replaceAll(/[\r\n]/g, ' ');
        const [line = '', carets = ''] = marked(source, `1:${from + 1}-1:${from + length + 1}`);
        assert.equal(line, source);
        assert.match(carets, /^[ \t]*\^+$/);
      }),
    );
  });
});

describe('what is printed of errors', () => {
  it('is each of them, in whole lines', () => {
    const text = warningText('ab', [at('1:1-1:2'), at('1:2-1:3', { code: 1, message: 'Two.' })], 'In [2]');
    assert.equal(
      text,
      'In [2]:1:1 - error TS2322: It is wrong.\n    ab\n    ^\nIn [2]:1:2 - error TS1: Two.\n    ab\n     ^\n',
    );
  });

  it('is nothing for none', () => assert.equal(warningText('ab', [], 'In [2]'), ''));
});

describe('the error of a cell that was not run', () => {
  it('is called TypeScriptError, and shows the diagnostic above its name', () => {
    assert.deepEqual(typeScriptError('ab', [at('1:1-1:2', { message: 'One.\n  More.' })], 'In [1]'), {
      ename: 'TypeScriptError',
      evalue: 'One.',
      traceback: ['In [1]:1:1 - error TS2322: One.\n  More.\n    ab\n    ^', 'TypeScriptError: One.'],
    });
  });

  it('counts the others', () => {
    const { evalue, traceback } = typeScriptError(
      'ab',
      [at('1:1-1:2'), at('1:2-1:3'), at('1:2-1:3')],
      'In [1]',
    );
    assert.equal(evalue, 'It is wrong. (and 2 more)');
    assert.equal(traceback.length, 4);
  });
});
