/** The language server is killed, stalls, or is not there: the session goes on, and is checked again later. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type KernelOptions, shownBy, type Shown, TestKernel } from '../../support/kernel-client.ts';

const WRONG = 'const wrong: number = "a"';
/** How long (s) the kernel of a server that stalls waits for an answer: as long as one that is well may take here. */
const TIMEOUT = '4';
/** A busy machine takes so long (ms) at most to have the server back. */
const PATIENCE = 60_000;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function processes(): Promise<Process[]> {
  if (process.platform === 'win32') {
    const query =
      'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine | ConvertTo-Json -Compress';
    const { stdout } = await promisify(execFile)('powershell.exe', ['-NoProfile', '-Command', query], {
      maxBuffer: 2 ** 26,
    });
    const list = JSON.parse(stdout) as {
      ProcessId: number;
      ParentProcessId: number;
      CommandLine: string | null;
    }[];
    return list.map((one) => ({
      pid: one.ProcessId,
      parent: one.ParentProcessId,
      command: one.CommandLine ?? '',
    }));
  }
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='], {
    maxBuffer: 2 ** 26,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** The language servers that the kernel has started and that live: one, or none. */
async function servers(kernel: TestKernel): Promise<number[]> {
  const list = await processes();
  const family = new Set([kernel.pid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of list) if (family.has(parent)) family.add(pid);
  }
  return list
    .filter(({ pid, command }) => pid !== kernel.pid && family.has(pid) && command.includes('--lsp'))
    .map(({ pid }) => pid);
}

async function server(kernel: TestKernel): Promise<number> {
  const pids = await servers(kernel);
  assert.equal(pids.length, 1, `one language server runs: ${pids.join(', ')}`);
  return pids[0] ?? -1;
}

/** How often a text tells of an outage. */
function notices(shown: readonly Shown[]): number {
  return shown.flatMap(({ stderr }) => stderr.match(/unchecked/g) ?? []).length;
}

describe('without its language server, a session', function () {
  this.timeout(2 * PATIENCE);
  let kernel: TestKernel;

  const start = async (options: KernelOptions = {}): Promise<void> => {
    kernel = await TestKernel.start({
      ...options,
      env: { TSLOOP_TYPECHECK: 'on', ...options.env },
    });
  };
  const run = async (code: string): Promise<Shown> => shownBy((await kernel.client.run(code)).published);

  /** Runs cells until one is refused again; gives all that were run. */
  const runUntilChecked = async (): Promise<Shown[]> => {
    const runs: Shown[] = [];
    for (const began = Date.now(); Date.now() - began < PATIENCE;) {
      const shown = await run('const probe: number = "a" as any as string');
      runs.push(shown);
      if (shown.errors.length > 0) return runs;
      await run('await new Promise((resolve) => setTimeout(resolve, 25))');
    }
    throw new Error('cells are not checked any more');
  };

  /** The session knows what it knew, has learnt what ran meanwhile, and checks. */
  const assertComplete = async (): Promise<void> => {
    assert.equal((await run('before.list.length + during')).result, "'2during'");
    assert.match((await run('before.lisst')).errors.join(), /^TypeScriptError: .*'list'/);
    assert.match((await run('during.toFixed()')).errors.join(), /^TypeScriptError: .*'string'/);
    assert.match((await run('let one: Before = { list: 1 }')).errors.join(), /^TypeScriptError: /);
    assert.match((await run(WRONG)).errors.join(), /^TypeScriptError: /);
  };

  const declareBefore = async (): Promise<void> => {
    const { errors } = await run(
      'interface Before { list: string[] }\nconst before: Before = { list: ["a", "b"] }',
    );
    assert.deepEqual(errors, []);
    assert.match((await run(WRONG)).errors.join(), /^TypeScriptError: /);
  };

  afterEach(() => kernel.stop());

  it('that was killed is checked again, with all that it knew', async () => {
    await start();
    await declareBefore();
    process.kill(await server(kernel), 'SIGKILL');
    const during = await run('const during: string = "during"\nduring');
    assert.equal(during.result, "'during'");
    const runs = await runUntilChecked();
    assert.ok(notices([during, ...runs]) <= 1, 'one notice at most');
    await assertComplete();
  });

  it('that is killed again and again loses no cell', async () => {
    await start();
    await declareBefore();
    const runs: Shown[] = [];
    for (let count = 0; count < 3; count += 1) {
      for (const pid of await servers(kernel)) process.kill(pid, 'SIGKILL');
      runs.push(await run(`const during${count} = ${count}\nduring${count}`));
      runs.push(...(await runUntilChecked()));
    }
    assert.deepEqual(
      runs.flatMap(({ result }) => result ?? []),
      ['0', '1', '2'],
    );
    await run('const during: string = "during"');
    await assertComplete();
  });

  it('whose server stalls runs its cells unchecked, with one notice, and is checked again later', async function () {
    if (process.platform === 'win32') this.skip();
    await start({ env: { TSLOOP_TYPECHECK_TIMEOUT: TIMEOUT } });
    await declareBefore();
    const stalled = await server(kernel);
    process.kill(stalled, 'SIGSTOP');
    const during = await run('const during: string = "during"\nduring');
    assert.equal(during.result, "'during'");
    const runs = await runUntilChecked();
    assert.equal(notices([during, ...runs]), 1, `one notice: ${during.stderr}`);
    assert.notEqual(await server(kernel), stalled);
    await assertComplete();
  });

  it('whose server stalls is interrupted as ever', async function () {
    if (process.platform === 'win32') this.skip();
    await start({ env: { TSLOOP_TYPECHECK_TIMEOUT: '60' } });
    await declareBefore();
    const stalled = await server(kernel);
    process.kill(stalled, 'SIGSTOP');
    const id = kernel.client.submit('console.log("ran")');
    await kernel.client.wait(
      'execute_input',
      ({ parent, type }) => parent === id && type === 'execute_input',
    );
    await kernel.client.request('control', 'interrupt_request');
    const { published } = await kernel.client.answer(id);
    // What stands still does not notice that its kernel has gone.
    process.kill(stalled, 'SIGKILL');
    const shown = shownBy(published);
    assert.match(shown.errors.join(), /^KeyboardInterrupt/);
    assert.equal(shown.stdout, '');
  });

  it('that has none runs its cells, with one notice that says why', async () => {
    await start({ env: { TSLOOP_TYPESCRIPT: path.join('no', 'such', 'folder', 'tsc') } });
    const first = await run('const loose: number = "a" as any as string\nloose');
    assert.equal(first.result, "'a'");
    const rest = [await run('1 + 1'), await run('const unchecked2: number = "b"\nunchecked2')];
    assert.deepEqual(
      rest.map(({ result }) => result),
      ['2', "'b'"],
    );
    assert.equal(notices([first, ...rest]), 1);
    assert.match(first.stderr, /TypeScript/);
  });

  it('that has none tells a wrong program from a missing one', async () => {
    // A program that is there and speaks no LSP: Node itself, which ends at once.
    await start({ env: { TSLOOP_TYPESCRIPT: process.execPath } });
    const first = await run('const loose: number = "a" as any as string\nloose');
    assert.equal(first.result, "'a'");
    const second = await run('2');
    assert.equal(second.result, '2');
    assert.equal(notices([first, second]), 1);
  });

  it('leaves no server behind when its kernel is killed', async () => {
    await start();
    await declareBefore();
    const pid = await server(kernel);
    await kernel.stop();
    for (let left = 500; left > 0; left -= 1) {
      const alive = (await processes()).some((one) => one.pid === pid && one.command.includes('--lsp'));
      if (!alive) return;
    }
    assert.fail(`the language server ${pid} lives on`);
  });

  it('leaves no server behind when it is shut down', async () => {
    await start();
    await declareBefore();
    const pid = await server(kernel);
    await kernel.client.request('control', 'shutdown_request', { restart: false });
    await kernel.exit;
    const alive = (await processes()).some((one) => one.pid === pid && one.command.includes('--lsp'));
    assert.equal(alive, false);
  });
});
