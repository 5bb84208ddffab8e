import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCli } from './run-cli.ts';

const packageJson = new URL('../../../../package.json', import.meta.url);

describe('tsloop, the command line', () => {
  it('shows the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(packageJson, 'utf8')) as { version: string };
    assert.deepEqual(await runCli(['--version']), {
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('refuses a file that is neither a notebook nor a script', async () => {
    const { code, stderr } = await runCli(['run', fileURLToPath(packageJson)]);
    assert.equal(code, 2);
    assert.match(stderr, /notebooks \(\.ipynb\) and scripts \(\.ts, .*package\.json is neither/);
  });

  it('shows help on request, and as an error when it is called without arguments', async () => {
    const asked = await runCli(['--help']);
    assert.equal(asked.code, 0);
    assert.match(asked.stdout, /tsloop COMMAND/);
    const bare = await runCli([]);
    assert.equal(bare.code, 2);
    assert.equal(bare.stderr, asked.stdout);
  });

  for (const name of ['run', 'install', 'uninstall', 'kernel', 'doctor']) {
    it(`shows the help of ${name}`, async () => {
      const { code, stdout } = await runCli([name, '--help']);
      assert.equal(code, 0);
      assert.ok(stdout.startsWith(`Usage: tsloop ${name}`), stdout);
    });
  }

  const mistakes: ReadonlyArray<readonly [args: readonly string[], says: RegExp]> = [
    [['instal'], /"instal" is neither a command nor a file\. Did you mean "install"\?/],
    [['install', '--nam', 'x'], /Unknown option --nam\. Did you mean --name\?/],
    [['--verson'], /Unknown option --verson/],
    [['install', 'there'], /takes no argument "there"/],
    [['install', '--user', '--prefix', '/x'], /exclude each other/],
    [['install', '--name', 'a/b'], /"a\/b" cannot be the name of a kernel/],
    [['run'], /needs a file/],
    [['run', 'a.ipynb', 'b.ipynb'], /"b\.ipynb" is one too many/],
    [['run', 'a.ipynb', '--timeout', 'soon'], /positive number of seconds, not "soon"/],
    [['run', '--output', 'x', 'a.ts'], /--output is an option for notebooks; a\.ts is a script/],
    [['kernel'], /takes one argument, the connection file/],
    [['kernel', 'no-such-file.json'], /There is no connection file no-such-file\.json/],
  ];
  for (const [args, says] of mistakes) {
    it(`answers "tsloop ${args.join(' ')}" with what is wrong, and exit code 2`, async () => {
      const { code, stderr, stdout } = await runCli(args);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /^ {4}at /m);
      assert.equal(stdout, '');
      assert.equal(code, 2);
    });
  }

  it('names a script that does not exist', async () => {
    const { code, stderr } = await runCli(['no-such-script.ts']);
    assert.match(stderr, /There is no file .*no-such-script\.ts/);
    assert.equal(code, 1);
  });
});
