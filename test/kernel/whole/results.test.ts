/** What a cell shows as its result. */
import { describeCells } from './cells.ts';

describeCells('the result of a cell', {
  'is a number': [['1 + 1', '2']],
  'keeps the sign of zero': [['-0', '-0']],
  'is NaN': [['0 / 0', 'NaN']],
  'is an infinity': [['-1 / 0', '-Infinity']],
  'is a string in quotes': [['"it\'s"', '"it\'s"']],
  'is an empty string': [['""', "''"]],
  'is null': [['null', 'null']],
  'is nothing for undefined': [['undefined'], ['void 0']],
  'is a boolean': [['1 > 2', 'false']],
  'is a bigint': [['2n ** 70n', '1180591620717411303424n']],
  'is a symbol': [['Symbol("a b")', 'Symbol(a b)']],
  'is an array': [['[1, , "a"]', "[ 1, <1 empty item>, 'a' ]"]],
  'is an object that looks like a block when it is in parentheses': [['({ a: 1 })', '{ a: 1 }']],
  'is an instance with the name of its class': [
    ['class Point { x = 1; constructor(readonly y: number) {} }\nnew Point(2)', 'Point { y: 2, x: 1 }'],
  ],
  'is a map': [['new Map([[1, { a: new Set([2]) }]])', 'Map(1) { 1 => { a: Set(1) { 2 } } }']],
  'is an error as a value, with its place': [
    ['new RangeError("no")', { result: /^RangeError: no\n {4}at In \[\d+\]:1:1$/ }],
  ],
  'is a function by its name': [['function f() {}\nf', '[Function: f]']],
  'is a class by its name': [['class A {}\nclass B extends A {}\nB', '[class B extends A]']],
  'is a date': [['new Date(0)', '1970-01-01T00:00:00.000Z']],
  'is a promise, not awaited': [['Promise.resolve(1)', 'Promise { 1 }']],
  'is a pending promise, without what the kernel knows of it': [
    ['const pending = new Promise(() => {}); pending', 'Promise { <pending> }'],
    ['console.log(pending, [Promise.resolve(2)])', { stdout: 'Promise { <pending> } [ Promise { 2 } ]\n' }],
  ],
  'is a timer, without what the kernel knows of it': [
    ['setTimeout(() => {}, 1)', { result: /^Timeout \{(?![^]*kResourceStore)/ }],
    ['setImmediate(() => {})', { result: /^Immediate \{(?![^]*kResourceStore)/ }],
  ],
  'is an awaited value': [['await Promise.resolve(1)', '1']],
  'is what the object says of itself': [
    ['({ [Symbol.for("nodejs.util.inspect.custom")]: () => "me" })', 'me'],
  ],
  'is the same text for a value that refers to itself': [
    ['const me: any = {}; me.me = me; me', '<ref *1> { me: [Circular *1] }'],
  ],
  'is the value of an assignment': [['let assigned\nassigned = 5', '5']],
  'is the last of a sequence': [['1, 2, 3', '3']],
  'is nothing after a declaration': [['const last = 1']],
  'is nothing for an empty cell': [
    [''],
    ['  \n\t\n'],
    [';;'],
    ['// only a comment'],
    ['/* only\na comment */'],
  ],
  'is followed by a semicolon': [['4;', '4']],
  'is followed by a comment': [
    ['5 // five', '5'],
    ['6\n/* six */\n// six', '6'],
  ],
  'is followed by types': [
    ['7\ninterface Seven {}\ntype T = Seven', '7'],
    ['8\ndeclare const eight: number', '8'],
  ],
  'is followed by blank lines': [['9\n\n\n', '9']],
  'is an expression that begins a line with a bracket': [
    ['const three = 3;\n[three].map((n) => n + 1)', '[ 4 ]'],
  ],
  'is a template': [['`${1}\n${2}`', "'1\\n2'"]],
  'is a regular expression': [['/a\\/b/g', '/a\\/b/g']],
  'is nothing after a statement that is no expression': [['if (true) { 1 }'], ['for (const i of [1]) i']],
  'is an arrow function': [['(x: number): number => x', '[Function (anonymous)]']],
  'is what satisfies and as leave': [
    ['({ a: 1 } satisfies object as { a: 1 })', '{ a: 1 }'],
    ['(1 as any)!', '1'],
  ],
  'is cut when it is long': [
    ['Array.from({ length: 200 }, (_, i) => i)', { result: /\.\.\. 100 more items\n\]$/ }],
  ],
  // Node 26 says that it is a proxy.
  'is a proxy, whatever its traps throw': [
    ['new Proxy({}, { get() { throw new Error("trap") } })', { result: /^(?:\{\}|Proxy\(\{\}\))$/ }],
  ],
  'is an error of the cell when its inspection throws': [
    [
      '({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new TypeError("hidden") } })',
      { error: 'TypeError: hidden' },
    ],
    ['1', '1'],
  ],
  'is shown by a Jupyter.display method, awaited': [
    ['({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "shown" }) })', 'shown'],
  ],
  'is an error when that method rejects': [
    [
      '({ [Symbol.for("Jupyter.display")]: async () => { throw new Error("unshown") } })',
      { error: 'Error: unshown' },
    ],
  ],
  'is an error when that method gives no bundle': [
    ['({ [Symbol.for("Jupyter.display")]: () => null })', { error: /^TypeError: / }],
    ['2', '2'],
  ],
});
