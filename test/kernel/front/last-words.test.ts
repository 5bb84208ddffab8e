/** What the user is told when the process of the kernel ends without being asked. */
import assert from 'node:assert/strict';
import { reasonOfEnd } from '../../../kernel/front/last-words.ts';

const MB = 2 ** 20;

describe('the reason that is told of an end by a fatal error', () => {
  it('is the full heap, its limit and how to have a larger one, when V8 says so', () => {
    for (const reason of [
      'Reached heap limit Allocation failed - JavaScript heap out of memory',
      'CALL_AND_RETRY_LAST Allocation failed - JavaScript heap out of memory',
      'Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory',
    ]) {
      const told = reasonOfEnd(`printed\n<--- JS stacktrace --->\n\nFATAL ERROR: ${reason}\n\n`, 348 * MB);
      assert.match(told, /^The heap is full: .* 348 MB .*restart the kernel\. NODE_OPTIONS=/);
    }
  });

  it('is what Node has said, when that is something else', () => {
    const told = reasonOfEnd('FATAL ERROR: addon its reason\n', 348 * MB);
    assert.equal(told, 'Node ends the process of the kernel: addon its reason. Restart the kernel.');
  });

  it('is only likely to be a full heap when nothing could be heard', () => {
    assert.match(reasonOfEnd('', 348 * MB), /^Most likely the heap is full: .* 348 MB /);
  });
});
