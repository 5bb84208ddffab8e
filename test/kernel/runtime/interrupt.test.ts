/** Whose code an interrupt ends. */
import assert from 'node:assert/strict';
import { type Cell, resumeCell } from '../../../kernel/runtime/cells.ts';
import { loopCalls, makeTerminate } from '../../../kernel/runtime/interrupt.ts';

describe('ending the code that runs', () => {
  it('leaves the code of spared cells alone, however far it may go', () => {
    const session = { terminate: assert.fail };
    const terminate = makeTerminate(session as unknown as Parameters<typeof makeTerminate>[0], () => false);
    const cell: Cell = {
      id: 7,
      lane: 0,
      label: 'In [7]',
      abort: new AbortController(),
      payload: [],
    };
    // Such a loop writes its variables back first: that is as far as this test may go.
    loopCalls.enterLoop('write back');
    const ending = (...spared: number[]): unknown =>
      resumeCell(cell, () => terminate({ force: 'anything', spared }), []);
    assert.equal(ending(7), 'not now');
    assert.deepEqual(ending(8), { writeBack: 'write back' });
  });
});
