import assert from 'node:assert/strict';
import { parseCell } from '../../../kernel/language/parse.ts';
import { declarationsOf } from '../../../kernel/typescript/declarations.ts';
import { type Document, Scope } from '../../../kernel/typescript/scope.ts';

let scope: Scope;
beforeEach(() => (scope = new Scope()));

function cell(source: string, imports: Iterable<Document> = []): Document {
  const { program, problems } = parseCell(source);
  assert.deepEqual(problems, [], source);
  return {
    uri: source,
    languageId: 'typescript',
    source,
    declarations: declarationsOf(program),
    hidden: new Set(),
    imports: new Set(imports),
    types: new Map(),
    exports: new Set(),
    suffix: '',
  };
}

/** Runs a cell; what it replaced. */
const ran = (source: string, unreached: readonly string[] = []): string[] => [
  ...scope.declare(cell(source), new Set(unreached)),
];

/** Which cells the value and the type of a name are from. */
const meaning = (name: string): [value: string | undefined, type: string | undefined] => {
  const entry = scope.get(name);
  return [entry?.value?.document.source, entry?.type?.document.source];
};

describe('the scope of a session', () => {
  it('knows nothing that nobody declared', () =>
    assert.deepEqual(meaning('constructor'), [undefined, undefined]));

  it('has each name from the cell that declared it last', () => {
    ran('const a = 1, b = 2');
    ran('let a = 3');
    assert.deepEqual(meaning('a'), ['let a = 3', undefined]);
    assert.deepEqual(meaning('b'), ['const a = 1, b = 2', undefined]);
    assert.equal(scope.get('a')?.value?.kind, 'let');
  });

  it('keeps values and types of one name apart', () => {
    ran('class P {}');
    ran('const P = 1');
    assert.deepEqual(meaning('P'), ['const P = 1', 'class P {}']);
    ran('type P = 2');
    assert.deepEqual(meaning('P'), ['const P = 1', 'type P = 2']);
    ran('enum P {}');
    assert.deepEqual(meaning('P'), ['enum P {}', 'enum P {}']);
  });

  it('says which values were replaced: no types, and nothing that is new', () => {
    assert.deepEqual(ran('const a = 1, b = 2; type T = 1'), []);
    assert.deepEqual(ran('let b = 1, c = 2; type T = 2; type a = 3'), ['b']);
    assert.deepEqual(ran('globalThis.g = 1'), []);
    assert.deepEqual(ran('globalThis.g = 2'), ['g']);
    assert.deepEqual(ran('globalThis.g = 3; const g = 4', ['globalThis.g', 'g']), []);
    assert.deepEqual(meaning('g')[0], 'globalThis.g = 2');
  });

  describe('of a cell that failed', () => {
    it('has what the cell got to', () => {
      ran('const a = 1; throw 0; const b = 2', ['b']);
      assert.deepEqual(meaning('a')[0], 'const a = 1; throw 0; const b = 2');
      assert.equal(scope.get('b'), undefined);
    });

    it('has the older value of what the cell did not get to, which it does not replace', () => {
      ran('const a = 1');
      assert.deepEqual(ran('throw 0; const a = 2', ['a']), []);
      assert.deepEqual(meaning('a')[0], 'const a = 1');
    });

    it('has no type of a class that it did not get to', () => {
      ran('class C { a }');
      ran('throw 0; class C { b }', ['C']);
      assert.deepEqual(meaning('C'), ['class C { a }', 'class C { a }']);
    });

    it('has no type of a class that it did not get to, though an interface adds to it', () => {
      ran('throw 0; class C {} interface C { x: 1 }', ['C']);
      assert.equal(scope.get('C'), undefined);
    });

    it('has its types, also of a name whose value it did not get to', () => {
      const source = 'throw 0; type T = 1; interface P { x: 1 } const P = { x: 1 }';
      ran(source, ['T', 'P']);
      assert.deepEqual(meaning('T'), [undefined, source]);
      assert.deepEqual(meaning('P'), [undefined, source]);
    });
  });

  describe('has a global', () => {
    it('by assignment, until a variable hides it', () => {
      ran('globalThis.g = 1');
      assert.deepEqual(scope.get('g')?.value?.exported, '__tsloop_global_g');
      ran('const g = 2');
      assert.deepEqual(meaning('g')[0], 'const g = 2');
      ran('globalThis.g = 3');
      assert.deepEqual(meaning('g')[0], 'const g = 2');
    });

    it('beside a type of the same name', () => {
      ran('type g = 1');
      ran('globalThis.g = 1');
      assert.deepEqual(meaning('g'), ['globalThis.g = 1', 'type g = 1']);
    });

    it('with its declared type, whatever is assigned, before and after', () => {
      ran('globalThis.g = 1; globalThis.h = 2');
      ran('declare global { var g: number | undefined } globalThis.g = 2');
      ran('globalThis.g = 3');
      assert.deepEqual(meaning('g'), [undefined, undefined]);
      assert.deepEqual(meaning('h')[0], 'globalThis.g = 1; globalThis.h = 2');
    });
  });

  it('lets another document speak for a value, not for the type', () => {
    ran('function f() {} namespace f { export type T = 1 }');
    const other = cell('function f() { return 1 }');
    scope.move('f', other);
    assert.deepEqual(meaning('f'), [other.source, 'function f() {} namespace f { export type T = 1 }']);
    assert.equal(scope.get('f')?.value?.kind, 'function');
    scope.move('unknown', other);
    assert.equal(scope.get('unknown'), undefined);
  });

  it('needs the documents of values, types and globals, and what they import; nothing else', () => {
    const base = cell('const base = 1');
    const middle = cell('const middle = 1', [base]);
    const value = cell('const v = 1', [middle]);
    const type = cell('type v = 1');
    const global = cell('globalThis.g = 1');
    const old = cell('const w = 1', [base]);
    const asked = cell('declare global { var x: 1 }');
    for (const document of [value, type, global, old, cell('const w = 2')]) scope.declare(document);
    const needed = [...scope.reachable([asked])].map(({ source }) => source).sort();
    assert.deepEqual(
      needed,
      [base, middle, value, type, global, asked, cell('const w = 2')].map(({ source }) => source).sort(),
    );
  });

  it('finds an end where documents import each other', () => {
    const imports = new Set<Document>();
    const one: Document = { ...cell('const one = 1'), imports };
    const two = cell('const two = 1', [one]);
    imports.add(two);
    scope.declare(one);
    assert.deepEqual([...scope.reachable()], [one, two]);
  });
});
