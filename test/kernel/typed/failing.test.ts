/** Cells that fail: half way at run time, or before they begin because of a type error. */
import { describeTyped, typeOf, types } from './steps.ts';

describeTyped('a cell that threw half way', {
  'leaves what was declared before, with its type': [
    [
      'const early = { n: 1 }\nlet alsoEarly = "text"\nthrow new Error("half way")\nconst never = 3',
      { error: 'Error: half way' },
    ],
    ['early.n + alsoEarly.length', '5'],
    typeOf('early', '{ n: number; }'),
    ['early.m', types('2339 1:7 m')],
  ],
  'does not leave what would have been declared behind': [
    ['JSON.parse("no json")\nconst behind = 1', { error: /^SyntaxError/ }],
    ['behind', types('2304 1:1 behind')],
    ['const behind = "now"'],
    ['behind', "'now'"],
  ],
  'leaves the global variables that it got to, and no others': [
    ['globalThis.reached = { n: 1 }\nJSON.parse("{")\nglobalThis.missed = 2', { error: /^SyntaxError/ }],
    ['reached.n', '1'],
    ['reached.m', types('2339 1:9 m')],
    ['missed', types('2304 1:1 missed')],
  ],
  'keeps the old name when the new one was not reached': [
    ['let level = 1'],
    ['JSON.parse("{")\nlet level = "high"', { error: /^SyntaxError/ }],
    typeOf('level', 'number'),
    ['level.toFixed(1)', "'1.0'"],
    ['let level = "low"\nJSON.parse("{")', { error: /^SyntaxError/ }],
    typeOf('level', 'string'),
    ['level', "'low'"],
  ],
  'keeps the kind of a name whose new declaration was not reached': [
    ['let open = 1\nconst closed = 1'],
    ['JSON.parse("{")\nconst open = 2\nlet closed = 2', { error: /^SyntaxError/ }],
    ['open = 3\nopen', '3'],
    ['closed = 3', types('2588 1:1 closed')],
    ['closed', '1'],
  ],
  'in the value of the declaration itself keeps the old name': [
    ['const size = 1'],
    ['const size: string = JSON.parse("{")', { error: /^SyntaxError/ }],
    typeOf('size', '1'),
    ['size', '1'],
  ],
  'in an await keeps what was before, and not what comes after': [
    [
      'const before = 1\nconst got: string = await Promise.reject(new Error("refused"))\nconst after = 2',
      { error: 'Error: refused' },
    ],
    ['before', '1'],
    ['got', types('2304 1:1 got')],
    ['after', types('2304 1:1 after')],
  ],
  'in a callback does so too': [
    [
      'const start = 1\nconst all = [1, 2].map((n) => { if (n > 1) throw new Error("in map"); return n })\nconst end = 2',
      { error: 'Error: in map' },
    ],
    ['[start]', '[ 1 ]'],
    ['all', types('2304 1:1 all')],
    ['end', types('2304 1:1 end')],
  ],
  'in a nested function of an earlier cell does so too': [
    ['function outer() { return inner() }\nfunction inner(): number { throw new Error("deep") }'],
    ['let ready = true\nlet depth = outer()\nlet done = true', { error: 'Error: deep' }],
    ['ready', 'true'],
    ['depth', types('2304 1:1 depth')],
    ['done', types('2304 1:1 done')],
  ],
  'has declared its functions, as they come first': [
    ['JSON.parse("{")\nfunction hoisted(n: number) { return n * 2 }', { error: /^SyntaxError/ }],
    ['hoisted(2)', '4'],
    ['hoisted("2")', types('2345 1:9 "2"')],
  ],
  'has declared its types, wherever they stand': [
    ['JSON.parse("{")\ninterface Row { a: number }\ntype Rows = Row[]', { error: /^SyntaxError/ }],
    ['const rows: Rows = [{ a: 1 }]\nrows', '[ { a: 1 } ]'],
    ['const row: Row = { a: "1" }', types('2322 1:20 a')],
  ],
  'has not declared classes, enums and namespaces behind': [
    [
      'JSON.parse("{")\nclass Klass {}\nenum Enum { A }\nnamespace Space { export const a = 1 }',
      { error: /^SyntaxError/ },
    ],
    ['new Klass()', types('2304 1:5 Klass')],
    ['Enum.A', types('2304 1:1 Enum')],
    ['Space.a', types('2304 1:1 Space')],
  ],
  'keeps the class whose namesake was not reached': [
    ['class Engine { power = 1 }'],
    ['JSON.parse("{")\nclass Engine { thrust = 2 }', { error: /^SyntaxError/ }],
    ['new Engine().power', '1'],
    ['new Engine().thrust', types('2339 1:14 thrust')],
  ],
  'has the imports that it began with': [
    ['import { sep } from "node:path"\nJSON.parse("{")', { error: /^SyntaxError/ }],
    ['sep.length', '1'],
    typeOf('sep.length', 'number'),
  ],
  'in the middle of a destructuring keeps none of its names': [
    ['const one = 1'],
    ['const { one, two } = null as any as { one: string; two: string }', { error: /^TypeError/ }],
    typeOf('one', '1'),
    ['two', types('2304 1:1 two')],
  ],
  'in a loop keeps what the loop has assigned': [
    ['let reached = 0'],
    [
      'for (let i = 0; i < 5; i++) { reached = i; if (i === 3) throw new Error("at 3") }',
      { error: 'Error: at 3' },
    ],
    ['reached', '3'],
    ['i', types('2304 1:1 i')],
  ],
  'in a block keeps a var of before': [
    ['if (true) { var inside = 1; JSON.parse("{"); var notYet = "a" }', { error: /^SyntaxError/ }],
    ['inside + 1', '2'],
  ],
  'may be corrected and run again': [
    ['const parsed: number[] = JSON.parse("[1,")\nconst sum = parsed.length', { error: /^SyntaxError/ }],
    ['const parsed: number[] = JSON.parse("[1]")\nconst sum = parsed.length'],
    ['sum', '1'],
  ],
  'by a throw of its own is no error of types below it': [
    ['throw new Error("stop")\nconst under = 1\nunder.toFixed()', { error: 'Error: stop' }],
    ['under', types('2304 1:1 under')],
  ],
});

describeTyped('a cell that is refused', {
  'runs nothing': [
    ['const log: string[] = []'],
    [
      'log.push("ran")\nconsole.log("printed")\nprocess.exitCode = 0\nconst bad: number = "a"',
      types('2322 4:7 bad'),
    ],
    ['log', '[]'],
  ],
  'declares nothing': [
    ['const good = 1\nclass Good {}\ninterface Fine {}\nfunction ok() {}\ngood.nope', types('2339 5:6 nope')],
    ['good', types('2304 1:1 good')],
    ['new Good()', types('2304 1:5 Good')],
    ['let f: Fine', types('2304 1:8 Fine')],
    ['ok()', types('2304 1:1 ok')],
    ['const good = "free"\ngood', "'free'"],
  ],
  'leaves types and values as they were': [
    ['let speed = 1\ninterface Car { wheels: number }'],
    ['let speed = "fast"\ninterface Car { doors: number }\nspeed.nope', types('2339 3:7 nope')],
    typeOf('speed', 'number'),
    ['const car: Car = { wheels: 4 }\nspeed + car.wheels', '5'],
  ],
  'does not change values before the error': [
    ['let steps = 1'],
    ['steps = 2\nsteps = "three"', types('2322 2:1 steps')],
    ['steps', '1'],
  ],
  'runs no shell line and no magic': [
    ['!echo shell\n%pwd\nconst no: number = "a"', types('2322 3:7 no')],
    ['%env TSLOOP_TEST_REFUSED=1\n"".nope', types('2339 2:4 nope')],
    ['process.env["TSLOOP_TEST_REFUSED"]'],
  ],
  'imports nothing': [
    [
      'import "data:text/javascript,globalThis.imported=1"\nimport { sep } from "node:path"\nsep.nope',
      { error: /^TypeScriptError/ },
    ],
    ['(globalThis as any).imported'],
    ['sep', types('2304 1:1 sep')],
  ],
  'declares no global either': [
    ['declare global { var refused: number }\n"".nope', types('2339 2:4 nope')],
    ['refused', types('2304 1:1 refused')],
  ],
  'leaves the last result alone': [
    ['const last = 5\nlast', '5'],
    ['last.nope', types('2339 1:6 nope')],
    ['last', '5'],
  ],
  'by a syntax error is told by the parser': [
    ['const y = = 2', { error: /^SyntaxError: /, traceback: /^In \[1\]:1:11\n/ }],
    ['y', types('2304 1:1 y')],
  ],
});
