import assert from 'node:assert/strict';
import type { CodeCell } from '../../../kernel/embedded/notebook.ts';
import { OutputCollector } from '../../../kernel/embedded/outputs.ts';

function makeCodeCell(): CodeCell {
  return { cell_type: 'code', id: 'x', metadata: {}, source: '', outputs: [], execution_count: null };
}

describe('collected outputs', () => {
  let collector: OutputCollector;
  let first: CodeCell;
  let second: CodeCell;
  beforeEach(() => {
    collector = new OutputCollector();
    [first, second] = [makeCodeCell(), makeCodeCell()];
    collector.begin(1, first);
    collector.begin(2, second);
  });

  const print = (cell: number, text: string, name: 'stdout' | 'stderr' = 'stdout'): void =>
    collector.take({ type: 'stream', cell, name, text });
  const show = (cell: number, text: string, displayId?: string, update?: boolean): void =>
    collector.take({
      type: 'display',
      cell,
      data: { 'text/plain': text },
      metadata: {},
      ...(displayId === undefined ? {} : { displayId }),
      ...(update === undefined ? {} : { update }),
    });
  const texts = (cell: CodeCell): unknown[] =>
    cell.outputs.map((output) => output['text'] ?? (output['data'] as Record<string, unknown>)['text/plain']);

  for (const [claim, writes, shown] of [
    [
      'are overwritten from the beginning of the line by a carriage return',
      ['10%\r', '20%', '\r100%\n', 'x'],
      '100%\nx',
    ],
    ['keep what is not overwritten', ['abc', '\rX', 'Y\n', 'long\rs\n'], 'XYc\nsong\n'],
    ['know the line ends of Windows', ['a\r', '\nb\r\n'], 'a\nb\n'],
    ['go one back', ['a|', '\b/', '\b-\n'], 'a-\n'],
    ['do not go back beyond the line', ['a\n', '\b\b', 'b'], 'a\nb'],
  ] as const) {
    it(claim, () => {
      for (const text of writes) print(1, text);
      assert.deepEqual(texts(first), [shown]);
    });
  }

  it('join consecutive text of one stream, and only that', () => {
    print(1, 'a');
    print(1, 'b\n');
    print(1, 'err\n', 'stderr');
    print(1, 'c\n');
    show(1, 'shown');
    print(1, 'd\n');
    assert.deepEqual(texts(first), ['ab\n', 'err\n', 'c\n', 'shown', 'd\n']);
    assert.deepEqual(first.outputs[1], { output_type: 'stream', name: 'stderr', text: 'err\n' });
  });

  it('have the shape of nbformat', () => {
    collector.take({ type: 'result', cell: 1, executionCount: 7, data: { 'text/plain': '2' }, metadata: {} });
    collector.take({ type: 'error', cell: 1, error: { ename: 'E', evalue: 'v', traceback: ['t'] } });
    assert.deepEqual(first.outputs, [
      { output_type: 'execute_result', execution_count: 7, data: { 'text/plain': '2' }, metadata: {} },
      { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['t'] },
    ]);
  });

  it('are updated by display id wherever they are shown, in all cells', () => {
    show(1, 'old', 'a');
    show(2, 'old too', 'a');
    show(2, 'other', 'b');
    show(2, 'new', 'a', true);
    assert.deepEqual([texts(first), texts(second)], [['new'], ['new', 'other']]);
  });

  it('ignore the update of a display id that nobody shows', () => {
    show(1, 'new', 'unknown', true);
    assert.deepEqual(first.outputs, []);
  });

  it('are cleared at once, or with the next output', () => {
    print(1, 'gone\n');
    collector.take({ type: 'clear', cell: 1, wait: false });
    assert.deepEqual(first.outputs, []);
    print(1, 'kept for now\n');
    collector.take({ type: 'clear', cell: 1, wait: true });
    assert.deepEqual(texts(first), ['kept for now\n']);
    print(1, 'next\n');
    print(1, 'and on\n');
    assert.deepEqual(texts(first), ['next\nand on\n']);
  });

  it('replace those of an earlier run', () => {
    print(1, 'old\n');
    collector.begin(3, first);
    assert.deepEqual(first.outputs, []);
  });

  it('of no known cell go to the latest one, or wait for the first', () => {
    print(0, 'stray\n');
    assert.deepEqual(texts(second), ['stray\n']);
    const fresh = new OutputCollector();
    fresh.take({ type: 'stream', cell: 0, name: 'stderr', text: 'early\n' });
    const cell = makeCodeCell();
    fresh.begin(1, cell);
    assert.deepEqual(texts(cell), ['early\n']);
  });
});
