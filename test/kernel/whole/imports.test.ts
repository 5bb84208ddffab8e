/** import, require and import.meta in cells, which belong to the kernel's working directory. */
import { describeCells } from './cells.ts';

const files = {
  'package.json': '{ "name": "project" }',
  'shape.ts':
    'export interface Shape { area(): number }\nexport enum Kind { Round }\nexport class Circle implements Shape { constructor(private r: number) {} area() { return this.r } }\nexport default "shapes"\n',
  'uses.ts': 'import { Circle } from "./shape.ts"\nexport const circle: Circle = new Circle(3)\n',
  'loop.ts': 'import { getEventLoop } from "tsloop"\nexport const theirs = getEventLoop()\n',
  'broken.ts': 'export const fine = 1\nexport const broken = (\n',
  'throws.ts':
    'export const fine = 1\nfunction fail(): never { throw new Error("from the module") }\nexport { fail }\n',
  'top.ts': 'export const value: number = await Promise.resolve(5)\n',
  'data.json': '{ "a": [1, 2] }',
  'plain.mjs': 'export const named = "named"; export default "default"; export { named as "a b" }\n',
  'old.cjs': 'exports.one = 1; exports.two = function () { return 2 }\n',
  'node_modules/pure-esm/package.json':
    '{ "name": "pure-esm", "type": "module", "exports": { ".": "./index.js", "./sub": "./sub.js" } }',
  'node_modules/pure-esm/index.js': 'export const esm = "esm only"\n',
  'node_modules/pure-esm/sub.js': 'export default "sub"\n',
  'node_modules/pure-cjs/package.json': '{ "name": "pure-cjs" }',
  'node_modules/pure-cjs/index.js': 'module.exports = { cjs: "commonjs" }\n',
  'sub folder/deep.ts': 'export const deep = import.meta.dirname\n',
};

describeCells(
  'import in a cell',
  {
    'takes names, defaults and namespaces of an ES module': [
      [
        'import def, { named, named as other } from "./plain.mjs"\nimport * as all from "./plain.mjs"\n[def, named, other, all.named]',
        "[ 'default', 'named', 'named', 'named' ]",
      ],
      ['[def, named, other]', "[ 'default', 'named', 'named' ]"],
    ],
    'takes a default and a namespace at once, and names that are strings': [
      [
        'import first, * as rest from "./plain.mjs"\nimport { "a b" as blank } from "./plain.mjs"\n[first, rest.named, blank]',
        "[ 'default', 'named', 'named' ]",
      ],
    ],
    'takes a CommonJS file': [
      ['import { one } from "./old.cjs"\nimport old from "./old.cjs"\n[one, old.two()]', '[ 1, 2 ]'],
    ],
    'takes JSON, with and without an attribute': [
      ['import data from "./data.json"\ndata', '{ a: [ 1, 2 ] }'],
      ['import again from "./data.json" with { type: "json" }\nagain.a', '[ 1, 2 ]'],
      ['(await import("./data.json")).default', '{ a: [ 1, 2 ] }'],
    ],
    'takes packages that are ES modules only, and their parts': [
      ['import { esm } from "pure-esm"\nimport sub from "pure-esm/sub"\n[esm, sub]', "[ 'esm only', 'sub' ]"],
    ],
    'takes packages that are CommonJS': [['import cjs from "pure-cjs"\ncjs', "{ cjs: 'commonjs' }"]],
    'takes parts of Node, with and without node:': [
      ['import { sep } from "node:path"\nimport { sep as same } from "path"\nsep === same', 'true'],
    ],
    'takes local TypeScript, which may import more': [
      [
        'import text, { Circle, Kind, type Shape } from "./shape.ts"\nimport { circle } from "./uses.ts"\n[text, circle.area(), Kind.Round, circle instanceof Circle]',
        "[ 'shapes', 3, 0, true ]",
      ],
    ],
    'takes TypeScript with top-level await': [['import { value } from "./top.ts"\nvalue', '5']],
    'gives a local TypeScript file the loop of the session': [
      [
        'import { theirs } from "./loop.ts"\nimport { getEventLoop } from "tsloop"\ntheirs === getEventLoop()',
        'true',
      ],
    ],
    'runs for its side effects alone': [['import "./plain.mjs"'], ['import "node:fs"']],
    'of types alone loads nothing': [
      [
        'import type { Shape } from "./there-is-none.ts"\nimport type Def from "nowhere"\nconst s: Shape | undefined = undefined\n1',
        '1',
      ],
    ],
    'comes before the code above it': [
      ['typeof basename\nimport { basename } from "node:path"\ntypeof basename', "'function'"],
    ],
    'gives the same module again': [
      ['const m1 = await import("./plain.mjs"), m2 = await import("./plain.mjs")\nm1 === m2', 'true'],
    ],
    'works dynamically, also in functions that run later': [
      ['const load = () => import("./uses.ts")'],
      ['(await load()).circle.area()', '3'],
      [
        'await new Promise((resolve) => setTimeout(() => resolve(import("node:os")), 1)).then((os: any) => typeof os.cpus)',
        "'function'",
      ],
    ],
    'says which file is missing': [
      ['import { x } from "./missing.ts"', { error: /^Error: Cannot find module .*missing\.ts/ }],
      ['await import("./missing.mjs").catch((e) => e.code)', "'ERR_MODULE_NOT_FOUND'"],
      [
        'import "no-such-package"',
        { error: /^Error: Cannot find package 'no-such-package'.*install no-such-package$/ },
      ],
      // An alias that no tsconfig.json has is no name of a package.
      ['import "@/nowhere"', { error: /^Error: Cannot find package '@\/nowhere' imported from In \[\d+\]$/ }],
    ],
    'says where a file is no TypeScript': [
      ['import { broken } from "./broken.ts"', { error: /^SyntaxError: /, traceback: /broken\.ts:[23]/ }],
    ],
    'shows the place in the file where it throws': [
      [
        'import { fail } from "./throws.ts"\nfail()',
        { error: 'Error: from the module', traceback: /throws\.ts:2:32[^]*In \[1\]:2:1/ },
      ],
    ],
    'of one that failed declares nothing, and may be repeated': [
      ['import { gone } from "./missing2.ts"\nconst never = 1', { error: /^Error: Cannot find module/ }],
      [
        'await (await import("node:fs/promises")).writeFile("missing2.ts", "export const gone: string = \'found\'")',
      ],
      ['import { gone } from "./missing2.ts"\ngone', "'found'"],
    ],
  },
  files,
);

describeCells(
  'require and import.meta in a cell',
  {
    'require takes CommonJS, JSON and parts of Node': [
      [
        '[require("./old.cjs").one, require("./data.json").a, typeof require("node:fs").readFileSync]',
        "[ 1, [ 1, 2 ], 'function' ]",
      ],
      ['require("pure-cjs")', "{ cjs: 'commonjs' }"],
    ],
    'require resolves': [['require.resolve("./old.cjs").endsWith("old.cjs")', 'true']],
    'import.meta names the working directory': [
      [
        'import { realpathSync } from "node:fs"\nrealpathSync(import.meta.dirname) === realpathSync(process.cwd())',
        'true',
      ],
      ['import.meta.url.startsWith("file:///")', 'true'],
      ['typeof import.meta.filename', "'string'"],
      ['import.meta.resolve("./shape.ts").endsWith("/shape.ts")', 'true'],
    ],
    'import.meta.resolve and require find tsloop, which is installed nowhere, and parts of Node': [
      [
        'import { getEventLoop } from "tsloop"\n[(await import(import.meta.resolve("tsloop"))).getEventLoop === getEventLoop, require("tsloop").getEventLoop === getEventLoop]',
        '[ true, true ]',
      ],
      ['/\\/testing\\/index\\.js$/.test(import.meta.resolve("tsloop/testing"))', 'true'],
      [
        '[import.meta.resolve("fs"), import.meta.resolve("node:path"), import.meta.resolve("data:,x")]',
        "[ 'node:fs', 'node:path', 'data:,x' ]",
      ],
    ],
    'both follow %cd': [
      ['%cd "sub folder"', { stdout: /sub folder/ }],
      [
        'import { deep } from "./deep.ts"\ndeep.endsWith("sub folder") && import.meta.dirname.endsWith("sub folder")',
        'true',
      ],
      ['require("../data.json").a', '[ 1, 2 ]'],
      ['!echo "$(basename "$PWD")"', { stdout: 'sub folder\n' }],
      ['%cd ..', { stdout: /./ }],
      ['require("./data.json").a', '[ 1, 2 ]'],
    ],
    'both follow process.chdir': [
      ['process.chdir("sub folder");\n(await import("./deep.ts")).deep.endsWith("sub folder")', 'true'],
      ['process.chdir("..")'],
    ],
  },
  files,
);
