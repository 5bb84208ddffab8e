/** Ending code that an evaluator runs. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * A program in which V8 ends code between two of Node's steps: Node has counted a callback since its counts were reset.
 * That this is so cannot be left to chance; in a session it is when V8 has compiled Node's hooks for promises.
 */
const PROGRAM = `
  import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
  import { Evaluator } from '${new URL('../../../kernel/runtime/evaluate.js', import.meta.url).href}';
  import { catchUncaught, resetAsyncIds } from '${new URL('../../../kernel/runtime/uncaught.js', import.meta.url).href}';

  catchUncaught((error) => console.log('uncaught', error));
  // Node compares its counts only while somebody has asked for its hooks.
  new AsyncLocalStorage().enterWith('anything');
  const evaluator = new Evaluator();
  const tear = () => {
    resetAsyncIds();
    new AsyncResource('step of Node').runInAsyncScope(() => {
      evaluator.terminate(() => {
        resetAsyncIds();
        console.log('ended');
      });
      for (;;);
    });
  };
  const { port1, port2 } = new MessageChannel();
  port1.once('message', () => {
    queueMicrotask(tear);
    port1.once('message', () => {
      setTimeout(tear, 1);
      setTimeout(() => {
        console.log('the end');
        port1.close();
      }, 20);
    });
    port2.postMessage(2);
  });
  port2.postMessage(1);
`;

describe('code that is ended by an evaluator', function () {
  this.timeout(60_000);

  it('is told to have ended before Node compares its counts of callbacks', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      PROGRAM,
    ]);
    assert.equal(stdout, 'ended\nended\nthe end\n');
  });
});
