import assert from 'node:assert/strict';
import { parseCell } from '../../../kernel/language/parse.ts';
import {
  type Declarations,
  declarationsOf,
  mentionedWords,
} from '../../../kernel/typescript/declarations.ts';

function declared(source: string): Declarations {
  const { program, problems } = parseCell(source);
  assert.deepEqual(problems, [], source);
  return declarationsOf(program);
}

/** Each name as `name: value/type`, with `()` behind the value of a function. */
function summary(source: string): string {
  return [...declared(source).names]
    .map(
      ([name, { value = '', type, isFunction }]) =>
        `${name}: ${value}${isFunction ? '()' : ''}${type === undefined ? '' : `/${type}`}`,
    )
    .join(', ');
}

/** The text that a name's declaration takes. */
function textOf(source: string, name: string): string {
  const { start = 0, end = 0 } = declared(source).names.get(name) ?? {};
  return source.slice(start, end);
}

describe('what a cell declares', () => {
  const cases: Array<[claim: string, source: string, names: string]> = [
    ['is its variables', 'let a = 1, b: string; const c = 2; var d', 'a: let, b: let, c: const, d: var'],
    [
      'is every name of a pattern',
      'const { a, b: { c = 1, ...d }, ["e"]: e } = x, [f, , [g], ...h] = y',
      'a: const, c: const, d: const, e: const, f: const, g: const, h: const',
    ],
    [
      'is each var, however deep in loops and blocks',
      'for (var i = 0; ;) { var j; if (i) var k = 1; else { try { var l } catch { var m } finally { var n } } }\nfor (var [o] of []) ; for (var p in {}) ; switch (1) { case 1: var q } label: while (0) { var r }',
      'i: var, j: var, k: var, l: var, m: var, n: var, o: var, p: var, q: var, r: var',
    ],
    [
      'is no let of a block, and nothing of a function',
      '{ let a = 1 } function f() { var b }',
      'f: function()',
    ],
    ['is its functions', 'function f() {} async function* g() {}', 'f: function(), g: function()'],
    [
      'is a function by an expression too',
      'const f = () => 1, g = 2; let h = function () {}; const i = async (x) => x',
      'f: const(), g: const, h: let(), i: const()',
    ],
    ['is a class as value and type', 'class C {} abstract class D {}', 'C: class/class, D: class/class'],
    ['is an enum as both', 'enum E { A } const enum F { A }', 'E: enum/enum, F: enum/enum'],
    ['is a namespace as both', 'namespace N.M { export const x = 1 }', 'N: namespace/namespace'],
    ['is a type alone', 'interface I {} type T<X> = X', 'I: /interface, T: /type'],
    [
      'is a type and a value of one name',
      'interface P { x: number } const P = { x: 1 }\nconst Q = 1; type Q = 2',
      'P: const/interface, Q: const/type',
    ],
    [
      'is a class that an interface adds to, a class still',
      'class A {} interface A { x: number }\ninterface B {} class B {}',
      'A: class/class, B: class/class',
    ],
    [
      'is a function with its namespace',
      'function f() {} namespace f { export const x = 1 }',
      'f: function/namespace',
    ],
    [
      'is a function with overloads',
      'function f(a: 1): 1; function f(a: 2): 2; function f(a) { return a }',
      'f: function()',
    ],
    [
      'is what it imports, whether as value or type is not known',
      'import a, { b as c, default as d } from "x"; import * as e from "y"; import "z"; import f = require("f")',
      'a: import/import, c: import/import, d: import/import, e: import/import, f: import/import',
    ],
    [
      'is a type where it imports types',
      'import type A from "a"; import type { B } from "b"; import { type C, d } from "c"; import type * as E from "e"',
      'A: /import, B: /import, d: import/import, C: /import, E: /import',
    ],
    [
      'is what it exports in place',
      'export const a = 1; export function f() {} export class C {} export type T = 1; export enum E {} export namespace N { export let x = 1 }',
      'a: const, f: function(), C: class/class, T: /type, E: enum/enum, N: namespace/namespace',
    ],
    ['is a default export that has a name', 'export default function f() {}', 'f: function()'],
    ['is a default class that has a name', 'export default class C {}', 'C: class/class'],
    ['is no default export without one', 'export default function () {}', ''],
    ['is nothing of a default expression', 'const a = 1; export default a', 'a: const'],
    ['is nothing that is exported from elsewhere', 'export * from "x"; export { y } from "z"', ''],
    [
      'is what it says that there is',
      'declare const a: 1; declare let b: 2, { c }: any; declare var d; declare function f(): void; declare class C {} declare enum E {} declare namespace N { let x: 1 }',
      'a: const, b: let, c: let, d: let, f: function, C: class/class, E: enum/enum, N: namespace/namespace',
    ],
    [
      'is no global and no module of others',
      'declare global { var g: 1 } declare module "m" { let x: 1 }',
      '',
    ],
    ['is a using', 'using a = b; await using c = d', 'a: const, c: const'],
    ['is nothing in an expression', '(class A {}, function f() {}); x = { y: 1 }', ''],
    [
      'may be called as what every object has',
      'const constructor = 1, toString = 2; let __proto__ = 3',
      'constructor: const, toString: const, __proto__: let',
    ],
  ];
  for (const [claim, source, names] of cases) {
    it(claim, () => assert.equal(summary(source), names));
  }
});

describe('a declaration', () => {
  const cases: Array<[claim: string, source: string, name: string, text: string]> = [
    ['is the whole statement', 'a;\nconst x = 1, y = 2;\nb', 'y', 'const x = 1, y = 2;'],
    ['has its export', '1; export const f = () => 1\n2', 'f', 'export const f = () => 1'],
    ['has its default export', '1; export default function f() {}\n2', 'f', 'export default function f() {}'],
    [
      'of overloads is all of them',
      '0; function f(a: 1): 1;\nfunction f(a: 2): 2\nfunction f(a) { return a }; 3',
      'f',
      'function f(a: 1): 1;\nfunction f(a: 2): 2\nfunction f(a) { return a }',
    ],
    [
      'of a value leaves out a type below',
      'function f() {}\nlet x = 1\ninterface f { y: 1 }',
      'f',
      'function f() {}',
    ],
    [
      'of a value leaves out a type above',
      'interface f { y: 1 }\nlet x = 1\nfunction f() {}',
      'f',
      'function f() {}',
    ],
    [
      'of a type alone is all that is merged',
      'interface I { a: 1 }\ninterface I { b: 1 }',
      'I',
      'interface I { a: 1 }\ninterface I { b: 1 }',
    ],
    ['counts as JavaScript does, after emoji too', '"😀👍🏽";\r\nlet é = 1', 'é', 'let é = 1'],
  ];
  for (const [claim, source, name, text] of cases) {
    it(claim, () => assert.equal(textOf(source, name), text));
  }

  it('is ambient where no run makes the value', () => {
    const { names } = declared('declare const a: 1; const b = 2; declare function f(): void; type T = 1');
    const ambient = [...names].filter(([, { isAmbient }]) => isAmbient).map(([name]) => name);
    assert.deepEqual(ambient, ['a', 'f']);
  });
});

describe('what a cell exports by itself', () => {
  const cases: Array<[source: string, names: string[]]> = [
    ['export const a = 1, { b } = c', ['a', 'b']],
    ['export function f() {}; export class C {}; export enum E {}', ['f', 'C', 'E']],
    ['export interface I {} export type T = 1; export namespace N { export type X = 1 }', ['I', 'T', 'N']],
    ['const a = 1; export { a, b as c, type D }; export { e } from "f"', ['a', 'c', 'D', 'e']],
    ['let a = 1; export { a as "a b" }', ['a b']],
    ['export default function f() {}', []],
    ['const a = 1; export default a; export * from "b"', []],
  ];
  for (const [source, names] of cases) {
    it(`is ${names.join(', ') || 'nothing'} in ${source}`, () =>
      assert.deepEqual([...declared(source).exported], names));
  }
});

describe('the globals of a cell', () => {
  it('are declared by blocks, each with its place', () => {
    const source =
      'declare global { var a: 1; interface I {} function f(): void }\nlet x\ndeclare global { namespace N { let y: 1 } }';
    const { globalBlocks } = declared(source);
    assert.deepEqual(
      globalBlocks.map(({ names }) => names),
      [['a', 'I', 'f'], ['N']],
    );
    for (const { start, end } of globalBlocks)
      assert.match(source.slice(start, end), /^declare global \{.*\}$/);
  });

  it('may be of modules, which have names', () => {
    const source = 'declare module "m" { export const x: 1 }\ndeclare module "*.txt";';
    const { ambientModules } = declared(source);
    assert.deepEqual(
      ambientModules.map(({ name }) => name),
      ['m', '*.txt'],
    );
  });

  const assigned = (source: string): Array<[string, string]> =>
    [...declared(source).globalAssignments].map(([name, { start, end }]) => [name, source.slice(start, end)]);

  it('are assigned through globalThis, with the text of the value', () => {
    assert.deepEqual(
      assigned('globalThis.a = 1 + 1;\nglobalThis["b"] = await f()\n;globalThis.c = (x) => x'),
      [
        ['a', '1 + 1'],
        ['b', 'await f()'],
        ['c', '(x) => x'],
      ],
    );
  });

  it('have the value that was assigned last', () => {
    assert.deepEqual(assigned('globalThis.a = 1; globalThis.a = "two"'), [['a', '"two"']]);
  });

  for (const source of [
    'globalThis.a += 1',
    'globalThis[name] = 1',
    'globalThis["no name"] = 1',
    'globalThis.a.b = 1',
    'if (x) globalThis.a = 1',
    'window.a = 1',
    'const a = globalThis.b = 1',
  ]) {
    it(`are not assigned for certain by ${source}`, () => assert.deepEqual(assigned(source), []));
  }
});

describe('JSX', () => {
  it('is found however deep', () => {
    assert.equal(declared('const f = () => [{ a: x ? <b>c</b> : 1 }]').jsx, true);
    assert.equal(declared('const f = () => { return <></> }').jsx, true);
  });
  it('is not what looks like it', () => {
    assert.equal(declared('const f = <T,>(x: T) => x; const s = "<b/>" // </b>').jsx, false);
    assert.equal(declared('const n = <number>(x as any)').jsx, false);
  });
});

describe('the words that a text mentions', () => {
  it('are all that could be names, also in text that is not finished', () => {
    assert.deepEqual(
      [...mentionedWords('a.b($c, `x${_d}` + é.名前.x1 + #p + 12')],
      ['a', 'b', '$c', 'x$', '_d', 'é', '名前', 'x1', 'p'],
    );
  });
  it('are none in an empty text', () => assert.equal(mentionedWords('').size, 0));
});
