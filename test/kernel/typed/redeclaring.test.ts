/** The scope of types is what the session really has: names that are declared anew, edited cells, any order. */
import type { Claims, Step } from '../whole/cells.ts';
import { describeTyped, typeOf, types } from './steps.ts';

/** A way to declare a name, and what a later cell then finds. */
interface Kind {
  declare(name: string): string;
  /** An expression that uses the name, by its own if left out. */
  use?(name: string): string;
  /** The type of that expression. */
  type(name: string): string;
  /** What it shows. A type has no value. */
  readonly value?: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  let: { declare: (n) => `let ${n} = 1`, type: () => 'number', value: '1' },
  const: { declare: (n) => `const ${n} = "text"`, type: () => '"text"', value: "'text'" },
  var: { declare: (n) => `var ${n} = [true]`, type: () => 'boolean[]', value: '[ true ]' },
  function: {
    declare: (n) => `function ${n}() { return 1n }`,
    use: (n) => `${n}()`,
    type: () => 'bigint',
    value: '1n',
  },
  class: {
    declare: (n) => `class ${n} { member = 1 as const }`,
    use: (n) => `new ${n}()`,
    type: (n) => n,
  },
  enum: { declare: (n) => `enum ${n} { A, B }`, use: (n) => `${n}[1]`, type: () => 'string', value: "'B'" },
  'const enum': {
    declare: (n) => `const enum ${n} { A = "a" }`,
    use: (n) => `${n}.A`,
    type: (n) => n,
    value: "'a'",
  },
  namespace: {
    declare: (n) => `namespace ${n} { export const y = { deep: 1 } }`,
    use: (n) => `${n}.y`,
    type: () => '{ deep: number; }',
    value: '{ deep: 1 }',
  },
  import: {
    declare: (n) => `import { join as ${n} } from "node:path"`,
    use: (n) => `${n}("a").length`,
    type: () => 'number',
    value: '1',
  },
  'namespace import': {
    declare: (n) => `import * as ${n} from "node:os"`,
    use: (n) => `${n}.EOL.length > 0`,
    type: () => 'boolean',
    value: 'true',
  },
  destructuring: {
    declare: (n) => `const { deep: { ${n} } } = { deep: { ${n}: /x/ } }`,
    type: () => 'RegExp',
    value: '/x/',
  },
};

/** The steps that declare a name and look what it is then. */
function declared(kind: Kind, name: string): Step[] {
  const use = kind.use?.(name) ?? name;
  const steps: Step[] = [[kind.declare(name)], typeOf(use, kind.type(name))];
  return kind.value === undefined ? steps : [...steps, [use, kind.value]];
}

/** Each kind with itself and with those below it, there and back. */
const pairs: Claims = Object.fromEntries(
  Object.entries(kinds).map(([first, before], index) => [
    `a ${first} takes and leaves the place of every other kind, with its type`,
    Object.values(kinds)
      .slice(index)
      .flatMap((after, other): Step[] => {
        const name = `${first.replace(' ', '')}${other}`;
        return [[before.declare(name)], ...declared(after, name), ...declared(before, name)];
      }),
  ]),
);

describeTyped('a name declared again', {
  ...pairs,
  'leaves no type of before': [
    ['const shape = { round: true }'],
    ['const shape = { corners: 4 }'],
    ['shape.round', types('2339 1:7 round')],
    ['shape.corners', '4'],
  ],
  'is told from the older one by its cell': [
    ['class Point { x = 1 }\nconst point = new Point()'],
    ['class Point { y = 1 }'],
    [
      'const moved: Point = point',
      {
        types: ['2741 1:7 moved'],
        traceback: /missing in type 'In \[1\]\.Point' but required in type 'In \[2\]\.Point'/,
      },
    ],
    [
      'class Point { z = 1 }\nconst third: Point = point',
      {
        types: ['2741 2:7 third'],
        traceback: /missing in type 'In \[1\]\.Point' but required in type 'In \[4\]\.Point'/,
      },
    ],
  ],
  'as a type has the newer type': [
    ['interface Size { w: number }'],
    ['const s1: Size = { w: 1 }'],
    ['interface Size { h: number }'],
    ['const s2: Size = { w: 1 }', types('2353 1:20 w')],
    ['const s2: Size = { h: 1 }'],
    ['type Size = "small" | "large"'],
    ['const s3: Size = "medium"', types('2322 1:7 s3')],
    ['const s3: Size = "small"\ns3', "'small'"],
    ['class Size { n = 1 }'],
    ['const s4: Size = new Size()\ns4.n', '1'],
    ['const s5: Size = "small"', types('2322 1:7 s5')],
  ],
  'as a value keeps the type of the same name': [
    ['interface Point { x: number }'],
    ['const Point = { origin: { x: 0 } }'],
    ['const p: Point = Point.origin\np.x', '0'],
    ['interface Point { x: number; y: number }'],
    ['const q: Point = Point.origin', types('2741 1:7 q')],
    typeOf('Point', '{ origin: { x: number; }; }'),
  ],
  'as a type keeps the value of the same name': [
    ['const unit = 1'],
    ['type unit = "cm"'],
    ['unit + 1', '2'],
    ['const u: unit = "cm"\nu', "'cm'"],
    ['const v: unit = "m"', types('2322 1:7 v')],
  ],
  'keeps the type in what was made of it before': [
    ['class Money { cents = 1 }\nconst old = new Money()'],
    ['class Money { euros = 2 }'],
    ['old.cents', '1'],
    ['old.euros', types('2339 1:5 euros')],
    ['new Money().euros', '2'],
    ['const mixed: Money = old', types('2741 1:7 mixed')],
  ],
  'with a private member makes a class that the older is not': [
    ['class Safe { #key = 1; open() { return this.#key } }\nconst safe = new Safe()'],
    ['class Safe { #key = 2; open() { return this.#key } }'],
    ['const sameName: Safe = safe', types('2322 1:7 sameName')],
    ['safe.open() + new Safe().open()', '3'],
  ],
  'in one cell with the old value in it takes its type over': [
    ['let count: any = "5"'],
    ['var num = Number(count)'],
    ['const text = num.toFixed(1)\nlet num2 = num + 1'],
    ['text.length + num2', '9'],
    typeOf('[text, num2]', '(string | number)[]'),
  ],
  'is what functions of earlier cells call': [
    ['function helper() { return 1 }\nfunction caller() { return helper() }'],
    ['function helper() { return "text" }'],
    ['caller()', "'text'"],
    ['helper().length', '4'],
    ['function caller() { return helper() }'],
    ['caller().length', '4'],
  ],
  'is what a constant of an earlier function reads': [
    ['let rate = 2\nfunction price(n: number) { return n * rate }'],
    ['const rate = 10'],
    ['price(3)', '30'],
    ['price("3")', types('2345 1:7 "3"')],
    ['rate = 1', types('2588 1:1 rate')],
  ],
  'may shadow a global, and be its own type then': [
    ['const name = "n", status = 1, fetch = (n: number) => n'],
    ['fetch("url")', types('2345 1:7 "url"')],
    ['fetch(status) + name', "'1n'"],
    ['const URL = { of: 1 }'],
    ['URL.of', '1'],
    ['new URL("x")', types('2351 1:5 URL')],
  ],
  'may be called as a type of the library': [
    ['type Record = { title: string }\ninterface Map { size: "big" }'],
    ['const r: Record = { title: "t" }, m: Map = { size: "big" }\nr.title + m.size', "'tbig'"],
    ['const r2: Record<string, number> = {}', types('2315 1:11 Record<string, number>')],
    ['new Map([[1, 2]]).get(1)', '2'],
  ],
});

describeTyped('a cell run again', {
  'may be run without a change': [
    [
      'const same = 1\nclass Same { a = same }\ntype SameType = Same\nenum SameEnum { A }\nimport fs from "node:fs"',
    ],
    [
      'const same = 1\nclass Same { a = same }\ntype SameType = Same\nenum SameEnum { A }\nimport fs from "node:fs"',
    ],
    [
      'const again: SameType = new Same();\n[again.a, SameEnum.A, typeof fs.statSync]',
      "[ 1, 0, 'function' ]",
    ],
  ],
  'and edited has the edited types': [
    ['const data = { rows: [1, 2] }'],
    ['data.rows.map((r) => r.toFixed())', "[ '1', '2' ]"],
    ['const data = { rows: ["a", "b"] }'],
    ['data.rows.map((r) => r.toFixed())', types('2551 1:24 toFixed')],
    ['data.rows.map((r) => r.toUpperCase())', "[ 'A', 'B' ]"],
  ],
  'without one of its names leaves the name of the first run': [
    ['const kept = 1, changed = 2'],
    ['const changed = "two"'],
    ['kept + changed.length', '4'],
  ],
  'may use the name that it declares': [
    ['let acc = [1]'],
    ['acc = [...acc, 2]', '[ 1, 2 ]'],
    ['acc = [...acc, 3]\nacc', '[ 1, 2, 3 ]'],
    ['acc = "text"', types('2322 1:1 acc')],
    ['acc', '[ 1, 2, 3 ]'],
  ],
  'after it was refused is checked anew': [
    ['const answer: number = "42"', types('2322 1:7 answer')],
    ['answer', types('2304 1:1 answer')],
    ['const answer: number = 42'],
    ['answer', '42'],
  ],
  'in another order finds what is declared by then': [
    ['const total = first + second', types('2304 1:15 first', '2304 1:23 second')],
    ['const second = 2'],
    ['const total = first + second', types('2304 1:15 first')],
    ['const first = 1'],
    ['const total = first + second\ntotal', '3'],
  ],
  'below the cell that used it changes the type for the next run': [
    ['let unit = 1'],
    ['const double = unit * 2\ndouble', '2'],
    ['let unit = "1"'],
    ['const double = unit * 2', types('2362 1:16 unit')],
    ['double', '2'],
  ],
  'with a function that was edited has the new signature': [
    ['function greet(name: string) { return `hello ${name}` }'],
    ['greet("a")', "'hello a'"],
    ['function greet(name: string, times: number) { return `hello ${name}`.repeat(times) }'],
    ['greet("a")', types('2554 1:1 greet')],
    ['greet("a", 2)', "'hello ahello a'"],
  ],
});

describeTyped('assignment to names of earlier cells', {
  'keeps the type of the declaration': [
    ['let n = 1, s = "a", o = { a: 1 }'],
    ['n = 2; s += "b"; o.a = n', '2'],
    ['[n, s, o]', "[ 2, 'ab', { a: 2 } ]"],
    ['n = "three"', types('2322 1:1 n')],
    ['o = { b: 1 }', types('2353 1:7 b')],
    ['n++; n **= 2; [n, s] = [n + 1, s + "c"]; ({ a: n } = o);\nn', '2'],
    ['s', "'abc'"],
  ],
  'is refused for what is constant': [
    ['const c = 1\nfunction f() {}\nclass C {}\nenum E { A }\nimport os from "node:os"'],
    ['c = 2', types('2588 1:1 c')],
    ['f = 2', types('2630 1:1 f')],
    ['C = 2', types('2629 1:1 C')],
    ['E = 2', types('2628 1:1 E')],
    ['os = 2', types('2632 1:1 os')],
    ['c', '1'],
  ],
  'gives a variable without a type its values': [
    ['let later'],
    ['later = 5', '5'],
    ['later + 1', '6'],
    ['let nothing = null'],
    ['nothing = { a: 1 }', '{ a: 1 }'],
    ['nothing.a', '1'],
  ],
  'of elements fills an empty list': [
    ['const list = []'],
    ['list.push(1)', '1'],
    ['list', '[ 1 ]'],
    ['const typed: string[] = []'],
    ['typed.push(1)', types('2345 1:12 1')],
  ],
  'from within a function is seen': [
    ['let hits = 0\nconst hit = () => { hits += 1; return hits }'],
    ['hit(); hit()\nhits', '2'],
    ['function reset() { hits = 0 }\nreset()\nhits', '0'],
    ['function wrong() { hits = "0" }', types('2322 1:20 hits')],
  ],
  'of a name that is nowhere is refused': [
    ['undeclared = 1', types('2304 1:1 undeclared')],
    ['typeof undeclared', types('2304 1:8 undeclared')],
  ],
  'with a declared union takes each of its members': [
    ['let id: string | number'],
    ['id = 1', '1'],
    ['id = "a"\nid', "'a'"],
    ['id = true', types('2322 1:1 id')],
    ['let state: "on" | "off" = "on"'],
    ['state = "off"', "'off'"],
    ['state = "of"', types('2322 1:1 state')],
  ],
});

describeTyped('functions of earlier cells', {
  'have the type of what they call now': [
    ['function source() { return 1 }\nfunction middle() { return source() }\nconst outer = () => [middle()]'],
    typeOf('outer()', 'number[]'),
    ['function source() { return "text" }'],
    typeOf('outer()', 'string[]'),
    ['outer()[0]?.length', '4'],
    ['const source = () => true'],
    typeOf('middle()', 'boolean'),
    ['middle()', 'true'],
  ],
  'have the type of the variables that they read now': [
    ['let settings = { size: 1 }\nfunction size() { return settings.size }'],
    ['let settings = { size: "big" }'],
    ['size().length', '3'],
    ['let settings = { weight: 1 }'],
    ['size()'],
  ],
  'keep the types that they were written with': [
    ['interface Made { a: number }\nlet seed = 1\nfunction make(): Made { return { a: seed } }'],
    ['interface Made { b: string }'],
    ['let seed = 2'],
    ['make().a', '2'],
    ['make().b', types('2339 1:8 b')],
  ],
  'keep their parameters, overloads and type parameters': [
    [
      'let by = 1\nfunction scale(v: string): string\nfunction scale(v: number): number\nfunction scale(v: any) { return typeof v === "number" ? v * Number(by) : v }\nconst pick = <T,>(list: T[]): T | undefined => list[Number(by) - 1]',
    ],
    ['let by = "2"'],
    ['scale("a").length + scale(2)', '5'],
    ['scale(true)', types('2769 1:7 true')],
    ['pick(["a", "b"])?.length', '1'],
    typeOf('pick([1])', 'number | undefined'),
  ],
  'may call themselves and each other': [
    [
      'const step = 1\nfunction even(n: number): boolean { return n <= 0 || odd(n - step) }\nfunction odd(n: number): boolean { return n > 0 && even(n - step) }',
    ],
    ['even(4)', 'true'],
    ['const step = 3'],
    ['even(4)', 'true'],
    ['even("4")', types('2345 1:6 "4"')],
  ],
  'that are exported follow as well': [
    ['let word = 1\nexport default function main() { return word }\nexport function other() { return word }'],
    ['let word = "text"'],
    ['main().length + other().length', '8'],
  ],
});

const fillers = Array.from({ length: 150 }, (_, n): Step => [`const filler = { filler${n}: ${n} }`]);

/** Each declares a name of its own: all of them stay. */
const others: readonly Step[] = Array.from({ length: 300 }, (_, i): Step => [
  `const other${i} = [${i}];0`,
  '0',
]);

describeTyped('after hundreds of cells', {
  'what nothing has used meanwhile has its type, and so have later cells that used it': [
    [
      'interface Old { list: string[] }\nclass Base { kind = "root" as const }\nconst old: Old = { list: ["a"] };0',
      '0',
    ],
    ['class Next extends Base { more = old }\nfunction next() { return new Next() };0', '0'],
    ...others,
    typeOf('next().more.list', 'string[]'),
    typeOf('new Base().kind', '"root"'),
    ['const wrong: number = next().kind', types('2322 1:7 wrong')],
    ['const other: Old = { list: [1] }', types('2322 1:29 1')],
    typeOf('other150', 'number[]'),
    ['next().more.list[0]?.length', '1'],
  ],
  'a name and a global have the types that their cells gave them': [
    ['declare global { var everywhere: { deep: number } }\nglobalThis.everywhere = { deep: 1 };0', '0'],
    ['interface Deep { value: { list: string[] } }\nclass Root { kind = "root" as const }'],
    ['const held: Deep = { value: { list: ["a"] } }\nclass Leaf extends Root { leaf = true }'],
    // From here on only `held` and `Leaf` know of the first cell.
    ['interface Deep { other: number }\nclass Root { renamed = 1 }'],
    ...fillers,
    typeOf('held.value.list', 'string[]'),
    typeOf('new Leaf().kind', '"root"'),
    typeOf('filler', '{ filler149: number; }'),
    ['held.value.list[0]?.length', '1'],
    ['const mixed: Deep = held', types('2741 1:7 mixed')],
    ['everywhere.deep', '1'],
    ['everywhere.nope', types('2339 1:12 nope')],
  ],
});
