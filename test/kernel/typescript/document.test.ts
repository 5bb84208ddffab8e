import assert from 'node:assert/strict';
import { parseCell } from '../../../kernel/language/parse.ts';
import { declarationsOf } from '../../../kernel/typescript/declarations.ts';
import { type Suffix, suffixOf, type SuffixOptions } from '../../../kernel/typescript/document.ts';
import { type Document, Scope } from '../../../kernel/typescript/scope.ts';

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
    slot: { uri: `${count}`, number: count },
    languageId: 'typescript',
    source,
    declarations,
    hidden: new Set(),
    imports: new Set(),
    types: new Map(),
    exports: new Set(),
    suffix: '',
  };
  scope.declare(document);
  return document;
}

function suffix(source: string, options: Partial<SuffixOptions> = {}): Suffix {
  const { program, problems } = parseCell(source);
  assert.deepEqual(problems, [], source);
  return suffixOf(source, declarationsOf(program), scope, { slot: count + 1, ...options });
}

/** A variable of another document's type: outside of the cell's control flow, see document.ts. */
const declaredAs = (keyword: string, name: string, from: string): string =>
  `declare namespace __tsloop_types { type of_${name} = typeof __tsloop.__tsloop_${from} } declare ${keyword} ${name}: __tsloop_types.of_${name};`;
/** The same name in another cell. */
const alias = (name: string, place: number): string => `import ${name} = __tsloop.__tsloop_${place}.${name};`;

/**
 * What the service sees behind the text, in the order of the alphabet, which makes no difference: `a, T;` is what is
 * passed on to other cells, and left out if it is nothing.
 */
const lines = (source: string, options: Partial<SuffixOptions> = {}): string[] =>
  flat(
    suffix(source, options)
      .suffix.trim()
      .replace(/^;/, '')
      .split('\n')
      .filter((line) => line !== 'export {  };')
      .map((line) => line.replace(/^declare global .* \{ export \{ (.*) \}; \} \} \}$/, '$1;'))
      .filter((line) => line !== ';'),
  );

const flat = (added: readonly string[]): string[] => [...added].sort();

describe('what is added to a cell', () => {
  it('begins in a line of its own, and ends what the text leaves open', () => {
    assert.match(suffix('a.b').suffix, /^\n;/);
  });

  it('makes a module of it, though it imports and exports nothing', () => {
    assert.equal(
      suffix('1 + 1').suffix,
      '\n;export {  };\ndeclare global { namespace __tsloop { namespace __tsloop_1 { export {  }; } } }\n',
    );
  });

  it('declares nothing for others where it has no place', () => {
    assert.equal(suffix('const a = 1', { slot: undefined }).suffix, '\n;export {  };\n');
  });

  const cases: Array<[claim: string, before: string[], source: string, added: string[]]> = [
    ['passes on what it declares', [], 'const a = 1; type T = 1', ['a, T;']],
    [
      'passes it on whether it exports it or not',
      [],
      'export const a = 1; const b = 2; export { b }; let c',
      ['a, b, c;'],
    ],
    ['imports nothing that is not mentioned', ['const a = 1'], 'b', []],
    ['imports a constant', ['const a = 1'], 'a', [alias('a', 1)]],
    [
      'imports from several documents',
      ['const a = 1, b = 2; class C {}', 'function f() {}'],
      'f(a, b, C)',
      [alias('f', 2), alias('a', 1), alias('b', 1), alias('C', 1)],
    ],
    [
      'makes a let a variable, for it may be assigned',
      ['let a = 1'],
      'a = 2',
      [declaredAs('let', 'a', '1.a')],
    ],
    ['does so for a var', ['var a = 1'], 'a = 2', [declaredAs('let', 'a', '1.a')]],
    ['takes a name from who declared it last', ['const a = 1', 'const a = 2'], 'a', [alias('a', 2)]],
    ['takes no name that the cell declares itself', ['const a = 1'], 'const a = 2; a', ['a;']],
    [
      'keeps the type of a name that the cell gives a value',
      ['interface P {}'],
      'const P = 1; let p: P',
      [alias('P', 1), 'P, p;'],
    ],
    [
      'keeps the value of a name that the cell gives a type',
      ['const P = 1'],
      'type P = 2; P',
      [declaredAs('const', 'P', '1.P'), 'P;'],
    ],
    [
      'keeps a variable of a name that the cell gives a type assignable',
      ['let P = 1'],
      'type P = 2; P = 3',
      [declaredAs('let', 'P', '1.P'), 'P;'],
    ],
    [
      'brings value and type of one name together from two documents',
      ['interface P {}', 'const P = 1'],
      'P as P',
      [declaredAs('const', 'P', '2.P'), alias('P', 1)],
    ],
    [
      'brings them together from one by one import',
      ['interface P {} const P = 1'],
      'P as P',
      [alias('P', 1)],
    ],
    [
      'keeps a variable with a type of its name assignable',
      ['let P = 1; type P = 2'],
      'P = 3 as P',
      [declaredAs('let', 'P', '1.P'), alias('P', 1)],
    ],
    ['imports a type as such', ['type T = 1'], 'let x: T', [alias('T', 1), 'x;']],
    ['hands an import on', ['import fs from "node:fs"'], 'fs', [alias('fs', 1)]],
    ['hands an import of a type on', ['import type { X } from "x"'], 'null as X', [alias('X', 1)]],
    [
      'calls what is assigned to globalThis by a name of its own',
      [],
      'globalThis.g = { a: 1 }',
      ['let __tsloop_global_g = ({ a: 1 });', '__tsloop_global_g;'],
    ],
    [
      'finds what was assigned to globalThis',
      ['globalThis.g = 1'],
      'g',
      [declaredAs('let', 'g', '1.__tsloop_global_g')],
    ],
    ['hides that by a variable', ['globalThis.g = 1', 'const g = 2'], 'g', [alias('g', 2)]],
    ['imports React for JSX, which does not mention it', ['const React = {}'], '<b/>', [alias('React', 1)]],
    ['imports what a pragma mentions', ['const h = 1'], '/** @jsx h */\n<b/>', [alias('h', 1)]],
    ['is no victim of names of objects', [], 'constructor; toString; __proto__; hasOwnProperty', []],
  ];
  for (const [claim, before, source, added] of cases) {
    it(claim, () => {
      before.forEach(ran);
      assert.deepEqual(lines(source), flat(added));
    });
  }

  it('makes any of what is only known at run time, unless the cell or another one declares it', () => {
    ran('const a = 1');
    assert.deepEqual(
      lines('a + b; const c = 1', { untyped: new Set(['a', 'b', 'c']) }),
      flat(['declare let b: any;', alias('a', 1), 'c;']),
    );
  });

  it('takes a type from where it is told to, and values from the latest cell all the same', () => {
    const old = ran('interface Row { a: 1 }');
    ran('interface Row { b: 1 }\nconst rate = 1');
    const { suffix: text, types } = suffix('rate as Row', { types: new Map([['Row', old]]) });
    assert.ok(text.includes(alias('Row', 1)), text);
    assert.ok(text.includes(alias('rate', 2)), text);
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

  it('exports types whose name was a type before, in the session or in JavaScript: the service names them by their module', () => {
    ran('interface Row { a: 1 } const Plain = 1');
    const { suffix: text, exports } = suffix(
      'interface Row { b: 1 } class Plain {} type Event = 1; export type Other = 1; const row = 1',
    );
    assert.deepEqual([...exports], ['Row', 'Event']);
    assert.match(text, /^;?export \{ Row, Event \};$/m);
    assert.deepEqual([...suffix('export interface Row { b: 1 }').exports], []);
  });

  it('is known by the documents that it comes from', () => {
    const [one, two] = [ran('let a = 1'), ran('type T = 1')];
    ran('const unused = 1');
    assert.deepEqual([...suffix('a as T').imports], [one, two]);
  });
});
