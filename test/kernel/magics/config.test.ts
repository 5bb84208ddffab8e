import assert from 'node:assert/strict';
import { config } from '../../../kernel/magics/config.ts';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { settings } from '../../../kernel/magics/settings.ts';
import { FakeContext } from './fake-context.ts';

describe('%config', () => {
  const setting = settings['output.limit'];
  const { value } = setting;
  afterEach(() => {
    setting.value = value;
  });

  it('shows all settings, or one', () => {
    for (const args of ['', 'output.limit']) {
      const context = new FakeContext();
      config.line(args, context);
      assert.match(context.stdout, /^output\.limit = 1 MB: /);
    }
  });

  for (const [args, size, shown] of [
    ['output.limit = 64MB', 64 * 2 ** 20, '64 MB'],
    ['output.limit=1.5mb', 1.5 * 2 ** 20, '1536 KB'],
    ['output.limit 2000', 2000, '2000 characters'],
    ['output.limit =  2 kB', 2048, '2 KB'],
  ] as const) {
    it(`sets ${args}`, () => {
      const context = new FakeContext();
      config.line(args, context);
      assert.equal(setting.value, size);
      assert.ok(context.stdout.startsWith(`output.limit = ${shown}: `), context.stdout);
    });
  }

  it('refuses what is no setting, and what is no value of it', () => {
    for (const args of [
      'outputs',
      'toString = 1',
      '= 5',
      'output.limit = much',
      'output.limit = 10',
      'output.limit = 1GB',
    ]) {
      assert.throws(() => config.line(args, new FakeContext()), UsageError, args);
      assert.equal(setting.value, value);
    }
  });
});
