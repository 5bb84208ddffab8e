/** What broke once. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

describeCells('a variable that is called like a global', {
  'harms neither the kernel nor packages': [
    ['class Map { own = 1 }\nclass Promise { then() {} }\nlet Object = 5, Array = [1, 2]'],
    ['const process = { pid: 3 }, URL = "u", performance = 0'],
    ['[Object, Array.length, new Map().own, process.pid, URL]', "[ 5, 2, 1, 3, 'u' ]"],
    ['!echo still here', { stdout: 'still here\n' }],
    ["import { sep } from 'node:path'\ntypeof sep", "'string'"],
    ['(await $`echo commands too`).stdout', "'commands too'"],
    ['%who', { stdout: 'Array\nMap\nObject\nPromise\nURL\nperformance\nprocess\nsep\n' }],
    ['let __tsloop__ = 1; __tsloop__ + 1', '2'],
    ['1 + 1', '2'],
  ],
  'of browsers makes no package believe that it runs in one': [
    ['const { document, window } = { document: { title: "mine" }, window: 1 }\nlet self = 2'],
    ['[document.title, window, self]', "[ 'mine', 1, 2 ]"],
    [
      "import { runInThisContext } from 'node:vm'\n['document', 'window', 'self'].map((name) => runInThisContext(`typeof ${name}`))",
      "[ 'undefined', 'undefined', 'undefined' ]",
    ],
  ],
});

describeCells('an error', {
  'of a name that does not exist has its place, also as the last call': [
    [
      'const before = 1\nnosuchfn("x")',
      {
        error: 'ReferenceError: nosuchfn is not defined',
        traceback:
          /^In \[1\]:2:1\n {4}nosuchfn\("x"\)\n {4}\^\nReferenceError: nosuchfn is not defined\n {4}at In \[1\]:2:1$/,
      },
    ],
  ],
  'of a missing export names it and its place': [
    [
      "import { nope } from 'node:fs'\nnope",
      { error: /^SyntaxError: .*'node:fs'.*'nope'/, traceback: /^In \[1\]:1:1\n/ },
    ],
    ["import { Nothing } from 'node:fs'\n1", '1'],
  ],
  'of a missing module speaks of the cell': [
    ["await import('./nothing-here.ts')", { error: /imported from In \[\d+\]$/, traceback: /^In \[1\]:1:/ }],
  ],
  'in a command’s expression names the command’s line': [
    [
      '1\n!echo {nosuch}',
      {
        error: 'ReferenceError: nosuch is not defined',
        traceback: /^In \[1\]:2:1\n {4}!echo \{nosuch\}\n {4}\^/,
      },
    ],
  ],
  'of a failed $ is short': [
    [
      'await $`exit 3`',
      { error: /^ExecaError: /, traceback: /^In \[1\]:1:\d+\n.*\n.*\nExecaError: [^{]*at In \[1\]:1:\d+$/s },
    ],
  ],
  'of a failed script is its message': [
    [
      '%%sh\nexit 4',
      { error: /exit code 4/, traceback: 'ExitCodeError: The sh script ended with exit code 4.' },
    ],
  ],
  'of a command inside of a block says where commands may stand': [
    ['if (true) {\n!echo hi\n}', { error: /^SyntaxError: /, traceback: /top level/ }],
  ],
  'of a late %% magic says where it belongs': [
    ['// first\n%%bash\necho hi', { error: /^UsageError: .*first line/ }],
  ],
  'does not show the names that the compiler gives to copies': [
    [
      'let f: any = 1\nfor (let i = 0; i < 2; i++) { f = 5; f() }',
      { error: 'TypeError: f is not a function' },
    ],
  ],
  'keeps its place after somebody has set Error.prepareStackTrace and taken it away': [
    [
      'Error.prepareStackTrace = () => "mine"; const mine = new Error("x").stack; Error.prepareStackTrace = undefined; mine',
      "'mine'",
    ],
    ['null.x', { error: /^TypeError: /, traceback: /^In \[2\]:1:6\n/ }],
  ],
});

describeCells('what is shown', {
  'is an error if no message can carry it': [
    [
      "display({ 'application/json': { a: 1n } }, { raw: true })",
      { error: /^TypeError: .*application\/json.*BigInt/ },
    ],
    ['const cyclic: any = {}; cyclic.self = cyclic; 0', '0'],
    ["display({ 'application/json': cyclic }, { raw: true })", { error: /^TypeError: .*application\/json/ }],
    [
      "({ [Symbol.for('Jupyter.display')]() { return { 'text/plain': () => 1 } } })",
      { error: /^TypeError: / },
    ],
    [
      "({ async [Symbol.for('Jupyter.display')]() { return { 'text/plain': 1n } } })",
      { error: /^TypeError: / },
    ],
    ['1', '1'],
  ],
});

describe('the kernel', () => {
  let kernel: TestKernel;
  beforeEach(async () => {
    kernel = await TestKernel.start();
  });
  afterEach(() => kernel.stop());

  it('can be stopped while it floods its client', async () => {
    const id = kernel.client.submit('const y = "y".repeat(1e4); for (;;) console.log(y)');
    await kernel.client.printed(id, 'y');
    await kernel.client.request('control', 'interrupt_request');
    const { published } = await kernel.client.answer(id);
    assert.deepEqual(shownBy(published).errors, ['KeyboardInterrupt: The cell was interrupted']);
    assert.equal(shownBy((await kernel.client.run('1 + 1')).published).result, '2');
  });

  it('runs what is sent after the answer to a failed cell, and nothing that was queued before', async () => {
    for (let round = 0; round < 3; round += 1) {
      // Long enough for all requests to arrive meanwhile.
      const failing = kernel.client.submit(
        'await new Promise((resolve) => setTimeout(resolve, 200)); throw 1',
      );
      const behind = Array.from({ length: 20 }, () => kernel.client.submit('"behind"'));
      await kernel.client.answer(failing);
      const after = await kernel.client.run('"after"');
      assert.equal(after.reply['status'], 'ok');
      for (const id of behind) assert.equal((await kernel.client.answer(id)).reply['status'], 'aborted');
    }
  });

  it('answers the cell that ends the process', async () => {
    const id = kernel.client.submit('console.log("bye"); process.exit(3)');
    const { reply, published } = await kernel.client.answer(id);
    assert.deepEqual(
      [reply['status'], reply['ename'], shownBy(published).stdout],
      ['error', 'ProcessExit', 'bye\n'],
    );
    assert.equal((await kernel.exit).code, 3);
  });

  it('sends few messages for many lines', async () => {
    const { published } = await kernel.client.run('for (let i = 0; i < 20; i++) console.log(i)');
    assert.equal(published.filter(({ type }) => type === 'stream').length, 1);
  });
});
