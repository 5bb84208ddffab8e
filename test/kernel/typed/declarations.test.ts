/** What cells declare, as later cells see it. */
import { describeTyped, typeOf, types } from './steps.ts';

describeTyped('a class', {
  'keeps its private members to itself': [
    [
      'class Vault { #key = 1; private pin = 2; protected owner = "me"; open() { return this.#key + this.pin } }',
    ],
    ['const vault = new Vault()\nvault.open()', '3'],
    ['vault.pin', types('2341 1:7 pin')],
    ['vault.owner', types('2445 1:7 owner')],
    ['vault.#key', { error: /./ }],
    ['class Heir extends Vault { tell() { return this.owner } }\nnew Heir().tell()', "'me'"],
  ],
  'has static members': [
    [
      'class Counter { static count = 0; static { Counter.count = 5 } static next() { return ++Counter.count } }',
    ],
    ['Counter.next()', '6'],
    ['new Counter().count', types('2576 1:15 count')],
    ['Counter.count = "a"', types('2322 1:1 Counter.count')],
  ],
  'that is abstract is extended, not made': [
    ['abstract class Animal { abstract sound(): string; speak() { return this.sound() + "!" } }'],
    ['new Animal()', types('2511 1:1 new Animal()')],
    ['class Mute extends Animal {}', types('2515 1:7 Mute')],
    ['class Dog extends Animal { override sound() { return "woof" } }'],
    ['new Dog().speak()', "'woof!'"],
  ],
  'with a type parameter infers it': [
    [
      'class Box<T> { constructor(public value: T) {} map<U>(f: (v: T) => U): Box<U> { return new Box(f(this.value)) } }',
    ],
    ['const box = new Box(1).map((n) => n.toFixed(1))\nbox.value', "'1.0'"],
    typeOf('box', 'Box<string>'),
    ['new Box<number>("a")', types('2345 1:17 "a"')],
  ],
  'extends one of an earlier cell, which may be declared anew': [
    ['class Base { name = "base"; hello() { return `I am ${this.name}` } }'],
    ['class Derived extends Base { override name = "derived"; extra = 1 }'],
    ['class Base { other = true }'],
    ['const d = new Derived()\nd.hello()', "'I am derived'"],
    ['d.other', types('2339 1:3 other')],
    ['class Derived2 extends Base {}\nnew Derived2().other', 'true'],
  ],
  'implements an interface of an earlier cell': [
    ['interface Comparable<T> { compare(other: T): number }'],
    ['class Version implements Comparable<Version> { n = 1 }', types('2420 1:7 Version')],
    [
      'class Version implements Comparable<Version> { constructor(readonly n: number) {} compare(o: Version) { return this.n - o.n } }',
    ],
    ['const v1 = new Version(1)\nv1.compare(new Version(3))', '-2'],
    ['v1.n = 2', types('2540 1:4 n')],
  ],
  'has getters, setters and index signatures': [
    [
      'class Temp { #c = 0; get f() { return this.#c * 2 + 30 } set f(v: number) { this.#c = (v - 30) / 2 } readonly [key: `x-${string}`]: number }',
    ],
    ['const temp = new Temp()\ntemp.f = 50\ntemp.f', '50'],
    ['temp.f = "hot"', types('2322 1:1 temp.f')],
    ['typeof temp["x-a"]', "'undefined'"],
  ],
  'returns this for chains': [
    [
      'class Chain { steps: string[] = []; add(s: string): this { this.steps.push(s); return this } }\nclass Chain2 extends Chain { twice() { return this.add("2").add("2") } }',
    ],
    ['new Chain2().add("1").twice().steps', "[ '1', '2', '2' ]"],
    ['new Chain2().add(1)', types('2345 1:18 1')],
  ],
  'in an expression is a value with a type': [
    ['const Mixin = <B extends new (...args: any[]) => object>(base: B) => class extends base { mixed = 1 }'],
    ['class Plain { own = 2 }\nconst Mixed = Mixin(Plain)'],
    ['const mixed = new Mixed()\nmixed.mixed + mixed.own', '3'],
    ['mixed.none', types('2339 1:7 none')],
  ],
  'is decorated in one cell and used in the next': [
    [
      'function named(name: string) { return <C extends new (...a: any[]) => object>(c: C, _: ClassDecoratorContext<C>): void => { (c as any).title = name } }',
    ],
    ['@named("Widget")\nclass Widget { declare static title: string; static made = 1; size = 1 }'],
    ['Widget.title + new Widget().size', "'Widget1'"],
    ['@named(1) class Wrong {}', types('2345 1:8 1')],
  ],
  'has accessors': [
    ['class Slot { accessor value = 1; static accessor made = "a" }\nconst slot = new Slot()'],
    ['slot.value += 1\nslot.value', '2'],
    ['slot.value = "a"', types('2322 1:1 slot.value')],
    ['Slot.made.length', '1'],
  ],
});

describeTyped('an enum', {
  'of numbers counts, and is a type': [
    ['enum Level { Low, High = 5, Top }'],
    ['const level: Level = Level.Top\nlevel', '6'],
    ['Level[5]', "'High'"],
    ['Level.Middle', types('2339 1:7 Middle')],
    ['const wrong: Level = "Low"', types('2322 1:7 wrong')],
    typeOf('level', 'Level'),
  ],
  'of strings takes no other strings': [
    ['enum Colour { Red = "r", Blue = "b" }'],
    ['const paint = (c: Colour) => c\npaint(Colour.Red)', "'r'"],
    ['paint("r")', types('2345 1:7 "r"')],
  ],
  'that is const is a value in later cells too': [
    ['const enum Bit { One = 1 << 0, Two = 1 << 1 }'],
    ['const bits: Bit = Bit.One | Bit.Two\nbits', '3'],
    ['Bit.Three', types('2339 1:5 Three')],
  ],
  'is discriminated': [
    ['enum Kind { A, B }\ntype Item = { kind: Kind.A; a: string } | { kind: Kind.B; b: number }'],
    ['const item = { kind: Kind.B, b: 2 } as Item\nitem.kind === Kind.B ? item.b : item.a.length', '2'],
    ['item.b', types('2339 1:6 b')],
  ],
  'with fewer members has no more of before': [
    ['enum Step { One, Two, Three }'],
    ['enum Step { One }'],
    ['Step.Two', types('2339 1:6 Two')],
    ['Step[0]', "'One'"],
  ],
});

describeTyped('a namespace', {
  'merges with itself inside of a cell, not across cells': [
    ['namespace Geo { export const a = 1 }\nnamespace Geo { export const b = Geo.a + 1 }\nGeo.b', '2'],
    ['namespace Geo { export const c = 3 }'],
    ['Geo.a', types('2339 1:5 a')],
    ['Geo.c', '3'],
  ],
  'nests, and holds types': [
    [
      'namespace Outer.Inner { export interface Thing { n: number } export const make = (): Thing => ({ n: 1 }) }',
    ],
    ['const thing: Outer.Inner.Thing = Outer.Inner.make()\nthing.n', '1'],
    ['const bad: Outer.Inner.Thing = { n: "1" }', types('2322 1:34 n')],
    ['let none: Outer.Nowhere.Thing', types('2694 1:17 Nowhere')],
  ],
  'merges with a function and a class of its cell': [
    [
      'function load(n: number) { return n + load.base }\nnamespace load { export const base = 10 }\nclass Conn {}\nnamespace Conn { export type Options = { port: number } }',
    ],
    ['load(load.base)', '20'],
    ['const options: Conn.Options = { port: 1 }\nnew Conn()', 'Conn {}'],
    ['load("a")', types('2345 1:6 "a"')],
  ],
  'of types alone leaves nothing but them': [
    ['namespace Only { export type Id = string & { readonly brand: "id" } }'],
    ['const id = "x" as Only.Id\nid', "'x'"],
    ['const plain: Only.Id = "x"', types('2322 1:7 plain')],
  ],
  'is given another name by an import': [
    [
      'namespace Long { export namespace Deep { export const v = 1; export type T = number } }\nimport Short = Long.Deep',
    ],
    ['const w: Short.T = Short.v\nw', '1'],
  ],
});

describeTyped('functions', {
  'with overloads are called by one of them': [
    [
      'function parse(v: string): number\nfunction parse(v: number): string\nfunction parse(v: any): any { return typeof v === "string" ? Number(v) : String(v) }',
    ],
    ['parse("1") + parse(2).length', '2'],
    ['parse(true)', types('2769 1:7 true')],
    typeOf('parse("1")', 'number'),
  ],
  'with overloads that are declared anew lose the older': [
    [
      'function over(a: string): string\nfunction over(a: number): number\nfunction over(a: any) { return a }',
    ],
    ['function over(a: boolean): boolean { return a }'],
    ['over("a")', types('2345 1:6 "a"')],
    ['over(true)', 'true'],
  ],
  'that are generic infer from what they are given': [
    [
      'function pluck<T, K extends keyof T>(list: readonly T[], key: K): T[K][] { return list.map((item) => item[key]) }',
    ],
    ['const names = pluck([{ name: "a", age: 1 }], "name")\nnames', "[ 'a' ]"],
    typeOf('names', 'string[]'),
    ['pluck([{ name: "a" }], "age")', types('2345 1:24 "age"')],
  ],
  'that are generators and async have their types': [
    [
      'function* gen() { yield 1; yield 2 }\nasync function later() { return { a: 1 } }\nasync function* both() { yield "x" }',
    ],
    ['[...gen()].map((n) => n.toFixed())', "[ '1', '2' ]"],
    ['later().a', types('2339 1:9 a')],
    ['(await later()).a', '1'],
    ['for await (const s of both()) console.log(s.length)', { stdout: '1\n' }],
  ],
  'with defaults, rest and optional parameters have their arities': [
    ['function many(a: number, b = "b", ...rest: boolean[]) { return [a, b, rest.length] as const }'],
    ['many(1)', "[ 1, 'b', 0 ]"],
    ['many(1, "c", true, 0)', types('2345 1:20 0')],
    ['many()', types('2555 1:1 many')],
  ],
  'with a this parameter are called on one': [
    ['function area(this: { w: number }) { return this.w }\nconst rect = { w: 2, area }'],
    ['rect.area()', '2'],
    ['area()', types('2684 1:1 area()')],
  ],
  'may be used above their line': [
    ['above(1)\nfunction above(n: number) { return n + 1 }'],
    ['above("1")\nfunction above(n: number) { return n }', types('2345 1:7 "1"')],
  ],
  'of an earlier cell that returns a later type is followed': [
    ['const makeUser = (name: string) => ({ name, tags: [] as string[] })'],
    ['type User = ReturnType<typeof makeUser>'],
    ['const users: User[] = [makeUser("a")]\nusers[0]!.tags.push("t")', '1'],
    ['users[0]!.tags.push(1)', types('2345 1:21 1')],
  ],
  'in loops keep what they closed over': [
    [
      'const fs: (() => number)[] = []\nfor (let i = 0; i < 3; i++) fs.push(() => i)\nfs.map((f) => f())',
      '[ 0, 1, 2 ]',
    ],
    ['fs.map((f) => f().length)', types('2339 1:19 length')],
  ],
});

describeTyped('declarations without a value', {
  'declare const, let and function are believed, not made': [
    ['declare const ghost: { n: number }\ndeclare function spook(a: string): void'],
    ['typeof ghost', "'undefined'"],
    ['spook(1)', types('2345 1:7 1')],
  ],
  'declare const gives a type to what is on globalThis': [
    ['(globalThis as any).config = { port: 80 }', '{ port: 80 }'],
    ['declare const config: { port: number }'],
    ['config.port', '80'],
    ['config.host', types('2339 1:8 host')],
  ],
  'declare module types a package that has no types': [
    ['declare module "no-such-package" { export function magic(n: number): string }'],
    ['import type { magic } from "no-such-package"\ntype M = ReturnType<typeof magic>'],
    ['const m: M = 1', types('2322 1:7 m')],
  ],
  'declare global adds to the library for all later cells': [
    [
      'declare global { interface Array<T> { second(): T | undefined } }\nArray.prototype.second = function () { return this[1] };0',
      '0',
    ],
    ['[1, 2].second()', '2'],
    ['["a"].second()?.nope', types('2339 1:17 nope')],
  ],
  'declare global declares variables': [
    [
      'declare global { var settings: { debug: boolean } }\nglobalThis.settings = { debug: true }',
      '{ debug: true }',
    ],
    ['settings.debug', 'true'],
    ['settings.level', types('2339 1:10 level')],
    ['globalThis.settings = { debug: 1 }', types('2322 1:25 debug')],
  ],
  'declare global may be run again, and edited': [
    ['declare global { var limit: number }\nglobalThis.limit = 1', '1'],
    ['declare global { var limit: number }\nglobalThis.limit = 2', '2'],
    ['limit.toFixed()', "'2'"],
    ['declare global { var limit: string }\nglobalThis.limit = "three"', "'three'"],
    ['limit.length', '5'],
  ],
  'interfaces and types are seen by all later cells': [
    ['interface Person { name: string; friend?: Person }\ntype Pair<A, B = A> = [A, B]'],
    ['const pair: Pair<Person> = [{ name: "a" }, { name: "b", friend: { name: "c" } }]'],
    ['pair[1].friend?.name', "'c'"],
    ['const odd: Pair<string, number> = ["a", "b"]', types('2322 1:41 "b"')],
  ],
  'interfaces merge inside of a cell': [
    ['interface Merged { a: number }\ninterface Merged { b: string }'],
    ['const merged: Merged = { a: 1 }', types('2741 1:7 merged')],
  ],
  'exported declarations are declarations': [
    [
      'export const exported = 1\nexport type Exported = string\nexport default function main() { return "main" }',
    ],
    ['const e: Exported = "e"\nexported + main() + e', "'1maine'"],
    ['main(1)', types('2554 1:6 1')],
    ['const hidden = 1\nexport { hidden, hidden as shown }'],
    ['hidden', '1'],
  ],
});

describeTyped('destructuring', {
  'declares nested names with their types': [
    ['const { a, b: { c: [d, ...e] }, ...rest } = { a: 1, b: { c: ["x", "y", "z"] }, f: true, g: null }'],
    ['[a, d, e, rest]', "[ 1, 'x', [ 'y', 'z' ], { f: true, g: null } ]"],
    typeOf('e', '[string, string]'),
    typeOf('rest', '{ f: boolean; g: null; }'),
    ['b', types('2304 1:1 b')],
  ],
  'takes the types of its defaults': [
    ['const { port = 80, host = "h" }: { port?: number; host?: string } = { host: "x" }'],
    ['host.length + port', '81'],
    ['const empty = { present: 1 }\nconst { absent } = empty', types('2339 2:9 absent')],
  ],
  'of arrays gives elements and tuples': [
    ['const [first, , third = "c"] = [1, 2] as [number, number, string?]'],
    ['first + third', "'1c'"],
    ['const [x1, x2, x3] = [1, 2] as [number, number]', types('2493 1:16 x3')],
  ],
  'with computed keys and of awaited values': [
    ['const key = "k" as const\nconst { [key]: valueOfKey } = await Promise.resolve({ k: [1] })'],
    ['valueOfKey[0]', '1'],
    typeOf('valueOfKey', 'number[]'),
  ],
  'in parameters and loops does not leak': [
    [
      'const f = ({ inner }: { inner: number }) => inner\nfor (const [k, v] of Object.entries({ p: 1 })) f({ inner: v + k.length })',
    ],
    ['[typeof k, inner]', types('2304 1:9 k', '2304 1:12 inner')],
  ],
  'assigns to names of earlier cells': [
    ['let left = 1, right = "r"'],
    ['[left, right] = [2, "s"];\n({ right } = { right: "t" });\nleft + right', "'2t'"],
    ['[left, right] = [right, left]', types('2322 1:2 left', '2322 1:8 right')],
  ],
});

describeTyped('top-level await', {
  'gives its type to later cells': [
    ['const response = await Promise.resolve({ status: 200, body: { items: ["a"] } })'],
    typeOf('response.body', '{ items: string[]; }'),
    ['response.body.items[0]!.length', '1'],
    ['response.code', types('2339 1:10 code')],
  ],
  'unwraps what an async function of an earlier cell gives': [
    ['async function fetchRows(n: number) { return Array.from({ length: n }, (_, id) => ({ id })) }'],
    ['const rows = await fetchRows(2)'],
    ['rows.map((r) => r.id)', '[ 0, 1 ]'],
    ['rows.map((r) => r.name)', types('2339 1:19 name')],
    ['fetchRows(1).length', types('2339 1:14 length')],
    ['await fetchRows("2")', types('2345 1:17 "2"')],
  ],
  'of a name that is declared anew with what it was': [
    ['let job: Promise<number> | number = Promise.resolve(4)'],
    ['const done = await job'],
    typeOf('done', 'number'),
    ['const job = await Promise.resolve("text")'],
    ['job.length', '4'],
  ],
  'in loops, conditions and for await is typed': [
    [
      'let sum = 0\nfor await (const n of [Promise.resolve(1), 2]) sum += n\nif (await Promise.resolve(true)) sum += await Promise.resolve(10)\nsum',
      '13',
    ],
    ['for await (const n of [Promise.resolve("a")]) sum += n', types('2322 1:47 sum')],
  ],
  'with Promise.all gives a tuple': [
    ['const [n, s] = await Promise.all([Promise.resolve(1), "s"])'],
    ['n + s.length', '2'],
    ['const swapped: [string, number] = await Promise.all([n, s])', { types: ['2322 1:7 swapped'] }],
  ],
  'with using disposes, and is typed': [
    [
      'class Res implements Disposable { open = true; [Symbol.dispose]() { this.open = false; console.log("closed") } }',
    ],
    ['using res = new Res()\nconsole.log(res.open)', { stdout: 'true\nclosed\n' }],
    ['using nothing = { a: 1 }', types('2741 1:17 { a: 1 }')],
    [
      'await using slow = { async [Symbol.asyncDispose]() { await null; console.log("later") } }',
      { stdout: 'later\n' },
    ],
  ],
});

describeTyped('JSX', {
  'is typed by the JSX namespace that the session declares': [
    [
      'declare global { namespace JSX { interface Element { type: unknown } interface IntrinsicElements { a: { href: string; children?: unknown } } } }\nconst React = { createElement: (type: unknown, props: unknown, ...children: unknown[]) => ({ type, props, children }) }',
    ],
    ['<a href="x">{1 + 1}</a>', "{ type: 'a', props: { href: 'x' }, children: [ 2 ] }"],
    ['const link = <a href={1} />', types('2322 1:17 href')],
    ['const Hello = (p: { name: string }) => <a href={p.name} />'],
    ['const h = <Hello nam="you" />', types('2322 1:18 nam')],
    ['(<Hello name="you" />).type === Hello', 'true'],
  ],
  'is no generic arrow, and no type assertion': [
    ['const same = <T,>(x: T) => x\nconst cast = <string>same("a" as unknown)\ncast.length', '1'],
  ],
});
