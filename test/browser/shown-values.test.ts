/** Values in JupyterLab, in its light and its dark theme: what is seen, clicked, and never run. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator } from 'playwright-core';
import { faintTexts } from './contrast.ts';
import { convert, htmlBlocks } from './converted.ts';
import { artifact, type LabPage } from './lab-page.ts';
import { openNotebook, type OpenedNotebook } from './opened-notebook.ts';
import { LIBRARY_TABLES } from './library-values.ts';
import { addPackages, CELLS, PLAIN_TEXTS } from './shown-values.ts';

const NOTEBOOK = 'shown-values.ipynb';

/** Cells that pictures begin with, in each theme; together they show all. */
const PICTURED = ['records', 'vega', 'small', 'arrow', 'arquero', 'plot', 'a hostile table'];

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
    opened = await openNotebook(NOTEBOOK, Object.values(CELLS), 1600, addPackages);
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

  for (const [name, { caption, types, first, pages }] of Object.entries(LIBRARY_TABLES)) {
    it(`shows a table of a library: ${name}`, async () => {
      const table = outputs(name).locator('.tsloop-table');
      assert.equal((await visible(table, 'p')).at(-1), caption);
      assert.deepEqual(await visible(table, 'thead small'), types);
      assert.deepEqual(await visible(table, 'tbody tr:first-child > *'), first);
      assert.equal(await table.locator('nav label').count(), pages);
    });
  }

  it('turns the pages of a table of a library', async () => {
    const table = outputs('polars').locator('.tsloop-table');
    await lab.step('a click on the last page', () => table.locator('nav label').last().click());
    await lab.until(
      'the last page is shown',
      async () =>
        (await visible(table, 'tbody th')).join(' ') ===
        Array.from({ length: 20 }, (_, i) => 40 + i).join(' '),
    );
  });

  it('lets wide tables be scrolled by themselves', async () => {
    const widths = async (selector: string): Promise<readonly number[]> =>
      outputs('wide')
        .locator(selector)
        .first()
        .evaluate((element) => {
          const { scrollWidth, clientWidth } = element as unknown as Record<
            'scrollWidth' | 'clientWidth',
            number
          >;
          return [scrollWidth, clientWidth];
        });
    const [all = 0, seen = 0] = await widths('.tsloop-table > div');
    assert.ok(all > 2 * seen, `${all} pixels in ${seen}`);
    const [output, room] = await widths('.tsloop-table');
    assert.equal(output, room);
  });

  it('shows what libraries draw and write', async () => {
    assert.match(await outputs('ml-matrix').first().innerText(), /^Matrix, 30 × 20\s[^]*\s0\.333333\s/);
    const sizes = await outputs('canvas')
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as unknown as Seen).naturalWidth));
    assert.deepEqual(sizes, [160]);
    assert.equal(await outputs('SVG canvas').locator('svg rect').count(), 1);
    const plot = outputs('plot');
    assert.deepEqual(await visible(plot, 'h2, h3, figcaption'), [
      'Rain',
      'in mm a day',
      'The data are made up.',
    ]);
    assert.equal(await plot.locator('g[aria-label="dot"] circle').count(), 60);
    assert.ok((await visible(plot, 'svg text')).includes('a text'));
    assert.ok((await visible(outputs('plot of linkedom'), 'svg text')).includes('day →'));
    // What D3 has joined last are the circles: shown is the picture that they are in.
    assert.equal(await outputs('d3').locator('svg circle').count(), 3);
    assert.ok((await visible(outputs('d3'), 'svg text')).includes('3.0'));
    assert.deepEqual(await visible(outputs('react'), 'h4, b'), ['By <React>', '× 3']);
  });

  it('lets JupyterLab draw Vega-Lite, though there is a picture for others', async () => {
    const chart = outputs('vega with Vega');
    await lab.until(
      'it is drawn',
      async () => (await chart.locator('.vega-embed svg, .vega-embed canvas').count()) > 0,
    );
    assert.equal(await chart.locator('.vega-actions').count(), 1);
  });

  for (const theme of ['Light', 'Dark'] as const) {
    it(`can be read in the ${theme.toLowerCase()} theme`, async () => {
      await lab.theme(theme);
      for (const name of PICTURED) {
        await outputs(name).first().scrollIntoViewIfNeeded();
        await lab.screenshot(`values-${name.replaceAll(' ', '-')}-${theme.toLowerCase()}`);
      }
      assert.deepEqual(
        await faintTexts(lab.notebook, '[class^="tsloop-"] *'),
        [],
        'texts that can hardly be told from what is behind them',
      );
    });
  }

  it('runs no script of a value', async () => {
    // Whatever would run has had the time: pictures that cannot be loaded tell at once.
    assert.equal(await lab.page.evaluate('globalThis.pwned'), undefined);
    const least = { hostile: 10, 'a hostile table': 7, 'a hostile picture': 10, 'a hostile element': 8 };
    for (const [name, count] of Object.entries(least)) {
      const runs = outputs(name).locator(
        'img[onerror], script, iframe, foreignObject, [onload], a[href^="javascript"]',
      );
      assert.equal(await runs.count(), 0, name);
      assert.ok((await outputs(name).count()) >= count, name);
    }
    assert.deepEqual(opened?.pageErrors, []);
  });

  it('asks nothing of the internet', () => {
    assert.deepEqual(opened?.strayed, []);
  });

  describe('when the notebook is saved and converted', () => {
    let converted: Awaited<ReturnType<typeof convert>>;
    before(async () => {
      assert.ok(opened);
      const { server } = opened;
      await lab.menu('File', 'docmanager:save');
      await lab.until('the notebook is saved', async () =>
        (await readFile(path.join(server.notebooks, NOTEBOOK), 'utf8')).includes(`"'all cells have run'"`),
      );
      converted = await convert(server, NOTEBOOK);
    });

    it('have of Vega-Lite without Vega the text, and the picture that JupyterLab has added', async () => {
      assert.ok(opened);
      const file = await readFile(path.join(opened.server.notebooks, NOTEBOOK), 'utf8');
      const { cells } = JSON.parse(file) as {
        cells: ReadonlyArray<{ outputs: ReadonlyArray<{ data: object }> }>;
      };
      const data = cells[Object.keys(CELLS).indexOf('vega')]?.outputs[0]?.data as Record<string, unknown>;
      assert.deepEqual(Object.keys(data).sort(), [
        'application/vnd.vegalite.v5+json',
        'image/png',
        'text/plain',
      ]);
      assert.deepEqual(data['text/plain'], ['[Vega-Lite chart: bar, x: a, y: b, 2 rows]']);
    });

    it('are whole elements and pictures in Markdown', () => {
      const { markdown } = converted;
      const blocks = htmlBlocks(markdown);
      assert.ok(blocks.length > 40, `${blocks.length} blocks`);
      for (const block of blocks)
        assert.match(block, /^<(div|form)\b.*<\/\1>$/s, 'no empty line has ended it too early');
      for (const kind of ['tsloop-table', 'tsloop-tree', 'tsloop-grid', 'tsloop-markup', 'tsloop-value'])
        assert.ok(
          blocks.some((block) => block.includes(`class="${kind}"`)),
          kind,
        );
      assert.ok(markdown.split('![png](').length > 3, 'pictures');
      assert.equal(
        markdown.split('![svg](').length,
        2,
        'the chart of the project that has Vega; JupyterLab has saved a PNG of the other one',
      );
      const shown = markdown.replaceAll(/^```[^]*?^```|^ {4}.*|"[^"]*"/gm, '');
      assert.doesNotMatch(shown, /<(?:script|iframe|img [^>]*onerror)/);
    });

    for (const [what, text] of Object.entries(PLAIN_TEXTS)) {
      it(`make sense as plain text: ${what}`, () => {
        assert.ok(text.test(converted['plain-markdown']), `nothing is like ${text}`);
      });
    }

    it('are shown on a page without JupyterLab, and run no script there', async () => {
      const context = await lab.page.context().browser()?.newContext({ offline: true });
      assert.ok(context);
      const page = await context.newPage();
      await page.goto(pathToFileURL(converted.pagePath).href, { waitUntil: 'domcontentloaded' });
      const table = page.locator('.tsloop-table').first();
      assert.equal((await visible(table, 'tbody th')).length, 20);
      await table.locator('nav label', { hasText: '40–59' }).click();
      assert.equal((await visible(table, 'tbody th'))[0], '40');
      await page.locator('figure[class^="plot-"]').first().scrollIntoViewIfNeeded();
      await page.screenshot({ path: artifact('values-page-dark') });
      assert.deepEqual(await faintTexts(page.locator('body'), '[class^="tsloop-"] *'), []);
      assert.equal(await page.evaluate('globalThis.pwned'), undefined);
      await context.close();
    });
  });
});
