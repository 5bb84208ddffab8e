import assert from 'node:assert/strict';
import { autoreload, autoreloadMode } from '../../../kernel/magics/autoreload.ts';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { npm } from '../../../kernel/magics/npm.ts';
import { FakeContext } from './fake-context.ts';

describe('%autoreload', () => {
  afterEach(() => autoreload.line('on', new FakeContext()));

  it('is on, says what it is, and is set', () => {
    const context = new FakeContext();
    assert.equal(autoreloadMode(), 'on');
    autoreload.line('', context);
    for (const mode of ['all', 'off', 'on']) {
      autoreload.line(mode, context);
      assert.equal(autoreloadMode(), mode);
    }
    assert.deepEqual(context.stdout.match(/is \w+/g), ['is on', 'is all', 'is off', 'is on']);
  });

  it('refuses anything else', () => {
    for (const args of ['2', 'On', 'toString']) {
      assert.throws(() => autoreload.line(args, new FakeContext()), UsageError);
    }
  });
});

describe('%npm', () => {
  const refused: Array<[args: string, message: RegExp]> = [
    ['', /^Usage: %npm install/],
    ['uninstall', /^Usage: %npm install/],
    ['instal x', /knows install, uninstall and ls, not instal\. Did you mean %npm install\?.*!npm instal/],
    ['constructor', /knows install/],
    ['install --global x', /without --global: write !npm install --global x/],
    ['install --prefix=/tmp x', /without --prefix=\/tmp/],
  ];
  for (const [args, message] of refused) {
    it(`says how it is called: %npm ${args}`, async () => {
      await assert.rejects(
        async () => npm.line(args, new FakeContext()),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
