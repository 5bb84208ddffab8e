/** Values in JupyterLab, in its light and its dark theme: what is seen, clicked, and never run. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { LabPage } from './lab-page.ts';
import { faintTexts } from './contrast.ts';
import { openNotebook, type OpenedNotebook } from './opened-notebook.ts';
import { CELLS, notebook } from './shown-values.ts';

const NOTEBOOK = 'shown-values.ipynb';

/** What the tests need of a browser's objects, whose types these sources do without. */
interface Seen {
  readonly naturalWidth: number;
  readonly textContent: string;
  querySelectorAll(selector: string): Iterable<Seen>;
  readonly parentElement: Seen | null;
  getBoundingClientRect(): { readonly width: number; readonly height: number; readonly top: number };
}

describe('values in JupyterLab', function () {
  // Above the page's own limit per wait (lab-page.ts), which says what was awaited.
  this.timeout(180_000);

  let opened: OpenedNotebook | undefined;
  let lab: LabPage;

  before(async () => {
    opened = await openNotebook(NOTEBOOK, notebook(), 1600);
    lab = opened.lab;
  });

  after(() => opened?.close());

  /** The outputs of the cell of a name. */
  function outputs(name: string): Locator {
    const at = Object.keys(CELLS).indexOf(name);
    assert.notEqual(at, -1, name);
    return lab.codeCells.nth(at).locator('.jp-OutputArea-output');
  }

  /** The texts of those elements that can be seen, from top to bottom. */
  async function visible(root: Locator, selector: string): Promise<string[]> {
    return root.first().evaluate((element, wanted) => {
      const found = [...(element as unknown as Seen).querySelectorAll(wanted)];
      return found
        .map((each) => ({ text: each.textContent.trim(), box: each.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && box.height > 0)
        .sort((a, b) => a.box.top - b.box.top)
        .map(({ text }) => text);
    }, selector);
  }

  it('ran all cells without an error', async () => {
    assert.equal(await lab.output(lab.codeCells.last()), "'all cells have run'");
    assert.equal(await lab.notebook.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0);
    assert.equal(await lab.notebook.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count(), 0);
  });

  it('turns the pages of a table by a click', async () => {
    const table = outputs('records');
    const rows = async (): Promise<string[]> => visible(table, 'tbody th');
    assert.deepEqual((await rows()).slice(0, 2), ['0', '1']);
    assert.equal((await rows()).length, 20);
    await lab.step('a click on a page', () => table.locator('nav label', { hasText: '40–59' }).click());
    await lab.until('the page is shown', async () => (await rows())[0] === '40');
    assert.equal((await rows()).length, 20);
    await lab.step('a click on the last page', () => table.locator('nav label').last().click());
    await lab.until('the last page is shown', async () => (await rows()).at(-1) === '999');
    await lab.step('a click on the first page', () => table.locator('nav label').first().click());
    await lab.until('the first page is shown', async () => (await rows())[0] === '0');
  });

  it('keeps the pages of one table apart from those of another, and stays on its page when Enter is pressed', async () => {
    const table = outputs('records');
    await table.locator('nav input').first().focus();
    const before = lab.page.url();
    await lab.page.keyboard.press('Enter');
    assert.equal(lab.page.url(), before);
    assert.deepEqual((await visible(outputs('columns'), 'tbody th')).length, 3);
  });

  it('opens and closes branches of a tree by a click', async () => {
    const tree = outputs('tree');
    const branch = tree
      .locator('details', { has: lab.page.locator('> summary', { hasText: 'files' }) })
      .last();
    assert.equal(await branch.getAttribute('open'), null);
    await branch.locator('> summary').click();
    await lab.until('the branch is open', async () =>
      (await visible(tree, '.tsloop-leaf')).some((text) => text.includes('a.pem')),
    );
    assert.notEqual(await branch.getAttribute('open'), null);
  });

  it('orders the variables by a click on a heading', async () => {
    const list = outputs('variables');
    const names = async (): Promise<string[]> => visible(list, 'td:first-child');
    assert.deepEqual(await names(), ['cities', 'config', 'counter', 'Item', 'list', 'pixel'].sort());
    await lab.step('a click on size', () => list.locator('th label', { hasText: 'size' }).click());
    await lab.until('the largest is first', async () => (await names())[0] === 'cities');
    assert.equal((await names())[1], 'pixel');
    assert.match((await visible(list, 'td:nth-child(2)'))[0] ?? '', /^\{ id: number; name: string/);
    await lab.step('a click on name', () => list.locator('th label', { hasText: 'name' }).click());
    await lab.until('the names are in order', async () => (await names())[0] === 'Item');
  });

  it('shows pictures, charts, formulas and elements', async () => {
    const widths = await outputs('picture')
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as unknown as Seen).naturalWidth));
    assert.deepEqual(widths, [1, 1]);
    assert.deepEqual(await visible(outputs('chart'), 'svg text'), ['a chart']);
    await lab.until(
      'Vega-Lite has drawn',
      async () => (await outputs('vega').locator('svg, canvas').count()) > 0,
    );
    assert.deepEqual(await visible(outputs('jsx'), 'li'), ['one <escaped>', 'two <escaped>']);
    await lab.until(
      'formulas are set',
      async () => (await outputs('forms').locator('mjx-container').count()) === 2,
    );
    assert.equal((await outputs('forms').allInnerTexts()).at(-1)?.trim(), "'after'");
    assert.equal(await outputs('forms').locator('#asked').innerText(), 'asked for');
  });

  for (const theme of ['Light', 'Dark'] as const) {
    it(`can be read in the ${theme.toLowerCase()} theme`, async () => {
      await lab.theme(theme);
      for (const name of ['records', 'numbers', 'vega', 'small', 'variables', 'hostile']) {
        await outputs(name).first().scrollIntoViewIfNeeded();
        await lab.screenshot(`values-${name}-${theme.toLowerCase()}`);
      }
      assert.deepEqual(await faintTexts(lab.notebook), []);
    });
  }

  it('runs no script of a value', async () => {
    // Whatever would run has had the time: pictures that cannot be loaded tell at once.
    assert.equal(await lab.page.evaluate('globalThis.pwned'), undefined);
    assert.equal(await outputs('hostile').locator('img, script, a[href^="javascript"]').count(), 0);
    assert.ok((await outputs('hostile').count()) >= 10);
  });

  it('asks nothing of the internet', () => {
    assert.deepEqual(opened?.strayed, []);
  });
});
