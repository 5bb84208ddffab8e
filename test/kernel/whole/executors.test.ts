/** Functions of cells in worker threads. */
import { describeCells } from './cells.ts';

const LOOP = 'import { getEventLoop } from "tsloop";\nconst loop = getEventLoop();\n';

describeCells('a function of a cell in another thread', {
  'gets copies of its arguments, and gives its result back': [
    [
      `${LOOP}await loop.runInExecutor(null, (a: number[], b: number) => a.map((n) => n * b), [1, 2], 3)`,
      '[ 3, 6 ]',
    ],
  ],
  'imports what it needs': [
    [
      `${LOOP}await loop.runInExecutor(null, async () => (await import("node:path")).basename("/a/b.c"))`,
      "'b.c'",
    ],
  ],
  'throws where it is waited for': [
    [
      `${LOOP}await loop.runInExecutor(null, () => { throw new RangeError("no"); })`,
      { error: 'RangeError: no' },
    ],
  ],
});
