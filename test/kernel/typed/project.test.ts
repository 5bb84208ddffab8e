/** Cells beside a project: what its package.json and its tsconfig.json say holds for them as well. */
import { describeTyped, types } from './steps.ts';

const json = (value: object): string => JSON.stringify(value);

describeTyped(
  'names that package.json gives',
  {
    'by "imports" are typed, as a file and as a pattern': [
      ['import { util } from "#util"\nutil + 1', '6'],
      ['import { part } from "#parts/one"\npart.length', '3'],
      ['const wrong: string = util', types('2322 1:7 wrong')],
      ['import { nope } from "#util"', types('2305 1:10 nope')],
    ],
    'by conditions are those of an import in Node': [
      ['import { util as chosen } from "#chosen"\nchosen', '5'],
      ['const wrong: string = chosen', types('2322 1:7 wrong')],
    ],
    'may lead to a package': [
      ['import { answer } from "#dependency"\nanswer', '42'],
      ['const wrong: string = answer', types('2322 1:7 wrong')],
    ],
    'by "exports" are found by the name of the package itself': [
      ['import { util as own } from "own-project"\nown', '5'],
      ['import { part as ownPart } from "own-project/parts/one"\nownPart', "'one'"],
      ['const wrong: string = own', types('2322 1:7 wrong')],
    ],
    'are errors where it gives none': [
      ['import { util } from "#none"', { types: ['2307 1:22 "#none"'], error: /'#none'/ }],
    ],
    'are followed when it, or what it leads to, is edited': [
      [
        'import fs from "node:fs"\nfs.writeFileSync("src/util.ts", "export const util: string = \'text\'")\nfs.writeFileSync("package.json", JSON.stringify({ ...JSON.parse(fs.readFileSync("package.json", "utf8")), imports: { "#renamed": "./src/util.ts" } }))',
      ],
      // Node itself reads a package.json once only.
      ['let edited: typeof import("#renamed").util\nedited = "text"', "'text'"],
      ['edited = 1', types('2322 1:1 edited')],
      ['let old: typeof import("#util").util', types('2307 1:24 "#util"')],
    ],
  },
  {
    'package.json': json({
      name: 'own-project',
      type: 'module',
      imports: {
        '#util': './src/util.ts',
        '#parts/*': './src/parts/*.ts',
        '#chosen': { browser: './src/none.ts', node: { import: './src/util.ts' }, default: './src/none.ts' },
        '#dependency': 'dependency',
      },
      exports: { '.': './src/util.ts', './parts/*': './src/parts/*.ts' },
    }),
    'src/util.ts': 'export const util: number = 5;\n',
    'src/parts/one.ts': 'export const part: string = "one";\n',
    'node_modules/dependency/package.json': json({ name: 'dependency', type: 'module', main: 'index.js' }),
    'node_modules/dependency/index.js': 'export const answer = 42;\n',
    'node_modules/dependency/index.d.ts': 'export const answer: number;\n',
  },
);

describeTyped(
  'a tsconfig.json that only lists projects',
  {
    'has the strictness of the first': [['function f(a) { return a }', types('7006 1:12 a')]],
    'has its library': [['let element: HTMLElement | undefined']],
    'has its paths, also when the cell runs': [
      ['import { where } from "@/where"\nwhere', "'src'"],
      ['const wrong: number = where', types('2322 1:7 wrong')],
    ],
    'has its JSX, also when the cell runs': [
      ['/** @jsxRuntime automatic */\n(<p/>).by', "'mini'"],
      ['(<p/>).by', "'mini'"],
    ],
  },
  {
    'tsconfig.json': json({
      files: [],
      references: [{ path: './missing' }, { path: './tsconfig.app.json' }, { path: './tsconfig.node.json' }],
    }),
    'tsconfig.app.json': json({
      compilerOptions: {
        composite: true,
        strict: true,
        lib: ['ES2022', 'DOM'],
        jsx: 'react-jsx',
        jsxImportSource: 'mini',
        paths: { '@/*': ['./src/*'] },
      },
      include: ['src'],
    }),
    'tsconfig.node.json': json({ compilerOptions: { strict: false, lib: ['ES2022'] } }),
    'src/where.ts': 'export const where: string = "src";\n',
    'node_modules/mini/package.json': json({
      name: 'mini',
      type: 'module',
      exports: { './jsx-runtime': { types: './index.d.ts', default: './index.js' } },
    }),
    'node_modules/mini/index.js': 'export const jsx = (type, props) => ({ by: "mini", type, props });\n',
    'node_modules/mini/index.d.ts':
      'export namespace JSX { interface Element { by: string } interface IntrinsicElements { p: {} } }\n',
  },
);

describeTyped(
  'a tsconfig.json that lists projects and is one itself',
  {
    'speaks for itself': [
      ['function f(a) { return a }'],
      ['let element: HTMLElement', types('2304 1:14 HTMLElement')],
    ],
  },
  {
    'tsconfig.json': json({
      compilerOptions: { strict: false, lib: ['ES2022'] },
      include: ['src'],
      references: [{ path: './other' }],
    }),
    'other/tsconfig.json': json({ compilerOptions: { composite: true, strict: true, lib: ['DOM'] } }),
  },
);

describeTyped(
  'a local file with an ending of its own',
  {
    'is typed as a module or as CommonJS': [
      ['import make, { m } from "./a.mts"\nmake() + m', "'made1'"],
      ['import { c } from "./b.cts"\nc', '2'],
      ['import whole from "./whole.cts"\nwhole.q', '3'],
      ['import required = require("./whole.cts")\nrequired.q', '3'],
      ['const wrong: string = m + c + whole.q', types('2322 1:7 wrong')],
    ],
    'may be called by what it compiles to': [
      ['import { m as again } from "./a.mjs"\nagain', '1'],
      ['import { c as more } from "./b.cjs"\nmore', '2'],
      ['const wrong: string = again + more', types('2322 1:7 wrong')],
    ],
  },
  {
    'a.mts': 'export const m: number = 1;\nexport default function make(): string { return "made" }\n',
    'b.cts': 'export const c: number = 2;\n',
    'whole.cts': 'const whole: { q: number } = { q: 3 };\nexport = whole;\n',
  },
);
