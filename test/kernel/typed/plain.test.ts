/** Cells that are checked by themselves, as any TypeScript file is. */
import { describeTyped, typeOf, types } from './steps.ts';

describeTyped('a type error', {
  'in a declaration is found at the name': [['const n: number = "a"', types('2322 1:7 n')]],
  'in an object literal is found at the property': [
    ['const box: { a: number; b: { c: string } } = { a: 1, b: { c: 2 } }', types('2322 1:59 c')],
  ],
  'in an argument is found at the argument': [
    ['const add = (a: number, b: number) => a + b\nadd(1, "2")', types('2345 2:8 "2"')],
  ],
  'of too many arguments is found at the first of them': [
    ['const none = () => 0\nnone(1, 2)', types('2554 2:6 1, 2')],
  ],
  'of too few arguments is found at the call': [
    ['const one = (a: number) => a\none()', types('2554 2:1 one')],
  ],
  'of a missing property is found at the name of the property': [
    ['const point = { x: 1 }\npoint.y', types('2339 2:7 y')],
  ],
  'of a misspelt property proposes the right one': [
    ['[1].mapp((n: number) => n)', { types: ['2551 1:5 mapp'], error: /Did you mean 'map'\?$/ }],
  ],
  'of an unknown name is found at the name': [['nowhereToBeFound + 1', types('2304 1:1 nowhereToBeFound')]],
  'of an unknown type is found at the type': [['let list: Listt<number>', types('2304 1:11 Listt')]],
  'of a missing required property': [
    ['interface Need { a: number }\nconst need: Need = {}', types('2741 2:7 need')],
  ],
  'of a property too many': [['const few: { a: number } = { a: 1, extra: 2 }', types('2353 1:36 extra')]],
  'of a null that may be': [
    ['const found = [1].find((n) => n > 1)\nfound.toFixed()', types('18048 2:1 found')],
  ],
  'of an implicit any': [['const untyped = (x) => x', types('7006 1:18 x')]],
  'of a return type': [['function text(): string { return 1 }', types('2322 1:27 return')]],
  'of a missing return': [
    ['function maybe(a: boolean): number { if (a) return 1 }', types('2366 1:29 number')],
  ],
  'of a constant that is assigned': [['const fixed = { a: 1 } as const\nfixed.a = 2', types('2540 2:7 a')]],
  'of a union that is not exhausted': [
    [
      'type Shape = "round" | "square"\nfunction corners(s: Shape) {\n  switch (s) {\n    case "round": return 0\n    default: return s satisfies never\n  }\n}',
      types('1360 5:23 satisfies'),
    ],
  ],
  'of a comparison that can never be true': [
    ['const side: "a" | "b" = Math.random() < 2 ? "a" : "b"\nside === "c"', types('2367 2:1 side === "c"')],
  ],
  'of an await in a function that is not async': [
    ['function sync() { await 1 }', { error: /./, traceback: /In \[1\]:1:19/ }],
  ],
  'of operands that cannot be added': [['({}) + 1n', types('2365 1:1 ({}) + 1n')]],
  'of calling what is no function': [['const three = 3\nthree()', types('2349 2:1 three')]],
  'in a template is found inside of the template': [
    ['const t = "s";\n`value: ${t.nope} ${t.length}`', types('2339 2:13 nope')],
  ],
  'in a callback is found there': [['[1, 2].map((n) => n.toUpperCase())', types('2339 1:21 toUpperCase')]],
  'at the end of a cell without a line break is found': [['const z = {}\nz.', { error: /./ }]],
  'on the last of many lines names that line': [
    [`${'\n'.repeat(30)}const late: string = 1`, types('2322 31:7 late')],
  ],
  'across lines is underlined to the end of its first line': [
    ['const wide: string = {\n  a: 1,\n}', types('2322 1:7 wide')],
    ['const take = (a: string) => a\ntake({\n  a: 1,\n})', types('2345 2:6 {')],
  ],
});

describeTyped('several type errors', {
  'are all told, in their order': [
    [
      'const a: number = "1"\nconst b: string = 2\nnoSuchName\na.length',
      types('2322 1:7 a', '2322 2:7 b', '2304 3:1 noSuchName', '2339 4:3 length'),
    ],
  ],
  'on one line are told apart': [
    ['const c: number = "1", d: string = 2', types('2322 1:7 c', '2322 1:24 d')],
  ],
  'have the first as their message': [
    [
      'const e: number = "1"\nconst f: string = 2\nconst g: string = 2',
      {
        types: ['2322 1:7 e', '2322 2:7 f', '2322 3:7 g'],
        error: "TypeScriptError: Type 'string' is not assignable to type 'number'. (and 2 more)",
      },
    ],
  ],
});

describeTyped('the text of a type error', {
  'names cell, line and column, and has a caret under each character of the range': [
    ['1', '1'],
    [
      'const fine = 1\n  const wrong: number = "a"',
      {
        types: ['2322 2:9 wrong'],
        traceback:
          /^In \[2\]:2:9 - error TS2322: Type 'string' is not assignable to type 'number'\.\n {4} {2}const wrong: number = "a"\n {4} {8}\^{5}(\n|$)/,
      },
    ],
  ],
  'keeps tabs, so that the carets stand right': [
    ['{\n\tconst tab: number = "a"\n}', { types: ['2322 2:8 tab'], traceback: /\n {4}\t {6}\^\^\^(\n|$)/ }],
  ],
  'has its column in UTF-16 units, and its carets below what they mark, behind emoji and wide letters': [
    ['const smile = "😀"; const after: number = smile', types('2322 1:27 after')],
    ['/* 👩‍👩‍👧 */ "x".nope', types('2339 1:20 nope')],
    ['const 名前: number = "日本".nope', types('2339 1:25 nope')],
    ['const 幅: number = "a"; const e: "é́" = 1', types('2322 1:7 幅', '2322 1:30 e')],
  ],
  'is right in text with Windows line ends': [
    ['const one = 1\r\nconst two: string = one\r\nconst three = 3\r\n', types('2322 2:7 two')],
    ['\r\n\r\n"x".nope\r\n', types('2339 3:5 nope')],
  ],
  'is right below a hash-bang, a byte order mark and comments': [
    ['#!/usr/bin/env tsloop\n"x".nope', types('2339 2:5 nope')],
    ['// a comment\n/* another\n */ "x".nope', types('2339 3:9 nope')],
  ],
  'explains in several lines what belongs together': [
    [
      'declare function either(a: string): void\ndeclare function either(a: number): void\neither(true)',
      {
        types: ['2769 3:8 true'],
        error: 'TypeScriptError: No overload matches this call.',
        traceback: /TS2769: No overload matches this call\.\n {2}The last overload/,
      },
    ],
    [
      'const deep: { a: { b: number } } = JSON.parse("1") as { a: { b: string } }',
      { types: ['2322 1:7 deep'], traceback: /not assignable to type 'number'/ },
    ],
  ],
  'knows nothing of the files that the check is made with': [
    ['class Mine { a = 1 }'],
    [
      'const none: string = new Mine(); Mine.nope',
      {
        types: ['2322 1:7 none', '2339 1:39 nope'],
        error: /^(?!.*cell-)/,
        traceback: /^(?![^]*(cell-|import\())/,
      },
    ],
  ],
});

describeTyped('no type error', {
  'is made of a name that is not used, a label or code that is not reached': [
    [
      'const unused = 1; function f(a: number) { return 1; console.log(a) }\nunusedLabel: for (;;) break unusedLabel',
    ],
  ],
  'is made of an expression that does nothing': [['1 + 1; "text"; 2', '2']],
  'is made of an any': [
    ['const parsed = JSON.parse(\'{"a":{"b":[1]}}\')\nparsed.a.b[0].toFixed(1)', "'1.0'"],
    typeOf('parsed', 'any'),
    ['parsed.a.b', '[ 1 ]'],
  ],
  'is made of an empty cell, of a comment and of blanks': [[''], ['// nothing'], [' \n\t\n']],
  'is made of an undefined result': [['undefined'], ['void 0']],
  'is made of console, process, fetch, URL and timers': [
    [
      'typeof console.log + typeof process.cwd + typeof fetch + typeof URL + typeof setTimeout + typeof structuredClone',
      "'functionfunctionfunctionfunctionfunctionfunction'",
    ],
    ['new URL("https://a.b/c").pathname', "'/c'"],
    typeOf('process.version', 'string'),
  ],
  'is made of Buffer, require and import.meta': [
    ['Buffer.from("a").length', '1'],
    ['typeof require("node:path").join', "'function'"],
    ['typeof import.meta.url', "'string'"],
  ],
  'is made of display, clearOutput and $': [
    ['[typeof display, typeof clearOutput, typeof $]', "[ 'function', 'function', 'function' ]"],
  ],
  'is made of what the kernel gives to cells, which is typed': [
    ['const { stdout } = await $`echo hi`\nstdout.length', '2'],
    ['stdout.nope', types('2339 1:8 nope')],
    ['display.nope', types('2339 1:9 nope')],
    ['clearOutput({ wait: 1 })', types('2322 1:15 wait')],
    ['import.meta.nope', types('2339 1:13 nope')],
  ],
  'is made of the newest library': [
    ['[3, 1, 2].toSorted().at(-1)', '3'],
    ['[1, 2].findLast((n) => n < 2)?.toFixed()', "'1'"],
  ],
  'is made of the scheduler': [
    ['import { getEventLoop } from "tsloop"\ntypeof getEventLoop().time()', "'number'"],
    typeOf('getEventLoop().time()', 'number'),
  ],
});

describeTyped('the DOM', {
  'has no types where nobody asked for it': [
    ['document.title', { types: ['2584 1:1 document'], error: /document/ }],
    ['const w: HTMLElement | undefined = undefined', types('2304 1:10 HTMLElement')],
  ],
});

describeTyped('narrowing and control flow', {
  'narrow at the top level of a cell': [
    [
      'const input: string | number = Math.random() < 2 ? "abc" : 1\nif (typeof input === "string") console.log(input.length)\nelse console.log(input.toFixed())',
      { stdout: '3\n' },
    ],
  ],
  'end with their cell': [
    ['let wide: string | number = "abc"\nwide.length', '3'],
    typeOf('wide', 'string | number'),
    ['wide.length', types('2339 1:6 length')],
    ['typeof wide === "string" ? wide.length : wide', '3'],
  ],
  'leave a variable of an earlier cell its type where the cell calls a method of it': [
    ['let some: string | number = 1\nlet other: number | undefined = Math.random() < 2 ? 1 : undefined'],
    ['some.toFixed()', types('2339 1:6 toFixed')],
    ['other.toFixed()\nother.noSuch', types('18048 1:1 other', '18048 2:1 other', '2339 2:7 noSuch')],
    ['some = 2\nsome.toFixed()\nsome.length', types('2339 3:6 length')],
    ['other?.toFixed()', "'1'"],
    typeOf('other', 'number | undefined'),
    ['other = 3\nother.toFixed()', "'3'"],
  ],
  'narrow a name of an earlier cell': [
    ['const perhaps: { a?: { b: number } } = { a: { b: 1 } }'],
    ['perhaps.a.b', types('18048 1:1 perhaps.a')],
    ['perhaps.a ? perhaps.a.b : 0', '1'],
    ['perhaps.a?.b', '1'],
  ],
  'know assertions of an earlier cell': [
    [
      'function assertText(v: unknown): asserts v is string { if (typeof v !== "string") throw new Error("no text") }\nfunction isList(v: unknown): v is number[] { return Array.isArray(v) }\nconst thing: unknown = "text", other: unknown = [1]',
    ],
    ['thing.length', types('18046 1:1 thing')],
    ['assertText(thing)\nthing.length', '4'],
    ['if (isList(other)) console.log(other[0]?.toFixed())', { stdout: '1\n' }],
  ],
  'know that a throw ends': [
    [
      'const env: string | undefined = "set" as string | undefined\nif (env === undefined) throw new Error("not set")\nenv.length',
      '3',
    ],
  ],
  'see a variable that is not assigned yet': [['let unset: number\nunset + 1', types('2454 2:1 unset')]],
  'discriminate unions of an earlier cell': [
    ['type Result<T> = { ok: true; value: T } | { ok: false; error: string }'],
    [
      'const attempt = (n: number): Result<number> => (n > 0 ? { ok: true, value: n } : { ok: false, error: "small" })',
    ],
    ['attempt(1).value', types('2339 1:12 value')],
    ['const tried = attempt(0)\ntried.ok ? tried.value : tried.error', "'small'"],
  ],
});

describeTyped('directives', {
  '@ts-nocheck leaves a cell unchecked, and its types to later cells': [
    ['// @ts-nocheck\nconst odd: number = "text" as any as string\nodd', "'text'"],
    typeOf('odd', 'number'),
  ],
  '@ts-nocheck holds for its own cell only': [
    ['// @ts-nocheck\nnull.x ?? 1', { error: /^TypeError/ }],
    ['const checked: number = "a"', types('2322 1:7 checked')],
  ],
  '@ts-nocheck works where names of earlier cells are used': [
    ['const used = 1'],
    ['// @ts-nocheck\nconst mis: string = used\nmis', '1'],
  ],
  '@ts-ignore leaves out the next line': [
    ['// @ts-ignore\nconst ignored: number = "a"\nignored', "'a'"],
    ['// @ts-ignore\nconst quiet: number = "a"\nconst loud: number = "b"', types('2322 3:7 loud')],
  ],
  '@ts-expect-error wants an error': [
    ['// @ts-expect-error: this is wrong\nconst expected: number = "a"\nexpected', "'a'"],
    ['// @ts-expect-error\nconst fine = 1', types('2578 1:1 // @ts-expect-error')],
  ],
});

describeTyped('expressions of types', {
  'satisfies keeps the narrower type': [
    ['const palette = { red: [1, 2, 3], green: "#0f0" } satisfies Record<string, string | number[]>'],
    ['palette.red.length + palette.green.length', '7'],
    ['palette.green.push(1)', types('2339 1:15 push')],
    ['const less = { a: 1 } satisfies { a: string }', types('2322 1:16 a')],
  ],
  'const type parameters infer literals': [
    ['const tuple = <const T extends readonly unknown[]>(...of: T): T => of\nconst made = tuple("a", 1)'],
    ['const first: "a" = made[0], second: 1 = made[1]\nfirst + second', "'a1'"],
    ['made[2]', types('2493 1:6 2')],
  ],
  'template literal types are checked': [
    ['type Route = `/${string}`\nconst go = (r: Route) => r'],
    ['go("/home")', "'/home'"],
    ['go("home")', types('2345 1:4 "home"')],
  ],
  'mapped and conditional types go from cell to cell': [
    [
      'type Getters<T> = { [K in keyof T & string as `get${Capitalize<K>}`]: () => T[K] }\ntype Elem<T> = T extends readonly (infer U)[] ? U : never',
    ],
    ['const g: Getters<{ name: string }> = { getName: () => "n" }\nconst el: Elem<number[]> = 1'],
    typeOf('g.getName()', 'string'),
    ['g.getAge()', types('2339 1:3 getAge')],
  ],
  'keyof and typeof see values of earlier cells': [
    ['const config = { port: 80, host: "h" }'],
    ['const key: keyof typeof config = "port"\nconfig[key]', '80'],
    ['const wrongKey: keyof typeof config = "prt"', types('2820 1:7 wrongKey')],
  ],
  'unique symbols and symbol keys are followed': [
    ['const tag: unique symbol = Symbol("tag")\nconst tagged = { [tag]: 1 }'],
    ['tagged[tag] + 1', '2'],
    typeOf('tagged[tag]', 'number'),
  ],
  'variadic tuples and labelled elements work': [
    ['type Args = [name: string, ...rest: number[]]\nconst call = (...args: Args) => args.length'],
    ['call("a", 1, 2)', '3'],
    ['call("a", "b")', types('2345 1:11 "b"')],
  ],
  'an instantiation expression is typed': [
    ['const wrap = <T,>(v: T) => ({ v })\nconst wrapText = wrap<string>'],
    ['wrapText(1)', types('2345 1:10 1')],
    ['wrapText("a").v', "'a'"],
  ],
});
