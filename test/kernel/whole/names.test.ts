/** Names that cells declare, declare anew, and use from each other. */
import { type Claims, describeCells, type Step } from './cells.ts';

/** Each kind of declaration of `x`, and what `describe(x)` then gives. */
const kinds: Readonly<Record<string, readonly [declaration: string, type: string]>> = {
  let: ['let x = 1', 'number'],
  const: ['const x = "a"', 'string'],
  var: ['var x = true', 'boolean'],
  function: ['function x() {}', 'function'],
  class: ['class x { static kind = "class" }', 'function'],
  enum: ['enum x { A }', 'object'],
  namespace: ['namespace x { export const y = 1 }', 'object'],
  import: ['import * as x from "node:path"', 'object'],
  destructuring: ['const { x } = { x: 1n }', 'bigint'],
  'decorated class': ['const keep = (v: any, _: any): any => v;\n@keep class x {}', 'function'],
};

const redeclarations: Claims = Object.fromEntries(
  Object.entries(kinds).map(([first, [before, type]]) => [
    `a ${first} is declared anew as any other kind`,
    Object.values(kinds).flatMap(([after, newType]): Step[] => [
      [before],
      ['typeof x', `'${type}'`],
      [after],
      ['typeof x', `'${newType}'`],
    ]),
  ]),
);

describeCells('declaring a name again', {
  ...redeclarations,
  'a function sees what its name is later declared as': [
    ['let rate = 2\nfunction price(n: number) { return n * rate }'],
    ['price(3)', '6'],
    ['const rate = 10'],
    ['price(3)', '30'],
    ['function rate() {}'],
    ['price(3)', 'NaN'],
  ],
  'a function calls the later definition of another': [
    ['function helper() { return "old" }\nconst caller = () => helper()'],
    ['caller()', "'old'"],
    ['function helper() { return "new" }'],
    ['caller()', "'new'"],
    ['const helper = () => "newest"'],
    ['caller()', "'newest'"],
  ],
  'an instance of an earlier class is none of its later namesake': [
    ['class K {}\nconst k = new K()'],
    ['class K {}'],
    ['k instanceof K', 'false'],
  ],
  'a cell may be run twice': [
    ['const again = Math.PI\nclass Again {}\nfunction once() {}\nenum Twice { A }\nimport fs from "node:fs"'],
    ['const again = Math.PI\nclass Again {}\nfunction once() {}\nenum Twice { A }\nimport fs from "node:fs"'],
    ['[again === Math.PI, new Again(), Twice.A]', '[ true, Again {}, 0 ]'],
  ],
  'a name may shadow a global': [
    ['const console2 = console; const name = "n", status = 1, fetch = 2'],
    ['[name, status, fetch]', "[ 'n', 1, 2 ]"],
  ],
  'a var without a value keeps the one that it has': [['var kept = 1'], ['var kept'], ['kept', '1']],
  'a let without a value starts anew': [['let fresh = 1'], ['let fresh: any'], ['fresh']],
  'a function with a var of its own does not touch the session': [
    ['var outer = 1; function inner() { var outer = 2; return outer }'],
    ['[inner(), outer]', '[ 2, 1 ]'],
  ],
});

describeCells('names across cells', {
  'cells may be run out of order': [
    ['function useLater() { return later }'],
    ['useLater()', { error: 'ReferenceError: later is not defined' }],
    ['const later = 1'],
    ['useLater()', '1'],
  ],
  'what was declared before an error stays': [
    [
      'const early = 1\nfunction hoistedToo() { return 2 }\nthrow new Error("half way")\nconst never = 3',
      { error: 'Error: half way' },
    ],
    ['early + hoistedToo()', '3'],
    ['const never = 4\nnever', '4'],
  ],
  'a let whose value could not be made may be declared again': [
    ['let broken = (() => { throw new Error("no value") })()', { error: 'Error: no value' }],
    ['let broken = 1\nbroken', '1'],
    ['const broken2 = (() => { throw new Error("no value") })()', { error: 'Error: no value' }],
    ['const broken2 = 2\nbroken2', '2'],
    ['class Broken { static x = (() => { throw new Error("no value") })() }', { error: 'Error: no value' }],
    ['class Broken { static x = 3 }\nBroken.x', '3'],
  ],
  'a function may be called above its line': [
    ['above()\nfunction above() { return "hoisted" }'],
    ['above()', "'hoisted'"],
  ],
  'a var inside a block belongs to the cell': [
    ['if (true) { var inBlock = 1 }\nfor (var i = 0; i < 3; i++) { var inLoop = i }'],
    ['[inBlock, i, inLoop]', '[ 1, 3, 2 ]'],
  ],
  'a let inside a block does not': [['{ let inner1 = 1 }'], ['typeof inner1', "'undefined'"]],
  'a loop over var names': [
    ['for (var key in { a: 1, b: 2 });\nfor (var [p, q] of [[1, 2], [3, 4]]);\n[key, p, q]', "[ 'b', 3, 4 ]"],
  ],
  'destructuring declares every name': [
    ['const { a, b: { c: [d, ...e] }, f = 6, ...g } = { a: 1, b: { c: [4, 5, 6] }, h: 8 } as any'],
    ['[a, d, e, f, g]', '[ 1, 4, [ 5, 6 ], 6, { h: 8 } ]'],
    ['var [m = 1, [n]] = [undefined, [2]]\nlet { [`k${m}`]: o } = { k1: 3 }'],
    ['[m, n, o]', '[ 1, 2, 3 ]'],
  ],
  'destructuring assigns to earlier names': [
    ['let left = 1, right = 2'],
    ['[left, right] = [right, left];\n({ left } = { left: left * 10 });0', '0'],
    ['[left, right]', '[ 20, 1 ]'],
  ],
  'a name assigned without a declaration is an error': [
    ['undeclared = 1', { error: 'ReferenceError: undeclared is not defined' }],
  ],
  'globalThis is shared by cells': [
    ['globalThis.shared = 1', '1'],
    ['shared', '1'],
  ],
  'this is the global object or undefined, never the kernel': [
    ['[undefined, globalThis].includes(this as any)', 'true'],
  ],
  'several declarations in one statement': [
    ['let one = 1, two = one + 1, three = () => two'],
    ['three()', '2'],
  ],
  'a generator and an async function stay what they are': [
    ['function* gen() { yield 1 }\nasync function later2() { return 2 }\nasync function* both() { yield 3 }'],
    ['[[...gen()], await later2(), (await both().next()).value]', '[ [ 1 ], 2, 3 ]'],
  ],
  'functions keep their names': [
    ['function named() {}\nconst arrow = () => {}\nclass Klass {}'],
    ['[named.name, arrow.name, Klass.name]', "[ 'named', 'arrow', 'Klass' ]"],
  ],
  'the kernel leaves no names of its own among the globals': [
    ['Object.keys(globalThis).filter((k) => /tsloop/i.test(k))', '[]'],
  ],
});
