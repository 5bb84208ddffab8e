/** Imports and globals: what they declare is typed in all later cells. */
import { describeTyped, typeOf, types } from './steps.ts';

describeTyped(
  'an import',
  {
    'of a value is seen by later cells': [
      ['import { readFileSync, existsSync as exists } from "node:fs"'],
      ['readFileSync("note.txt", "utf8").trim()', "'a note'"],
      ['exists(1)', { error: /^TypeScriptError/ }],
      ['exists("nowhere")', 'false'],
      ['existsSync', { types: ['2304 1:1 existsSync'] }],
    ],
    'of a default and a namespace is seen by later cells': [
      ['import path, { sep } from "node:path"\nimport * as os from "node:os"'],
      ['path.basename("/a/b") + typeof sep + typeof os.EOL', "'bstringstring'"],
      ['path.nope', types('2339 1:6 nope')],
      ['os.nope', types('2339 1:4 nope')],
    ],
    'of a type is seen by later cells': [
      ['import type { Stats } from "node:fs"\nimport { type Dirent, statSync } from "node:fs"'],
      ['const stats: Stats = statSync("note.txt")\nstats.isFile()', 'true'],
      ['const entry: Dirent | null = stats', types('2739 1:7 entry')],
      ['new Stats()', { error: /^TypeScriptError: .*'Stats'/ }],
    ],
    'of the types of a whole module is seen by later cells': [
      ['import type * as http from "node:http"'],
      ['const headers: http.OutgoingHttpHeaders = { accept: "x" }\nheaders.accept', "'x'"],
      ['const bad: http.OutgoingHttpHeaders = 1', types('2322 1:7 bad')],
    ],
    'by require is seen by later cells': [
      ['import url = require("node:url")'],
      ['url.domainToASCII("a.b")', "'a.b'"],
      ['url.nope', types('2339 1:5 nope')],
    ],
    'of what only a newer Node than the oldest supported one has is typed': [
      ['let database: import("node:sqlite").DatabaseSync | undefined'],
      ['database?.prepare("select 1").nope', types('2339 1:31 nope')],
      ['let stripped: ReturnType<typeof import("node:module").stripTypeScriptTypes> = "1"'],
    ],
    'of a builtin needs no node:': [
      ['import { EventEmitter } from "events"\nnew EventEmitter().listenerCount("x")', '0'],
    ],
    'of an unknown module names the module': [
      [
        'import nothing from "not-installed-anywhere"',
        { types: ['2307 1:21 "not-installed-anywhere"'], error: /not-installed-anywhere/ },
      ],
    ],
    'of what a module does not have names it': [
      ['import { nope } from "node:fs"', types('2305 1:10 nope')],
      [
        'import { readFileSyncc } from "node:fs"',
        { types: ['2724 1:10 readFileSyncc'], error: /'readFileSync'/ },
      ],
    ],
    'that is dynamic has the type of the module': [
      ['const zlib = await import("node:zlib")'],
      ['zlib.gzipSync("a").length > 1', 'true'],
      ['zlib.nope', types('2339 1:6 nope')],
      ['(await import("node:os")).nope', types('2339 1:27 nope')],
    ],
    'of JSON has the type of what stands in it': [
      ['import data from "./data.json" with { type: "json" }'],
      ['data.list.length + data.name', "'2j'"],
      ['data.nope', types('2339 1:6 nope')],
    ],
    'of a local module is checked against its source': [
      ['import { area, type Shape, Unit } from "./lib/shapes.ts"\nimport * as shapes from "./lib/shapes.ts"'],
      ['const square: Shape = { side: 2 }\narea(square) + Unit.Cm', '4'],
      ['area({ side: "2" })', types('2322 1:8 side')],
      ['shapes.perimeter', types('2339 1:8 perimeter')],
      ['import { area as again } from "./lib/shapes"'],
      ['import { areas } from "./lib/shapes.ts"', { error: /'area'|areas/, types: ['2724 1:10 areas'] }],
    ],
    'of a JavaScript module takes its types from the code': [
      ['import { twice } from "./plain.js"'],
      ['twice(2)', '4'],
      ['twice()', { error: /^TypeScriptError/ }],
    ],
    'of a module for its effects declares nothing': [
      ['import "./effect.ts"'],
      ['(globalThis as any).effect', "'done'"],
    ],
    'that is declared anew by a cell is no import any more': [
      ['import { join } from "node:path"'],
      ['const join = (...parts: number[]) => parts.length'],
      ['join("a")', types('2345 1:6 "a"')],
      ['join(1, 2)', '2'],
      ['import { join } from "node:path"'],
      ['join("a", "b").length', '3'],
    ],
    'of tsloop is called so in errors': [
      ['import * as whole from "tsloop"\nconst gadgets = await import("tsloop/widgets")'],
      [
        'const n: number = whole',
        {
          types: ['2322 1:7 n'],
          error: `TypeScriptError: Type 'typeof import("tsloop")' is not assignable to type 'number'.`,
        },
      ],
      typeOf('gadgets', 'typeof import("tsloop/widgets")'),
    ],
    'stands anywhere in a cell': [
      ['const before = extname("a.b")\nimport { extname } from "node:path"\nbefore', "'.b'"],
    ],
  },
  {
    'note.txt': 'a note\n',
    'data.json': '{ "list": [1, 2], "name": "j" }\n',
    'lib/shapes.ts':
      'export interface Shape { side: number }\nexport enum Unit { Cm }\nexport function area(s: Shape): number { return s.side ** 2 }\n',
    'plain.js': '/** @param {number} n */\nexport function twice(n) { return n * 2 }\n',
    'effect.ts': '(globalThis as any).effect = "done";\nexport {};\n',
  },
);

describeTyped('a global', {
  'assigned through globalThis is known from then on': [
    ['globalThis.shared = { n: 1 }', '{ n: 1 }'],
    ['shared.n', '1'],
    ['globalThis.shared.n', '1'],
  ],
  'assigned through a cast is known as well': [
    ['(globalThis as any).loose = "text"', "'text'"],
    ['loose.length', '4'],
  ],
  'assigned by Object.assign or defineProperty is known as well': [
    [
      'Object.assign(globalThis, { viaAssign: 1 });\nObject.defineProperty(globalThis, "viaDefine", { value: 2 });\n0',
      '0',
    ],
    ['viaAssign + viaDefine', '3'],
  ],
  'assigned inside of a function is known once it has run': [
    ['function announce() { (globalThis as any).published = 7 }'],
    ['published', types('2304 1:1 published')],
    ['announce()\n0', '0'],
    ['published', '7'],
  ],
  'that nobody assigned is an error': [['neverAssigned', types('2304 1:1 neverAssigned')]],
  'is hidden by a declaration of the same name': [
    ['globalThis.both = 1', '1'],
    ['const both = "text"'],
    ['both.length', '4'],
  ],
  'of the library may be replaced': [
    ['const realLog = console.log\nconsole.log = (...a: unknown[]) => realLog("replaced", ...a);0', '0'],
    ['console.log(1)', { stdout: 'replaced 1\n' }],
    ['console.log = realLog', { result: /Function/ }],
    ['console.log = 1', types('2322 1:1 console.log')],
  ],
  'of the library keeps its types': [
    typeOf('globalThis.process.pid', 'number'),
    ['globalThis.process.nope', types('2339 1:20 nope')],
  ],
});
