import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testStart } from '../../../kernel/commands/self-test.ts';
import { type Ended, makeFolder, removeFolder, runCli } from './run-cli.ts';

interface Spec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: string;
  kernel_protocol_version: string;
}

describe('tsloop install and uninstall', () => {
  let folder: string;
  let data: string;
  beforeEach(() => {
    folder = makeFolder();
    data = join(folder, 'data');
  });
  afterEach(() => removeFolder(folder));

  const run = (...args: string[]): Promise<Ended> =>
    runCli(args, {
      cwd: folder,
      env: { HOME: folder, JUPYTER_DATA_DIR: data, JUPYTER_PATH: '', VIRTUAL_ENV: '', CONDA_PREFIX: '' },
    });
  const read = (kernel: string): Spec =>
    JSON.parse(readFileSync(join(kernel, 'kernel.json'), 'utf8')) as Spec;

  it("write a kernelspec with its logos into the user's folder, and say where", async () => {
    const { code, stdout, stderr } = await run('install');
    assert.equal(code, 0, stderr);
    const kernel = join(data, 'kernels', 'tsloop');
    assert.ok(stdout.includes(kernel));
    assert.deepEqual(readdirSync(kernel).sort(), [
      'kernel.json',
      'logo-32x32.png',
      'logo-64x64.png',
      'logo-svg.svg',
    ]);
    const spec = read(kernel);
    assert.equal(spec.argv.length, 3);
    assert.equal(spec.argv[0], process.execPath);
    assert.match(spec.argv[1] ?? '', /dist[\\/]kernel[\\/]main\.js$/);
    assert.ok(existsSync(spec.argv[1] ?? ''));
    assert.equal(spec.argv[2], '{connection_file}');
    assert.deepEqual(
      [spec.display_name, spec.language, spec.interrupt_mode, spec.kernel_protocol_version],
      ['TypeScript (tsloop)', 'typescript', 'message', '5.5'],
    );
  });

  it('write what is to be done with type errors into the kernelspec', async () => {
    assert.equal((await run('install', '--typecheck', 'warn')).code, 0);
    const spec = read(join(data, 'kernels', 'tsloop')) as Spec & { env?: object };
    assert.deepEqual(spec.env, { TSLOOP_TYPECHECK: 'warn' });
    const { code, stderr } = await run('install', '--typecheck', 'loud');
    assert.equal(code, 2);
    assert.match(stderr, /--typecheck takes on, warn or off, not "loud"/);
  });

  it('take a prefix, a name and a title; Jupyter stores names in small letters', async () => {
    const { code } = await run('install', '--prefix', 'p', '--name', 'My-TS_1.0', '--display-name', 'Mine');
    assert.equal(code, 0);
    assert.equal(read(join(folder, 'p', 'share', 'jupyter', 'kernels', 'my-ts_1.0')).display_name, 'Mine');
    assert.ok(!existsSync(data));
    assert.equal((await run('uninstall', '--prefix', 'p', '--name', 'My-TS_1.0')).code, 0);
    assert.deepEqual(readdirSync(join(folder, 'p', 'share', 'jupyter', 'kernels')), []);
  });

  it('take the active Python environment with --sys-prefix', async () => {
    const { code } = await runCli(['install', '--sys-prefix'], {
      env: { VIRTUAL_ENV: join(folder, 'venv') },
    });
    assert.equal(code, 0);
    assert.ok(existsSync(join(folder, 'venv', 'share', 'jupyter', 'kernels', 'tsloop', 'kernel.json')));
  });

  it('replace an older installation whole, and leave nothing beside it', async () => {
    const kernel = join(data, 'kernels', 'tsloop');
    assert.equal((await run('install', '--display-name', 'old')).code, 0);
    writeFileSync(join(kernel, 'stale.txt'), '');
    assert.equal((await run('install')).code, 0);
    assert.equal(read(kernel).display_name, 'TypeScript (tsloop)');
    assert.ok(!existsSync(join(kernel, 'stale.txt')));
    assert.deepEqual(readdirSync(join(data, 'kernels')), ['tsloop']);
  });

  it('remove what was installed, and nothing twice', async () => {
    await run('install');
    const removed = await run('uninstall');
    assert.equal(removed.code, 0);
    assert.ok(removed.stdout.includes(join(data, 'kernels', 'tsloop')));
    assert.ok(!existsSync(join(data, 'kernels', 'tsloop')));
    const again = await run('uninstall');
    assert.equal(again.code, 1);
    assert.match(again.stderr, /There is no kernelspec/);
  });

  it('say where else there is one, when it is not where it was looked for', async () => {
    await run('install', '--name', 'other');
    const { code, stderr } = await run('uninstall');
    assert.equal(code, 1);
    assert.ok(stderr.includes(join(data, 'kernels', 'other')), stderr);
  });

  it("neither remove nor overwrite a kernel that is not tsloop's", async () => {
    const kernel = join(data, 'kernels', 'tsloop');
    mkdirSync(kernel, { recursive: true });
    const foreign = JSON.stringify({
      argv: ['python3', '-m', 'ipykernel_launcher'],
      display_name: 'Python 3',
    });
    writeFileSync(join(kernel, 'kernel.json'), foreign);
    for (const command of ['install', 'uninstall']) {
      const { code, stderr } = await run(command);
      assert.equal(code, 1);
      assert.ok(stderr.includes(kernel), stderr);
    }
    assert.equal(readFileSync(join(kernel, 'kernel.json'), 'utf8'), foreign);
  });

  it('name the folder that cannot be written', async () => {
    writeFileSync(data, 'a file where the folder should be');
    const { code, stderr } = await run('install');
    assert.equal(code, 1);
    assert.ok(stderr.includes(join(data, 'kernels')), stderr);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });
});

describe('tsloop doctor', function () {
  // Starts a kernel, and asks Jupyter, if there is one, for its version.
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => removeFolder(folder));

  const run = (command: string): Promise<Ended> =>
    runCli([command], { env: { HOME: folder, JUPYTER_DATA_DIR: join(folder, 'data'), JUPYTER_PATH: '' } });

  it('shows versions and kernelspecs, and that a cell runs', async () => {
    await run('install');
    const { code, stdout } = await run('doctor');
    assert.equal(code, 0, stdout);
    assert.ok(stdout.includes(process.version));
    assert.ok(stdout.includes(join(folder, 'data', 'kernels', 'tsloop')));
    assert.match(stdout, /self-test +1\+1 is 2, \d+ ms/);
    assert.match(stdout, /^ok  typescript 7\.\d+\.\S+ in /m);
  });

  it('says that types are not checked where the compiler does not run', async () => {
    const { code, stdout } = await runCli(['doctor'], {
      env: {
        HOME: folder,
        JUPYTER_DATA_DIR: folder,
        JUPYTER_PATH: '',
        TSLOOP_TYPESCRIPT: join(folder, 'none'),
      },
    });
    assert.equal(code, 1);
    assert.match(stdout, /^BAD typescript .*none.*\n +Cells run, but their types are not checked$/m);
  });

  it('finds a kernelspec whose files are gone, and says what to do', async () => {
    await run('install');
    const file = join(folder, 'data', 'kernels', 'tsloop', 'kernel.json');
    const spec = JSON.parse(readFileSync(file, 'utf8')) as Spec;
    const gone = join(folder, 'gone', 'dist', 'kernel', 'main.js');
    writeFileSync(file, JSON.stringify({ ...spec, argv: [process.execPath, gone, '{connection_file}'] }));
    const { code, stdout } = await run('doctor');
    assert.equal(code, 1);
    assert.ok(stdout.includes(`starts ${gone}, which does not exist`), stdout);
    assert.match(stdout, /Run "tsloop install" again/);
  });
});

describe('the self-test of the doctor', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => removeFolder(folder));

  it('fails with what a kernel that does not start says, and leaves nothing open', async () => {
    const broken = join(folder, 'main.mjs');
    writeFileSync(broken, "throw new Error('no such thing')");
    await assert.rejects(
      testStart(broken),
      /The kernel ended at its start \(exit code 1\)\n[^]*no such thing/,
    );
  });
});
