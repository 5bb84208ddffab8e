import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { reportLostErrorsSoon } from '../../../kernel/runtime/lost-errors.ts';
import { newEventLoop } from '../../../src/index.ts';

describe('an exception that nobody can ask for any more', () => {
  it('is reported soon, without anything else that makes garbage', async () => {
    reportLostErrorsSoon();
    const loop = newEventLoop();
    const seen = new EventEmitter();
    loop.setExceptionHandler((_loop, context) =>
      seen.emit('report', context.message, String(context.exception)),
    );
    loop.createFuture().setException(new RangeError('lost'));
    // Only looks that are unref'd are left: something has to keep the process.
    const alive = setInterval(() => {}, 1000);
    try {
      assert.deepEqual(await once(seen, 'report'), [
        'Future exception was never retrieved',
        'RangeError: lost',
      ]);
    } finally {
      clearInterval(alive);
      loop.close();
    }
  });
});
