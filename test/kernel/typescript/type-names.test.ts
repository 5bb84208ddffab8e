import assert from 'node:assert/strict';
import { typeOfDeclaration } from '../../../kernel/typescript/type-names.ts';

describe('the type of a name', () => {
  const declarations: ReadonlyArray<readonly [name: string, declaration: string, type: string | undefined]> =
    [
      ['n', 'const n: 5', '5'],
      ['s', 'let s: string', 'string'],
      ['v', 'var v: {\n    a: number;\n    b: string;\n}', '{ a: number; b: string; }'],
      ['it', '(alias) const it: number\nimport it', 'number'],
      ['any', 'const any: any', undefined],
      ['f', 'function f(a: number, b?: string): string', '(a: number, b?: string) => string'],
      [
        'g',
        'function g<T extends { a: string }>(a: (x: T) => void): Promise<T>',
        '<T extends { a: string }>(a: (x: T) => void) => Promise<T>',
      ],
      ['A', 'class A', 'typeof A'],
      ['B', 'abstract class B', 'typeof B'],
      ['E', 'enum E', 'typeof E'],
      ['N', 'namespace N', 'typeof N'],
      ['x', 'const xy: number', undefined],
      ['t', 'type t = number', undefined],
      ['u', 'any', undefined],
    ];
  for (const [name, declaration, type] of declarations) {
    it(`${declaration.replaceAll('\n', ' ')} is ${type ?? 'not known'}`, () => {
      assert.equal(typeOfDeclaration(declaration, name), type);
    });
  }
});
