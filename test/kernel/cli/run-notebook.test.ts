import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeCell, notebookJson } from '../embedded/make-notebook.ts';
import { makeFolder, removeFolder, runCli, startCli } from './run-cli.ts';

interface Written {
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Array<{ id: string; execution_count?: number; outputs?: Array<Record<string, unknown>> }>;
}

describe('tsloop run NOTEBOOK', function () {
  // Each test starts two processes: on a loaded machine that takes seconds.
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => removeFolder(folder));

  function write(text: string, name = 'a.ipynb'): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }
  const writeCells = (...sources: string[]): string =>
    write(notebookJson(sources.map((source) => makeCell(source))));
  const read = (path: string): Written => JSON.parse(readFileSync(path, 'utf8')) as Written;
  const texts = ({ cells }: Written): unknown[] =>
    cells.map(({ outputs }) => outputs?.map((output) => output['text'] ?? output['data'] ?? output['ename']));

  it('writes outputs, counts and metadata into the notebook, and says nothing', async () => {
    const path = writeCells('const a: number = 20;\nconsole.log(a)', 'a + 22');
    const ended = await runCli(['run', path]);
    assert.deepEqual(ended, { code: 0, signal: null, stdout: '', stderr: '' });
    const written = read(path);
    assert.deepEqual(texts(written), [[['20\n']], [{ 'text/plain': ['42'] }]]);
    assert.deepEqual(
      written.cells.map((cell) => cell.execution_count),
      [1, 2],
    );
    assert.equal(written.nbformat_minor, 5);
    assert.deepEqual(written.metadata['kernelspec'], {
      display_name: 'TypeScript (tsloop)',
      language: 'typescript',
      name: 'tsloop',
    });
    assert.equal((written.metadata['language_info'] as { name: string }).name, 'typescript');
    assert.deepEqual(readdirSync(folder), ['a.ipynb']);
  });

  it('leaves the notebook as it is with --output, and "run" may be left out', async () => {
    const path = writeCells('1+1');
    const before = readFileSync(path, 'utf8');
    const { code } = await runCli(['a.ipynb', '--output', 'b.ipynb'], { cwd: folder });
    assert.equal(code, 0);
    assert.equal(readFileSync(path, 'utf8'), before);
    assert.deepEqual(texts(read(join(folder, 'b.ipynb'))), [[{ 'text/plain': ['2'] }]]);
  });

  it('writes through a link, and keeps the rights of the file', async function () {
    if (process.platform === 'win32') this.skip();
    const path = write(notebookJson([makeCell('1+1')]), 'real.ipynb');
    const link = join(folder, 'link.ipynb');
    symlinkSync(path, link);
    const { mode } = statSync(path);
    assert.equal((await runCli(['run', link])).code, 0);
    assert.deepEqual(texts(read(path)), [[{ 'text/plain': ['2'] }]]);
    assert.equal(statSync(path).mode, mode);
  });

  it('tells at the end of errors that nobody has asked for, each under its cell', async () => {
    const fail = (name: string): string => `createTask(async () => { throw new Error('${name}') })`;
    const path = writeCells(
      `import { createTask } from 'tsloop';\nconst held = ${fail('held')};`,
      `await ${fail('awaited')}.catch(() => {});`,
      `${fail('last')};\n0`,
    );
    assert.equal((await runCli(['run', path])).code, 0);
    const shown = read(path).cells.map(({ outputs }) => JSON.stringify(outputs));
    assert.match(shown[0] ?? '', /Task exception was never retrieved.*Error: held/);
    assert.equal(shown[1], '[]');
    assert.match(shown[2] ?? '', /Task exception was never retrieved.*Error: last/);
  });

  it("runs in the notebook's folder, where its modules lie", async () => {
    writeFileSync(join(folder, 'helper.ts'), 'export enum Size { S, M }');
    const path = writeCells("import { Size } from './helper';\nSize.M", 'process.cwd()');
    const { code, stderr } = await runCli(['run', path]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(texts(read(path)), [[{ 'text/plain': ['1'] }], [{ 'text/plain': [`'${folder}'`] }]]);
  });

  it('stops at an error: exit code 1, the cell, its line and the error on stderr, the outputs so far in the file', async () => {
    const path = writeCells(
      "console.log('before')",
      "const ok = 1;\nthrow new RangeError('too far')",
      "console.log('after')",
    );
    const { code, stderr } = await runCli(['run', path]);
    assert.equal(code, 1);
    assert.match(stderr, /code cell 2 of 3 \(In \[2\]\) failed in line 2: RangeError: too far/);
    assert.match(stderr, /2 \| throw new RangeError\('too far'\)/);
    assert.deepEqual(texts(read(path)), [[['before\n']], ['RangeError'], []]);
  });

  it('checks types: a cell that is wrong is not run, the error says where', async () => {
    const path = writeCells('let n: number = 1', "console.log('not printed')\nn = 'one'");
    const { code, stderr } = await runCli(['run', path]);
    assert.equal(code, 1);
    assert.match(stderr, /In \[2\]:2:1 - error TS2322: Type 'string' is not assignable to type 'number'\./);
    assert.deepEqual(texts(read(path))[1], ['TypeScriptError']);
  });

  it('checks imports in the folder that %cd has gone to', async () => {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner', 'rates.ts'), 'export const rate: number = 3');
    const path = writeCells(
      '%cd inner',
      "import { rate } from './rates.ts'\nrate + 1",
      'process.chdir("..")',
      "import { other } from './rates.ts'",
    );
    const { code } = await runCli(['run', path]);
    const [, result, , failed] = read(path).cells.map(({ outputs }) => outputs?.[0]);
    assert.deepEqual(result?.['data'], { 'text/plain': ['4'] });
    assert.equal(failed?.['ename'], 'TypeScriptError');
    assert.match(String(failed['evalue']), /Cannot find module '\.\/rates\.ts'/);
    assert.equal(code, 1);
  });

  it('prints type errors with --typecheck warn, and does nothing about them with off', async () => {
    const path = writeCells("let n: number = 'one'\nconsole.log(n)");
    for (const [mode, printed] of [
      ['warn', true],
      ['off', false],
    ] as const) {
      const { code, stderr } = await runCli(['run', path, '--typecheck', mode]);
      assert.deepEqual([code, stderr], [0, '']);
      const outputs = JSON.stringify(texts(read(path)));
      assert.match(outputs, /one/);
      assert.equal(/TS2322/.test(outputs), printed, mode);
    }
  });

  it('names the line of a syntax error', async () => {
    const { code, stderr } = await runCli(['run', writeCells('const a = 1;\nlet b: = 3;')]);
    assert.equal(code, 1);
    assert.match(stderr, /code cell 1 of 1 \(In \[1\]\) failed in line 2: SyntaxError/);
  });

  it('goes on with --allow-errors', async () => {
    const path = writeCells("throw new RangeError('x')", "console.log('after')");
    assert.equal((await runCli(['run', path, '--allow-errors'])).code, 0);
    assert.deepEqual(texts(read(path)), [['RangeError'], [['after\n']]]);
  });

  it('gives what a callback prints to the cell that scheduled it', async () => {
    const path = writeCells(
      "import { getEventLoop, sleep } from 'tsloop';\ngetEventLoop().callLater(0.05, () => console.log('later'));\nvoid 0;",
      "await sleep(0.2);\nconsole.log('second')",
    );
    assert.equal((await runCli(['run', path])).code, 0);
    assert.deepEqual(texts(read(path)), [[['later\n']], [['second\n']]]);
  });

  it('loses nothing of a lot of output', async () => {
    const path = writeCells('for (let i = 0; i < 50_000; i += 1) console.log(i)');
    assert.equal((await runCli(['run', path])).code, 0);
    const lines = read(path).cells[0]?.outputs?.[0]?.['text'] as string[];
    assert.equal(lines.length, 50_000);
    assert.equal(lines.at(-1), '49999\n');
  });

  it('says that nobody can be asked, where there is no terminal', async () => {
    const path = writeCells(
      'prompt("Name?")',
      'await input("Name?")',
      'await new Promise((resolve) => process.stdin.once("data", resolve))',
    );
    await runCli(['run', path, '--allow-errors']);
    const [outputs] = [
      read(path).cells.map((cell) => cell.outputs?.map(({ ename, evalue }) => [ename, evalue])),
    ];
    for (const said of outputs) assert.match(String(said), /^StdinNotImplementedError,Nobody can be asked:/);
  });

  it('stops a cell after --timeout, even one that never yields', async () => {
    const path = writeCells("console.log('before')", 'for (;;) {}', "console.log('after')");
    const { code, stderr } = await runCli(['run', path, '--timeout', '1']);
    assert.equal(code, 1);
    assert.match(stderr, /stopped in code cell 2 of 3 \(In \[2\]\): it ran longer than 1 s/);
    assert.deepEqual(texts(read(path)), [[['before\n']], [], []]);
  });

  it('says so when the process of the cells dies', async () => {
    const path = writeCells(
      "console.log('before')",
      "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
    );
    const { code, stderr } = await runCli(['run', path]);
    assert.equal(code, 1);
    assert.match(stderr, /the process of the cells died in code cell 2 of 2 \(In \[2\]\)/);
    assert.deepEqual(texts(read(path)), [[['before\n']], []]);
  });

  it('ends on Ctrl-C with exit code 130, the outputs so far written and no process left', async function () {
    if (process.platform === 'win32') this.skip();
    const marker = join(folder, 'pid');
    const path = writeCells(
      "console.log('before')",
      `require('node:fs').writeFileSync(${JSON.stringify(marker)}, String(process.pid)); for (;;) {}`,
    );
    const { child, ended } = startCli(['run', path]);
    while (!existsSync(marker) || readFileSync(marker, 'utf8') === '')
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.equal(code, 130);
    assert.match(stderr, /interrupted in code cell 2 of 2/);
    assert.deepEqual(texts(read(path)), [[['before\n']], []]);
    assert.throws(() => process.kill(Number(readFileSync(marker, 'utf8')), 0), { code: 'ESRCH' });
  });

  it('writes nothing when it cannot: the folder of --output is missing', async () => {
    const path = writeCells('1+1');
    const { code, stderr } = await runCli(['run', path, '-o', join(folder, 'no', 'b.ipynb')]);
    assert.equal(code, 1);
    assert.match(stderr, /folder .*no.* does not exist/);
  });

  it('refuses what is no notebook in TypeScript, and leaves it alone', async () => {
    const python = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };
    for (const text of ['{"nbformat":', '{}', '{"nbformat":3}', notebookJson([], python)]) {
      const path = write(text);
      const { code, stderr } = await runCli(['run', path]);
      assert.equal(code, 1);
      assert.ok(stderr.startsWith(`tsloop: ${path} is `), stderr);
      assert.equal(readFileSync(path, 'utf8'), text);
    }
  });
});
