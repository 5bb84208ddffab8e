import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { makeJupyterHome, type JupyterHome, repository } from '../support/jupyter-home.ts';
import { runJupyter } from '../support/python.ts';

describe("Jupyter's commands", function () {
  this.timeout(120_000); // Each starts Python, and some a kernel: seconds, and far more on a busy machine.
  let home: JupyterHome;

  before(async () => {
    home = await makeJupyterHome();
  });
  after(() => home.remove());

  it('jupyter kernelspec list shows the kernel, with its icons and this Node', async () => {
    const ended = await runJupyter(['kernelspec', 'list', '--json'], { env: home.env });
    assert.equal(ended.code, 0, ended.stderr);
    const { tsloop } = (JSON.parse(ended.stdout) as { kernelspecs: Record<string, Kernelspec> }).kernelspecs;
    assert(tsloop, `no tsloop in ${ended.stdout}`);
    assert.deepEqual(tsloop.spec.argv, [
      process.execPath,
      path.join(repository, 'dist', 'kernel', 'main.js'),
      '{connection_file}',
    ]);
    assert.equal(tsloop.spec.language, 'typescript');
    assert.equal(tsloop.spec.interrupt_mode, 'message');
    for (const logo of ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg']) {
      assert(existsSync(path.join(tsloop.resource_dir, logo)), `no ${logo}`);
    }
  });

  it('jupyter console runs typed cells one after another, and ends at the end of its input', async () => {
    const input = ['const n: number = 40', 'n + 2', "console.log('from', 'the console')", ''].join('\n');
    const ended = await runJupyter(['console', '--kernel', 'tsloop', '--simple-prompt'], {
      env: home.env,
      input,
    });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /Out\[2\]: 42\n[^]*from the console\n/);
  });

  it('jupyter console asks what a cell asks', async () => {
    const input = ["const asked = prompt('Who?')", 'Ada', '`${asked} it is`', ''].join('\n');
    const ended = await runJupyter(['console', '--kernel', 'tsloop', '--simple-prompt'], {
      env: home.env,
      input,
    });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /Who\? [^]*'Ada it is'/);
  });

  it('jupyter run executes a script of cells', async () => {
    const ended = await runJupyter(['run', '--kernel', 'tsloop'], {
      env: home.env,
      input: 'console.log(6 * 7)\n',
    });
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(ended.stdout.trim(), '42');
  });
});

interface Kernelspec {
  readonly resource_dir: string;
  readonly spec: { readonly argv: string[]; readonly language: string; readonly interrupt_mode: string };
}
