import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PackageError } from '../../../kernel/packages/error.ts';
import { findNpm, type NpmServices, runNpm } from '../../../kernel/packages/npm.ts';

describe('npm', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsloop-npm-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const makeNpm = (...parts: string[]): string => {
    const bin = join(folder, ...parts, 'node_modules', 'npm', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'npm-cli.js'), '');
    return join(bin, 'npm-cli.js');
  };

  it('is the one that came with the running node, as Unix and as Windows lay it out', () => {
    const other = makeNpm('other');
    const unix = makeNpm('prefix', 'lib');
    const windows = makeNpm('windows');
    assert.equal(findNpm(join(folder, 'prefix', 'bin', 'node'), join(folder, 'other')), unix);
    assert.equal(findNpm(join(folder, 'windows', 'node.exe'), join(folder, 'other')), windows);
    assert.equal(findNpm(join(folder, 'alone', 'node'), join(folder, 'other')), other);
  });

  it('is found on PATH through a link', function () {
    if (process.platform === 'win32') this.skip();
    const real = makeNpm('somewhere');
    mkdirSync(join(folder, 'bin'));
    symlinkSync(real, join(folder, 'bin', 'npm'));
    const path = ['', join(folder, 'nothing'), join(folder, 'bin')].join(delimiter);
    assert.equal(findNpm(join(folder, 'alone', 'node'), path), real);
  });

  it('says what to do when it is nowhere', () => {
    assert.throws(
      () => findNpm(join(folder, 'alone', 'node'), join(folder, 'empty')),
      (error) => error instanceof PackageError && /npm was not found.*Install it.*PATH/.test(error.message),
    );
  });

  /** npm that writes this and ends; what of it was printed, and what it was called with. */
  async function run(
    output: Partial<Record<'stdout' | 'stderr', string[]>>,
    exitCode: number,
    names: readonly string[] = ['x'],
  ): Promise<{ printed: string; args: readonly string[]; error?: Error }> {
    let printed = '';
    let args: readonly string[] = [];
    const services: NpmServices = {
      signal: new AbortController().signal,
      print: (text, stream) => {
        printed += `${stream}: ${text}`;
      },
      run: (called, _, print) => {
        args = called;
        for (const stream of ['stdout', 'stderr'] as const)
          for (const text of output[stream] ?? []) print(text, stream);
        return Promise.resolve(exitCode);
      },
    };
    try {
      await runNpm(['install'], names, folder, 'install x', services);
    } catch (error) {
      return { printed, args, error: error as Error };
    }
    return { printed, args };
  }

  it('takes names behind a --, so that none is an option', async () => {
    const { args } = await run({}, 0, ['--global', 'x; rm']);
    assert.deepEqual(args.slice(-3), ['--', '--global', 'x; rm']);
  });

  it('shows its summary and warnings, but no complaints about settings', async () => {
    const { printed } = await run(
      {
        stdout: ['\nadded 2 packages in 1s\n', '\n'],
        stderr: ['npm warn Unknown user con', 'fig "a".\nnpm warn deprecated x@1: old\n'],
      },
      0,
    );
    assert.equal(printed, 'stdout: added 2 packages in 1s\nstderr: npm warn deprecated x@1: old\n');
  });

  const reports: Array<[what: string, lines: string[], message: RegExp]> = [
    [
      'an unknown package',
      ['code E404', '404 Not Found - GET https://r.org/x - Not found', 'A complete log of this run …'],
      /^Cannot install x: there is no such package \(404 for https:\/\/r\.org\/x\)\. Check the spelling\.$/,
    ],
    [
      'an unknown version',
      ['code ETARGET', 'notarget No matching version found for @s/x@99.'],
      /there is no version @s\/x@99\. `!npm view @s\/x versions`/,
    ],
    [
      'a network that is down',
      ['code ENOTFOUND', 'network request to https://r.org/x failed, reason: getaddrinfo ENOTFOUND r.org'],
      /https:\/\/r\.org\/x cannot be reached \(ENOTFOUND\)\. Check the connection/,
    ],
    ['a folder that is read-only', ['code EACCES', 'path /x'], /may not be written to \(EACCES\)/],
    [
      'packages that do not agree',
      ['code ERESOLVE', 'ERESOLVE could not resolve'],
      /do not agree.*\nERESOLVE could not/,
    ],
    [
      'anything else, in its own words',
      ['code EODD', 'odd things', 'A complete log of this run …'],
      /^Cannot install x: odd things$/,
    ],
    ['no reason at all', [], /npm ended with exit code 1/],
  ];
  for (const [what, lines, message] of reports) {
    for (const prefix of ['npm error', 'npm ERR!']) {
      it(`reports ${what} (${prefix})`, async () => {
        const { error, printed } = await run({ stderr: lines.map((line) => `${prefix} ${line}\n`) }, 1);
        assert.ok(error instanceof PackageError);
        assert.match(error.message, message);
        assert.equal(printed, '');
      });
    }
  }
});
