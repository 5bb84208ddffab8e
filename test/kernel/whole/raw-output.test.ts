/** What reaches descriptors 1 and 2 past process.stdout: children, descriptors by number, native code. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

/** A child that prints these words, to standard output and error. */
const child = (out: string, err = ''): string =>
  `process.execPath, ["-e", ${JSON.stringify(`process.stdout.write(${JSON.stringify(out)}); process.stderr.write(${JSON.stringify(err)})`)}], { stdio: "inherit" }`;

/** Declares native(), which prints `native` by a system call of WASI's: module with one call of fd_write. */
const NATIVE = `const native = async () => {
  const wasi = new WASI({ version: 'preview1' })
  const bytes = Buffer.from('AGFzbQEAAAABDAJgBH9/f38Bf2AAAAIjARZ3YXNpX3NuYXBzaG90X3ByZXZpZXcxCGZkX3dyaXRlAAADAgEBBQMBAAEHEwIGbWVtb3J5AgAGX3N0YXJ0AAEKDwENAEEBQQhBAUEAEAAaCwsaAgBBCAsIEAAAAAcAAAAAQRALB25hdGl2ZQo=', 'base64')
  wasi.start((await WebAssembly.instantiate(bytes, wasi.getImportObject())).instance)
}`;

/** WASI is experimental, and some versions of Node say so. */
const ENV = { TSLOOP_TYPECHECK: 'off', NODE_NO_WARNINGS: '1' };

const CHILDREN = "import * as children from 'node:child_process'\nimport { once } from 'node:events'\n";

describeCells(
  'output past process.stdout',
  {
    'of the very first child is in order with what the cell prints': [
      [
        `${CHILDREN}console.log("before"); children.spawnSync(${child('inside\n', 'err\n')}); console.log("behind")`,
        { stdout: 'before\ninside\nbehind\n', stderr: 'err\n' },
      ],
    ],
    'of children that are waited for is in order': [
      [
        `${CHILDREN}console.log("a"); await once(children.spawn(${child('b\n')}), "close"); console.log("c"); children.execFileSync(${child('d\n')}); console.log("e")`,
        { stdout: 'a\nb\nc\nd\ne\n' },
      ],
      [
        'children.execSync("echo shell", { stdio: "inherit" }); children.spawnSync("echo", ["numbers"], { stdio: ["ignore", 2, process.stdout] }); 0',
        { stdout: 'shell\n', stderr: 'numbers\n', result: '0' },
      ],
    ],
    'of children that run beside the cell and of others is in order': [
      [
        `${CHILDREN}for (let i = 0; i < 3; i++) { await once(children.spawn(${child('a\n')}), "exit"); children.execFileSync(${child('b\n')}); await once(children.spawn(${child('c\n')}), "exit") }; console.log("d")`,
        { stdout: 'a\nb\nc\na\nb\nc\na\nb\nc\nd\n' },
      ],
    ],
    'of a child that cannot be started is an error as ever': [
      [
        `${CHILDREN}const gone = children.spawn("/no/such/program", [], { stdio: "inherit" }); const [error] = await once(gone, "error"); error.code`,
        "'ENOENT'",
      ],
      ['children.execSync("echo next", { stdio: "inherit" }); 0', { stdout: 'next\n', result: '0' }],
    ],
    'by descriptor numbers is in order with console': [
      [
        `import * as fs from 'node:fs'\nfor (let i = 0; i < 100; i++) { console.log(i); fs.writeSync(1, "w" + i + "\\n") }; fs.writeSync(2, Buffer.from("-err-"), 1, 3); fs.writeFileSync(1, "file"); 0`,
        {
          stdout: `${Array.from({ length: 100 }, (_, i) => `${i}\nw${i}\n`).join('')}file`,
          stderr: 'err',
          result: '0',
        },
      ],
      [
        `import * as fs from 'node:fs'\nimport { promisify } from 'node:util'\n(await promisify(fs.write)(1, Buffer.from("promised"))).bytesWritten`,
        { stdout: 'promised', result: '8' },
      ],
    ],
    'of _rawDebug goes to stderr': [['(process as any)._rawDebug("raw", 1)', { stderr: 'raw 1\n' }]],
    'of a thread of the user is there': [
      [
        `import { Worker } from 'node:worker_threads'\nawait new Promise((resolve) => new Worker("console.log('from a worker'); require('fs').writeSync(1, 'raw\\\\n')", { eval: true }).on('exit', resolve)); await new Promise((resolve) => setImmediate(resolve))`,
        { stdout: /^(?=[^]*from a worker\n)(?=[^]*raw\n)/ },
      ],
    ],
    'goes on when its descriptors are closed': [
      [
        `${CHILDREN}import * as fs from 'node:fs'\nfs.closeSync(1); fs.closeSync(2); fs.createWriteStream('', { fd: 1 }).end('stream\\n'); await new Promise((resolve) => fs.close(1, resolve)); children.execSync('echo child', { stdio: 'inherit' }); console.log('console')`,
        { stdout: 'stream\nchild\nconsole\n' },
      ],
    ],
    'of native code is in the cell that runs, in order': [
      [
        `${CHILDREN}import { WASI } from 'node:wasi'\n${NATIVE}; children.execSync('true', { stdio: 'inherit' }); 0`,
        '0',
      ],
      [
        'console.log("before"); await native(); console.log("behind")',
        { stdout: 'before\nnative\nbehind\n' },
      ],
    ],
    'of native code is in order without any child': [
      [`import { WASI } from 'node:wasi'\n${NATIVE}; 0`, '0'],
      [
        'console.log("before"); await native(); console.log("behind"); await native(); 1',
        { stdout: 'before\nnative\nbehind\nnative\n', result: '1' },
      ],
    ],
    'of a child is in order in a cell that does not name any': [
      [
        `${CHILDREN}const start = () => children.execFileSync(${child('b\n', 'err\n')}), begin = async () => once(children.spawn(${child('d\n')}), "close"); 0`,
        '0',
      ],
      ['console.log("first")', { stdout: 'first\n' }],
      [
        'console.log("a"); start(); console.log("c"); await begin(); console.log("e"); 2',
        { stdout: 'a\nb\nc\nd\ne\n', stderr: 'err\n', result: '2' },
      ],
      ['start(); 3', { stdout: 'b\n', stderr: 'err\n', result: '3' }],
    ],
    'joins characters that a child has split': [
      [
        `${CHILDREN}children.spawnSync(process.execPath, ["-e", "for (const byte of Buffer.from('é😀')) require('fs').writeSync(1, Buffer.from([byte]))"], { stdio: "inherit" }); 0`,
        { stdout: 'é😀', result: '0' },
      ],
    ],
    'that looks like the beginning of a mark stays what it is': [
      [
        `${CHILDREN}children.spawnSync(process.execPath, ["-e", "require('fs').writeSync(1, Buffer.from([97, 0, 31, 98, 0, 31]))"], { stdio: "inherit" }); 0`,
        { stdout: 'a\0\x1fb\0\x1f', result: '0' },
      ],
    ],
    'of many children at once loses nothing': [
      [
        `${CHILDREN}await Promise.all(Array.from({ length: 5 }, () => once(children.spawn(process.execPath, ["-e", "for (let i = 0; i < 20000; i++) console.log('line')"], { stdio: "inherit" }), "close"))); 0`,
        // Writers to one pipe may cut into each other's lines where it is full.
        { stdout: /^[line\n]{500000}$/, result: '0' },
      ],
    ],
    'does not lead files astray': [
      [
        `import * as fs from 'node:fs'\nimport { tmpdir } from 'node:os'\nimport * as path from 'node:path'\nconst folder = fs.mkdtempSync(path.join(fs.realpathSync(tmpdir()), 'tsloop-link-')); fs.mkdirSync(path.join(folder, 'real')); fs.symlinkSync(path.join(folder, 'real'), path.join(folder, 'link')); const real = path.relative(folder, fs.realpathSync(path.join(folder, 'link'))); fs.rmSync(folder, { recursive: true }); real`,
        "'real'",
      ],
    ],
  },
  {},
  ENV,
);

describe('what others print', function () {
  if (process.platform === 'win32') return;
  let kernel: TestKernel;
  beforeEach(async () => {
    kernel = await TestKernel.start({ env: ENV });
  });
  afterEach(() => kernel.stop());

  it('is captured after the first result without a child, and no file or folder is left', async () => {
    const temporary = await mkdtemp(path.join(tmpdir(), 'tsloop-left-'));
    try {
      await kernel.stop();
      kernel = await TestKernel.start({ env: { ...ENV, TMPDIR: temporary } });
      await kernel.client.run(`import * as fs from 'node:fs'; import { WASI } from 'node:wasi'; ${NATIVE}`);
      const { published } = await kernel.client.run(
        'while (!fs.fstatSync(1).isFIFO()) await new Promise((resolve) => setTimeout(resolve, 5)); await native()',
      );
      assert.equal(shownBy(published).stdout, 'native\n');
      assert.deepEqual(
        (await readdir(temporary)).filter((name) => name.startsWith('tsloop-output')),
        [],
      );
    } finally {
      await kernel.stop();
      await rm(temporary, { recursive: true, force: true });
    }
  });

  it('is captured in the very first cell, if that uses WASI', async () => {
    const { published } = await kernel.client.run(
      `import { WASI } from 'node:wasi'\n${NATIVE}; console.log('before'); await native(); console.log('behind')`,
    );
    assert.equal(shownBy(published).stdout, 'before\nnative\nbehind\n');
  });

  it('of a child stays under the cell that started it, also what that has started itself', async () => {
    const { id } = await kernel.client.run(`${CHILDREN}
      const late = children.spawn('sh', ['-c', 'echo first; read _; echo second; echo error >&2; (read _; echo third) <&3 & '], {
        stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
      })`);
    await kernel.client.printed(id, 'first\n');
    const next = await kernel.client.run(
      "late.stdin!.end('\\n'); await once(late, 'exit'); console.log('the child has ended')",
    );
    assert.equal(shownBy(next.published).stdout, 'the child has ended\n');
    // The child printed before it ended, and so before the next cell was done.
    assert.deepEqual(
      [shownBy(kernel.client.published(id)).stdout, shownBy(kernel.client.published(id)).stderr],
      ['first\nsecond\n', 'error\n'],
    );
    const last = await kernel.client.run("(late.stdio[3] as any).end('\\n'); 0");
    await kernel.client.printed(id, 'third\n');
    assert.equal(shownBy(last.published).stdout, '');
  });

  it('of a child that a timer waits for is under the cell of the timer', async () => {
    const { id } = await kernel.client.run(
      `${CHILDREN}let go = () => {}; const went = new Promise<void>((resolve) => { go = resolve }); void went.then(() => children.execSync('echo mine', { stdio: 'inherit' })); 0`,
    );
    const next = await kernel.client.run(
      "go(); await null; await null; children.execSync('echo next', { stdio: 'inherit' }); 0",
    );
    await kernel.client.printed(id, 'mine\n');
    assert.equal(shownBy(next.published).stdout, 'next\n');
  });

  it('takes no descriptors for good', async () => {
    if (process.platform !== 'linux') return;
    const count = 'require("node:fs").readdirSync("/proc/self/fd").length';
    const start = `await require('node:events').once(require('node:child_process').spawn('echo', ['printed'], { stdio: 'inherit' }), 'exit')`;
    for (let i = 0; i < 3; i++) await kernel.client.run(start);
    const before = Number(shownBy((await kernel.client.run(count)).published).result);
    for (let i = 0; i < 20; i++) {
      const { published } = await kernel.client.run(start);
      assert.equal(shownBy(published).stdout, 'printed\n');
    }
    // The last ones may not have been read to their end yet.
    const after = Number(shownBy((await kernel.client.run(count)).published).result);
    assert.ok(after <= before + 8, `${before} descriptors, then ${after}`);
  });

  it('flows while a child blocks the thread', async () => {
    // The child ends with the kernel, whose process it asks for.
    const command = 'echo flowing; while kill -0 $PPID 2>/dev/null; do sleep 0.1; done';
    const id = kernel.client.submit(
      `require('node:child_process').execSync(${JSON.stringify(command)}, { stdio: 'inherit' })`,
    );
    await kernel.client.printed(id, 'flowing\n');
    assert.equal(await kernel.client.beat('ping'), 'ping');
  });

  it('of a child is there also when the cell ends the process', async () => {
    const id = kernel.client.submit(
      "require('node:child_process').execSync('echo last words', { stdio: 'inherit' }); process.exit(0)",
    );
    await kernel.client.printed(id, 'last words\n');
  });

  it('leaves the kernel its own standard error, which ends with it', async () => {
    await kernel.client.run("require('node:child_process').execSync('true', { stdio: 'inherit' })");
    kernel.client.sendFrames('shell', ['<IDS|MSG>', 'wrong', '{}', '{}', '{}', '{}']);
    await kernel.client.run('1');
    await kernel.client.request('control', 'shutdown_request', { restart: false });
    await kernel.exit;
    assert.match(kernel.stderr, /Dropped a message on shell: Wrong signature/);
  });
});
