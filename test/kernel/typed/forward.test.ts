/** Functions that mention what only a later cell declares. */
import type { Outcome } from '../whole/cells.ts';
import { describeTyped, typeOf, types } from './steps.ts';

/** The cell runs, and says which names are not known yet. */
function later(...names: readonly string[]): Outcome {
  const lines = names.map((name) => String.raw`- warning TS\d+: .*'${name}'.*\n(?:    .*\n){2}`);
  const pattern = `^${lines.map((line) => String.raw`In \[\d+\]:\d+:\d+ ${line}`).join('')}\\w+ may be declared later,.*\n$`;
  return { stderr: new RegExp(pattern) };
}

describeTyped('a function that mentions a name before its declaration', {
  'runs, says so, and has the type of the name once that is declared': [
    ['function f() { return g(); }', later('g')],
    ['function g() { return 1 }'],
    ['f()', '1'],
    typeOf('f()', 'number'),
    ['f().nope', types('2339 1:5 nope')],
    ['function g() { return "text" }'],
    typeOf('f()', 'string'),
  ],
  'fails when it is called too early, as it does in JavaScript': [
    ['function early() { return missing1(); }', later('missing1')],
    ['early()', { error: 'ReferenceError: missing1 is not defined' }],
    ['const missing1 = () => true'],
    ['early()', 'true'],
    typeOf('early()', 'boolean'),
  ],
  'may wait for several, of every kind': [
    [
      'const report = () => [new Model1().id, Level1.High, limit1, helper1(2)]',
      later('Model1', 'Level1', 'limit1', 'helper1'),
    ],
    ['class Model1 { id = "m" }\nenum Level1 { High = 3 }'],
    ['let limit1 = 5, { helper1 } = { helper1: (n: number) => n * 2 }'],
    ['report()', "[ 'm', 3, 5, 4 ]"],
    typeOf('report()', '(string | number)[]'),
  ],
  'passes its new type on to those that call it': [
    ['function inner1() { return source1() }', later('source1')],
    ['const outer1 = () => [inner1()]'],
    ['function source1() { return 2n }'],
    typeOf('outer1()', 'bigint[]'),
  ],
  'may wait for a type': [
    ['function describe1(p: Person1) { return p.name }', later('Person1')],
    ['interface Person1 { name: string }'],
    ['describe1({ name: 1 })', types('2322 1:13 name')],
    ['describe1({ name: "Ada" })', "'Ada'"],
  ],
  'may be a method, an arrow in an object, or recursive over cells': [
    ['class Engine1 { start() { return ignite1() } }', later('ignite1')],
    [
      'const handlers1 = { open: () => onOpen1(), close() { return onClose1() } }',
      later('onOpen1', 'onClose1'),
    ],
    ['function even1(n: number): boolean { return n === 0 || odd1(n - 1) }', later('odd1')],
    ['function odd1(n: number): boolean { return n !== 0 && even1(n - 1) }'],
    ['const ignite1 = () => "on", onOpen1 = () => 1, onClose1 = () => 2'],
    ['[new Engine1().start(), handlers1.open(), handlers1.close(), even1(7)]', "[ 'on', 1, 2, false ]"],
  ],
  'may mention it as a property or as a component': [
    ['const pack1 = () => ({ packed1 })', later('packed1')],
    ['const App1 = () => <Row1 />', later('Row1')],
    ['const packed1 = 1, Row1 = () => <tr />'],
    ['pack1()', '{ packed1: 1 }'],
    typeOf('pack1()', '{ packed1: number; }'),
    ['(App1() as any).type === Row1', 'true'],
  ],
  'may resemble another name of the session': [
    ['const getUser1 = () => getUsers1()', later('getUsers1')],
    ['const getUsers1 = () => [getUser2()]', later('getUser2')],
    ['const getUser2 = () => 1'],
    ['getUser1()', '[ 1 ]'],
  ],
  'may wait for a global': [
    ['function shared1() { return everywhere1.length }', later('everywhere1')],
    ['globalThis.everywhere1 = [1];0', '0'],
    ['shared1()', '1'],
    typeOf('shared1()', 'number'),
  ],
  'may get the name from the same name in another cell that failed': [
    ['function waits1() { return [first1(), second1()] }', later('first1', 'second1')],
    ['const first1 = () => 1;\nthrow new Error("stop");\nconst second1 = () => 2', { error: 'Error: stop' }],
    ['waits1()', { error: /^ReferenceError: second1/ }],
    ['const second1 = () => 2'],
    ['waits1()', '[ 1, 2 ]'],
    typeOf('waits1()', 'number[]'),
  ],
  'is an error where the cell calls it itself': [
    ['function f2() { return nowhere2() }\nf2()', types('2304 1:24 nowhere2')],
    ['new (class { run() { return nowhere2() } })().run()', types('2304 1:29 nowhere2')],
    ['[1, 2].map((n) => nowhere2(n))', types('2304 1:19 nowhere2')],
    ['console.log("not printed"); (() => nowhere2)()', types('2304 1:36 nowhere2')],
  ],
  'is an error where the name resembles one of its own or of a library, or is one of a browser': [
    ['function area2(radius: number) { return Math.PI * raduis ** 2 }', types('2552 1:51 raduis')],
    ['const round2 = (n: number) => Maths.round(n)', { error: /'Maths'. Did you mean 'Math'/ }],
    ['const title2 = () => document.title', types('2584 1:22 document')],
  ],
  'is an error beside another error, and both are told': [
    [
      'function f3(): number { return later3() }\nconst wrong3: number = "3"',
      types('2304 1:32 later3', '2322 2:7 wrong3'),
    ],
    ['function f3(): number { return "3" + later3() }', types('2322 1:25 return', '2304 1:38 later3')],
    ['f3', types('2304 1:1 f3')],
  ],
});

describeTyped('a name that is awaited where errors are warnings', {
  'has its type once it is declared': [
    ['%typecheck warn'],
    ['function loose1() { return awaited1() }', { warnings: ['2304 1:28 awaited1'] }],
    ['function awaited1() { return 1n }'],
    ['%typecheck on'],
    typeOf('loose1()', 'bigint'),
  ],
});
