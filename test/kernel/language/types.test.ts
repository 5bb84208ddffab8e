import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { home } from '../../../kernel/home.ts';
import { type AnyNode, isNode } from '../../../kernel/language/node.ts';
import { parseCell, parseJavaScript } from '../../../kernel/language/parse.ts';
import { transpile } from '../../../kernel/language/transpile.ts';
import { type Erased, eraseTypes } from '../../../kernel/language/types.ts';
import { runCell } from './evaluate.ts';

interface Blanked {
  readonly code: string;
  readonly tree: unknown;
  readonly enums: Erased['enums'];
}

/** Undefined when it is left to swc. */
function erase(source: string): Blanked | undefined {
  const parsed = parseCell(source);
  assert.deepEqual(parsed.problems, [], source);
  const erased = eraseTypes(source, parsed);
  return erased && { code: erased.code, tree: erased.parsed.program, enums: erased.enums };
}

/** What a tree says, with the text of each node in the place of its offsets. */
function content(value: unknown, text: string, withText: boolean): unknown {
  // A `;` in the place of types ends the statement above, if that has none.
  if (Array.isArray(value)) {
    const entries = value.filter((entry) => !isNode(entry) || entry.type !== 'EmptyStatement');
    return entries.map((entry) => content(entry, text, withText));
  }
  if (!isNode(value)) return value instanceof RegExp ? String(value) : value;
  const node: AnyNode = value;
  const entries = Object.entries(node).flatMap(([key, child]): Array<[string, unknown]> => {
    if (key === 'start' || key === 'end') return [];
    const said = content(child, text, withText);
    // The parser says of JavaScript only what JavaScript has.
    const isNone = said === null || said === false || said === undefined;
    return isNone || (Array.isArray(said) && said.length === 0) ? [] : [[key, said]];
  });
  return {
    ...Object.fromEntries(entries),
    ...(withText && node.type !== 'Program'
      ? {
          text: text
            .slice(node.start, node.end)
            .replace(/[\s;]*$/, '')
            .trimStart(),
        }
      : {}),
  };
}

/** Statements that do nothing. swc leaves `export {}` where it has taken all imports and exports. */
function isNothing(statement: AnyNode): boolean {
  const { specifiers, declaration, source } = statement;
  const isEmpty = Array.isArray(specifiers) && specifiers.length === 0 && !declaration && !source;
  return statement.type === 'EmptyStatement' || (statement.type === 'ExportNamedDeclaration' && isEmpty);
}

/** What swc makes of a text, which writes all programs the same way; undefined where it reads less than the parser. */
function swc(source: string): unknown {
  const { jsx } = parseCell(source);
  let code: string;
  try {
    ({ code } = transpile(source, { jsx, fileName: jsx ? 'cell.tsx' : 'cell.ts', sourceMap: 'none' }));
  } catch {
    return undefined;
  }
  const { body } = parseJavaScript(code).program;
  return content(
    (body as unknown as AnyNode[]).filter((statement) => !isNothing(statement)),
    code,
    false,
  );
}

function assertErased(source: string, { code, tree }: Blanked, name: string): void {
  assert.equal(code.length, source.length, name);
  assert.equal(code.replaceAll(/[^\n]/g, ''), source.replaceAll(/[^\n]/g, ''), `the line breaks of ${name}`);
  // In TypeScript a global, or a type, may be what is exported.
  const problems = parseJavaScript(code).problems.filter(
    ({ message }) => !/^Export '.*' is not defined/.test(message),
  );
  assert.deepEqual(problems, [], `${name}\n${code}`);
  assert.deepEqual(
    content(tree, code, true),
    content(parseCell(code).program, code, true),
    `the tree of ${name}`,
  );
  const expected = swc(source);
  if (expected !== undefined) assert.deepEqual(swc(code), expected, `what swc makes of ${name}`);
}

/** What swc makes of each enum has the same entries, in the same order. */
function assertEnums(source: string, enums: Erased['enums']): void {
  for (const { start, end, text } of enums) {
    const declaration = /(?:const\s+)?enum\s+(\S+)$/.exec(source.slice(0, start));
    const name = declaration?.[1] ?? '';
    const { code } = transpile(`enum ${name}${source.slice(start, end)}`, {
      jsx: false,
      fileName: 'cell.ts',
      sourceMap: 'none',
    });
    const [expected, made] = [`${code}; ${name}`, `const made${text}; made`].map(
      (script) => runInNewContext(script) as object,
    );
    assert.deepEqual(Object.entries(made ?? {}), Object.entries(expected ?? {}), `${name} of ${source}`);
  }
}

function files(folder: string, extension: string): string[] {
  const root = fileURLToPath(new URL(folder, home));
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => path.join(root, name));
}

/** The texts that stand in a program as strings. */
function strings(source: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    if (value.type === 'Literal' && typeof value['value'] === 'string') found.push(value['value']);
    if (value.type === 'TemplateLiteral')
      found.push(
        (value['quasis'] as Array<{ value: { cooked: string } }>)
          .map(({ value: { cooked } }) => cooked)
          .join('1'),
      );
    Object.values(value).forEach(visit);
  };
  visit(parseCell(source).program);
  return found;
}

describe('types that are blanked out', () => {
  const corpora: Array<[claim: string, least: number, texts: () => Array<[name: string, text: string]>]> = [
    [
      'leave of the notebooks’ cells what swc leaves',
      100,
      () =>
        files('notebooks', '.ipynb').flatMap((file) => {
          const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
            cells: Array<{ cell_type: string; source: string[] | string }>;
          };
          return cells
            .filter(({ cell_type: type }) => type === 'code')
            .map(({ source }, index): [string, string] => [`${file}, ${index}`, [source].flat().join('')]);
        }),
    ],
    [
      'leave of the cells in the tests what swc leaves',
      500,
      () =>
        files('test/kernel', '.ts').flatMap((file) =>
          strings(readFileSync(file, 'utf8')).map((text): [string, string] => [file, text]),
        ),
    ],
    [
      'leave of the scheduler’s files what swc leaves',
      60,
      () => files('src', '.ts').map((file) => [file, readFileSync(file, 'utf8')]),
    ],
  ];
  for (const [claim, least, texts] of corpora) {
    it(claim, () => {
      let blanked = 0;
      for (const [name, text] of texts()) {
        if (parseCell(text).problems.length > 0) continue;
        const erased = erase(text);
        // What is JavaScript stays as it is.
        if (!erased || (erased.code === text && erased.enums.length === 0)) continue;
        blanked += 1;
        assertEnums(text, erased.enums);
        // swc puts values in the place of what names them.
        if (erased.enums.length > 0) continue;
        assertErased(text, erased, `${name}: ${text}`);
      }
      assert.ok(blanked >= least, `only ${blanked}`);
    }).timeout(120_000);
  }

  const blanked: Array<[claim: string, source: string]> = [
    [
      'of variables',
      'let a: string, { b }: T = c, [d]: T = c, e!: number\nvar f: () => void = g, h: {\n  a: 1;\n}\n= i',
    ],
    ['of parameters', 'function f(a?: number, { b }: B = {}, [c]?: C, d = 2, ...e: E[]): asserts a is T {}'],
    ['of an optional parameter without a type', '((a?, b? ) => a)'],
    ['of `this`', 'function f(this: A) {}\nfunction g(this: A, a: B) {}\nfunction h(this: A,) {}'],
    [
      'of functions',
      'async function* f<T, U extends T = T>(a: T): AsyncGenerator<U> {}\n(function <T>(a: T): T { return a })',
    ],
    ['of arrow functions', 'const f = async <T,>(a: T, b): Promise<T> => a, g = (): void => {}'],
    [
      'that an arrow stands behind, in lines of their own',
      'const f = (a: A): {\n  a: number;\n} => ({ a }), g = (): Promise<\n  void\n> => h',
    ],
    [
      'of methods',
      'const o = { a<T>(b: T): T { return b }, get c(): number { return 1 }, set c(d: number) {}, async *e(): X {} }',
    ],
    ['of calls', 'f<T>(1); new Map<string, number>(); new Map<string, T>; a?.b<T>(); a?.<T>(1); tag<T>`x`'],
    [
      'of casts',
      'const a = b as any as T, c = { d: [1] as const } satisfies X; (e as any) = f; for (const x of g as T[]) {}',
    ],
    ['of casts that end a line', 'const a = b as T // why\nconst c = d as {\n  e: 1;\n}\nf'],
    ['of what is not null', 'a!; a!.b!()![0]!; a?.b!.c; a?.b!; (a?.b)!.c; a! = b; a!\n(b)'],
    ['of what is caught', 'try {} catch (e: unknown) {}'],
    [
      'that are declarations',
      'type A<T> = {\n  a: T;\n}\ninterface B extends A<B> {}\nexport type C = 1; export interface D {}\na',
    ],
    [
      'between statements without semicolons',
      'const a = b\ntype T = 1\n(c)()\ninterface U {}\n[d].e()\nfunction f() {\n  g\n  type V = 2\n  (h)\n}',
    ],
    [
      'of what is only declared',
      'declare const a: A; declare function b(): void; declare class C {}\ndeclare global { var d: D }\ndeclare module "e" {}\ndeclare namespace F {}\nexport declare const g: G',
    ],
    [
      'that overload',
      'function f(a: string): void\nfunction f(a: number): void\nfunction f(a: any) {}\nexport default function g(): void\nexport default function g(a?: any) {}',
    ],
    [
      'that are imported and exported',
      'import type A from "a"; import b, { type C, d, type E } from "b"; import { type F } from "f"\nexport type { A } from "a"; export type * from "g"; const h = 1; export { type C, h, type E as I }',
    ],
    [
      'that are imported: `import("…")`',
      'type A = import("a").B; const b: typeof import("c") = await import("d")',
    ],
    [
      'of classes',
      'abstract class A<T> extends B<T> implements C<T>, D { }\nexport default abstract class E {}\nconst f = class G<T> implements C {}',
    ],
    [
      'of fields',
      'class A {\n  a: string\n  b?: number = 1\n  c!: C;\n  "d"?: D\n  ["e"]?: E = 2\n  static f: F = 3\n  #g: G\n  [h]: H\n  *i(): I {}\n}',
    ],
    [
      'that are words before members',
      'class A extends B {\n  private a = 1\n  private [b] = 2\n  protected readonly c: C\n  public *d() {}\n  static readonly e = 3\n  override async f() {}\n  public get g() { return 1 }\n  private static async *h() {}\n  public constructor() {}\n  readonly readonly = 4\n}',
    ],
    [
      'that are members',
      'abstract class A {\n  a = b\n  declare c: C\n  [d] = e\n  abstract f: F\n  *g() {}\n  abstract h(): H\n  i(): void\n  i(j?: any) {}\n  k?(): void {}\n  [l: string]: any\n  abstract get m(): M\n  constructor(n: N)\n  constructor(n: any) {}\n  static { type O = 1; p as any }\n}',
    ],
    ['beside characters of two units', 'const a: "😀" = "😀", b: T = `${"😀" as any}`'],
    ['in a switch', 'switch (a as any) { case b as T: type U = 1; c as T; default: interface V {} }'],
  ];
  for (const [claim, source] of blanked) {
    it(`${claim} leave the same program`, () => {
      const erased = erase(source);
      assert.ok(erased);
      assert.notEqual(erased.code, source);
      assert.notEqual(swc(source), undefined);
      assertErased(source, erased, source);
    });
  }

  it('make objects of enums that swc makes, too', () => {
    const members = [
      '',
      'B',
      'B, C = 5, D',
      'B = "b", C = `c`, "d-e" = -1, F',
      'B = 0, C = 0',
      'B = 1.5, C, D = 1e21, E',
    ];
    for (const text of [...members, 'B = -0', '"1" = 2', 'constructor, toString', '"é\\n" = "\\u2028"']) {
      for (const source of [`enum A { ${text} }`, `export const enum A { ${text} }`]) {
        const erased = erase(source);
        assert.equal(erased?.enums.length, 1, source);
        assertEnums(source, erased.enums);
      }
    }
  });
  it('leave enums that are variables of the session', async () => {
    await runCell('enum Blanked1 { A, B = "b" }');
    await runCell(
      'export enum Blanked1 { C = 3 }\nfunction blanked2(x: Blanked1): string { return Blanked1[x] }',
    );
    assert.deepEqual((await runCell('[Blanked1, blanked2(3)]')).value, [{ 3: 'C', C: 3 }, 'C']);
  });

  const left: Array<[claim: string, source: string]> = [
    ['an enum whose values are computed', 'enum A { B = 1 << 2 }'],
    ['an enum that goes on', 'enum A { B }\nenum A { C = 1 }'],
    ['an enum in a function', 'function f() { enum A { B } }'],
    ['an enum that is only declared', 'declare enum A { B }'],
    ['a namespace', 'namespace A { export const b = 1 }'],
    ['a parameter that is a property', 'class A { constructor(private b: B) {} }'],
    ['a decorator', '@a class B { @c d = 1 }'],
    ['a decorated parameter', 'class A { b(@c d: D) {} }'],
    ['an accessor', 'class A { accessor b = 1 }'],
    ['JSX', 'const a: A = <b />'],
    ['a cast in front', 'const a = <A>b'],
    ['using', 'using a: A = b'],
    ['an import that is assigned', 'import a = require("a")'],
    ['an instance of a generic function', 'const a = b<C>'],
    ['a cast at the end of a line that would go on', 'const a = b as T\n(c)()'],
    ['a cast before a comment and a bracket', 'const a = b satisfies T // why\n/* and */[c].d()'],
    ['a broken line in a generic arrow function', 'const a = () => { return <\nT,\n>(b: T) => b }'],
    ['a field that would become a word of the grammar', 'class A {\n  get: B\n  c() {}\n}'],
    ['a comment among the words before a member', 'class A { private /* readonly */ b = 1 }'],
  ];
  for (const [claim, source] of left) {
    it(`are not, with ${claim}`, () => {
      assert.equal(erase(source), undefined);
    });
  }
});
