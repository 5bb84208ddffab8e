import assert from 'node:assert/strict';
import { parseCell } from '../../../kernel/language/parse.ts';
import { declarationsOf } from '../../../kernel/typescript/declarations.ts';
import { type Suffix, suffixOf, type SuffixOptions } from '../../../kernel/typescript/document.ts';
import { type Document, Scope } from '../../../kernel/typescript/scope.ts';
import type { Hub } from '../../../kernel/typescript/slots.ts';

/** What all cells import from. */
const hub: Hub = { uri: 'hub', batch: 1 };
let scope: Scope;
let count: number;
beforeEach(() => {
  scope = new Scope();
  count = 0;
});

/** A cell that has been run. They are called 1, 2, 3… */
function ran(source: string): Document {
  const declarations = declarationsOf(parseCell(source).program);
  const document: Document = {
    uri: `${(count += 1)}`,
    slot: { uri: `${count}`, number: count, hub },
    languageId: 'typescript',
    source,
    declarations,
    hidden: new Set(),
    imports: new Set(),
    types: new Map(),
    suffix: '',
  };
  scope.declare(document);
  return document;
}

function suffix(source: string, options: Partial<SuffixOptions> = {}): Suffix {
  const { program, problems } = parseCell(source);
  assert.deepEqual(problems, [], source);
  return suffixOf(source, declarationsOf(program), scope, {
    hubs: [hub],
    specifier: (uri) => uri,
    ...options,
  });
}

/** A variable of another document's type: outside of the cell's control flow, see document.ts. */
const declaredAs = (keyword: string, name: string): string =>
  `declare namespace __tsloop { type of_${name} = typeof __tsloop_${name} } declare ${keyword} ${name}: __tsloop.of_${name};`;

/** What the service sees behind the text; an `export {}` alone is left out. */
const lines = (source: string, options: Partial<SuffixOptions> = {}): string[] =>
  suffix(source, options)
    .suffix.trim()
    .replace(/^;/, '')
    .split('\n')
    .filter((line) => !/^(?:export \{  \};|import \{  \} from .*)$/.test(line));

/** `import a_1 as a` for each name from the hub, and all in the order of the alphabet: it makes no difference. */
const flat = (added: readonly string[]): string[] =>
  added
    .flatMap((line) => {
      const names = /^import (?:\{ (.*) \} from "hub";|([^{].*))$/.exec(line);
      return names ? (names[1] ?? names[2] ?? '').split(', ').map((name) => `import ${name}`) : [line];
    })
    .sort();

describe('what is added to a cell', () => {
  it('begins in a line of its own, and ends what the text leaves open', () => {
    assert.match(suffix('a.b').suffix, /^\n;/);
  });

  it('makes a module of it, though it imports and exports nothing', () => {
    assert.equal(suffix('1 + 1').suffix, '\n;import {  } from "hub";\nexport {  };\n');
  });

  const cases: Array<[claim: string, before: string[], source: string, added: string[]]> = [
    ['exports what it declares', [], 'const a = 1; type T = 1', ['export { a, T };']],
    ['exports nothing twice', [], 'export const a = 1; const b = 2; export { b }; let c', ['export { c };']],
    ['imports nothing that is not mentioned', ['const a = 1'], 'b', []],
    ['imports a constant', ['const a = 1'], 'a', ['import a_1 as a']],
    [
      'imports all of a document at once',
      ['const a = 1, b = 2; class C {}', 'function f() {}'],
      'f(a, b, C)',
      ['import f_2 as f', 'import a_1 as a, b_1 as b, C_1 as C'],
    ],
    [
      'makes a let a variable, for it may be assigned',
      ['let a = 1'],
      'a = 2',
      [declaredAs('let', 'a'), 'import a_1 as __tsloop_a'],
    ],
    ['does so for a var', ['var a = 1'], 'a = 2', [declaredAs('let', 'a'), 'import a_1 as __tsloop_a']],
    ['takes a name from who declared it last', ['const a = 1', 'const a = 2'], 'a', ['import a_2 as a']],
    ['takes no name that the cell declares itself', ['const a = 1'], 'const a = 2; a', ['export { a };']],
    [
      'keeps the type of a name that the cell gives a value',
      ['interface P {}'],
      'const P = 1; let p: P',
      ['import type P_1 as P', 'export { P, p };'],
    ],
    [
      'keeps the value of a name that the cell gives a type',
      ['const P = 1'],
      'type P = 2; P',
      [declaredAs('const', 'P'), 'import P_1 as __tsloop_P', 'export { P };'],
    ],
    [
      'keeps a variable of a name that the cell gives a type assignable',
      ['let P = 1'],
      'type P = 2; P = 3',
      [declaredAs('let', 'P'), 'import P_1 as __tsloop_P', 'export { P };'],
    ],
    [
      'brings value and type of one name together from two documents',
      ['interface P {}', 'const P = 1'],
      'P as P',
      [declaredAs('const', 'P'), 'import P_2 as __tsloop_P', 'import type P_1 as P'],
    ],
    [
      'brings them together from one by one import',
      ['interface P {} const P = 1'],
      'P as P',
      ['import P_1 as P'],
    ],
    [
      'keeps a variable with a type of its name assignable',
      ['let P = 1; type P = 2'],
      'P = 3 as P',
      [declaredAs('let', 'P'), 'import P_1 as __tsloop_P', 'import type P_1 as P'],
    ],
    ['imports a type as such', ['type T = 1'], 'let x: T', ['import type T_1 as T', 'export { x };']],
    ['hands an import on', ['import fs from "node:fs"'], 'fs', ['import fs_1 as fs']],
    ['hands an import of a type on', ['import type { X } from "x"'], 'null as X', ['import type X_1 as X']],
    [
      'calls what is assigned to globalThis by a name of its own',
      [],
      'globalThis.g = { a: 1 }',
      ['export let __tsloop_global_g = ({ a: 1 });'],
    ],
    [
      'finds what was assigned to globalThis',
      ['globalThis.g = 1'],
      'g',
      [declaredAs('let', 'g'), 'import __tsloop_global_g_1 as __tsloop_g'],
    ],
    ['hides that by a variable', ['globalThis.g = 1', 'const g = 2'], 'g', ['import g_2 as g']],
    [
      'imports React for JSX, which does not mention it',
      ['const React = {}'],
      '<b/>',
      ['import React_1 as React'],
    ],
    ['imports what a pragma mentions', ['const h = 1'], '/** @jsx h */\n<b/>', ['import h_1 as h']],
    ['is no victim of names of objects', [], 'constructor; toString; __proto__; hasOwnProperty', []],
  ];
  for (const [claim, before, source, added] of cases) {
    it(claim, () => {
      before.forEach(ran);
      assert.deepEqual(flat(lines(source)), flat(added));
    });
  }

  it('makes any of what is only known at run time, unless the cell or another one declares it', () => {
    ran('const a = 1');
    assert.deepEqual(
      flat(lines('a + b; const c = 1', { untyped: new Set(['a', 'b', 'c']) })),
      flat(['declare let b: any;', 'import a_1 as a', 'export { c };']),
    );
  });

  it('takes a type from where it is told to, and values from the latest cell all the same', () => {
    const old = ran('interface Row { a: 1 }');
    ran('interface Row { b: 1 }\nconst rate = 1');
    const { suffix: text, types } = suffix('rate as Row', { types: new Map([['Row', old]]) });
    assert.match(text, /type Row_1 as Row/);
    assert.match(text, / rate_2 as rate/);
    assert.deepEqual([...types], [['Row', old]]);
  });

  it('is known by the types that are nothing but types, and where they come from', () => {
    const one = ran('interface I {} class C {} enum E {}\ntype T = 1; import { X } from "x"');
    assert.deepEqual(
      [...suffix('let a: [I, C, E, T, X]').types],
      [
        ['I', one],
        ['T', one],
      ],
    );
  });

  it('quotes the paths of documents', () => {
    ran('const a = 1');
    assert.deepEqual(lines('a', { specifier: () => './it"s\\.ts' }), [
      'import { a_1 as a } from "./it\\"s\\\\.ts";',
    ]);
  });

  it('is known by the documents that it comes from', () => {
    const [one, two] = [ran('let a = 1'), ran('type T = 1')];
    ran('const unused = 1');
    assert.deepEqual([...suffix('a as T').imports], [one, two]);
  });
});
