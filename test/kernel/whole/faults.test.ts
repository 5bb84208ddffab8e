/** What goes wrong in cells is shown under them, and the kernel goes on. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { shownBy, TestKernel, type KernelOptions } from '../../support/kernel-client.ts';
import { makeFolder } from './cells.ts';

interface Fault {
  /** Ends in the error, or leaves something behind that does. */
  readonly cell: string;
  /** `name: message` of what is shown under the cell; undefined where nothing goes wrong after all. */
  readonly shows?: RegExp;
  readonly posix?: true;
}

const BOOM = /^Error: boom$/;

const faults: Readonly<Record<string, Fault>> = {
  // Exceptions that nobody handles, wherever code runs.
  'an exception in a timer': { cell: 'setTimeout(() => { throw new Error("boom") }, 1)', shows: BOOM },
  'an exception in an interval': {
    cell: 'const interval = setInterval(() => { clearInterval(interval); throw new Error("boom") }, 1)',
    shows: BOOM,
  },
  'an exception in an immediate': { cell: 'setImmediate(() => { throw new Error("boom") })', shows: BOOM },
  'an exception in a next tick': { cell: 'process.nextTick(() => { throw new Error("boom") })', shows: BOOM },
  'an exception in a microtask': { cell: 'queueMicrotask(() => { throw new Error("boom") })', shows: BOOM },
  'an exception in a callback of fs': {
    cell: 'import { stat } from "node:fs"\nstat(".", () => { throw new Error("boom") })',
    shows: BOOM,
  },
  'an exception in a message port': {
    cell: 'const { port1, port2 } = new MessageChannel(); port1.onmessage = () => { port1.close(); throw new Error("boom") }; port2.postMessage(1)',
    shows: BOOM,
  },
  'an exception in a listener of an event target': {
    cell: 'const target = new EventTarget(); target.addEventListener("x", () => { throw new Error("boom") }); target.dispatchEvent(new Event("x"))',
    shows: BOOM,
  },
  'an exception in the thread of a worker': {
    cell: 'import { Worker } from "node:worker_threads"\nnew Worker("throw new Error(\'boom\')", { eval: true })',
    shows: BOOM,
  },
  'an error event without a listener': {
    cell: 'import { EventEmitter } from "node:events"\nsetTimeout(() => new EventEmitter().emit("error", new Error("boom")), 1)',
    shows: BOOM,
  },
  'a stream of a file that is missing': {
    cell: 'import { createReadStream } from "node:fs"\ncreateReadStream("/nowhere/boom")',
    shows: /^Error: ENOENT: no such file or directory/,
  },
  'a connection that is refused': {
    cell: 'import { createServer, connect } from "node:net"\nconst closing = createServer().listen(0, "127.0.0.1", () => { const { port } = closing.address() as any; closing.close(() => connect(port, "127.0.0.1")) })',
    shows: /^Error: connect ECONNREFUSED/,
  },
  'a program that is missing': {
    cell: 'import { spawn } from "node:child_process"\nspawn("no-such-program-boom")',
    shows: /^Error: spawn no-such-program-boom ENOENT$/,
  },
  'a rejection': { cell: 'void Promise.reject(new Error("boom"))', shows: BOOM },
  'a rejection later on': {
    cell: 'void (async () => { await null; await new Promise((resolve) => setTimeout(resolve, 1)); throw new Error("boom") })()',
    shows: BOOM,
  },
  'a rejection with nothing': { cell: 'void Promise.reject()', shows: /^Uncaught: undefined$/ },
  'a symbol that is thrown': {
    cell: 'setTimeout(() => { throw Symbol("boom") }, 1)',
    shows: /^Uncaught: Symbol\(boom\)$/,
  },
  'an object without a prototype that is thrown': {
    cell: 'setTimeout(() => { throw Object.create(null) }, 1)',
    shows: /^Uncaught: \[Object: null prototype\] \{\}$/,
  },
  'an error whose stack throws': {
    cell: 'setTimeout(() => { const error = new Error("boom"); Object.defineProperty(error, "stack", { get() { throw 1 } }); throw error }, 1)',
    shows: /cannot be shown$/,
  },
  'a proxy that throws from all of its traps': {
    cell: 'setTimeout(() => { throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }, 1)',
    shows: /cannot be shown$/,
  },
  // Code that is in the way of how such errors are found.
  'an exception after all listeners were taken away': {
    cell: 'process.removeAllListeners("uncaughtException"); process.removeAllListeners("unhandledRejection"); setTimeout(() => { throw new Error("boom") }, 1)',
    shows: BOOM,
  },
  'a rejection without listeners': { cell: 'void Promise.reject(new Error("boom"))', shows: BOOM },
  'an exception in a listener for exceptions': {
    cell: 'process.once("uncaughtException", () => { throw new Error("boom of the listener") }); setTimeout(() => { throw new Error("boom") }, 1)',
    shows: /^Error: boom of the listener$/,
  },
  'an exception in the callback for exceptions': {
    cell: 'process.setUncaughtExceptionCaptureCallback(() => { process.setUncaughtExceptionCaptureCallback(null); throw new Error("boom of the callback") }); setTimeout(() => { throw new Error("boom") }, 1)',
    shows: /^Error: boom of the callback$/,
  },
  // Descriptors.
  'the standard descriptors closed': {
    cell: 'import * as fs from "node:fs"\nfor (const fd of [0, 1, 2]) { fs.closeSync(fd); await new Promise((resolve) => fs.close(fd, resolve)) }',
  },
  'files and sockets after that': {
    cell: 'import * as net from "node:net"\nfor (let i = 0; i < 3; i++) { fs.closeSync(fs.openSync(process.execPath, "r")); const server = net.createServer(); await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)); await new Promise((resolve) => server.close(resolve)) }',
  },
  // Too much of something.
  'a stack that overflows': {
    cell: 'const deeper = (): number => 1 + deeper(); deeper()',
    shows: /^RangeError: Maximum call stack size exceeded$/,
  },
  'a stack that overflows in a timer': {
    cell: 'const deep = (): number => 1 + deep(); setTimeout(deep, 1)',
    shows: /^RangeError: Maximum call stack size exceeded$/,
  },
  'a stack that overflows as a value is shown': {
    cell: '({ [Symbol.for("nodejs.util.inspect.custom")]() { const down = (): unknown => down(); return down() } })',
    shows: /^RangeError: Maximum call stack size exceeded$/,
  },
  'a value that is nested a hundred thousand times': {
    cell: 'let nested: object = {}; for (let i = 0; i < 1e5; i++) nested = { nested }; nested',
  },
  'brackets in one another': {
    cell: `${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
    shows: /^SyntaxError: This is nested too deeply: more than 1000 brackets or elements in one another$/,
  },
  'operators in a row': {
    cell: `1${' + 1'.repeat(60_000)}`,
    shows: /^SyntaxError: This is nested too deeply: more than 4000 operators in a row$/,
  },
  'type arguments in one another': {
    cell: `let deep: ${'Array<'.repeat(20_000)}1${'>'.repeat(20_000)}`,
    shows: /^SyntaxError: This is nested too deeply: more than 500 type arguments in one another$/,
  },
  'elements of JSX that are nested too deeply': {
    cell: `${'<a>'.repeat(20_000)}x${'</a>'.repeat(20_000)}`,
    shows: /^SyntaxError: This is nested too deeply: more than 1000 brackets or elements in one another$/,
  },
  'type assertions that are nested too deeply': {
    cell: `${'<any>'.repeat(20_000)}x`,
    shows: /^SyntaxError: This is nested too deeply: more than 1000 /,
  },
  'as many type assertions beside each other': { cell: '<any>1;\n'.repeat(20_000) },
  'code above a command that is nested too deeply': {
    cell: `${'['.repeat(20_000)}\n!true`,
    shows: /^SyntaxError: This is nested too deeply: more than 1000 /,
  },
  'an expression in a command that is nested too deeply': {
    cell: `!true '{${'('.repeat(20_000)}1${')'.repeat(20_000)}}'`,
  },
  'a question about a path that is too long': {
    cell: `a${'.a'.repeat(20_000)}?`,
    shows: /^SyntaxError: This is nested too deeply: more than 4000 operators in a row$/,
  },
  'an array that is too long': { cell: 'new Array(-1)', shows: /^RangeError: Invalid array length$/ },
  'a string that is too long': { cell: '"x".repeat(2 ** 30)', shows: /^RangeError: Invalid string length$/ },
  'a buffer that is too large': { cell: 'Buffer.alloc(2 ** 52)', shows: /^RangeError: / },
  'memory that there is not': {
    cell: 'new ArrayBuffer(2 ** 50)',
    shows: /^RangeError: Array buffer allocation failed$/,
  },
  'a number that is too large': {
    cell: '2n ** (10n ** 10n)',
    shows: /^RangeError: Maximum BigInt size exceeded$/,
  },
  // The machine.
  'a full disk': {
    cell: 'import { writeFileSync } from "node:fs"\nwriteFileSync("/dev/full", "x")',
    shows: /^Error: ENOSPC: no space left on device/,
    posix: true,
  },
  'a full disk under a stream': {
    cell: 'import { createWriteStream } from "node:fs"\ncreateWriteStream("/dev/full").end("x")',
    shows: /^Error: ENOSPC: no space left on device/,
    posix: true,
  },
  'a magic that writes to a full disk': {
    cell: '%%writefile /dev/full\nx',
    shows: /^UsageError: Cannot write \/dev\/full: the disk is full\.$/,
    posix: true,
  },
  // Globals that are replaced.
  'a kernel whose own global is replaced': {
    cell: '(globalThis as any).__tsloop__ = 1',
    shows: /^TypeError: Cannot assign to read only property/,
  },
  'JSON.stringify replaced': { cell: 'const { stringify } = JSON; JSON.stringify = () => { throw 1 }; 1' },
  'JSON.stringify restored': { cell: 'JSON.stringify = stringify; 1' },
  'process.nextTick replaced': { cell: 'const { nextTick } = process; (process as any).nextTick = null; 1' },
  'process.nextTick restored': { cell: 'process.nextTick = nextTick; 1' },
  'standard output ended': { cell: 'process.stdout.end(); process.stdout.destroy(); 1' },
};

const settings = { env: { TSLOOP_TYPECHECK: 'off' } };

describe('a fault is shown under its cell, and the session goes on:', function () {
  this.timeout(60_000);
  let kernel: TestKernel | undefined;
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await kernel?.stop();
    kernel = undefined;
  });
  after(() => kernel?.stop());

  for (const [what, { cell, shows, posix }] of Object.entries(faults)) {
    if (posix && process.platform !== 'linux') continue;
    it(what, async () => {
      kernel ??= await TestKernel.start(settings);
      const { client } = kernel;
      await client.run('let kept = "kept"');
      const { id } = await client.run(cell);
      const errors = (): readonly string[] => shownBy(client.published(id)).errors;
      if (shows) {
        await client.wait(
          `an error like ${String(shows)}`,
          ({ type, parent }) =>
            type === 'error' && parent === id && errors().some((error) => shows.test(error)),
        );
      }
      const next = await client.run(
        'await new Promise((resolve) => setTimeout(resolve, 1)); console.log("printed"); kept',
      );
      const { result, stdout, errors: others } = shownBy(next.published);
      assert.deepEqual([others, stdout, result], [[], 'printed\n', "'kept'"]);
      if (!shows) assert.deepEqual(errors(), []);
    });
  }
});

describe('a kernel', function () {
  this.timeout(60_000);
  const kernels: TestKernel[] = [];
  const start = async (options: KernelOptions = {}): Promise<TestKernel> => {
    const kernel = await TestKernel.start({ ...options, env: { ...settings.env, ...options.env } });
    kernels.push(kernel);
    return kernel;
  };
  afterEach(async () => {
    for (const kernel of kernels.splice(0)) await kernel.stop();
  });

  it('whose working directory is deleted runs cells, and says what commands lack', async () => {
    if (process.platform === 'win32') return;
    const folder = await makeFolder({});
    const { client } = await start({ cwd: folder });
    await client.run('1');
    await rm(folder, { recursive: true });
    assert.equal(shownBy((await client.run('40 + 2')).published).result, '42');
    for (const cell of ['namespace N { export const a = 1 }', '!ls']) {
      const [error] = shownBy((await client.run(cell)).published).errors;
      assert.match(
        error ?? '',
        /: The current folder does not exist any more\. Go to another one with %cd\.$/,
      );
    }
    const moved = await client.run('%cd /\nimport { cwd } from "node:process"\ncwd()');
    assert.match(shownBy(moved.published).result ?? '', /'\/'/);
  });

  it('whose home cannot be written to runs cells', async () => {
    // A file where the folder should be: nobody may write there, not even root.
    const folder = await makeFolder({ file: '' });
    const home = path.join(folder, 'file', 'home');
    const kernel = await start({
      env: { HOME: home, USERPROFILE: home, XDG_DATA_HOME: '', XDG_CACHE_HOME: '', APPDATA: home },
    });
    const { client } = kernel;
    assert.equal(
      shownBy((await client.run('namespace N { export const a = 1 }; 40 + 2')).published).result,
      '42',
    );
    client.send('control', 'shutdown_request', { restart: false });
    assert.deepEqual(await kernel.exit, { code: 0, signal: null });
    assert.deepEqual(await readdir(folder), ['file']);
    await rm(folder, { recursive: true });
  });

  it('whose folder for temporary files is not there says what that costs, and how to repair it', async () => {
    const folder = await makeFolder({ file: '' });
    const nowhere = path.join(folder, 'file', 'nowhere');
    const env = { HOME: nowhere, USERPROFILE: nowhere, XDG_CACHE_HOME: '', TMPDIR: nowhere, TEMP: nowhere };
    const { client } = await start({ env: { ...env, TMP: nowhere, TSLOOP_TYPECHECK: 'on' } });
    const { stdout, stderr, result } = shownBy(
      (await client.run('console.log("out"); const unchecked: string = 42; unchecked')).published,
    );
    assert.deepEqual([stdout, result], ['out\n', '42']);
    assert.match(
      stderr,
      /^Types are not checked: the folder for temporary files, .*nowhere, .* TMPDIR, and restart the kernel\.\n$/,
    );
    const [error] = shownBy((await client.run('namespace N { export const a = 1 }')).published).errors;
    assert.match(error ?? '', /swc, which this code needs, cannot be loaded\. It needs 31 MB .*nowhere/);
    assert.equal(shownBy((await client.run('unchecked')).published).result, '42');
    await rm(folder, { recursive: true });
  });

  it('goes on with a disk that is full, keeps all that it is told in mind, and leaves nothing there', async function () {
    const folder = await makeFolder({});
    // A disk of its own is for root alone to have.
    if (process.platform !== 'linux' || !mountSmall(folder)) {
      await rm(folder, { recursive: true });
      this.skip();
    }
    try {
      const inside = (name: string): string => path.join(folder, name);
      for (const name of ['home', 'tmp', 'cwd']) await mkdir(inside(name));
      const fill = inside('fill');
      await writeFile(fill, Buffer.alloc(2 ** 21)).catch(() => {});
      const kernel = await start({
        cwd: inside('cwd'),
        env: {
          HOME: inside('home'),
          TMPDIR: inside('tmp'),
          TSLOOP_HISTORY: inside('history'),
          TSLOOP_TYPECHECK: 'on',
        },
      });
      const { client } = kernel;
      const shown = async (code: string): Promise<ReturnType<typeof shownBy>> =>
        shownBy((await client.run(code)).published);
      const first = await shown('const value: number = 40; value + 2');
      assert.equal(first.result, '42');
      assert.match(first.stderr, /^Types are not checked: the folder for temporary files, .*, is full\. /);
      assert.equal((await shown('!echo command')).stdout, 'command\n');
      const inherit =
        'import { execSync } from "node:child_process"\nexecSync("echo child", { stdio: "inherit" }); 0';
      assert.equal((await shown(inherit)).stdout, 'child\n');
      assert.match((await shown('%%writefile text\nxx')).errors.join(), /text: the disk is full\.$/);
      await kernel.said(/The history is not kept on disk/);
      await rm(fill);
      await client.run('value');
      client.send('control', 'shutdown_request', { restart: false });
      assert.deepEqual(await kernel.exit, { code: 0, signal: null });
      const history = await readFile(inside('history/1.jsonl'), 'utf8');
      const numbers = history.split('\n').flatMap((line) => /^\{"line":(\d+),"in"/.exec(line)?.[1] ?? []);
      assert.deepEqual(numbers, ['1', '2', '3', '4', '5']);
      assert.deepEqual([await readdir(inside('home')), await readdir(inside('tmp'))], [[], []]);
    } finally {
      for (const kernel of kernels.splice(0)) await kernel.stop();
      execFileSync('/bin/umount', [folder]);
      await rm(folder, { recursive: true });
    }
  });

  it('whose own standard output nobody reads any more goes on, and says all to its clients', async () => {
    const kernel = await start();
    kernel.closeStreams();
    const { client } = kernel;
    client.sendFrames('shell', ['no message', 'of the protocol']);
    const { published } = await client.run('console.log("out"); console.error("err"); 40 + 2');
    const { stdout, stderr, result } = shownBy(published);
    assert.deepEqual([stdout, stderr, result], ['out\n', 'err\n', '42']);
    client.send('control', 'shutdown_request', { restart: false });
    assert.deepEqual(await kernel.exit, { code: 0, signal: null });
  });

  /** Evaluates something on the front's thread: the debugger reaches all threads of the process. */
  const inFront = (expression: string): string => {
    const message = { id: 1, method: 'Runtime.evaluate', params: { expression } };
    return [
      'import { Session } from "node:inspector"',
      'const session = new Session() as any; session.connect()',
      `session.on("NodeWorker.attachedToWorker", ({ params: { sessionId } }: any) => session.post("NodeWorker.sendMessageToWorker", { sessionId, message: ${JSON.stringify(JSON.stringify(message))} }))`,
      'session.post("NodeWorker.enable", { waitForDebuggerOnStart: false }); await new Promise((resolve) => setTimeout(resolve, 1)); session.disconnect()',
    ].join('\n');
  };

  it('whose front throws where nobody catches it says so, and goes on', async () => {
    const kernel = await start();
    await kernel.client.run(inFront('setTimeout(() => { throw new Error("boom") })'));
    await kernel.said(/it goes on: Error: boom/);
    assert.equal(shownBy((await kernel.client.run('40 + 2')).published).result, '42');
  });

  it('whose front is killed says so, and ends', async () => {
    const kernel = await start();
    kernel.client.submit(inFront('process.exit(1)'));
    assert.deepEqual(await kernel.exit, { code: 1, signal: null });
    assert.match(
      kernel.stderr,
      /the kernel cannot go on: its thread that answers clients has ended\. Restart the kernel\./,
    );
  });

  it('ends properly, with the code of process.exit, after a cell has taken all listeners away', async () => {
    const kernel = await start();
    const id = kernel.client.submit(
      'console.log("last words"); process.removeAllListeners(); process.exit(5)',
    );
    assert.deepEqual(await kernel.exit, { code: 5, signal: null });
    await kernel.client.printed(id, 'last words');
  });

  it('ends within seconds of its parent inside a native call, with all that it has started', async () => {
    if (process.platform !== 'linux') return;
    const folder = await makeFolder({});
    const fifo = path.join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const kernel = await start({ env: { JPY_PARENT_PID: String(parent.pid) } });
    const { client } = kernel;
    const started = await client.run(
      'const sleeping = $`sleep 1000`; void sleeping.catch(() => {}); sleeping.pid',
    );
    const child = Number(shownBy(started.published).result);
    const id = client.submit(
      `import { readFileSync } from "node:fs"\nconsole.log("begun"); readFileSync(${JSON.stringify(fifo)})`,
    );
    await client.printed(id, 'begun');
    parent.kill('SIGKILL');
    await kernel.exit;
    while (await isRunning(child)) await new Promise((resolve) => setTimeout(resolve, 10));
    await rm(folder, { recursive: true });
  });

  it('leaves no zombies behind its cells', async () => {
    if (process.platform !== 'linux') return;
    const kernel = await start();
    const { client } = kernel;
    await client.run(
      '!(sleep 0.01 &); true\nawait $`true`\nimport { execSync } from "node:child_process"\nexecSync("true")',
    );
    const stopped = client.submit('!echo begun; (sleep 1000; true); true');
    await client.printed(stopped, 'begun');
    await client.request('control', 'interrupt_request');
    await client.answer(stopped);
    assert.deepEqual(await zombiesOf(kernel.pid), []);
  });
});

/** Lays a file system of 1 MB over the folder. @returns whether that was allowed */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The line of /proc that says all of a process; undefined when there is none. */
async function stateOf(pid: number | string): Promise<{ state: string; parent: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [state, parent] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { state, parent: Number(parent) };
}

/** A zombie has ended: whoever inherited it has not asked for its exit code. */
async function isRunning(pid: number): Promise<boolean> {
  return ((await stateOf(pid))?.state ?? 'Z') !== 'Z';
}

/** What has ended, and stays that way: a child that has just ended is none. */
async function zombiesOf(parent: number): Promise<string[]> {
  for (let tries = 0; ; tries += 1) {
    const found: string[] = [];
    for (const pid of await readdir('/proc')) {
      const process = /^\d+$/.test(pid) ? await stateOf(pid) : undefined;
      if (process?.state === 'Z' && process.parent === parent) found.push(pid);
    }
    if (found.length === 0 || tries === 200) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
