import assert from 'node:assert/strict';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { typecheck } from '../../../kernel/magics/typecheck.ts';
import { FakeContext } from './fake-context.ts';

describe('%typecheck', () => {
  for (const mode of ['on', 'warn', 'off'] as const) {
    it(`sets ${mode}, and then says so`, async () => {
      const context = new FakeContext();
      context.mode = mode === 'on' ? 'off' : 'on';
      await typecheck.line(mode, context);
      assert.equal(context.mode, mode);
      assert.equal(context.stdout, '');
      await typecheck.line('', context);
      assert.equal(context.stdout, `%typecheck ${mode}\n`);
    });
  }

  for (const word of ['loud', 'ON', 'on off', 'constructor']) {
    it(`refuses ${word}, names what there is, and changes nothing`, async () => {
      const context = new FakeContext();
      await assert.rejects(
        async () => typecheck.line(word, context),
        (error) => error instanceof UsageError && /%typecheck \[on\|warn\|off\]/.test(error.message),
      );
      assert.equal(context.mode, 'on');
    });
  }
});

describe('%%typecheck', () => {
  it('that gets as far as being run has no mode, and says which there are', async () => {
    await assert.rejects(
      async () => typecheck.cell('', 'code', new FakeContext()),
      (error) => error instanceof UsageError && /%%typecheck on\|warn\|off/.test(error.message),
    );
  });
});
