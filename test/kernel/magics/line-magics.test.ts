import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cd } from '../../../kernel/magics/cd.ts';
import { env } from '../../../kernel/magics/env.ts';
import { UsageError, type LineMagic } from '../../../kernel/magics/magic.ts';
import { pwd } from '../../../kernel/magics/pwd.ts';
import { formatDuration, time } from '../../../kernel/magics/time.ts';
import { who } from '../../../kernel/magics/who.ts';
import { writefile } from '../../../kernel/magics/writefile.ts';
import { FakeContext } from './fake-context.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

async function fails(call: () => unknown, message: RegExp): Promise<void> {
  await assert.rejects(
    async () => call(),
    (error) => error instanceof UsageError && message.test(error.message),
  );
}

async function printed(magic: LineMagic, args: string): Promise<string> {
  const context = new FakeContext();
  assert.equal(await magic.line(args, context), undefined);
  return context.stdout;
}

describe('%cd and %pwd', () => {
  const folder = inTemporaryFolder();

  it('goes to a folder with spaces, prints it, and goes back', async () => {
    mkdirSync('a b');
    const inner = join(folder(), 'a b');
    assert.equal(await printed(cd, 'a b'), `${inner}\n`);
    assert.equal(pwd.line('', new FakeContext()), inner);
    assert.equal(await printed(cd, '-'), `${folder()}\n`);
    assert.equal(await printed(cd, '-'), `${inner}\n`);
    assert.equal(await printed(cd, '".."'), `${folder()}\n`);
  });

  it('goes home without an argument and by a tilde', async () => {
    const home = `${realpathSync(homedir())}\n`;
    assert.equal(await printed(cd, ''), home);
    process.chdir(folder());
    assert.equal(await printed(cd, '~'), home);
  });

  it('stays where it is when there is no such folder', async () => {
    await fails(
      () => cd.line('nowhere', new FakeContext()),
      /Cannot go to .*nowhere: there is no such folder/,
    );
    assert.equal(process.cwd(), folder());
  });

  it('leads out of a folder that was removed', async function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync('gone');
    process.chdir('gone');
    rmSync(join(folder(), 'gone'), { recursive: true });
    await fails(() => pwd.line('', new FakeContext()), /does not exist any more.*%cd/);
    assert.equal(await printed(cd, folder()), `${folder()}\n`);
  });
});

describe('%env', () => {
  const name = 'TSLOOP_TEST_ENV';
  afterEach(() => delete process.env[name]);

  for (const args of [`${name}=a b=c`, `${name} a b=c`, `${name} = a b=c`, `${name}="a b=c"`]) {
    it(`sets by ${args}`, async () => {
      assert.equal(await printed(env, args), `env: ${name}=a b=c\n`);
      assert.equal(process.env[name], 'a b=c');
    });
  }

  it('sets an empty value', async () => {
    await printed(env, `${name}=`);
    assert.equal(process.env[name], '');
  });

  it('gives the value of one variable, and all of them sorted', () => {
    process.env[name] = 'x';
    assert.equal(env.line(name, new FakeContext()), 'x');
    const all = env.line('', new FakeContext()) as Record<string, string>;
    assert.equal(all[name], 'x');
    assert.deepEqual(Object.keys(all), Object.keys(all).sort());
  });

  it('explains a variable that is not set, and one without a name', async () => {
    process.env[name] = 'x';
    await fails(
      () => env.line('TSLOOP_TEST_EVN', new FakeContext()),
      /TSLOOP_TEST_EVN is not set\. Did you mean TSLOOP_TEST_ENV\?/,
    );
    await fails(() => env.line('=x', new FakeContext()), /needs a name/);
  });
});

describe('%time and %%time', () => {
  const report =
    /^CPU times: user \S+ [mµn]?s, sys: \S+ [mµn]?s, total: \S+ [mµn]?s\nWall time: \S+ [mµn]?s\n$/;

  it('gives the value of the code through and prints the times', async () => {
    const context = new FakeContext();
    context.value = 42;
    assert.equal(await time.line('f(1)', context), 42);
    assert.equal(await time.cell('', 'a\nb', context), 42);
    assert.deepEqual(context.evaluated, ['f(1)', 'a\nb']);
    assert.match(context.stdout.split(/(?=CPU)/)[0] ?? '', report);
  });

  it('prints the times of code that throws, and throws its very error', async () => {
    const context = new FakeContext();
    context.value = new RangeError('x');
    await assert.rejects(async () => time.line('f()', context), context.value as Error);
    assert.match(context.stdout, report);
  });

  it('asks for code', async () => {
    await fails(() => time.line('', new FakeContext()), /^Usage: %time CODE$/);
    await fails(
      () => time.cell('f()', 'g()', new FakeContext()),
      /^Usage: %%time, with the code in the lines below$/,
    );
  });

  const durations: Array<[seconds: number, text: string]> = [
    [0, '0 ns'],
    [5e-8, '50 ns'],
    [1.234e-5, '12.3 µs'],
    [0.001234, '1.23 ms'],
    [0.9996, '1 s'],
    [12.345, '12.3 s'],
    [59.97, '1min 0s'],
    [125.2, '2min 5s'],
    [3661, '1h 1min 1s'],
  ];
  for (const [seconds, text] of durations) {
    it(`writes ${seconds} seconds as ${text}`, () => assert.equal(formatDuration(seconds), text));
  }
});

describe('%%writefile', () => {
  const folder = inTemporaryFolder();

  async function write(args: string, body: string): Promise<string> {
    const context = new FakeContext();
    await writefile.cell(args, body, context);
    return context.stdout;
  }

  it('writes, overwrites and appends, and says which', async () => {
    assert.equal(await write('a.ts', 'one'), 'Writing a.ts\n');
    assert.equal(readFileSync('a.ts', 'utf8'), 'one\n');
    assert.equal(await write('a.ts', 'two\n'), 'Overwriting a.ts\n');
    assert.equal(await write('-a a.ts', 'three'), 'Appending to a.ts\n');
    assert.equal(readFileSync('a.ts', 'utf8'), 'two\nthree\n');
    assert.equal(await write('-a b.ts', 'x'), 'Writing b.ts\n');
  });

  it('takes names with spaces, and keeps an empty body empty', async () => {
    assert.equal(await write('"a b.ts"', ''), 'Writing a b.ts\n');
    assert.equal(readFileSync('a b.ts', 'utf8'), '');
  });

  it('explains a missing folder, a folder, and a missing name', async () => {
    await fails(() => write('no/a.ts', 'x'), /Cannot write .*a\.ts: its folder does not exist/);
    await fails(() => write(folder(), 'x'), /it is a folder/);
    await fails(() => write('', 'x'), /^Usage: %%writefile/);
    await fails(() => write('-a', 'x'), /^Usage: %%writefile/);
  });
});

describe('%who', () => {
  it('prints the names, those of the wanted types only', async () => {
    const context = new FakeContext();
    context.names = { a: 1, b: 'x', f: () => 0, n: null };
    await who.line('', context);
    await who.line('number string', context);
    await who.line('object', context);
    assert.equal(context.stdout, 'a\nb\nf\nn\na\nb\nn\n');
  });

  it('says when there is none', async () => {
    const context = new FakeContext();
    await who.line('', context);
    context.names = { a: 1 };
    await who.line('string', context);
    assert.equal(
      context.stdout,
      'No cell has declared a name yet.\nNo variables match your requested type.\n',
    );
  });

  it('explains an unknown type', async () => {
    await fails(() => who.line('sting', new FakeContext()), /sting is no type\. Did you mean string\?/);
  });
});
