import assert from 'node:assert/strict';
import { signatureIn } from '../../../../kernel/front/completion/signature.ts';

const claims: ReadonlyArray<readonly [detail: string, name: string, signature: string | undefined]> = [
  ['(method) greet(word: string): string', 'greet', '(word: string): string'],
  [
    '(method) Array<number>.at(index: number): number | undefined',
    'at',
    '(index: number): number | undefined',
  ],
  ['(property) User.age: number', 'age', 'number'],
  ['(property) Options.size?: number | undefined', 'size', 'number | undefined'],
  ['(property) Console.Console: console.ConsoleConstructor', 'Console', 'console.ConsoleConstructor'],
  ['function parse(text: string): unknown', 'parse', '(text: string): unknown'],
  ['(alias) function parse(text: string): unknown\nimport parse', 'parse', '(text: string): unknown'],
  ['function pad<T>(of: T): T', 'pad', '<T>(of: T): T'],
  ['function one(a: 1): 1\nfunction one(a: 2): 2', 'one', '(a: 1): 1 (+1 overload)'],
  [
    '(method) A.one(a: 1): 1\n(method) A.one(a: 2): 2\n(method) A.one(): 0',
    'one',
    '(a: 1): 1 (+2 overloads)',
  ],
  ['let plan: {\n    title: string;\n    next: number;\n}', 'plan', '{ title: string; next: number; }'],
  ['type Words = "a" | "b"', 'Words', '"a" | "b"'],
  ['class Shape', 'Shape', undefined],
  ['(alias) class Shape\nimport Shape', 'Shape', undefined],
  ['module "node:fs"', 'fs', undefined],
  ['', 'fs', undefined],
];

describe('the signature of a candidate', () => {
  for (const [detail, name, signature] of claims)
    it(`of ${JSON.stringify(detail)} is ${signature ?? 'not shown'}`, () =>
      assert.equal(signatureIn(detail, name), signature));

  it('is cut where it is too long for a list', () => {
    const signature = signatureIn(`let long: ${'string | '.repeat(100)}number`, 'long') ?? '';
    assert.ok(signature.length <= 200 && signature.endsWith('…'), signature);
  });
});
