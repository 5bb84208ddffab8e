/** How kernels begin and end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Exit,
  type KernelOptions,
  shownBy,
  spawnKernel,
  TestKernel,
} from '../../support/kernel-client.ts';
import { makeFolder } from './cells.ts';

/** A promise, or an error after so long (ms): an end that does not come must not look like a slow one. */
async function within<T>(promise: Promise<T>, limit: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limit / 1000} s for ${what}`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a kernel', () => {
  const kernels: TestKernel[] = [];
  const start = async (options: KernelOptions = {}): Promise<TestKernel> => {
    const kernel = await TestKernel.start(options);
    kernels.push(kernel);
    return kernel;
  };
  afterEach(async () => {
    for (const kernel of kernels.splice(0)) await kernel.stop();
  });

  const ended = (kernel: TestKernel): Promise<Exit> => within(kernel.exit, 20_000, 'the end of the kernel');

  for (const restart of [true, false]) {
    it(`ends with 0 after a shutdown_request with restart ${restart}, and echoes that`, async () => {
      const kernel = await start();
      const { reply, published } = await kernel.client.request('control', 'shutdown_request', { restart });
      assert.deepEqual(reply, { status: 'ok', restart });
      assert.deepEqual(published.find(({ type }) => type === 'shutdown_reply')?.content, {
        status: 'ok',
        restart,
      });
      assert.deepEqual(await ended(kernel), { code: 0, signal: null });
      assert.equal(kernel.stderr, '');
    });
  }

  const busy = {
    'loops for ever': 'console.log("begun"); for (;;);',
    'awaits for ever': 'console.log("begun"); await new Promise(() => {})',
    'loops in a timer': 'setTimeout(() => { console.log("begun"); for (;;); })',
    'catches everything': 'console.log("begun"); for (;;) { try { for (;;); } catch {} }',
  };
  for (const [what, code] of Object.entries(busy)) {
    it(`ends when it is shut down while a cell ${what}`, async () => {
      const kernel = await start();
      await kernel.client.printed(kernel.client.submit(code), 'begun');
      kernel.client.send('control', 'shutdown_request', { restart: false });
      assert.deepEqual(await ended(kernel), { code: 0, signal: null });
    });
  }

  it('that is shut down by shell ends as well', async () => {
    const kernel = await start();
    kernel.client.send('shell', 'shutdown_request', { restart: false });
    assert.deepEqual(await ended(kernel), { code: 0, signal: null });
  });

  it('runs exit hooks of cells when it is shut down', async () => {
    const folder = await makeFolder({});
    const kernel = await start({ cwd: folder });
    await kernel.client.run(
      'import { writeFileSync } from "node:fs"\nprocess.on("exit", (code) => writeFileSync("goodbye", `code ${code}`))',
    );
    kernel.client.send('control', 'shutdown_request', { restart: false });
    await ended(kernel);
    assert.deepEqual(await readdir(folder), ['goodbye']);
    await rm(folder, { recursive: true });
  });

  it('ends with the code of process.exit in a cell, after its output has been delivered', async () => {
    const kernel = await start();
    const id = kernel.client.submit(
      'for (let i = 0; i < 5000; i++) console.log(i)\nconsole.error("last words"); process.exit(3)',
    );
    assert.deepEqual(await ended(kernel), { code: 3, signal: null });
    await kernel.client.printed(id, 'last words\n');
    assert.ok(shownBy(kernel.client.published(id)).stdout.endsWith('4998\n4999\n'));
  });

  it('ends when a callback calls process.exit', async () => {
    const kernel = await start();
    await kernel.client.run('setTimeout(() => process.exit(4), 5)');
    assert.deepEqual(await ended(kernel), { code: 4, signal: null });
  });

  it('ends cleanly many times over, whatever it was doing: shutdown during a flood of output', async () => {
    for (let i = 0; i < 5; i += 1) {
      const kernel = await start();
      const id = kernel.client.submit('for (let i = 0; ; i++) console.log("flood", i)');
      await kernel.client.printed(id, 'flood');
      kernel.client.send('control', 'shutdown_request', { restart: true });
      assert.deepEqual(await ended(kernel), { code: 0, signal: null });
    }
  });

  it('ends with its parent, and with it the commands that it started', async () => {
    if (process.platform === 'win32') return;
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const kernel = await start({ env: { JPY_PARENT_PID: String(parent.pid) } });
    const id = kernel.client.submit('!sleep 1000 & echo "child $!"; sleep 1000');
    await kernel.client.printed(id, '\n');
    const child = Number(/child (\d+)/.exec(shownBy(kernel.client.published(id)).stdout)?.[1]);
    assert.equal(isAlive(child), true);
    parent.kill('SIGKILL');
    assert.deepEqual(await ended(kernel), { code: 0, signal: null });
    await within(
      (async () => {
        while (isAlive(child)) await new Promise((resolve) => setImmediate(resolve));
      })(),
      10_000,
      'the end of the child',
    );
  });

  it('ends with its parent, and with it what cells have started by themselves, also what ignores SIGTERM', async () => {
    if (process.platform !== 'linux') return;
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const kernel = await start({ env: { JPY_PARENT_PID: String(parent.pid) } });
    const { published } = await kernel.client.run(
      'import { spawn } from "node:child_process"\nconst first = spawn("sleep", ["1000"], { stdio: "inherit" }); const second = spawn("sh", ["-c", "trap \'\' TERM; while :; do sleep 0.1; done"]); `${first.pid} ${second.pid}`',
    );
    const children = (shownBy(published).result ?? '').match(/\d+/g)?.map(Number) ?? [];
    assert.equal(children.filter(isAlive).length, 2);
    parent.kill('SIGKILL');
    assert.deepEqual(await ended(kernel), { code: 0, signal: null });
    await within(
      (async () => {
        while (children.some(isAlive)) await new Promise((resolve) => setImmediate(resolve));
      })(),
      10_000,
      'the end of the children',
    );
  });

  it('ends with its parent also while a cell runs for ever', async () => {
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const kernel = await start({ env: { JPY_PARENT_PID: String(parent.pid) } });
    await kernel.client.printed(kernel.client.submit('console.log("begun"); for (;;);'), 'begun');
    parent.kill('SIGKILL');
    assert.deepEqual(await ended(kernel), { code: 0, signal: null });
  });

  it('survives SIGINT, which is meant for the client, and ends by SIGTERM', async () => {
    if (process.platform === 'win32') return;
    const kernel = await start();
    process.kill(kernel.pid, 'SIGINT');
    assert.equal(shownBy((await kernel.client.run('"alive"')).published).result, "'alive'");
    process.kill(kernel.pid, 'SIGTERM');
    assert.deepEqual(await ended(kernel), { code: 143, signal: null });
  });

  it('takes cells that were sent before it had loaded its runtime', async () => {
    const kernel = await start();
    assert.equal(shownBy((await kernel.client.run('"first"')).published).result, "'first'");
  });

  it('starts with execution count 1 and an empty session after a restart', async () => {
    const first = await start();
    await first.client.run('const before = 1');
    await first.client.request('control', 'shutdown_request', { restart: true });
    await ended(first);
    const second = await start();
    const { reply, published } = await second.client.run('// @ts-nocheck\ntypeof before');
    assert.deepEqual([reply['execution_count'], shownBy(published).result], [1, "'undefined'"]);
  });

  it('writes no file of its own, and keeps the connection file private', async () => {
    const folder = await makeFolder({});
    const kernel = await start({ env: { TMPDIR: folder, TEMP: folder, TMP: folder } });
    await kernel.client.run(
      'namespace N { export const a = 1 }\nconsole.log(1)\n!echo x\nawait $`echo y`\nconst m = await import("node:os")',
    );
    await kernel.client.request('control', 'shutdown_request', { restart: false });
    await ended(kernel);
    assert.deepEqual(await readdir(folder), []);
    assert.deepEqual(await readdir(kernel.folder), ['connection.json']);
    if (process.platform !== 'win32')
      assert.equal((await stat(path.join(kernel.folder, 'connection.json'))).mode & 0o777, 0o600);
    await rm(folder, { recursive: true });
  });

  it('leaves no socket files behind over IPC', async () => {
    if (process.platform === 'win32') return;
    const kernel = await start({ transport: 'ipc' });
    await kernel.client.run('1');
    await kernel.client.request('control', 'shutdown_request', { restart: false });
    await ended(kernel);
    assert.deepEqual(await readdir(kernel.folder), ['connection.json']);
  });
});

describe('a kernel that cannot start', () => {
  let folder: string;
  before(async () => {
    folder = await makeFolder({});
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function failing(content: string | undefined): Promise<{ exit: Exit; stderr: string }> {
    const file = path.join(folder, 'connection.json');
    await rm(file, { force: true });
    if (content !== undefined) await writeFile(file, content, { mode: 0o600 });
    const { exit, stderr } = spawnKernel([file], { cwd: folder });
    return { exit: await within(exit, 20_000, 'the end of the kernel'), stderr: stderr() };
  }

  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const cases = {
    'that is missing': [undefined, /Cannot read the connection file .*connection\.json/],
    'that is no JSON': ['{', /The connection file .* is not JSON/],
    'without a port': [JSON.stringify({ ...ports, hb_port: 'x' }), /must give 'hb_port' as a port number/],
    'with an unknown transport': [
      JSON.stringify({ ...ports, transport: 'udp' }),
      /'udp'; 'tcp' and 'ipc' exist/,
    ],
    'with an unknown hash': [
      JSON.stringify({ ...ports, key: 'k', signature_scheme: 'hmac-none' }),
      /no hash 'none'/,
    ],
    'with an address that is not of this machine': [
      JSON.stringify({ ...ports, ip: '203.0.113.1' }),
      /203\.0\.113\.1|not available|bind/i,
    ],
  } as const;
  for (const [what, [content, says]] of Object.entries(cases)) {
    it(`for a connection file ${what} ends with 1 and one clear sentence`, async () => {
      const { exit, stderr } = await failing(content);
      assert.deepEqual(exit, { code: 1, signal: null }, stderr);
      assert.match(stderr, says);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    });
  }

  it('without a connection file says how it is called', async () => {
    const { exit, stderr } = spawnKernel([], { cwd: folder });
    assert.deepEqual(await within(exit, 20_000, 'its end'), { code: 2, signal: null });
    assert.match(stderr(), /^Usage: /);
  });
});
