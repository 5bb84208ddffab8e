/** Local modules that change between imports, and what else only the module hooks find. */
import { describeCells } from './cells.ts';

const files = {
  'package.json': '{ "name": "project", "imports": { "#inner": "./inner.ts" } }',
  'plain.ts': 'export const value: number = 1;\nexport const id = {};\n',
  'top.ts':
    'import { middle } from "./middle.ts";\nexport const top = () => `top ${middle()}`;\nexport const id = {};\n',
  'middle.ts':
    'import { low } from "./low";\nimport { other } from "./other.js";\nexport const middle = () => `middle ${low} ${other}`;\n',
  'low.ts': 'export const low = 1;\n',
  'other.ts': 'export const other = "other";\nexport const id = {};\n',
  'ring-a.ts':
    'import { b } from "./ring-b.ts";\nexport const a = (): string => `a${b(0)}`;\nexport const again = () => a();\n',
  'ring-b.ts':
    'import { a } from "./ring-a.ts";\nexport const b = (n: number): string => n > 0 ? a() : "b1";\n',
  'state.ts': 'export let count = 0;\nexport const bump = () => ++count;\n',
  'syntax.ts': 'export const fine = 1;\n',
  'uses-syntax.ts': 'export { fine } from "./syntax.ts";\n',
  'gone.ts': 'export const here = true;\n',
  'uses-gone.ts': 'export { here } from "./gone.ts";\n',
  'throws.ts':
    'let isReady: boolean = (globalThis as any).isReady ?? false;\n\nif (!isReady) throw new Error("not ready");\nexport const ready = 1;\n',
  'fails.ts': 'export const fail = (): never => {\n  throw new Error("first");\n};\n',
  'data.json': '{ "n": 1 }',
  'uses-data.ts': 'import data from "./data.json";\nexport const n: number = data.n;\n',
  'old.cjs': 'exports.part = require("./part.cjs").part;\nexports.id = {};\n',
  'part.cjs': 'exports.part = 1;\n',
  'uses-old.ts': 'import old from "./old.cjs";\nexport const part = old.part;\n',
  'typed.cts': 'export = { typed: 1 as number };\n',
  'plain.mjs': 'export const js = 1;\n',
  'lazy.ts': 'export const load = async () => (await import("./lazy-part.ts")).part;\n',
  'lazy-part.ts': 'export const part = 1;\n',
  'off.ts': 'export const off = 1;\n',
  'inner.ts': 'export const inner: string = "inner";\n',
  'lib/index.ts': 'export const lib = "lib index";\n',
  'lib/deep.mts': 'export const deep = "deep";\n',
  'view.tsx': 'const React = { createElement: (tag: string) => tag };\nexport const view = <b />;\n',
  'tsconfig.json':
    '{\n  // with a comment\n  "compilerOptions": { "paths": { "@lib/*": ["./lib/*"], "typed-only": ["./typed-only.d.ts"] } },\n}',
  'typed-only.d.ts': 'export declare const typedOnly: number;\n',
  'node_modules/typed-only/package.json': '{ "name": "typed-only", "type": "module", "main": "index.js" }',
  'node_modules/typed-only/index.js': 'export const typedOnly = 7;\n',
  'uses-alias.ts': 'export { deep } from "@lib/deep.mjs";\n',
  'node_modules/installed/package.json': '{ "name": "installed", "type": "module", "main": "index.js" }',
  'node_modules/installed/index.js': 'export const installed = 1;\n',
  'folder/inside.ts': 'export { value } from "../plain2.ts";\nexport const inside = 1;\n',
  'plain2.ts': 'export const value = 1;\n',
};

/** A cell that writes a file. */
const write = (file: string, text: string): readonly [string] => [
  `require("node:fs").writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(text)})`,
];

describeCells(
  'a local module that changes',
  {
    'is taken as it is by the next import': [
      ['import { value, id } from "./plain.ts"\nconst firstId = id\nvalue', '1'],
      write('plain.ts', 'export const value: number = 2;\nexport const id = {};\n'),
      ['[value, id === firstId]', '[ 1, true ]'],
      ['import { value, id } from "./plain.ts"\n[value, id === firstId]', '[ 2, false ]'],
      ['(await import("./plain")).value', '2'],
      ['(await import("./plain.js")).id === id', 'true'],
    ],
    'makes all modules new that import it, and no others': [
      [
        'import { top, id } from "./top.ts"\nimport { id as otherId } from "./other.ts"\nconst ids = [id, otherId]\ntop()',
        "'top middle 1 other'",
      ],
      write('low.ts', 'export const low = 2;\n'),
      ['import { top, id } from "./top.ts"\ntop()', "'top middle 2 other'"],
      ['import { id as otherId } from "./other.ts"\n[id === ids[0], otherId === ids[1]]', '[ false, true ]'],
      write('low.ts', 'export const low = 3;\n'),
      ['(await import("./middle.ts")).middle()', "'middle 3 other'"],
      ['(await import("./top.ts")).top()', "'top middle 3 other'"],
    ],
    'may be part of a circle': [
      ['(await import("./ring-a.ts")).again()', "'ab1'"],
      write(
        'ring-b.ts',
        'import { a } from "./ring-a.ts";\nexport const b = (n: number): string => n > 0 ? a() : "b2";\n',
      ),
      ['(await import("./ring-a.ts")).again()', "'ab2'"],
      ['(await import("./ring-b.ts")).b(1)', "'ab2'"],
    ],
    'keeps its state while it does not change, also when it is saved as it was': [
      ['import { bump } from "./state.ts"\nbump()', '1'],
      ['import { bump } from "./state.ts"\nbump()', '2'],
      write('state.ts', 'export let count = 0;\nexport const bump = () => ++count;\n'),
      ['import { bump } from "./state.ts"\nbump()', '3'],
    ],
    'may be broken for a while': [
      ['import { fine } from "./uses-syntax.ts"\nfine', '1'],
      write('syntax.ts', 'export const fine = (;\n'),
      ['import { fine } from "./uses-syntax.ts"', { error: /^SyntaxError: .*syntax\.ts:1:22\)$/ }],
      ['import { fine } from "./uses-syntax.ts"', { error: /^SyntaxError: .*syntax\.ts:1:22\)$/ }],
      write('syntax.ts', 'export const fine = 2;\n'),
      ['import { fine } from "./uses-syntax.ts"\nfine', '2'],
    ],
    'may be removed, and come back': [
      ['import { here } from "./uses-gone.ts"\nhere', 'true'],
      ['require("node:fs").rmSync("gone.ts")'],
      [
        'import { here } from "./uses-gone.ts"',
        { error: /^Error: Cannot find module '.*gone\.ts' imported from .*uses-gone\.ts$/ },
      ],
      ['import "./gone.ts"', { error: /^Error: Cannot find module '.*gone\.ts' imported from In / }],
      write('gone.ts', 'export const here = "back";\n'),
      ['import { here } from "./uses-gone.ts"\nhere', "'back'"],
    ],
    'is run again when it has thrown': [
      [
        'import { ready } from "./throws.ts"',
        { error: 'Error: not ready', traceback: /[\\/]throws\.ts:3:21/ },
      ],
      ['(globalThis as any).isReady = true;\nvoid 0'],
      ['import { ready } from "./throws.ts"\nready', '1'],
    ],
    'shows its own name and lines in stacks, whatever version it is': [
      ['import { fail } from "./fails.ts"'],
      write(
        'fails.ts',
        'interface Gone { a: 1 }\nexport const fail = (): never => {\n  throw new Error("second");\n};\n',
      ),
      [
        'import { fail } from "./fails.ts"\nfail()',
        { error: 'Error: second', traceback: /[\\/]fails\.ts:3:9\)?\n/ },
      ],
      write('fails.ts', 'export const fail = (;\n'),
      ['import { fail } from "./fails.ts"', { error: /fails\.ts:1:22\)$/, traceback: /^(?![^]*tsloop=)/ }],
    ],
    'may be JSON': [
      ['import data from "./data.json"\nimport { n } from "./uses-data.ts"\n[data.n, n]', '[ 1, 1 ]'],
      write('data.json', '{ "n": 2 }'),
      ['import data from "./data.json"\nimport { n } from "./uses-data.ts"\n[data.n, n]', '[ 2, 2 ]'],
    ],
    'may be CommonJS': [
      [
        'import old from "./old.cjs"\nimport { part } from "./uses-old.ts"\nconst oldId = old.id;\n[old.part, part, require("./old.cjs").part]',
        '[ 1, 1, 1 ]',
      ],
      write('part.cjs', 'exports.part = 2;\n'),
      [
        'import old from "./old.cjs"\nimport { part } from "./uses-old.ts"\n[old.part, part, require("./old.cjs").part, old.id === oldId]',
        '[ 2, 2, 2, false ]',
      ],
      write('part.cjs', 'exports.part = 3;\n'),
      ['require("./old.cjs").part', '3'],
      ['(await import("./uses-old.ts")).part', '3'],
      ['import typed from "./typed.cts"\ntyped', '{ typed: 1 }'],
      write('typed.cts', 'export = { typed: 2 as number };\n'),
      ['import typed from "./typed.cts"\ntyped', '{ typed: 2 }'],
    ],
    'may be JavaScript': [
      ['import { js } from "./plain.mjs"\njs', '1'],
      write('plain.mjs', 'export const js = 2;\n'),
      ['import { js } from "./plain.mjs"\njs', '2'],
    ],
    'may be imported late': [
      ['import { load } from "./lazy.ts"\nawait load()', '1'],
      write('lazy-part.ts', 'export const part = 2;\n'),
      ['import { load } from "./lazy.ts"\nawait load()', '2'],
    ],
    'stays as it is with %autoreload off': [
      ['import { off } from "./off.ts"\noff', '1'],
      ['%autoreload off', { stdout: 'autoreload is off: a file that was imported stays as it is\n' }],
      write('off.ts', 'export const off = 2;\n'),
      ['import { off } from "./off.ts"\noff', '1'],
      ['%autoreload on', { stdout: /^autoreload is on: / }],
      ['import { off } from "./off.ts"\noff', '2'],
      ['%autoreload', { stdout: /^autoreload is on: / }],
      ['%autoreload 2', { error: 'UsageError: Usage: %autoreload [on | all | off]' }],
    ],
    'is none of the installed packages': [
      ['import { installed } from "installed"\ninstalled', '1'],
      write('node_modules/installed/index.js', 'export const installed = 2;\n'),
      ['import { installed } from "installed"\ninstalled', '1'],
      ['import { installed as direct } from "./node_modules/installed/index.js"\ndirect', '1'],
    ],
  },
  files,
);

describeCells(
  'a local module',
  {
    'is found by an index, without its extension, as .mts and as .tsx': [
      [
        'import { lib } from "./lib"\nimport { deep } from "./lib/deep"\nimport { view } from "./view"\n[lib, deep, view]',
        "[ 'lib index', 'deep', 'b' ]",
      ],
    ],
    "is found by the tsconfig's paths, from cells and from modules": [
      [
        'import { deep } from "@lib/deep.mjs"\nimport { deep as again } from "./uses-alias.ts"\n[deep, again]',
        "[ 'deep', 'deep' ]",
      ],
      write('lib/deep.mts', 'export const deep = "deeper";\n'),
      [
        'import { deep } from "@lib/deep.mjs"\nimport { deep as again } from "./uses-alias.ts"\n[deep, again]',
        "[ 'deeper', 'deeper' ]",
      ],
      ['import "@lib/nothing"', { error: /^Error: Cannot find package '@lib\/nothing' imported from In/ }],
      ['import { typedOnly } from "typed-only"\ntypedOnly', '7'],
    ],
    'is found by the imports of package.json': [['import { inner } from "#inner"\ninner', "'inner'"]],
    'that is TypeScript can be required': [['require("./plain.ts").value', '1']],
  },
  files,
);

describeCells(
  'a local module outside of the working directory',
  {
    'stays as it is, unless %autoreload is all': [
      ['process.chdir("folder")'],
      ['import { value } from "./inside.ts"\nvalue', '1'],
      write('../plain2.ts', 'export const value = 2;\n'),
      ['import { value } from "./inside.ts"\nvalue', '1'],
      ['%autoreload all', { stdout: /^autoreload is all: / }],
      ['import { value } from "./inside.ts"\nvalue', '2'],
    ],
  },
  files,
);

/** (module (import "./env.mjs" "twice" (func (param i32) (result i32))) (global (export "seven") i32 (i32.const 7)) (memory (export "memory") 1) (func (export "four") (result i32) (call 0 (i32.const 2)))) */
const wasm = [
  '0061736d01000000010a0260017f017f6000017f021301092e2f656e762e6d6a73057477696365000003020101050301',
  '00010606017f0041070b07190305736576656e0300066d656d6f7279020004666f757200010a08010600410210000b',
].join('');

describeCells(
  'a WebAssembly file',
  {
    'gives its exports by name, and all of them as the default': [
      [`require("node:fs").writeFileSync("four.wasm", Buffer.from("${wasm}", "hex"))`],
      [
        'import { four, seven, memory } from "./four.wasm"\n[four(), seven, memory.buffer.byteLength]',
        '[ 4, 7, 65536 ]',
      ],
      ['import all, * as space from "./four.wasm"\n[all.four(), space.four === all.four]', '[ 4, true ]'],
      ['(await import("./uses.ts")).result', '4'],
    ],
    'says when it is none': [
      ['require("node:fs").writeFileSync("bad.wasm", "text")'],
      ['import "./bad.wasm"', { error: /^CompileError: .*bad\.wasm\)/ }],
    ],
  },
  {
    'env.mjs': 'export const twice = (n) => 2 * n;\n',
    'uses.ts': 'import { four } from "./four.wasm";\nexport const result: number = four();\n',
  },
);
