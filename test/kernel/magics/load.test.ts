import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { load } from '../../../kernel/magics/load.ts';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { FakeContext } from './fake-context.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** The text that the magic puts into the cell. */
async function loaded(args: string): Promise<string> {
  const context = new FakeContext();
  assert.equal(await load.line(args, context), undefined);
  const [payload, ...others] = context.payloads;
  assert.deepEqual(others, []);
  assert.ok(payload?.source === 'set_next_input');
  assert.equal(payload.replace, true);
  assert.deepEqual(context.evaluated, []);
  return payload.text;
}

function fails(args: string, message: RegExp): void {
  const context = new FakeContext();
  assert.throws(
    () => load.line(args, context),
    (error) => error instanceof UsageError && message.test(error.message),
  );
  assert.deepEqual(context.payloads, []);
}

describe('%load', () => {
  const folder = inTemporaryFolder();
  beforeEach(() => writeFileSync('lines.ts', 'one\ntwo\nthree\nfour\nfive\n'));

  it("replaces the cell by its own line as a comment and the file's text", async () => {
    assert.equal(await loaded('lines.ts'), '// %load lines.ts\none\ntwo\nthree\nfour\nfive\n');
  });

  it('adds .ts to a name that has no file', async () => {
    assert.match(await loaded('lines'), /^\/\/ %load lines\none\n/);
  });

  it('takes the file rather than a folder of the same name', async () => {
    mkdirSync('lines');
    assert.match(await loaded('lines'), /\none\n/);
  });

  it('takes a path with spaces, plain, quoted and escaped', async () => {
    mkdirSync('my folder');
    writeFileSync(join('my folder', 'my file.ts'), 'x');
    for (const typed of [
      'my folder/my file.ts',
      '"my folder/my file.ts"',
      "'my folder/my file'",
      'my folder/my file',
    ]) {
      assert.equal(await loaded(typed), `// %load ${typed}\nx`);
    }
    if (process.platform !== 'win32') assert.match(await loaded(String.raw`my\ folder/my\ file.ts`), /\nx$/);
  });

  it('takes absolute paths and paths from home', async () => {
    assert.match(await loaded(join(folder(), 'lines.ts')), /\none\n/);
    assert.match(await loaded(`~/${relative(homedir(), join(folder(), 'lines.ts'))}`), /\none\n/);
  });

  const ranges: Array<[ranges: string, lines: string]> = [
    ['2-3', 'two\nthree\n'],
    ['2', 'two\n'],
    ['1,3-4', 'one\nthree\nfour\n'],
    ['-2', 'one\ntwo\n'],
    ['4-', 'four\nfive\n'],
    ['4-99', 'four\nfive\n'],
    ['5,1', 'five\none\n'],
  ];
  for (const [range, lines] of ranges) {
    it(`takes the lines ${range}`, async () =>
      assert.equal(await loaded(`-r ${range} lines.ts`), `// %load -r ${range} lines.ts\n${lines}`));
  }

  for (const range of ['3-2', '0', 'x', '-', '1,,2', '1-2-3']) {
    it(`refuses the range ${range}`, () =>
      fails(`-r ${range} lines.ts`, /is no range of lines|empty range/i));
  }

  it('refuses a range that begins behind the file', () =>
    fails('-r 6- lines.ts', /lines\.ts has 5 lines; there is no line 6/));

  it('makes line ends and the byte order mark those of a notebook', async () => {
    writeFileSync('windows.ts', '\uFEFFa\r\nb\r\n');
    assert.equal(await loaded('windows.ts'), '// %load windows.ts\na\nb\n');
  });

  it('names the absolute path of a missing file and the near names', () => {
    fails('linse.ts', /no file .*linse\.ts\. Did you mean lines\.ts\?/);
    assert.throws(
      () => load.line('linse.ts', new FakeContext()),
      (error: Error) => error.message.includes(join(folder(), 'linse.ts')),
    );
  });

  it('names a missing folder', () =>
    fails('nowhere/x.ts', /no file .*x\.ts\. Nor is there a folder .*nowhere/));

  it('refuses a folder and names the sources in it', () =>
    fails('.', /is a folder\. %load wants a file\. In it are lines\.ts/));

  it('refuses a binary file', () => {
    writeFileSync('zero.bin', Buffer.from([65, 0, 66]));
    writeFileSync('latin.txt', Buffer.from([0xe4, 0xf6]));
    fails('zero.bin', /zero\.bin is no UTF-8 text/);
    fails('latin.txt', /latin\.txt is no UTF-8 text/);
  });

  it('refuses a text too long for a cell, but takes a part of it', async () => {
    writeFileSync('long.ts', 'x'.repeat(99).concat('\n').repeat(20_000));
    fails('long.ts', /2,000,000 characters, too many for a cell.*-r 1-100/);
    assert.ok((await loaded('-r 1-10 long.ts')).length < 2000);
  });

  it('says how it is called', () => {
    fails('', /^Usage: %load \[-r RANGES\] FILE$/);
    fails('-r 3-10', /^Usage/);
  });

  it('refuses an address', () => fails('https://localhost/x.ts', /reads files, not addresses/));
});
