import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolder, runCli } from '../kernel/cli/run-cli.ts';
import { shownBy } from '../support/notebook.ts';

const notebooks = fileURLToPath(new URL('../../../notebooks/', import.meta.url));
const original = join(notebooks, 'scheduling-calls.ipynb');

interface Cell {
  cell_type: string;
  id: string;
  source: string[];
  outputs?: Array<{ text: string[] }>;
}

function cellsOf(file: string): Cell[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { cells: Cell[] }).cells;
}

/** All that the cell printed, as lines. */
function linesOf(file: string, id: string): string[] {
  const cell = cellsOf(file).find((each) => each.id === id);
  return (cell?.outputs ?? []).flatMap(({ text }) => text.map((line) => line.trimEnd()));
}

describe('notebooks/scheduling-calls.ipynb', function () {
  // Runs the notebook once: six seconds of it are the delays of its own examples and of starting scripts.
  this.timeout(120_000);
  let folder: string;
  let executed: string;
  before(async () => {
    folder = makeFolder();
    cpSync(notebooks, folder, { recursive: true });
    executed = join(folder, 'executed.ipynb');
    const { code, stderr } = await runCli(['run', 'scheduling-calls.ipynb', '--output', 'executed.ipynb'], { cwd: folder });
    assert.equal(code, 0, stderr);
  });
  after(() => removeFolder(folder));

  it('has the cells of the lesson, in its order', () => {
    const order = cellsOf(original).map(({ cell_type, id }) => `${cell_type} ${id}`);
    const soon = ['markdown soon', 'code soon-example', 'markdown soon-order'];
    const later = ['markdown later', 'code later-script', 'code later-run', 'markdown later-order'];
    const at = ['markdown at', 'code at-script', 'code at-run', 'markdown at-clocks'];
    assert.deepEqual(order, ['markdown intro', ...soon, ...later, ...at, 'code end']);
  });

  it('holds the scripts as %load puts them there', () => {
    for (const [id, file] of [['later-script', 'call-later.ts'], ['at-script', 'call-at.ts']] as const) {
      const cell = cellsOf(original).find((each) => each.id === id);
      const text = readFileSync(join(notebooks, file), 'utf8').trimEnd();
      assert.equal(cell?.source.join(''), `// %load ${file}\n${text}`);
    }
  });

  it('shows, when it is run, what is stored in it', async () => {
    assert.deepEqual(await shownBy(executed), await shownBy(original));
  });

  it('calls soon in the order of registration, with positional and keyword arguments', () => {
    assert.deepEqual(linesOf(executed, 'soon-example'), [
      'entering event loop',
      'registering callbacks',
      'callback invoked with 1 and default',
      'callback invoked with 2 and not default',
      'closing event loop',
    ]);
  });

  for (const id of ['later-script', 'later-run']) {
    it(`calls later by delay, not by registration (${id})`, () => {
      assert.deepEqual(linesOf(executed, id), [
        'entering event loop',
        'registering callbacks',
        'callback 3 invoked',
        'callback 2 invoked',
        'callback 1 invoked',
        'closing event loop',
      ]);
    });
  }

  for (const id of ['at-script', 'at-run']) {
    it(`calls at times of the loop's clock, which is not the wall clock, and never early (${id})`, () => {
      const lines = linesOf(executed, id);
      const clock = /^clock time: (\d+\.\d{6})$/.exec(lines[1] ?? '')?.[1];
      const now = /^loop {2}time: (\d+\.\d{9})$/.exec(lines[2] ?? '')?.[1];
      assert.ok(clock !== undefined && now !== undefined, lines.join('\n'));
      assert.ok(Math.abs(Number(clock) - Number(now)) > 1, 'the two clocks show the same time');
      const calls = lines.slice(4, -1).map((line) => /^callback (\d) invoked at (\d+\.\d{9})$/.exec(line) ?? []);
      assert.deepEqual(calls.map(([, n]) => n), ['3', '2', '1']);
      for (const [index, delay] of [0, 0.1, 0.2].entries()) {
        // Nine decimals are printed: the last may be rounded.
        const waited = Number(calls[index]?.[2]) - Number(now);
        assert.ok(waited >= delay - 1e-9, `callback ${calls[index]?.[1]} came after ${waited} s, before its time of ${delay} s`);
      }
      assert.deepEqual([lines[0], lines[3], lines.at(-1)], ['entering event loop', 'registering callbacks', 'closing event loop']);
    });
  }
});
