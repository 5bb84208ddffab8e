import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { completePath } from '../../../../kernel/front/completion/paths.ts';
import { completeShell } from '../../../../kernel/front/completion/shell.ts';

const isWindows = process.platform === 'win32';

describe('completion of commands and paths', () => {
  let folder: string;
  let variable: string;
  let searched: string | undefined;

  before(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tsloop-completion-')));
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await mkdir(path.join(folder, 'data', 'sets'), { recursive: true });
    for (const name of [
      'plain.txt',
      'with space.txt',
      "quote's.txt",
      '.hidden',
      'data/one.csv',
      'data/two.csv',
    ])
      await writeFile(path.join(folder, name), '');
    if (!isWindows) await symlink(path.join(folder, 'data'), path.join(folder, 'link'));
    const suffix = isWindows ? '.cmd' : '';
    await writeFile(path.join(bin, `zz-tool${suffix}`), '', { mode: 0o755 });
    await writeFile(path.join(bin, 'zz-text.txt'), '', { mode: 0o644 });
    variable = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
    searched = process.env[variable];
    process.env[variable] = [bin, path.join(folder, 'missing'), searched].join(path.delimiter);
  });
  after(async () => {
    process.env[variable] = searched;
    await rm(folder, { recursive: true });
  });

  /** `@` stands for the folder; the last part of what is typed is replaced by the matches. */
  async function matches(typed: string): Promise<string[]> {
    const command = typed.replace('@', folder.replaceAll('\\', '/'));
    return (await completeShell(command, command.length)).candidates.map(({ text }) => text);
  }

  it('gives what can be run, at the beginning of a command', async () => {
    for (const command of [
      'zz-',
      'true; zz-',
      'true && zz-',
      'true | zz-',
      'A=1 zz-',
      'echo $(zz-',
      'sudo zz-',
    ])
      assert.deepEqual(await matches(command), ['zz-tool'], command);
    assert.deepEqual(await matches('for x in 1; do zz-'), ['zz-tool']);
    assert.deepEqual(await matches(''), []);
  });

  it('gives files as arguments, behind redirections and as commands with a path', async () => {
    for (const command of ['cat @/pl', 'cat -n @/pl', 'true > @/pl', 'true >@/pl', '@/pl'])
      assert.deepEqual(await matches(command), ['plain.txt'], command);
    assert.deepEqual(await matches('cat zz-'), []);
  });

  it('marks folders with a slash, and looks into them', async () => {
    assert.deepEqual(await matches('cat @/da'), ['data/']);
    assert.deepEqual(await matches('cat @/data/'), ['one.csv', 'sets/', 'two.csv']);
    if (!isWindows) assert.deepEqual(await matches('cat @/li'), ['link/']);
  });

  it('shows hidden files to those who ask for them', async () => {
    assert.ok(!(await matches('cat @/')).includes('.hidden'));
    assert.deepEqual(await matches('cat @/.h'), ['.hidden']);
  });

  if (!isWindows) {
    it('escapes names for the shell, but not within quotes', async () => {
      assert.deepEqual(await matches('cat @/with'), ['with\\ space.txt']);
      assert.deepEqual(await matches('cat @/with\\ sp'), ['with\\ space.txt']);
      assert.deepEqual(await matches('cat "@/with sp'), ['with space.txt']);
      assert.deepEqual(await matches('cat @/quo'), ["quote\\'s.txt"]);
    });
  }

  it('replaces the last part of the path, as it is written', async () => {
    const start = async (command: string): Promise<number> =>
      (await completeShell(command, command.length)).start;
    assert.equal(await start('cat data/on'), 9);
    assert.equal(await start('cat "data/on'), 10);
    assert.equal(await start('zz-'), 0);
    if (!isWindows) assert.equal(await start('cat with\\ sp'), 4);
  });

  it('gives nothing where there is no such folder', async () => {
    assert.deepEqual(await matches('cat @/missing/x'), []);
    assert.deepEqual((await completePath('/no/such/folder/x', 17)).candidates, []);
  });

  it('gives environment variables', async () => {
    assert.ok((await matches('echo $PA')).includes(variable) || isWindows);
    assert.deepEqual((await completeShell('echo ${NO_SUCH_NAME', 19)).candidates, []);
  });
});
