import assert from 'node:assert/strict';
import * as tsloop from '../../src/index.ts';

/** Python's name for it; that of the class would be taken for one of JavaScript's own. */
const OTHERWISE: Readonly<Record<string, string>> = { LoopRuntimeError: 'RuntimeError' };

describe('what tsloop exports', () => {
  it('is called as it says, also where its modules have been joined to one file', () => {
    for (const [name, value] of Object.entries(tsloop)) {
      if (typeof value === 'function') assert.equal(value.name, OTHERWISE[name] ?? name);
    }
  });
});
