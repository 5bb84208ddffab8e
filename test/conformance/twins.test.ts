/**
 * Lessons whose order is asyncio's: test/notebooks/twins/NOTEBOOK/CELL.py prints on CPython what the cell with
 * that id prints in the notebook.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../support/jupyter-home.ts';
import { maskTimes } from '../support/notebook.ts';
import { runPython } from '../support/python.ts';

const twins = path.join(repository, 'test', 'notebooks', 'twins');

interface Cell {
  readonly id: string;
  readonly outputs?: readonly { readonly name?: string; readonly text?: string | readonly string[] }[];
}

/** What the cell printed to stdout, as it is stored. */
function printedBy(notebook: string, id: string): string {
  const file = path.join(repository, 'notebooks', `${notebook}.ipynb`);
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: readonly Cell[] };
  const cell = cells.find((each) => each.id === id);
  assert.ok(cell !== undefined, `${notebook} has no cell ${id}`);
  return (cell.outputs ?? [])
    .filter(({ name }) => name === 'stdout')
    .map(({ text }) => (typeof text === 'string' ? text : (text ?? []).join('')))
    .join('');
}

describe('the lessons and CPython', function () {
  this.timeout(120_000);

  for (const notebook of readdirSync(twins)) {
    for (const file of readdirSync(path.join(twins, notebook))) {
      if (!file.endsWith('.py')) continue;
      const id = path.parse(file).name;
      it(`print the same: ${notebook}, ${id}`, async () => {
        const { code, stdout, stderr } = await runPython([path.join(twins, notebook, file)], {
          env: { PYTHONIOENCODING: 'utf-8' },
        });
        assert.equal(code, 0, stderr);
        assert.notEqual(stdout, '');
        assert.equal(maskTimes(printedBy(notebook, id)), maskTimes(stdout.replaceAll('\r\n', '\n')));
      });
    }
  }
});
