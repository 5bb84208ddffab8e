import assert from 'node:assert/strict';
import fc from 'fast-check';
import { emptyScope, runCell } from './evaluate.ts';

describe('loops over a cell’s own variables', () => {
  const copied: Array<[claim: string, source: string, value: unknown]> = [
    ['add up', 'let a1 = 0; for (let i = 0; i < 10; i++) a1 += i; a1', 45],
    ['count with var', 'var a2 = 0; for (var a3 = 0; a3 < 5; a3++) a2 += a3; [a2, a3]', [10, 5]],
    ['keep their value at a break', 'let a4 = 0; while (true) { if (++a4 === 7) break } a4', 7],
    [
      'keep their value when they throw',
      'let a5 = 0; try { for (;;) { a5++; if (a5 === 3) throw new Error() } } catch {} a5',
      3,
    ],
    [
      'leave to outer labels',
      'let a6 = 0; out: for (const x of [1, 2, 3]) { for (;;) { a6 += x; continue out } } a6',
      6,
    ],
    [
      'write shorthand properties',
      'let a7 = 0, a8; for (const x of [1, 2]) { a7 += x; a8 = { a7 } } a8',
      { a7: 3 },
    ],
    [
      'take destructuring',
      'let a9 = 0, b1 = 1; for (let i = 0; i < 3; i++) [a9, b1] = [b1, a9 + b1]; [a9, b1]',
      [2, 3],
    ],
    [
      'take shorthand destructuring with defaults',
      'let b2 = 0; for (const o of [{ b2: 4 }, {}]) ({ b2 = 9 } = o as any); b2',
      9,
    ],
    [
      'walk with for-of and for-in over a declared name',
      'let b3; for (b3 of [1, 2]); let b4; for (b4 in { k: 1 }); [b3, b4]',
      [2, 'k'],
    ],
    ['work in TypeScript', 'let b5: number = 0; for (const x of [1, 2] as number[]) { b5 += x! } b5', 3],
    [
      'tell members and keys from names',
      'let b6 = 0; const o6 = { b6: 5 }; for (const x of [1]) b6 += o6.b6 + ({ b6: 1 }).b6; b6',
      6,
    ],
    ['work inside of blocks', 'let b7 = 0; if (true) { do { b7++ } while (b7 < 4) } b7', 4],
  ];
  for (const [claim, source, value] of copied) {
    it(claim, async () => {
      const ran = await runCell(source);
      assert.deepEqual(ran.value, value);
      assert.ok(ran.loops > 0, `works on copies: ${ran.code}`);
    });
  }
  const left: Array<[claim: string, source: string, value: unknown]> = [
    [
      'a function in the loop',
      'let c1 = 0; for (const x of [1, 2]) { [1].forEach(() => { c1 += x }) } c1',
      3,
    ],
    [
      'a function elsewhere in the cell',
      'let c2 = 0; const see = () => c2; let seen; for (const x of [5]) { c2 += x; seen = see() } seen',
      5,
    ],
    [
      'a method',
      'let c3 = 0; class C3 { get() { return c3 } } let got: any; for (const x of [5]) { c3 += x; got = new C3().get() } got',
      5,
    ],
    [
      'a class field',
      'let c4 = 1; let made: any; for (const x of [5]) { c4 += x; made = new (class { v = c4 })() } made.v',
      6,
    ],
  ];
  for (const [claim, source, value] of left) {
    it(`are not copied for a name that is seen by ${claim}`, async () => {
      const ran = await runCell(source);
      assert.deepEqual(ran.value, value);
    });
  }
  it('are left alone when they await', async () => {
    const ran = await runCell('let d1 = 0; for (const x of [1, 2]) d1 += await Promise.resolve(x); d1');
    assert.deepEqual([ran.value, ran.loops], [3, 0]);
  });
  it('are left alone when they evaluate text', async () => {
    const ran = await runCell('let d2 = 1; for (const x of [1]) { d2 += x; d2 = eval("d2 + 1") } d2');
    assert.deepEqual([ran.value, ran.loops], [3, 0]);
  });
  it('are left alone for names that the loop declares itself', async () => {
    const ran = await runCell('let d3 = 1; for (const x of [1]) { let d3 = 5; d3 += x } d3');
    assert.deepEqual([ran.value, ran.loops], [1, 0]);
  });
  it('copy variables of earlier cells, unless a function of an earlier cell knows them', async () => {
    await runCell('let e1 = 1, e2 = 1');
    const scope = {
      ...emptyScope,
      isVariable: (name: string) => ['e1', 'e2'].includes(name),
      isCaptured: (name: string) => name === 'e2',
    };
    const ran = await runCell('for (const x of [1, 2]) { e1 += x; e2 += x } [e1, e2]', scope);
    assert.deepEqual(ran.value, [4, 4]);
    assert.match(ran.code, /e1\$loop/);
    assert.doesNotMatch(ran.code, /e2\$loop/);
  });
  it('give what the same loop gives in a function', async () => {
    const statement = fc.constantFrom(
      'f1 += i;',
      'f2 = f1 - f2;',
      'if (f1 > 20) continue;',
      'if (f2 > 30) break;',
      'f3.push(f1);',
      '({ f1 } = { f1: f2 + 1 });',
      '{ let f2 = i; f3.push(f2); }',
      'for (let j = 0; j < 2; j++) f2 += j;',
      'switch (i) { case 2: f1 = -f1; break; default: f2 += 1; }',
      'try { if (i === 3) throw i; f1++; } catch (f4) { f2 += f4; }',
      'var f5 = f1;',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 6 }), async (statements) => {
        const body = `let f1 = 1, f2 = 2, f3 = []; for (let i = 0; i < 8; i++) { ${statements.join(' ')} }`;
        // oxlint-disable-next-line typescript/no-implied-eval -- the same loop, as V8 runs it in a function
        const expected: unknown = new Function(`${body} return [f1, f2, f3];`)();
        assert.deepEqual((await runCell(`${body} [f1, f2, f3]`)).value, expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('copies are not made', () => {
  it('for a name that a parameter’s default sees', async () => {
    const { value } = await runCell(
      'let g1 = 0; function peek(a = g1) { let g1 = 99; return [a, g1][0] } const seen: number[] = []; for (let i = 0; i < 3; i++) { g1 += 1; seen.push(peek()) } seen',
    );
    assert.deepEqual(value, [1, 2, 3]);
  });
  it('where a function evaluates text', async () => {
    const { value } = await runCell(
      'let g2 = 0; function ev() { return eval("g2") } const saw: number[] = []; for (let i = 0; i < 3; i++) { g2 += 1; saw.push(ev()) } saw',
    );
    assert.deepEqual(value, [1, 2, 3]);
  });
});
