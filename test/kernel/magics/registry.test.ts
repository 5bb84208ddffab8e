import assert from 'node:assert/strict';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { editDistance, nearest } from '../../../kernel/magics/nearest.ts';
import {
  findCellMagic,
  findLineMagic,
  magics,
  runCellMagic,
  runLineMagic,
} from '../../../kernel/magics/registry.ts';
import { FakeContext } from './fake-context.ts';

describe('the registry of magics', () => {
  it('lists each name once, sorted, with its usage and a summary of one line', () => {
    const names = magics.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)].sort());
    for (const { name, usage, summary } of magics) {
      assert.match(usage, new RegExp(`^${name}( |$)`));
      assert.match(summary, /^[^\n]+\.$/);
    }
  });

  it('holds the magics that were promised', () => {
    for (const name of ['load', 'lsmagic', 'cd', 'pwd', 'env', 'time', 'who'])
      assert.equal(findLineMagic(name).name, name);
    for (const name of ['time', 'writefile', 'bash', 'sh']) assert.equal(findCellMagic(name).name, name);
  });

  const mistakes: Array<[find: (name: string) => unknown, name: string, message: RegExp]> = [
    [findLineMagic, 'laod', /no magic %laod\. Did you mean %load\? %lsmagic lists/],
    [findLineMagic, 'tme', /Did you mean %time\?/],
    [findLineMagic, 'CD', /Did you mean %cd\?/],
    [findCellMagic, 'writefiel', /no magic %%writefiel\. Did you mean %%writefile\?/],
    [findLineMagic, 'bsh', /Did you mean %%bash\?/],
    [findCellMagic, 'lod', /Did you mean %load\?/],
    [findLineMagic, 'matplotlib', /no magic %matplotlib\. %lsmagic/],
    [findLineMagic, 'bash', /write %%bash in the cell's first line/],
    [findCellMagic, 'cd', /write %cd, in any line/],
    [findLineMagic, '%bash', /%%bash takes the rest of its cell: it must be the cell's first line/],
    [findLineMagic, '%bsh', /no magic %%bsh\. Did you mean %%sh\?|Did you mean %%bash\?/],
    [findLineMagic, '', /no magic %\. %lsmagic/],
    [findLineMagic, 'constructor', /no magic %constructor/],
  ];
  for (const [find, name, message] of mistakes) {
    it(`explains ${find === findLineMagic ? '%' : '%%'}${name}`, () => {
      assert.throws(
        () => find(name),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it('says how a magic is called when asked with a question mark', async () => {
    const context = new FakeContext();
    await runLineMagic('load', '?', context);
    await runCellMagic('writefile', '?', '', context);
    assert.match(context.stdout, /^%load \[-r RANGES\] FILE\n.*\n%%writefile \[-a\] FILE\n/);
    assert.deepEqual(context.payloads, []);
  });

  it('lists every call with %lsmagic', async () => {
    const context = new FakeContext();
    await runLineMagic('lsmagic', '', context);
    for (const call of ['%cd ', '%load ', '%%bash ', '%%time ', '%time ', '!COMMAND'])
      assert.ok(context.stdout.includes(call), call);
  });
});

describe('nearest', () => {
  it('counts a swap of neighbours as one edit', () => {
    assert.equal(editDistance('laod', 'load'), 1);
    assert.equal(editDistance('', 'abc'), 3);
    assert.equal(editDistance('kitten', 'sitting'), 3);
    assert.equal(editDistance('same', 'same'), 0);
  });

  it('names the nearest first and nothing that is far', () => {
    assert.deepEqual(nearest('call-latr.ts', ['call-at.ts', 'call-later.ts', 'x'], 2), [
      'call-later.ts',
      'call-at.ts',
    ]);
    assert.deepEqual(nearest('abc', ['xyz']), []);
  });
});
