/** The way back from V8's names of scripts to cells. */
import assert from 'node:assert/strict';
import { cellPlace, registerScript, scriptName } from '../../../kernel/runtime/scripts.ts';

const register = (id: number): void =>
  registerScript(id, {
    label: `In [${id}]`,
    source: 'fails()',
    code: () => 'fails()',
    lineOffset: 0,
    positionOf: (position) => position,
  });
const labelOf = (id: number): string | undefined => cellPlace(scriptName(id), 1, 1)?.script.label;

describe('the scripts of cells', () => {
  it('are remembered for 20,000 cells; of older ones no places are known', () => {
    for (let id = 1; id <= 20_000; id += 1) register(id);
    assert.equal(labelOf(1), 'In [1]');
    register(20_001);
    assert.equal(labelOf(1), undefined);
    assert.equal(labelOf(2), 'In [2]');
    assert.equal(labelOf(20_001), 'In [20001]');
  });
});
