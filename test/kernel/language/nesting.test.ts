import assert from 'node:assert/strict';
import { CellSyntaxError, compileCell } from '../../../kernel/language/compile.ts';
import { tooDeepAt } from '../../../kernel/language/nesting.ts';
import { parseCell } from '../../../kernel/language/parse.ts';

/** The shortest of them end the process from some thousand on. */
const MANY = 20_000;

/** What the parsers take as one thing in another; each of them ends the process in their hands when it is long enough. */
const CHAINS: Readonly<Record<string, (count: number) => string>> = {
  brackets: (n) => `${'('.repeat(n)}x${')'.repeat(n)}`,
  templates: (n) => `${'`${'.repeat(n)}x${'}`'.repeat(n)}`,
  sums: (n) => `x${' +\nx'.repeat(n)}`,
  strings: (n) => `"a;b"${' +\n"c,d"'.repeat(n)}`,
  'logical operators': (n) => `x${'&&x'.repeat(n)}`,
  powers: (n) => `x${'**x'.repeat(n)}`,
  conditions: (n) => `${'x?x:'.repeat(n)}x`,
  assignments: (n) => `${'x='.repeat(n)}x`,
  'assignments, one a line': (n) => `${'x =\n'.repeat(n)}x`,
  'logical nots': (n) => `${'!'.repeat(n)}x`,
  'words in front': (n) => `${'typeof '.repeat(n)}x`,
  'words between': (n) => `x${' as any'.repeat(n)}`,
  arrows: (n) => `${'x=>'.repeat(n)}x`,
  members: (n) => `x${'\n.x'.repeat(n)}`,
  calls: (n) => `x${'()'.repeat(n)}`,
  indexes: (n) => `x${'[0]'.repeat(n)}`,
  'tagged templates': (n) => `x${'``'.repeat(n)}`,
  elses: (n) => `if(x)y();${' else if(x)y();'.repeat(n)}`,
  'elses with blocks': (n) => `if(x){y}${'\nelse if(x){y}'.repeat(n)}`,
  ifs: (n) => `${'if(x)'.repeat(n)};`,
  loops: (n) => `${'while(x)'.repeat(n)};`,
  labels: (n) => `${Array.from({ length: n }, (_, i) => `l${i}:`).join('')};`,
  'type arguments': (n) => `let y:${'A<'.repeat(n)}x${'>'.repeat(n)}`,
  'type arguments with commas': (n) => `let y:${'A<x,'.repeat(n)}x${'>'.repeat(n)}`,
  comparisons: (n) => `x${'<x'.repeat(n)}`,
  'array types': (n) => `let y:x${'[]'.repeat(n)}`,
  'key types': (n) => `let y:${'keyof '.repeat(n)}x`,
  'conditional types': (n) => `type Y=${'x extends x?x:'.repeat(n)}x`,
  'function types': (n) => `let y:${'()=>'.repeat(n)}x`,
  'types of constructors': (n) => `let y:${'abstract new()=>'.repeat(n)}x`,
  'generic arrows': (n) => `${'<T,>(x:T)=>'.repeat(n)}x`,
  'type arguments in a row': (n) => `x${'<x>'.repeat(n)}()`,
  'comparisons both ways': (n) => `x${'<x>x'.repeat(n)}`,
  shifts: (n) => `x${'>>x'.repeat(n)}`,
  'type assertions': (n) => `${'<any>'.repeat(n)}x`,
  'type assertions, one a line': (n) => `${'<any>\n'.repeat(n)}x`,
  elements: (n) => `${'<a>'.repeat(n)}x${'</a>'.repeat(n)}`,
  'elements, one a line': (n) => `${'<a b="c">\n'.repeat(n)}${'</a>\n'.repeat(n)}`,
  'elements with text': (n) => `${`<a>don't // ; x = y `.repeat(n)}${'</a>'.repeat(n)}`,
  'elements that are not closed': (n) => `x = ${'<a>'.repeat(n)}`,
  'elements of attributes': (n) => `${'<a b='.repeat(n)}"1"${'/>'.repeat(n)}`,
  'elements in conditions': (n) => `${'x ? <a>b</a> : '.repeat(n)}x`,
  'elements in expressions': (n) => `${'<a>{x && '.repeat(n)}x${'}</a>'.repeat(n)}`,
  'names of elements': (n) => `<a${'.b'.repeat(n)}/>`,
  fragments: (n) => `${'<>'.repeat(n)}${'</>'.repeat(n)}`,
};

/** As long as they come in code that people or their programs write, and longer. */
const FINE: Readonly<Record<string, (count: number) => string>> = {
  'statements without semicolons': (n) =>
    'let a = x ? 1 : 2\nb = c ** 2\ni++\nif (a) b = c\nfoo(a).bar\nconst f = (n) => n\nreturn_ = typeof x\n'.repeat(
      n,
    ),
  'statements in one line': (n) => 'if(a){b=c}for(;;){d=>e}x=y<z;'.repeat(n),
  'a list of conditions': (n) =>
    `const list = [${'a < b ? typeof c : d = e => f,'.repeat(n / 2)}]`.replace(/<(?=.{9000})/g, '+'),
  properties: (n) => `const o = {${'  a: (x) => x ? 1 : 2,\n  "b": `${c}`,\n'.repeat(n)}}`,
  'members of a class': (n) =>
    `class C {\n${'  private readonly a: Map<string, Set<number>>\n  b = 1\n  async c() {}\n'.repeat(n / 4)}}`,
  'text with everything in it': (n) =>
    `const s = \`${'=> ? = < ( [ typeof '.repeat(n)}\`\n/* ${'<=>?('.repeat(n)} */`,
  'a picture': (n) => `const p = <svg>\n${'<path d="M0,0 L1,1" fill="red" a={x} />\n'.repeat(n)}</svg>`,
  'a table': (n) =>
    `const t = <table>\n${"<tr><td>{a}</td><td>don't</td><td class='b'/></tr>\n".repeat(n)}</table>`,
  'a table in one line': (n) => `const t = <p>${'<b>http://a</b><i/>'.repeat(n)}</p>`,
  'elements in a list': (n) => `const l = [${'<li key="a">{a < b ? <b>c</b> : d}</li>, '.repeat(n / 2)}]`,
  'type assertions in many lines': (n) => 'const a = <any>b\nc(<T[]>d);\n'.repeat(n),
  'members of an interface': (n) => `interface I {\n${'  readonly a: Set<number>\n'.repeat(n)}}`,
  generics: (n) => 'const a = new Map<string, Array<number>>();\n'.repeat(n),
  'else in many ifs': (n) => 'if (a) b; else c\n'.repeat(n),
};

/** Whether neither of the two ways to read it is possible. */
function isRefused(source: string): boolean {
  return tooDeepAt(source, true) !== undefined && tooDeepAt(source, false) !== undefined;
}

describe('text that is nested too deeply', () => {
  for (const [name, chain] of Object.entries(CHAINS)) {
    it(`is refused with its place: ${name}`, () => {
      const source = chain(MANY);
      const [problem, ...others] = parseCell(source).problems;
      assert.match(problem?.message ?? '', /^This is nested too deeply: more than \d+ /);
      assert.equal(others.length, 0);
      const { start } = problem as { start: number };
      assert.ok(start > 0 && start < source.length, `at ${start} of ${source.length}`);
    });

    it(`is none as long as the parsers take it: ${name}`, () => {
      // The longest that is taken.
      let [taken, refused] = [1, MANY];
      while (refused - taken > 1) {
        const middle = (taken + refused) >> 1;
        if (isRefused(chain(middle))) refused = middle;
        else taken = middle;
      }
      assert.ok(taken >= 300, `${taken} are taken`);
      assert.doesNotThrow(() => {
        try {
          compileCell(chain(taken), {
            id: 1,
            scope: {
              renames: false,
              isKept: () => false,
              isConstant: () => false,
              isVariable: () => false,
              isCaptured: () => false,
            },
          });
        } catch (error) {
          // The parsers are through; what V8's own stack is too small for is an error like any other.
          if (!(error instanceof CellSyntaxError || error instanceof RangeError)) throw error;
        }
      });
    });
  }

  for (const [name, text] of Object.entries(FINE)) {
    it(`is none that is only long: ${name}`, () => {
      assert.ok(!isRefused(text(4000)));
    });
  }
});
