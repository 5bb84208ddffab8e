import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitCell, type Segment } from '../../../kernel/magics/lines.ts';

function segments(code: string): Segment[] {
  const parts = splitCell(code);
  assert.equal(parts.kind, 'code');
  return parts.kind === 'code' ? parts.segments : [];
}

/** The cell as its segments, each in one short line. */
function outline(code: string): string[] {
  return segments(code).map((segment) => {
    if (segment.kind === 'source') return `${segment.line}: ${segment.text.trimEnd().replaceAll('\n', '⏎')}`;
    if (segment.kind === 'shell')
      return `${segment.line}+${segment.lines}: !${segment.command.replaceAll('\n', '⏎')}`;
    return `${segment.line}+${segment.lines}: %${segment.name}|${segment.args}`;
  });
}

describe('splitCell', () => {
  const cells: Array<[claim: string, code: string, expected: string[]]> = [
    ['takes a cell of one shell line', '!ls -l', ['1+1: !ls -l']],
    ['takes a cell of one magic line', '%cd  my folder ', ['1+1: %cd|my folder']],
    ['takes a magic without arguments', '%pwd\n', ['1+1: %pwd|']],
    ['allows spaces before and behind the mark', '  ! ls\n\t%pwd', ['1+1: !ls', '2+1: %pwd|']],
    [
      'finds shell and magic lines between statements',
      'const a = 1;\n!echo {a}\nconst b = 2\n%time b\nb',
      ['1: const a = 1;', '2+1: !echo {a}', '3: const b = 2', '4+1: %time|b', '5: b'],
    ],
    ['finds one behind a block', 'if (x) {\n  y()\n}\n!ls', ['1: if (x) {⏎  y()⏎}', '4+1: !ls']],
    ['finds one behind a comment', '// list\n/* all */\n!ls', ['1: // list⏎/* all */', '3+1: !ls']],
    ['finds one behind a statement without a semicolon', 'const a = 1\n!ls', ['1: const a = 1', '2+1: !ls']],
    [
      'joins a shell line that ends in a backslash',
      '!echo a \\\n  b\n!c',
      ['1+2: !echo a \\⏎  b', '3+1: !c'],
    ],
    ['joins as many lines as end in a backslash', '!a \\\n b \\\n c\nd', ['1+3: !a \\⏎ b \\⏎ c', '4: d']],
    ['ends a shell line at an escaped backslash', '!echo a\\\\\nb', ['1+1: !echo a\\\\', '2: b']],
    ['ends a shell line at the end of the cell', '!echo a \\', ['1+1: !echo a \\']],
    ['keeps a backslash at the end of a magic line', '%cd C:\\\nx', ['1+1: %cd|C:\\', '2: x']],
    ['reads CRLF line ends', 'let a\r\n!ls\r\n%pwd\r\nb', ['1: let a', '2+1: !ls', '3+1: %pwd|', '4: b']],
    ['takes a line that begins with two exclamation marks', '!!x', ['1+1: !!x']],
    ['takes !(x), which TypeScript would negate', '!(x)', ['1+1: !(x)']],
    ['leaves a template literal alone', 'const s = `\n!ls\n%cd x\n`', ['1: const s = `⏎!ls⏎%cd x⏎`']],
    ['leaves an expression in a template literal alone', 'const s = `${\n!a\n}`', ['1: const s = `${⏎!a⏎}`']],
    ['leaves a block comment alone', '/*\n!ls\n%cd\n*/\n1', ['1: /*⏎!ls⏎%cd⏎*/⏎1']],
    ['leaves an unfinished binary expression alone', 'const a = b ||\n!c', ['1: const a = b ||⏎!c']],
    ['leaves an unfinished condition alone', 'const a = b ?\n!c :\n!d', ['1: const a = b ?⏎!c :⏎!d']],
    ['leaves the arguments of a call alone', 'f(\n!a,\n!b\n)', ['1: f(⏎!a,⏎!b⏎)']],
    ['leaves a function body alone', 'function f() {\n  a()\n  !b\n}', ['1: function f() {⏎  a()⏎  !b⏎}']],
    ['leaves the statement of an if alone', 'if (a)\n!b', ['1: if (a)⏎!b']],
    ['leaves JSX text alone', 'const e = <p>\n!ls\n</p>', ['1: const e = <p>⏎!ls⏎</p>']],
    [
      'leaves JSX text behind other text alone',
      'const e = <p>hello\n%d\n</p>',
      ['1: const e = <p>hello⏎%d⏎</p>'],
    ],
    ['leaves a comparison that goes on in the next line alone', 'a\n!== b', ['1: a⏎!== b']],
    ['leaves a remainder with a space alone', 'a\n% b', ['1: a⏎% b']],
    ['leaves an unfinished text alone', 'const s = "a\n!ls', ['1: const s = "a⏎!ls']],
    ['finds a line behind JSX', 'const e = <p/>\n!ls', ['1: const e = <p/>', '2+1: !ls']],
    ['finds a line behind a type assertion', 'const e = <any>x\n!ls', ['1: const e = <any>x', '2+1: !ls']],
    [
      'finds a line behind an enum and a decorator',
      'enum E { A }\n@d class C {}\n!ls',
      ['1: enum E { A }⏎@d class C {}', '3+1: !ls'],
    ],
    ['finds a line behind top-level await', 'await f()\n!ls', ['1: await f()', '2+1: !ls']],
    ['finds a line behind an import', 'import a from "a"\n!ls', ['1: import a from "a"', '2+1: !ls']],
    ['starts anew behind each shell line', '!a\nf(\n!b)\n!c', ['1+1: !a', '2: f(⏎!b)', '4+1: !c']],
    [
      'names a late cell magic with its second percent sign',
      'a\n%%bash\nls',
      ['1: a', '2+1: %%bash|', '3: ls'],
    ],
    ['looks for marks at line feeds only', 'a\r!ls\n%cd x\ry', ['1: a\r!ls', '2+1: %cd|x\ry']],
    ['gives plain code back whole', 'const a = 1\na % 2\n', ['1: const a = 1⏎a % 2']],
  ];
  for (const [claim, code, expected] of cells) {
    it(claim, () => assert.deepEqual(outline(code), expected));
  }

  it('takes a cell magic with its body and the line where that begins', () => {
    assert.deepEqual(splitCell('%%bash -x  a \nls\n!x\n'), {
      kind: 'cellMagic',
      name: 'bash',
      args: '-x  a',
      body: 'ls\n!x\n',
      bodyLine: 2,
    });
  });

  it('takes a cell magic behind blank lines', () => {
    const parts = splitCell('\n  \n%%time\r\nf()');
    assert.deepEqual(parts, { kind: 'cellMagic', name: 'time', args: '', body: 'f()', bodyLine: 4 });
  });

  it('gives a cell magic without lines below an empty body', () => {
    const parts = splitCell('%%bash');
    assert.deepEqual(parts, { kind: 'cellMagic', name: 'bash', args: '', body: '', bodyLine: 2 });
  });

  it('tells where a command begins in the cell', () => {
    const code = 'let a = 1\n  !  echo {a}\na';
    const shell = segments(code).find((segment) => segment.kind === 'shell');
    assert.ok(shell !== undefined);
    assert.equal(code.slice(shell.commandStart, shell.commandStart + shell.command.length), 'echo {a}');
  });

  it('covers every cell without gaps, in order, with right line numbers', () => {
    const line = fc.constantFrom(
      '!ls',
      '!a \\',
      '%cd x',
      'const s = `',
      '`',
      'f(',
      ')',
      '{',
      '}',
      'a ||',
      'b',
      '/*',
      '*/',
      '',
      '!== c',
    );
    const cell = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean());
    fc.assert(
      fc.property(cell, ([lines, end, last]) => {
        const code = lines.join(end) + (last ? end : '');
        let offset = 0;
        for (const segment of segments(code)) {
          assert.equal(segment.start, offset);
          assert.equal(segment.line, code.slice(0, offset).split('\n').length);
          if (segment.kind === 'source') assert.equal(segment.text, code.slice(segment.start, segment.end));
          offset = segment.end;
        }
        assert.equal(offset, code.length);
      }),
    );
  });

  it('reads a cell of two thousand marked lines in a literal', () => {
    const code = `const s = \`\n${'%macro text of another language\n'.repeat(2000)}\`\n!ls`;
    assert.deepEqual(
      segments(code).map(({ kind }) => kind),
      ['source', 'shell'],
    );
  });
});
