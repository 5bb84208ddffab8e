import assert from 'node:assert/strict';
import { failureText } from '../../../kernel/commands/failure.ts';
import { makeProgress } from '../../../kernel/commands/progress.ts';
import type { CellPlace } from '../../../kernel/embedded/run-cells.ts';

const place: CellPlace = {
  cell: {
    cell_type: 'code',
    id: 'a',
    metadata: {},
    source: 'const a = 1;\nfail();',
    outputs: [],
    execution_count: 3,
  },
  number: 4,
  total: 6,
  executionCount: 3,
};
const failure = (traceback: string[]): string =>
  failureText('a.ipynb', { status: 'failed', place, error: { ename: 'TypeError', evalue: 'no', traceback } });

describe('the report of a failed cell', () => {
  it('names the cell, the line and the error, and quotes the line', () => {
    const text = failure(['\x1b[0;31mIn [3]:2:1\x1b[0m', '    fail();', 'TypeError: no']);
    assert.match(
      text,
      /^tsloop: a\.ipynb: code cell 4 of 6 \(In \[3\]\) failed in line 2: TypeError: no\n {2}2 \| fail\(\);\n/,
    );
    assert.match(text, /TypeError: no\n$/);
  });

  it('takes the line in this cell, not that of an earlier one whose function failed', () => {
    assert.match(
      failure(['TypeError: no', '    at f (In [1]:9:1)', '    at In [3]:1:7']),
      /failed in line 1:/,
    );
  });

  it('names no line where the traceback has none', () => {
    assert.match(failure(['UsageError: no']), /\(In \[3\]\) failed: TypeError: no\n/);
  });
});

describe('the progress of a run', () => {
  function record(isTTY: boolean): { written: string[]; run(error?: { ename: string }): void } {
    const written: string[] = [];
    let clock = 0;
    const progress = makeProgress({ isTTY, write: (text) => written.push(text) }, () => clock);
    return {
      written,
      run: (error) => {
        progress.start(place);
        clock += 234;
        progress.end(place, error === undefined ? undefined : { ...error, evalue: '', traceback: [] });
        progress.close();
      },
    };
  }

  it('is a line per cell on a terminal', () => {
    const progress = record(true);
    progress.run();
    assert.deepEqual(progress.written, ['[4/6] In [3] …', '\r\x1b[K[4/6] In [3] 0.2 s\n']);
  });

  it('says which error a cell had', () => {
    const progress = record(true);
    progress.run({ ename: 'TypeError' });
    assert.equal(progress.written.at(-1), '\r\x1b[K[4/6] In [3] 0.2 s TypeError\n');
  });

  it('is silent elsewhere', () => {
    const progress = record(false);
    progress.run();
    assert.deepEqual(progress.written, []);
  });
});
