/** How errors are told. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

describeCells('a syntax error', {
  'names line and column, shows the line and a caret, and runs nothing': [
    [
      'console.log("not run")\nconst x = 1\nconst y = = 2',
      { error: /^SyntaxError: /, traceback: /^In \[1\]:3:11\n {4}const y = = 2\n {14}\^\nSyntaxError: / },
    ],
    ['typeof x', "'undefined'"],
  ],
  'keeps tabs in front of the caret': [
    [
      'if (true) {\n\tlet 1x\n}',
      { error: /^SyntaxError: /, traceback: /^In \[1\]:2:7\n {4}\tlet 1x\n {4}\t {5}\^/ },
    ],
  ],
  'counts columns after an emoji': [
    ['const s = "😀"; const = 1', { error: /^SyntaxError: /, traceback: /^In \[1\]:1:23\n/ }],
  ],
  'is told of an unfinished text': [
    ['const half = "abc', { error: /^SyntaxError: Unterminated string/ }],
    ['`open', { error: /^SyntaxError: Unterminated/ }],
    ['{', { error: /^SyntaxError: / }],
  ],
  'is told of a name that is declared twice in one cell': [
    ['let twice = 1\nlet twice = 2', { error: /^SyntaxError: .*twice/, traceback: /In \[1\]:[12]:5/ }],
  ],
  'is told of return outside of a function': [
    ['return 1', { error: /^SyntaxError: /, traceback: /In \[1\]:1:1/ }],
  ],
  'is told in JSX': [['<a>\n<b>\n</a>', { error: /^SyntaxError: /, traceback: /In \[1\]:[23]/ }]],
  'below a shell line is told with the line of the cell': [
    ['!true\n\nconst y = ;', { error: /^SyntaxError: /, traceback: /^In \[1\]:3:11\n {4}const y = ;/ }],
  ],
});

describeCells('a runtime error', {
  'shows its place in the cell, its line, and no frames of the kernel': [
    [
      'const a = 1\nfunction fail(): never {\n  throw new TypeError("broken")\n}\nfail()',
      {
        error: 'TypeError: broken',
        traceback:
          'In [1]:3:9\n      throw new TypeError("broken")\n            ^\nTypeError: broken\n    at fail (In [1]:3:9)\n    at In [1]:5:1',
      },
    ],
  ],
  'in a function of an earlier cell names both cells': [
    ['function divide(a: bigint, b: bigint) {\n  return a / b\n}'],
    [
      'const q = divide(1n, 0n)',
      {
        error: 'RangeError: Division by zero',
        traceback:
          'In [1]:2:12\n      return a / b\n               ^\nRangeError: Division by zero\n    at divide (In [1]:2:12)\n    at In [2]:1:11',
      },
    ],
  ],
  'of a callback or a task shows no frame of the loop that called it': [
    [
      'import { createTask } from "tsloop"\nawait createTask(async function failing() {\n  throw new Error("in a task")\n})',
      { error: 'Error: in a task', traceback: /\nError: in a task\n {4}at Task\.failing \(In \[1\]:3:9\)$/ },
    ],
  ],
  'after an await keeps its place': [
    ['await null\nawait null\nnull!.x', { error: /^TypeError: Cannot read/, traceback: /^In \[1\]:3:7\n/ }],
    [
      'async function inner() { await null; throw new Error("async") }\nasync function outer() { await inner() }\nawait outer()',
      {
        error: 'Error: async',
        traceback:
          /at inner \(In \[2\]:1:44\)\n {4}at async outer \(In \[2\]:2:26\)\n {4}at (?:async )?In \[2\]:3:1$/,
      },
    ],
  ],
  'in TypeScript that had to be compiled keeps its place': [
    [
      'enum E { A }\n\nclass C { constructor(private x: number) {}\n  get(): number { return (undefined as any).y }\n}\nnew C(E.A).get()',
      {
        error: /^TypeError/,
        traceback: /^In \[1\]:4:45\n[^]*at C\.get \(In \[1\]:4:45\)\n {4}at In \[1\]:6:12$/,
      },
    ],
  ],
  'in a callback of a method names the cell': [
    [
      '[1].map((n) => { throw new Error("in map " + n) })',
      {
        error: 'Error: in map 1',
        traceback: /at In \[1\]:1:24\n {4}at Array\.map \(<anonymous>\)\n {4}at In \[1\]:1:5$/,
      },
    ],
  ],
  'shows its causes': [
    [
      'throw new Error("outer", { cause: new RangeError("inner", { cause: "why" }) })',
      { error: 'Error: outer', traceback: /\[cause\]: RangeError: inner[^]*\[cause\]: 'why'/ },
    ],
  ],
  'shows further properties': [
    [
      'throw Object.assign(new Error("with code"), { code: "E_CODE" })',
      { error: 'Error: with code', traceback: /code: 'E_CODE'/ },
    ],
  ],
  'of several errors shows all': [
    [
      'await Promise.any([Promise.reject(new Error("one")), Promise.reject(new Error("two"))])',
      { error: 'AggregateError: All promises were rejected', traceback: /Error: one[^]*Error: two/ },
    ],
  ],
  "of a class of one's own has its name": [
    [
      'class MyError extends Error { override name = "MyError" }\nthrow new MyError("mine")',
      { error: 'MyError: mine' },
    ],
  ],
  'may be anything that is thrown': [
    ['throw "text"', { error: /^Uncaught: 'text'$/ }],
    ['throw undefined', { error: 'Uncaught: undefined' }],
    ['throw null', { error: 'Uncaught: null' }],
    ['throw { a: 1 }', { error: 'Uncaught: { a: 1 }' }],
    ['throw 1n', { error: 'Uncaught: 1n' }],
    ['throw -0', { error: 'Uncaught: -0' }],
    ['throw Symbol("s")', { error: 'Uncaught: Symbol(s)' }],
    ['throw () => {}', { error: /^Uncaught: \[Function/ }],
    ['await Promise.reject()', { error: 'Uncaught: undefined' }],
  ],
  'may throw from its own inspection, message or name': [
    [
      'throw { [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("hidden") } }',
      { error: /^Uncaught: <value that cannot be shown: hidden>$/ },
    ],
    [
      'throw Object.defineProperty(new Error("x"), "message", { get() { throw new Error("no message") } })',
      { error: /./ },
    ],
    [
      'throw Object.defineProperty(new Error("x"), "name", { get() { throw new Error("no name") } })',
      { error: /./ },
    ],
    [
      'throw Object.defineProperty(new Error("x"), "stack", { get() { throw new Error("no stack") } })',
      { error: /./ },
    ],
    [
      'throw new Proxy(new Error("x"), { get() { throw new Error("trap") }, getPrototypeOf() { throw new Error("trap") } })',
      { error: /./ },
    ],
    ['throw Object.assign(new Error("odd"), { name: 5, message: { a: 1 } })', { error: /./ }],
    ['1', '1'],
  ],
  'may be a stack that overflowed': [
    [
      'function deep(): number { return deep() + 1 }\ndeep()',
      { error: 'RangeError: Maximum call stack size exceeded', traceback: /at deep \(In \[1\]:1:27\)/ },
    ],
  ],
  'inside %time is told with the line of the cell': [
    ['const before = 1\n%time null!.x', { error: /^TypeError/, traceback: /In \[1\]/, stdout: /Wall time/ }],
  ],
  'keeps its place when a cell replaces Error.prepareStackTrace and puts it back': [
    [
      'const keep = Error.prepareStackTrace; Error.prepareStackTrace = (_, s) => s.length; const n = new Error("x").stack as unknown; Error.prepareStackTrace = keep!\ntypeof n',
      "'number'",
    ],
    ['throw new Error("again")', { error: 'Error: again', traceback: /^In \[2\]:1:7/ }],
  ],
});

describe('an error that nobody handles', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
  });
  after(() => kernel.stop());

  const cases: Readonly<Record<string, readonly [code: string, error: string]>> = {
    'of a timer': ['setTimeout(() => { throw new Error("timer") }, 1); 0', 'Error: timer'],
    'of a promise': ['void Promise.reject(new Error("rejected")); 0', 'Error: rejected'],
    'of a promise that rejects with no error': ['void Promise.reject("why"); 0', "Uncaught: 'why'"],
    'of a next tick': ['process.nextTick(() => { throw new Error("tick") }); 0', 'Error: tick'],
    'of a microtask': ['queueMicrotask(() => { throw new Error("micro") }); 0', 'Error: micro'],
    'of an immediate': ['setImmediate(() => { throw new Error("immediate") }); 0', 'Error: immediate'],
    'of an event': [
      'import { EventEmitter } from "node:events"\nconst e = new EventEmitter(); setTimeout(() => e.emit("error", new Error("event")), 1); 0',
      'Error: event',
    ],
    'of an object that throws when it is looked at': [
      'setTimeout(() => { throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }, 1); 0',
      'Uncaught: An object was thrown that cannot be shown',
    ],
    'of an async function that is not awaited': [
      '(async () => { await null; throw new Error("async") })(); 0',
      'Error: async',
    ],
  };
  for (const [claim, [code, error]] of Object.entries(cases)) {
    it(`${claim} is shown under the cell that scheduled it, and the kernel lives`, async () => {
      const id = kernel.client.submit(code);
      const { reply } = await kernel.client.answer(id);
      assert.equal(reply['status'], 'ok');
      // The next cell runs whenever it comes, and shows nothing of it.
      const next = await kernel.client.run('await new Promise((resolve) => setTimeout(resolve, 5)); "next"');
      await kernel.client.wait(error, ({ type, parent }) => type === 'error' && parent === id);
      assert.deepEqual(shownBy(kernel.client.published(id)).errors, [error]);
      assert.deepEqual(
        [shownBy(kernel.client.published(next.id)).result, shownBy(kernel.client.published(next.id)).errors],
        ["'next'", []],
      );
    });
  }

  it('names its place in the cell', async () => {
    const id = kernel.client.submit('1\nsetTimeout(() => {\n  (null as any).x\n})\n0');
    await kernel.client.wait('the error', ({ type, parent }) => type === 'error' && parent === id);
    assert.match(
      shownBy(kernel.client.published(id)).traceback,
      /^In \[\d+\]:3:17\n {6}\(null as any\)\.x\n/,
    );
  });

  it('that is handled in time is not shown', async () => {
    const { id } = await kernel.client.run(
      'const p = Promise.reject(new Error("late")); p.catch(() => {}); await null',
    );
    await kernel.client.run('await new Promise((resolve) => setTimeout(resolve, 5))');
    assert.deepEqual(shownBy(kernel.client.published(id)).errors, []);
  });
});
