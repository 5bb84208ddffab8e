import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeDollar, type Dollar } from '../../../kernel/magics/dollar.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

describe('$ in cells', function () {
  this.timeout(30_000);
  const folder = inTemporaryFolder();
  const node = process.execPath;
  let controller: AbortController;
  let $: Dollar;
  beforeEach(() => {
    controller = new AbortController();
    $ = makeDollar(() => controller.signal);
    writeFileSync('echo.mjs', 'process.stdout.write("read:"); process.stdin.pipe(process.stdout)');
    writeFileSync('print.mjs', 'console.log(process.argv.slice(2).join("|"), process.env.X ?? "")');
    writeFileSync(
      'path.mjs',
      'console.log(process.env.PATH.split(process.platform === "win32" ? ";" : ":").join("\\n"))',
    );
    writeFileSync('hang.mjs', 'console.log("up"); setInterval(() => {}, 1000)');
  });

  it('gives the output of a command, its arguments kept apart', async () => {
    const { stdout, exitCode } = await $`${node} print.mjs ${'a b'} ${['c', 'd']}`;
    assert.equal(stdout, 'a b|c|d ');
    assert.equal(exitCode, 0);
  });

  it('takes a file and its arguments', async () => {
    assert.equal((await $(node, ['print.mjs', 'a'], { env: { X: 'x' } })).stdout, 'a x');
  });

  it('binds options, over and over, and runs elsewhere', async () => {
    const bound = $({ env: { X: 'x' } })({ cwd: folder() });
    process.chdir('/');
    assert.equal((await bound`${node} print.mjs a`).stdout, 'a x');
    assert.equal((await bound({ env: { X: 'y' } })`${node} print.mjs`).stdout, ' y');
  });

  it('runs synchronously by sync and s, with options before or behind', () => {
    assert.equal($.sync`${node} print.mjs a`.stdout, 'a ');
    assert.equal($.s`${node} print.mjs a`.stdout, 'a ');
    assert.equal($({ env: { X: 'x' } }).sync`${node} print.mjs a`.stdout, 'a x');
    assert.equal($.sync({ env: { X: 'x' } })`${node} print.mjs a`.stdout, 'a x');
  });

  it('pipes by template, file and subprocess', async () => {
    assert.equal((await $`${node} print.mjs a`.pipe`${node} echo.mjs`).stdout, 'read:a ');
    assert.equal((await $`${node} print.mjs a`.pipe(node, ['echo.mjs'])).stdout, 'read:a ');
    assert.equal(
      (await $`${node} print.mjs a`.pipe($({ stdin: 'pipe' })`${node} echo.mjs`)).stdout,
      'read:a ',
    );
    assert.equal(
      (await $`${node} print.mjs a`.pipe({ cwd: folder() })`${node} echo.mjs`.pipe`${node} echo.mjs`).stdout,
      'read:read:a ',
    );
  });

  it('gives an empty stdin, or the input that it is told', async () => {
    assert.equal((await $`${node} echo.mjs`).stdout, 'read:');
    assert.equal((await $({ input: 'x' })`${node} echo.mjs`).stdout, 'read:x');
    assert.equal((await $(node, ['echo.mjs'], { input: 'x' })).stdout, 'read:x');
    assert.equal($.sync({ input: 'x' })`${node} echo.mjs`.stdout, 'read:x');
  });

  it('finds the tsloop command, also when piped to', async () => {
    const bin = join(import.meta.dirname, '../../../bin');
    assert.ok((await $`${node} path.mjs`).stdout.split('\n').includes(bin));
    assert.ok((await $`${node} print.mjs`.pipe`${node} path.mjs`).stdout.split('\n').includes(bin));
    assert.ok($.sync`${node} path.mjs`.stdout.split('\n').includes(bin));
  });

  it('rejects when the command fails', async () => {
    await assert.rejects(async () => $`${node} nothing.mjs`, /exit code 1/);
    await assert.rejects(async () => $`tsloop-no-such-program`, /ENOENT/);
  });

  it('ends the command when the cell is interrupted', async () => {
    const running = $`${node} hang.mjs`;
    running.stdout?.once('data', () => controller.abort());
    await assert.rejects(
      async () => running,
      (error: Error & { isCanceled?: boolean }) => error.isCanceled === true,
    );
  });

  it('ends what the command is piped to as well', async () => {
    writeFileSync('deaf.mjs', 'console.error("up"); setInterval(() => {}, 1000)');
    const running = $`${node} print.mjs`.pipe({
      stderr: [
        'pipe',
        function* (line: unknown) {
          controller.abort();
          yield line;
        },
      ],
    })`${node} deaf.mjs`;
    await assert.rejects(
      async () => running,
      (error: Error & { isCanceled?: boolean }) => error.isCanceled === true,
    );
  });

  it('uses the signal of the cell that calls, also by options bound in an earlier one', async () => {
    const bound = $({ cwd: folder() });
    controller.abort();
    controller = new AbortController();
    assert.equal((await bound`${node} print.mjs a`).stdout, 'a ');
  });

  it('runs without a cell', async () => {
    assert.equal((await makeDollar(() => undefined)`${node} print.mjs a`).stdout, 'a ');
  });

  it('warns of nothing when a cell starts many commands at once', () => {
    const module = pathToFileURL(join(import.meta.dirname, '../../../kernel/magics/dollar.js')).href;
    const script = `
      import { makeDollar } from ${JSON.stringify(module)};
      const { signal } = new AbortController();
      const $ = makeDollar(() => signal);
      const all = await Promise.all(Array.from({ length: 12 }, () => $(process.execPath, ['--version'])));
      console.log(all.length, all[0].stdout === process.version);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(stdout, '12 true\n');
    assert.equal(stderr, '');
  });
});
