import assert from 'node:assert/strict';
import { CellSyntaxError, compileCell } from '../../../kernel/language/compile.ts';
import { emptyScope, runCell } from './evaluate.ts';

const compile = (source: string): ReturnType<typeof compileCell> =>
  compileCell(source, { id: 1, scope: emptyScope });

/** Where the compiled code has a text, counted from 1. */
function placeOf(code: string, text: string): { line: number; column: number } {
  const before = code.slice(0, code.indexOf(text)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('a cell’s value', () => {
  const cases: Array<[claim: string, source: string, value: unknown]> = [
    ['is that of the last expression', '1; 2 + 3', 5],
    ['may come after an await', 'const c1 = await Promise.resolve(20); c1 + 1', 21],
    ['is an object in parentheses', '({ a: 1 })', { a: 1 }],
    ['is a string alone, which is no directive', '"use strict"', 'use strict'],
    ['is an assignment’s', 'let c2; c2 = 4', 4],
    ['is not hidden by types that follow', '7; interface Later { x: number }', 7],
    ['is not hidden by an empty statement', '8;;', 8],
    ['is an export default', 'export default 9', 9],
    ['is nothing after a declaration', 'const c3 = 5', undefined],
    ['is nothing after a block', 'if (true) { 5 }', undefined],
    ['is nothing after a function', 'await null; function c4() {}', undefined],
    ['is nothing after an enum or a namespace', 'namespace C5 { export const x = 1 }', undefined],
    ['comes through a top-level using', 'using c6 = { [Symbol.dispose]() {} }; 3', 3],
    ['is a sequence’s last', '1, 2', 2],
    ['keeps a JSX element', 'const React = { createElement: (tag: string) => tag }; <b>x</b>', 'b'],
  ];
  before(() => {
    // What using is compiled to needs the symbol, which Node has from 18.18 on.
    assert.ok(Symbol.dispose);
  });
  for (const [claim, source, value] of cases) {
    it(claim, async () => {
      assert.deepEqual((await runCell(source)).value, value);
    });
  }
});

describe('declarations', () => {
  it('may be repeated as every other kind', async () => {
    const kinds: Array<[name: string, source: string]> = [
      ['let', 'let kind = "let"; kind'],
      ['const', 'const kind = "const"; kind'],
      ['var', 'var kind = "var"; kind'],
      ['function', 'function kind() { return "function" } kind()'],
      ['class', 'class kind { static v = "class" } kind.v'],
      ['enum', 'enum kind { v = "enum" } kind.v'],
      ['namespace', 'namespace kind { export const v = "namespace" } kind.v'],
      ['import', 'import { sep as kind } from "node:path"; typeof kind === "string" ? "import" : ""'],
      ['destructuring', 'const { kind } = { kind: "destructuring" }; kind'],
    ];
    for (const [, first] of kinds) {
      for (const [name, second] of kinds) {
        await runCell(first);
        assert.equal((await runCell(second)).value, name, `${second} after ${first}`);
      }
    }
  });
  it('hoists functions above their line', async () => {
    assert.equal((await runCell('const h1 = h2(); function h2() { return 6 } h1')).value, 6);
  });
  it('names functions and classes as written', async () => {
    const { value } = await runCell(
      'function n1() {} class N2 {} const n3 = () => {}; [n1.name, N2.name, n3.name]',
    );
    assert.deepEqual(value, ['n1', 'N2', 'n3']);
  });
  it('lets a function call its own later definition', async () => {
    await runCell('function r1(n: number): number { return n === 0 ? 0 : r1(n - 1) }; const r2 = r1');
    await runCell('function r1() { return 42 }');
    assert.equal((await runCell('r2(3)')).value, 42);
  });
  it('hoists vars out of blocks and loops', async () => {
    const { value } = await runCell(
      'if (true) { var v1 = 1 } for (var v2 = 0; v2 < 3; v2++) { var { v3 } = { v3: v2 } } for (var v4 of [7]) {} [v1, v2, v3, v4]',
    );
    assert.deepEqual(value, [1, 3, 2, 7]);
  });
  it('keeps the value of a var that is declared again without one', async () => {
    await runCell('var w1 = 5');
    const scope = {
      ...emptyScope,
      isKept: (name: string) => name === 'w1',
      isVariable: (name: string) => name === 'w1',
    };
    assert.equal((await runCell('var w1; w1', scope)).value, 5);
  });
  it('keeps what there is under a name until its new declaration is reached', async () => {
    const scope = { ...emptyScope, isVariable: (name: string) => /^u\d$/.test(name) };
    await runCell('let u1 = 1, u2 = 2, u3 = 3, u4 = 4');
    for (const declaration of [
      'enum u1 { A }',
      'namespace u2 { export const a = 1 }',
      'var u3 = 5',
      'enum U5 {} let u4 = 6',
    ])
      await assert.rejects(runCell(`throw new Error('before')\n${declaration}`, scope));
    assert.deepEqual((await runCell('[u1, u2, u3, u4]', scope)).value, [1, 2, 3, 4]);
    const { value } = await runCell(
      'enum u1 { A } namespace u2 { export const a = 1 } let u4; [u1, u2, u4]',
      scope,
    );
    assert.deepEqual(value, [{ 0: 'A', A: 0 }, { a: 1 }, undefined]);
  });
  it('makes an enum anew with every run', async () => {
    await runCell('enum E1 { A, B }');
    assert.deepEqual((await runCell('enum E1 { C } E1')).value, { 0: 'C', C: 0 });
  });
  it('merges namespaces and classes inside one cell', async () => {
    const { value } = await runCell(
      'class M1 {} namespace M1 { export const x = 1 } namespace M1 { export const y = 2 } [(M1 as any).x, (M1 as any).y]',
    );
    assert.deepEqual(value, [1, 2]);
  });
  it('shows later cells the decorated class, and keeps two of them apart', async () => {
    const decorated = (name: string, tag: string): string => `
      function mark${name}(target: any, _: unknown): any { return class extends target { tag = '${tag}' } }
      function log${name}(method: any, _: unknown) { return function (this: any) { return method.call(this) + '!' } }
      @mark${name} class ${name} { @log${name} hi() { return '${tag}' } }`;
    await runCell(decorated('D1', 'one'));
    await runCell(decorated('D2', 'two'));
    assert.deepEqual((await runCell('[new D1().tag, new D1().hi(), new D2().tag, new D2().hi()]')).value, [
      'one',
      'one!',
      'two',
      'two!',
    ]);
  });
  it('keeps the compiler’s own names out of the session', async () => {
    await runCell('const env = 11');
    await runCell('using u1 = { [Symbol.dispose]() {} }; const u2 = 1');
    assert.deepEqual((await runCell('[env, u2]')).value, [11, 1]);
  });
  it('compiles parameter properties, accessors, abstract classes and generics', async () => {
    const { value } = await runCell(`
      abstract class P1 { constructor(readonly a: number, private b = 2) {} abstract c(): number; get sum() { return this.a + this.b + this.c() } }
      class P2 extends P1 { accessor z = 3; override c() { return this.z } }
      const id = <T>(x: T) => x;
      id<number>(new P2(1).sum) satisfies number`);
    assert.equal(value, 6);
  });
  it('tolerates exports', async () => {
    const { value } = await runCell(
      'export const x1 = 1; export function x2() { return 2 } export { x1 as other }; x1 + x2()',
    );
    assert.equal(value, 3);
  });
});

describe('imports', () => {
  it('come as default, named, renamed and namespace, and run first', async () => {
    const { value } = await runCell(`
      const early = [typeof i1, typeof i2, typeof i3, typeof i4];
      import i1, { readFileSync as i2 } from 'node:fs';
      import * as i3 from 'node:path';
      import i4, * as i5 from 'node:os';
      import type { Nothing } from 'nowhere';
      import { type Neither } from 'node:url';
      early`);
    assert.deepEqual(value, ['object', 'function', 'object', 'object']);
  });
  it('pass on their attributes', () => {
    assert.match(
      compile('import data from "./x.json" with { type: "json" }').code,
      /import\("\.\/x\.json", \{ with: \{ "type": "json" \} \}\)/,
    );
  });
  it('are rewritten when dynamic, also in functions', async () => {
    const { value } = await runCell('const load = () => import("node:path"); (await load()).posix.sep');
    assert.equal(value, '/');
  });
});

describe('errors', () => {
  it('tell the first place that is no TypeScript', () => {
    assert.throws(
      () => compile('const a = 1;\nlet b = (;'),
      (error: unknown) => {
        assert.ok(error instanceof CellSyntaxError);
        assert.equal(error.problems[0]?.start, 'const a = 1;\nlet b = ('.length);
        return true;
      },
    );
  });
  it('refuse a return and a second declaration of the same name', () => {
    assert.throws(() => compile('return 1'), CellSyntaxError);
    assert.throws(() => compile('let twice = 1; let twice = 2'), CellSyntaxError);
  });
  for (const [kind, source] of [
    ['JavaScript', 'const q1 = 1;\nfunction f1() {\n  return mark();\n}\n'],
    [
      'TypeScript',
      'interface Q { a: 1 }\nenum Q2 { A, B }\nfunction f2(x: number): void {\n  return mark();\n}\n',
    ],
    [
      'TypeScript that is compiled',
      'namespace Q { export const a = 1 }\nfunction f2(x: number): void {\n  return mark();\n}\n',
    ],
    [
      'a hoisted function behind others',
      'import "node:fs";\nconst q2 = 1; function f3() { return 2 }\nfunction f4() { mark() }',
    ],
  ] as const) {
    it(`lead back to the cell’s own line and column in ${kind}`, () => {
      const { code, positionOf } = compile(source);
      assert.deepEqual(positionOf(placeOf(code, 'mark()')), placeOf(source, 'mark()'));
    });
  }
  it('lead to the expression that the compiler has put something in front of', () => {
    assert.deepEqual(compile('oops(1)').positionOf({ line: 1, column: 1 }), { line: 1, column: 1 });
  });
  it('lead nowhere for what the compiler added behind', () => {
    assert.equal(compile('1').positionOf({ line: 2, column: 1 }), undefined);
  });
});

describe('code without semicolons', () => {
  const cases: Array<[source: string, value: unknown]> = [
    ['let s1 = 5\nvar s2 = 6\ns1 + s2', 11],
    ['const s3 = String("x")\nvar { length } = s3\nlength', 1],
    ['const s4 = 1\nfunction s5() { return 2 }\n[1, 2].forEach((x) => x)\ns5()', 2],
    ["const s6 = 1\nimport s7 from 'node:fs'\n;(async () => {})()\nlet s8 = typeof s7\ns8", 'object'],
    ['const s9 = String(1)\nexport default 6', 6],
    ['if (true) var t1 = 3\nelse var t1 = 4\nt1', 3],
  ];
  for (const [source, value] of cases) {
    it(`runs ${JSON.stringify(source)}`, async () => {
      assert.deepEqual((await runCell(source)).value, value);
    });
  }
});

describe('variables that are called like a global', () => {
  const scope = {
    ...emptyScope,
    renames: true,
    isVariable: (name: string) => ['URL', 'Map', 'process', 'fetch'].includes(name),
  };
  it('are the cell’s alone', async () => {
    const { value } = await runCell(
      'class Map { own = 1 } const URL = "u"; function fetch() { return URL } [new Map().own, fetch(), Map.name, fetch.name]',
    );
    assert.deepEqual(value, [1, 'u', 'Map', 'fetch']);
    assert.equal(new Map([[1, 2]]).get(1), 2);
    assert.equal(new URL('http://host/').host, 'host');
  });
  it('are seen by later cells, also in functions, patterns and properties', async () => {
    await runCell('const process = { pid: 3 }; const { Map } = { Map: 4 }; let URL = 1');
    const { value } = await runCell(
      'const get = () => process.pid; const o = { process, Map: Map }; URL++; ({ URL } = { URL: URL + 1 }); [get(), o.process.pid, o.Map, URL, o.Map.toFixed()]',
      scope,
    );
    assert.deepEqual(value, [3, 3, 4, 3, '4']);
    assert.equal(typeof process.pid, 'number');
    assert.notEqual(process.pid, 3);
  });
  it('give way to parameters and inner variables of the same name', async () => {
    await runCell('const URL = "session"');
    const { value } = await runCell(
      'const f1 = (URL: string) => URL; function f2() { const URL = "inner"; return URL } const f3 = () => { { let URL = 1 } return URL }; [f1("parameter"), f2(), f3(), (() => { try { throw 5 } catch (URL) { return URL } })()]',
      scope,
    );
    assert.deepEqual(value, ['parameter', 'inner', 'session', 5]);
  });
  it('may be imported, enums and namespaces', async () => {
    const { value } = await runCell(
      'import { sep as URL } from "node:path"; enum Event { A = 7 } namespace Blob { export const b = 8 } [typeof URL, Event.A, Blob.b]',
    );
    assert.deepEqual(value, ['string', 7, 8]);
    assert.equal(typeof Event, 'function');
  });
});

describe('what a module forbids', () => {
  it('is an assignment to a constant or an import', () => {
    assert.throws(() => compile('const k1 = 1; k1 = 2'), /Cannot assign to 'k1'/);
    assert.throws(() => compile('import { sep as k2 } from "node:path"; k2 = 2'), /Cannot assign to 'k2'/);
    assert.throws(() => compile('const k3 = 1; const f = () => { k3++ }'), /Cannot assign to 'k3'/);
  });
  it('is not an assignment to a parameter of the same name', () => {
    const scope = { ...emptyScope, isConstant: () => true };
    for (const source of [
      'class P { constructor(private c1: number) { c1 = c1 + 1 } }',
      'function f(c1: number) { c1 = 2 }',
      'try {} catch (c1) { c1 = 2 }',
    ]) {
      compileCell(source, { id: 1, scope });
    }
  });
});
