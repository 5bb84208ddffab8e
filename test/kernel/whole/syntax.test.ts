/** What TypeScript can say in a cell. */
import { describeCells } from './cells.ts';

describeCells('top-level await', {
  'comes after declarations': [
    ['const a = 1\nconst b = await Promise.resolve(a + 1)\nb * 2', '4'],
    ['b', '2'],
  ],
  'comes before declarations': [
    ['await null\nfunction afterAwait() { return 1 }\nclass AfterAwait {}\nconst after = 2'],
    ['[afterAwait(), after]', '[ 1, 2 ]'],
  ],
  'stands in loops': [
    [
      'const seen: number[] = []\nfor (const n of [1, 2, 3]) seen.push(await Promise.resolve(n))\nseen',
      '[ 1, 2, 3 ]',
    ],
    [
      'async function* numbers() { yield 1; yield 2 }\nlet total = 0\nfor await (const n of numbers()) total += n\ntotal',
      '3',
    ],
  ],
  'stands in the head of a loop, a condition and a template': [
    [
      'let text = ""\nfor (let i = await 0; i < await Promise.resolve(2); i++) text += `${await i}`\nif (await false) text = "never"\ntext',
      "'01'",
    ],
  ],
  'is the last expression': [
    ['await Promise.resolve({ a: 1 })', '{ a: 1 }'],
    ['(await Promise.resolve([1])).map((x) => x + 1)', '[ 2 ]'],
  ],
  'keeps the value of a last expression after it': [
    ['await null; 42', '42'],
    ['await null\n"value"', "'value'"],
  ],
  'stands in try, catch and finally': [
    [
      'try { await Promise.reject(new Error("caught")) } catch (e) { console.log(await (e as Error).message) } finally { await null; console.log("finally") }',
      { stdout: 'caught\nfinally\n' },
    ],
  ],
  'stands in destructuring defaults': [
    ['const { d = await Promise.resolve("default") } = {} as any\nd', "'default'"],
  ],
  'waits for thenables': [['await { then(resolve: (v: number) => void) { resolve(7) } } as any', '7']],
  'waits for timers': [['await new Promise((resolve) => setTimeout(resolve, 5, "timer"))', "'timer'"]],
});

describeCells('TypeScript', {
  'enums have numbers, names and strings': [
    ['enum Colour { Red, Green = 5, Blue }\nenum Word { A = "a", B = `b` }'],
    ['[Colour.Blue, Colour[0], Word.B]', "[ 6, 'Red', 'b' ]"],
    ['Colour', "{ '0': 'Red', '5': 'Green', '6': 'Blue', Red: 0, Green: 5, Blue: 6 }"],
  ],
  'const enums are values too': [
    ['const enum Flag { On = 1 << 3 }\nFlag.On', '8'],
    ['Flag.On', '8'],
  ],
  'an enum run again does not keep members of the last run': [
    ['enum Again { A, B }'],
    ['enum Again { A }\nAgain', "{ '0': 'A', A: 0 }"],
  ],
  'namespaces merge inside of a cell': [
    ['namespace N { export const a = 1 }\nnamespace N { export const b = N.a + 1 }\nN', '{ a: 1, b: 2 }'],
    ['namespace N { export const c = 3 }\nN', '{ c: 3 }'],
  ],
  'namespaces nest': [
    ['namespace Outer.Inner { export const deep = 1 }\nOuter.Inner.deep', '1'],
    ['Outer.Inner.deep', '1'],
  ],
  'a namespace merges with its class': [['class M {}\nnamespace M { export const extra = 1 }\nM.extra', '1']],
  'parameter properties are assigned': [
    [
      'class P { constructor(private readonly a: number, public b = 2) {} sum() { return this.a + this.b } }\nnew P(1).sum()',
      '3',
    ],
  ],
  'abstract classes, overrides and implements are erased': [
    [
      'interface Shape { area(): number }\nabstract class Base implements Shape { abstract area(): number; declare x: number }\nclass Square extends Base { override area() { return 4 } }\nnew Square().area()',
      '4',
    ],
  ],
  'private names and static blocks work': [
    ['class S { static #n = 1; static { S.#n += 1 } static get n() { return S.#n } }\nS.n', '2'],
  ],
  'accessor makes a getter and a setter': [
    ['class Acc { accessor value = 1 }\nconst acc = new Acc(); acc.value += 1\nacc.value', '2'],
    ['acc.value', '2'],
  ],
  'class decorators give the class that later cells see': [
    [
      'function counted(c: any, _: ClassDecoratorContext): any { return class extends c { extra = "decorated" } }\n@counted class One {}\nnew One().extra',
      "'decorated'",
    ],
    ['new (One as any)().extra', "'decorated'"],
    ['@counted class Two {}\nnew (Two as any)().extra', "'decorated'"],
    ['[(new One() as any).extra, (new (Two as any)()).extra]', "[ 'decorated', 'decorated' ]"],
  ],
  'two decorated classes stand in one cell': [
    [
      'const tag = (name: string) => (c: any, _: ClassDecoratorContext): void => { c.tag = name }\n@tag("a") class TagA {}\n@tag("b") class TagB {}\n[(TagA as any).tag, (TagB as any).tag]',
      "[ 'a', 'b' ]",
    ],
    ['[(TagA as any).tag, (TagB as any).tag]', "[ 'a', 'b' ]"],
  ],
  'member decorators wrap methods and fields': [
    [
      'const twice = (f: any, _: ClassMethodDecoratorContext) => function (this: any, ...a: any[]) { return f.call(this, ...a) * 2 }\nconst plus = (_: undefined, __: ClassFieldDecoratorContext) => (v: number) => v + 1\nclass Dec { @plus n = 1; @twice get(): number { return this.n } }\nnew Dec().get()',
      '4',
    ],
  ],
  'an exported decorated class is seen too': [
    [
      'const mark = (c: any, _: any) => { c.marked = true }\n@mark export class Marked {}\n(Marked as any).marked',
      'true',
    ],
    ['(Marked as any).marked', 'true'],
  ],
  'using disposes at the end of the cell, in reverse order': [
    [
      'const res = (n: string) => ({ [Symbol.dispose]() { console.log("dispose", n) } })\nusing one = res("one")\nusing two = res("two")\nconsole.log("body")\n"value"',
      { stdout: 'body\ndispose two\ndispose one\n', result: "'value'" },
    ],
    [
      '{ using three = res("three"); console.log("in") }\nconsole.log("out")',
      { stdout: 'in\ndispose three\nout\n' },
    ],
  ],
  'await using waits for the disposal': [
    [
      'await using slow = { async [Symbol.asyncDispose]() { await null; console.log("disposed") } }\nconsole.log("body")',
      { stdout: 'body\ndisposed\n' },
    ],
  ],
  'generic arrows are no JSX': [
    ['const id = <T>(x: T) => x\nid(1)', '1'],
    ['const id2 = <T,>(x: T): T => x\nid2<string>("a")', "'a'"],
    ['const cast = <any>1\ncast', '1'],
  ],
  'overloads and this parameters are erased': [
    [
      'function over(a: string): string\nfunction over(a: number): number\nfunction over(this: void, a: any) { return a }\nover(1)',
      '1',
    ],
  ],
  'type assertions, non-null and satisfies are erased': [
    [
      'let v = (1 as unknown as string)!\nconst o = { a: 1 } satisfies Record<string, number>\n[v, o]',
      '[ 1, { a: 1 } ]',
    ],
  ],
  'types, interfaces and declares leave nothing': [
    [
      'type A = { a: number }\ninterface B extends A {}\ndeclare const ghost: number\ndeclare function spook(): void\ndeclare module "nowhere" {}\ndeclare global { interface Window {} }',
    ],
    ['typeof ghost', "'undefined'"],
  ],
  'optional chaining, nullish assignment and bigint literals work': [
    ['let n2: any = null\nn2 ??= { a: { b: 1n } };\n[n2?.a?.b, n2.c?.d]', '[ 1n, undefined ]'],
  ],
  'import = require is read': [
    ['import os = require("node:os")\ntypeof os.cpus', "'function'"],
    ['typeof os.cpus', "'function'"],
  ],
  'an import alias of a namespace is read': [
    ['namespace Al { export namespace Ias { export const v = 1 } }\nimport Short = Al.Ias\nShort.v', '1'],
    ['Short.v', '1'],
  ],
  'labels, switch and comma work': [
    [
      'outer: for (let i = 0; ; i++) { switch (i) { case 3: break outer; default: continue outer } }\n"left"',
      "'left'",
    ],
  ],
  'unicode names and escapes work': [
    [
      'const größe = 1, $dollar = 2, _under = 3, 名前 = "\\u{1F600}";\n[größe, $dollar, _under, 名前]',
      "[ 1, 2, 3, '😀' ]",
    ],
  ],
  'Windows line ends are line ends': [
    ['const crlf = 1\r\ncrlf + 1\r\n', '2'],
    [
      'throw new Error("x")\r\n',
      { error: 'Error: x', traceback: /^In \[2\]:1:7\n {4}throw new Error\("x"\)\n {10}\^/ },
    ],
  ],
  'a byte order mark and a hash-bang are no code': [
    ['\uFEFF1 + 1', '2'],
    ['#!/usr/bin/env tsloop\n1 + 2', '3'],
  ],
  'cells are strict code': [
    ['(function () { return this === undefined })()', 'true'],
    ['with ({}) {}', { error: /^SyntaxError: / }],
  ],
});

const react =
  'const React = { createElement: (type: any, props: any, ...children: any[]) => ({ type: type.name ?? type, props, children }), Fragment: "fragment" }';

describeCells('JSX', {
  'calls the React that a cell defines': [
    [react],
    ['<a href="x">{1 + 1} text</a>', "{ type: 'a', props: { href: 'x' }, children: [ 2, ' text' ] }"],
    [
      '<><b/></>',
      "{\n  type: 'fragment',\n  props: null,\n  children: [ { type: 'b', props: null, children: [] } ]\n}",
    ],
    [
      'const Hello = (props: { name: string }) => <i>{props.name}</i>;\n<Hello name="you" {...{ more: 1 }} />',
      "{ type: 'Hello', props: { name: 'you', more: 1 }, children: [] }",
    ],
  ],
  'stands beside generics': [
    [react],
    [
      'const pair = <A, B>(a: A, b: B) => <p>{a}{b}</p>\npair(1, 2)',
      "{ type: 'p', props: null, children: [ 1, 2 ] }",
    ],
  ],
  'without a React says so': [
    ['const React = undefined as any;\n<a/>', { error: /^TypeError: .*createElement/ }],
  ],
});

describeCells('exports in a cell', {
  'are tolerated and declare their names': [
    [
      'export const a = 1\nexport function b() { return 2 }\nexport class C {}\nexport enum D { E }\nexport let f = 3, g = 4',
    ],
    ['[a, b(), new C(), D.E, f, g]', '[ 1, 2, C {}, 0, 3, 4 ]'],
  ],
  'a list of names is tolerated': [
    ['const listed = 1\nexport { listed, listed as other }\nexport {}'],
    ['listed', '1'],
  ],
  'a default expression is the result': [
    ['export default 1 + 1', '2'],
    ['export default { a: 1 }', '{ a: 1 }'],
  ],
  'a default function and class keep their names': [
    ['export default function main() { return 1 }'],
    ['main()', '1'],
    ['export default class Main {}'],
    ['new Main()', 'Main {}'],
  ],
  'an unnamed default function does no harm': [
    ['export default function () {}'],
    ['export default class {}'],
    ['export default () => 1', '[Function (anonymous)]'],
  ],
  'types and re-exports are tolerated': [
    ['export type T = 1\nexport interface I {}\nexport type { T as U }'],
    ['export { sep } from "node:path"\nexport * from "node:os"\nexport * as fs2 from "node:fs"'],
  ],
});
