/** What TypeScript says of cells, as JupyterLab shows it: errors, completions, tooltips. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { JupyterLab } from './jupyter-lab.ts';
import type { LabPage } from './lab-page.ts';
import { notebookOf } from './notebook-of.ts';

const NOTEBOOK = 'typed-cells.ipynb';

const declarations = `\
const user = { name: "Ada", age: 36 };
/**
 * The **area** of a circle.
 * @param radius in metres
 */
function areaOf(radius: number): number {
  return Math.PI * radius ** 2;
}
function areaBetween(outer: number, inner = 0): number {
  return areaOf(outer) - areaOf(inner);
}`;

/** Adds the tests of one notebook to the suite. @param opened the server and its page, once there are */
export function testTypedCells(opened: () => { server: JupyterLab; lab: LabPage }): void {
  it('opens a new notebook for typed cells', async () => {
    const { server, lab } = opened();
    await writeFile(path.join(server.notebooks, NOTEBOOK), notebookOf([]));
    // A workspace of its own: the other one would open the other notebook as well.
    await lab.open(server.url(`lab/workspaces/typed-cells/tree/${NOTEBOOK}`));
    await lab.step('the notebook is open', () => lab.codeCells.first().waitFor());
    await lab.hideFileBrowser();
    await lab.until('the notebook is connected to its kernel', () => server.kernelConnected(NOTEBOOK));
    await lab.kernelIs('idle');
  });

  it('shows a type error with its carets below what they mark, and runs nothing of the cell', async () => {
    const { lab } = opened();
    const cell = await lab.newCell('const total: number = "three";\nconsole.log("never");');
    assert.deepEqual((await lab.runCell(cell)).split('\n'), [
      "In [1]:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.",
      '    const total: number = "three";',
      '          ^^^^^',
      "TypeScriptError: Type 'string' is not assignable to type 'number'.",
    ]);
    await assertCaretsBelow(lab, cell, 'total');
    // A line that is wider than the page.
    const wide = await lab.newCell(`const title: number = "${'Ada, '.repeat(60)}";`);
    assert.match(await lab.runCell(wide), /^In \[2\]:1:7 - error TS2322/);
    await assertCaretsBelow(lab, wide, 'title');
    assert.equal(await lab.runNewCell('const total = 3;\ntotal * 2'), '6');
    await lab.screenshot('type-error');
  });

  it('prints the errors of a cell that only warns as text of stderr, and shows its value', async () => {
    const { lab } = opened();
    const cell = await lab.newCell('%%typecheck warn\nconst half: number = "text";\nhalf');
    await lab.runCell(cell);
    const count = (await lab.prompt(cell)).replace(':', '');
    // They may come later than what the cell shows.
    const warnings = cell.locator('[data-mime-type="application/vnd.jupyter.stderr"]');
    await lab.step('the warnings', () => warnings.waitFor());
    assert.deepEqual(await warnings.allInnerTexts(), [
      `In ${count}:2:7 - error TS2322: Type 'string' is not assignable to type 'number'.\n` +
        '    const half: number = "text";\n' +
        '          ^^^^\n',
    ]);
    assert.deepEqual(await cell.locator('[data-mime-type="text/plain"]').allInnerTexts(), ["'text'"]);
    await lab.screenshot('type-warning');
  });

  it('completes members in a list with their kinds, and takes the one chosen by keys', async () => {
    const { lab } = opened();
    assert.equal(await lab.runNewCell(declarations), '');
    const cell = await lab.newCell('user.');
    assert.deepEqual(await lab.complete(), [
      ['age', 'property'],
      ['name', 'property'],
    ]);
    await lab.screenshot('completion');
    await lab.page.keyboard.press('ArrowDown');
    await lab.page.keyboard.press('Enter');
    await lab.until('the cell says user.name', async () => (await lab.source(cell)) === 'user.name');
    assert.equal(await lab.runCell(cell), "'Ada'");
  });

  it('completes names of functions with their signature and documentation', async () => {
    const { lab } = opened();
    const cell = await lab.newCell('area');
    assert.deepEqual(await lab.complete(), [
      ['areaBetween', 'function'],
      ['areaOf', 'function'],
    ]);
    const documentation = lab.completer.locator('.jp-Completer-docpanel');
    await lab.step('the signature of areaBetween', () =>
      documentation
        .filter({ hasText: 'function areaBetween(outer: number, inner?: number): number' })
        .waitFor(),
    );
    await lab.page.keyboard.press('ArrowDown');
    await lab.step('the documentation of areaOf', () =>
      documentation
        .filter({ hasText: /function areaOf\(radius: number\): number\s+The area of a circle\./ })
        .waitFor(),
    );
    await lab.screenshot('completion-documentation');
    await lab.page.keyboard.press('Enter');
    await lab.until('the cell says areaOf', async () => (await lab.source(cell)) === 'areaOf');
  });

  it('completes keywords, and modules within an import', async () => {
    const { lab } = opened();
    await lab.newCell('imp');
    assert.deepEqual(await lab.complete(), [
      ['implements', 'keyword'],
      ['import', 'keyword'],
    ]);
    await lab.page.keyboard.press('Escape');
    await lab.newCell('import { readFile } from "node:fs');
    assert.deepEqual(await lab.complete(), [
      ['node:fs', 'module'],
      ['node:fs/promises', 'module'],
    ]);
    await lab.page.keyboard.press('Escape');
  });

  it('explains the call at the cursor in a tooltip: signature, parameter, documentation', async () => {
    const { lab } = opened();
    await lab.newCell('areaOf(2)');
    // Behind the argument.
    await lab.page.keyboard.press('ArrowLeft');
    await lab.page.keyboard.press('Shift+Tab');
    const tooltip = lab.page.locator('.jp-Tooltip');
    await lab.step('the tooltip', () => tooltip.waitFor());
    const signature = await tooltip.locator('code.language-typescript').first().innerText();
    assert.match(signature, /^areaOf\(radius: number\): number\n/);
    // Rendered, not as Markdown's own text.
    await lab.step('the documentation with its bold word', () =>
      tooltip.locator('strong', { hasText: /^area$/ }).waitFor(),
    );
    assert.match(await tooltip.innerText(), /radius: number — in metres\s+The area of a circle\.$/);
    await lab.screenshot('tooltip');
    await lab.page.keyboard.press('Escape');
    await lab.step('Escape closes the tooltip', () => tooltip.waitFor({ state: 'detached' }));
  });

  it('shows type and value of what name? asks for', async () => {
    const { lab } = opened();
    const shown = await lab.runNewCell('user?');
    assert.match(shown, /^const user: \{\n\s+name: string;\n\s+age: number;\n\}/);
    assert.match(shown, /Value: \{ name: 'Ada', age: 36 \}$/);
    await lab.screenshot('inspected');
  });
}

/** Measured on the page: in the error that the cell shows, the first carets are right below the name. */
async function assertCaretsBelow(lab: LabPage, cell: Locator, name: string): Promise<void> {
  const shown = cell.locator('.jp-OutputArea-output pre');
  const marked = await lab.place(shown, name);
  const carets = await lab.place(shown, '^'.repeat(name.length));
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1;
  const where = JSON.stringify({ marked, carets });
  assert.ok(near(marked.left, carets.left) && near(marked.right, carets.right), `below ${name}: ${where}`);
  const lines = (carets.top - marked.top) / (marked.bottom - marked.top);
  assert.ok(lines > 0.5 && lines < 1.5, `on the next line: ${where}`);
}
