import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { runProcess, spawnOptions } from '../../../kernel/magics/process.ts';
import { bash, ExitCodeError, sh } from '../../../kernel/magics/script.ts';
import { runShell } from '../../../kernel/magics/shell.ts';
import { FakeContext } from './fake-context.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** Runs a script with this node, quoted for sh and cmd alike. */
function node(file: string): string {
  return `"${process.execPath}" "${file}"`;
}

/** Resolves when the process is gone; mocha's own limit ends a wait in vain. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    // A process whose parent is gone may stay as a zombie where nobody collects it: that is dead, too.
    if (/^\S+ \(.*\) Z/.test(spawnSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' }).stdout)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('runShell', function () {
  this.timeout(30_000);
  const folder = inTemporaryFolder();

  it('streams both outputs and resolves to the exit code', async () => {
    const context = new FakeContext();
    assert.equal(await runShell('echo out&& echo err 1>&2&& exit 3', context), 3);
    assert.equal(context.stdout.trim(), 'out');
    assert.equal(context.stderr.trim(), 'err');
  });

  it('runs in the current folder, with the variables of this process and of tsloop', async () => {
    const context = new FakeContext();
    writeFileSync(
      'print.mjs',
      'console.log(process.cwd(), process.env.TSLOOP_NODE, process.env.PATH.split(process.platform === "win32" ? ";" : ":")[0])',
    );
    assert.equal(await runShell(node('print.mjs'), context), 0);
    const bin = join(import.meta.dirname, '../../../bin');
    assert.equal(context.stdout.trim(), `${folder()} ${process.execPath} ${bin}`);
  });

  it('gives the command an empty stdin', async () => {
    writeFileSync('read.mjs', 'process.stdin.on("data", () => {}).on("end", () => console.log("end"))');
    const context = new FakeContext();
    await runShell(node('read.mjs'), context);
    assert.equal(context.stdout, 'end\n');
  });

  it('prints output while the command still runs', async () => {
    const context = new FakeContext();
    writeFileSync(
      'wait.mjs',
      'import { existsSync } from "node:fs"; console.log("ready"); while (!existsSync("go")); console.log("done")',
    );
    context.onPrint = () => writeFileSync('go', '');
    assert.equal(await runShell(node('wait.mjs'), context), 0);
    assert.equal(context.stdout, 'ready\ndone\n');
  });

  it('joins a character that was split over two chunks', async () => {
    const context = new FakeContext();
    writeFileSync(
      'split.mjs',
      'import { existsSync } from "node:fs"; const [a, b, c] = Buffer.from("€"); process.stdout.write(Buffer.from([120, a])); while (!existsSync("go")); process.stdout.write(Buffer.from([b, c, 33]))',
    );
    context.onPrint = () => writeFileSync('go', '');
    await runShell(node('split.mjs'), context);
    assert.equal(context.stdout, 'x€!');
  });

  it('has printed every line of a long output when it resolves', async () => {
    writeFileSync(
      'long.mjs',
      'process.stdout.write(Array.from({ length: 200_000 }, (_, i) => `${i}\\n`).join(""))',
    );
    const context = new FakeContext();
    assert.equal(await runShell(node('long.mjs'), context), 0);
    const lines = context.stdout.split('\n');
    assert.equal(lines.length, 200_001);
    assert.equal(lines[199_999], '199999');
  });

  it('refuses an empty command', () => assert.rejects(runShell('  ', new FakeContext()), UsageError));

  it('runs nothing when the cell is interrupted already', async () => {
    const context = new FakeContext();
    context.controller.abort();
    assert.equal(await runShell('echo x > ran', context), 130);
    assert.equal(existsSync('ran'), false);
  });

  it('explains a program that cannot be started', async () => {
    const start = () => spawn('tsloop-no-such-program', [], spawnOptions());
    await assert.rejects(runProcess('tsloop-no-such-program', start, new FakeContext()), (error) => {
      return (
        error instanceof UsageError &&
        /Cannot start tsloop-no-such-program: it was not found on PATH\./.test(error.message)
      );
    });
    await assert.rejects(runShell('echo \0', new FakeContext()), /Cannot start the shell: .*null bytes/);
  });

  describe('on POSIX', () => {
    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    it('continues a line at a backslash, also with CRLF', async () => {
      const context = new FakeContext();
      await runShell('echo a \\\n b \\\r\n c', context);
      assert.equal(context.stdout, 'a b c\n');
    });

    it('reports the end by a signal as 128 + signal', async () => {
      assert.equal(await runShell('kill -TERM $$', new FakeContext()), 143);
    });

    it('explains a current folder that was removed', async () => {
      mkdirSync('gone');
      process.chdir('gone');
      rmSync(join(folder(), 'gone'), { recursive: true });
      await assert.rejects(runShell('ls', new FakeContext()), /does not exist any more.*%cd/);
    });

    it('interrupts the command with its children', async () => {
      const context = new FakeContext();
      context.onPrint = () => context.controller.abort();
      writeFileSync('hang.mjs', 'console.log(process.pid); setInterval(() => {}, 1000)');
      const code = await runShell(`${node('hang.mjs')} | cat; echo more`, context);
      assert.equal(code, 130);
      assert.match(context.stdout, /^\d+\n$/);
      await ended(Number(context.stdout));
    });

    it('ends a command that ignores the interrupt', async () => {
      const context = new FakeContext();
      context.onPrint = () => context.controller.abort();
      const script = "trap '' INT; echo $$; while :; do sleep 1000; done";
      assert.equal(
        await runProcess('sh', () => spawn('sh', ['-c', script], spawnOptions()), context, 0.05),
        143,
      );
      await ended(Number(context.stdout));
    });

    it('kills a command that ignores the request to end as well', async () => {
      const context = new FakeContext();
      context.onPrint = () => context.controller.abort();
      const script = "trap '' INT TERM; echo $$; while :; do sleep 1000; done";
      assert.equal(
        await runProcess('sh', () => spawn('sh', ['-c', script], spawnOptions()), context, 0.05),
        137,
      );
      await ended(Number(context.stdout));
    });

    it('kills a child that outlives the interrupted shell', async () => {
      const context = new FakeContext();
      context.onPrint = () => context.controller.abort();
      // The background job of a script ignores SIGINT, by POSIX.
      const script = 'sleep 1000 & echo $!; wait';
      await runProcess('sh', () => spawn('sh', ['-c', script], spawnOptions()), context, 0.05);
      await ended(Number(context.stdout));
    });

    it('prints what a command says to the interrupt, while a background job holds the output open', async () => {
      const context = new FakeContext();
      context.onPrint = (text) => (text.includes('ready') ? context.controller.abort() : undefined);
      const script =
        "sleep 1000 & trap 'echo saved; exit 3' INT; echo pid $!; echo ready; while :; do sleep 0.01; done";
      const ending = runProcess('sh', () => spawn('sh', ['-c', script], spawnOptions()), context, 0.05);
      assert.equal(await ending, 3);
      assert.match(context.stdout, /ready\nsaved\n$/);
      await ended(Number(/pid (\d+)/.exec(context.stdout)?.[1]));
    });

    it('does not wait for a background job that never falls silent, and ignores the interrupt', async () => {
      const context = new FakeContext();
      context.onPrint = () => context.controller.abort();
      // Longer than any test may take.
      const grace = 1000;
      const script = '(while :; do echo x; sleep 0.02; done) & echo pid $!; wait';
      const start = (): ReturnType<typeof spawn> => spawn('sh', ['-c', script], spawnOptions());
      assert.equal(await runProcess('sh', start, context, grace), 130);
      const pid = Number(/pid (\d+)/.exec(context.stdout)?.[1]);
      process.kill(pid, 'SIGKILL');
      await ended(pid);
    });

    it('does not wait for a background job that holds the output open, and prints what it writes later', async () => {
      const context = new FakeContext();
      const later = new Promise<void>((resolve) => {
        context.onPrint = (text) => (text.includes('later') ? resolve() : undefined);
      });
      assert.equal(
        await runShell('(while ! [ -e go ]; do sleep 0.01; done; echo later) & echo now', context),
        0,
      );
      assert.equal(context.stdout, 'now\n');
      writeFileSync('go', '');
      await later;
      assert.equal(context.stdout, 'now\nlater\n');
    });

    it('does not wait for a background job that never falls silent', async () => {
      const context = new FakeContext();
      await runShell('(while :; do echo x; sleep 0.05; done) & echo pid $!', context);
      const pid = Number(/pid (\d+)/.exec(context.stdout)?.[1]);
      process.kill(pid, 'SIGKILL');
      await ended(pid);
    });

    it('ends all that still runs when the kernel ends', async () => {
      const shell = pathToFileURL(join(import.meta.dirname, '../../../kernel/magics/shell.js')).href;
      const kernel = `
        import { runShell } from ${JSON.stringify(shell)};
        let out = '';
        const print = (text) => { out += text; if (/\\d+ \\d+\\n/.test(out)) { process.stdout.write(out); process.exit(0); } };
        await runShell('sleep 1000 & echo $$ $!; sleep 1000', { print, signal: new AbortController().signal });`;
      const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', kernel], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      const pids = stdout.trim().split(' ').map(Number);
      assert.equal(pids.length, 2);
      for (const pid of pids) await ended(pid);
    });
  });
});

describe('%%bash and %%sh', function () {
  this.timeout(30_000);
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('runs the body with the arguments', async () => {
    const context = new FakeContext();
    assert.equal(
      await sh.cell('one "two three"', 'for a in "$@"; do\n  echo "<$a>"\ndone\n', context),
      undefined,
    );
    assert.equal(context.stdout, '<one>\n<two three>\n');
  });

  it('lets no command eat the rest of the script', async () => {
    const context = new FakeContext();
    await sh.cell('', 'cat\necho after', context);
    assert.equal(context.stdout, 'after\n');
  });

  it('fails with the exit code of the script, without a stack', async () => {
    const context = new FakeContext();
    await assert.rejects(
      async () => sh.cell('', 'echo a\nexit 7', context),
      (error) => {
        assert.ok(error instanceof ExitCodeError);
        assert.equal(error.exitCode, 7);
        assert.equal(error.stack, 'ExitCodeError: The sh script ended with exit code 7.');
        return true;
      },
    );
    assert.equal(context.stdout, 'a\n');
  });

  it('fails by the interrupt, not by the exit code that it caused', async () => {
    const context = new FakeContext();
    const reason = new Error('KeyboardInterrupt');
    context.onPrint = () => context.controller.abort(reason);
    await assert.rejects(async () => sh.cell('', 'echo x; sleep 1000', context), reason);
  });

  it('explains a missing bash', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await assert.rejects(
        async () => bash.cell('', 'ls', new FakeContext()),
        /Cannot start bash: it was not found on PATH/,
      );
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('refuses a script that is too long for the system, saying what to do', async function () {
    if (process.platform !== 'linux') this.skip();
    await assert.rejects(
      async () => sh.cell('', `# ${'x'.repeat(200_000)}`, new FakeContext()),
      /too long .* %%writefile/,
    );
  });
});
