/** The seed notebook and typed cells in JupyterLab, in a real browser, by clicks and keys as a user does it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { launchChromium, privateContext } from './chromium.ts';
import { startJupyterLab, type JupyterLab } from './jupyter-lab.ts';
import { LabPage } from './lab-page.ts';
import { testQuestions } from './questions.ts';
import { testTypedCells } from './typed-cells.ts';

describe('JupyterLab in a browser', function () {
  // Above the page's own limit per wait (lab-page.ts), which says what was awaited.
  this.timeout(180_000);

  let server: JupyterLab | undefined;
  let browser: Browser | undefined;
  let lab: LabPage;
  let strayed: string[] = [];

  before(async () => {
    server = await startJupyterLab();
    browser = await launchChromium();
    const world = await privateContext(browser);
    strayed = world.strayed;
    lab = new LabPage(await world.context.newPage());
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const url = (page: string): string => {
    assert.ok(server, 'the server runs');
    return server.url(page);
  };

  /** The code cells whose source begins with `start`. */
  async function cellsBeginning(start: string): Promise<Locator[]> {
    const cells = await lab.codeCells.all();
    const sources = await Promise.all(cells.map((cell) => lab.source(cell)));
    return cells.filter((_, i) => sources[i]?.startsWith(start));
  }

  it('shows the kernel with its icon in the launcher', async () => {
    await lab.open(url('lab'));
    const card = lab.page.locator('.jp-LauncherCard[data-category="Notebook"]', { hasText: 'tsloop' });
    const icon = card.locator('img.jp-Launcher-kernelIcon');
    await lab.step('the launcher has a card for tsloop', () => icon.waitFor());
    assert.match((await icon.getAttribute('src')) ?? '', /\/kernelspecs\/tsloop\/logo-/);
    await lab.until('the icon is loaded', () =>
      icon.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0),
    );
    await lab.screenshot('launcher');
  });

  it('runs all cells of the seed notebook and shows their outputs in order', async () => {
    await lab.open(url('lab/tree/scheduling-calls.ipynb'));
    await lab.step('the notebook is open', () => lab.codeCells.first().waitFor());
    await lab.hideFileBrowser();
    // JupyterLab calls a notebook idle before it has a kernel, and asks which kernel to take when cells are run then.
    await lab.until(
      'the notebook is connected to its kernel',
      async () => (await server?.kernelConnected('scheduling-calls.ipynb')) === true,
    );
    await lab.kernelIs('idle');
    // Stored outputs must not pass for new ones.
    await lab.menu('Edit', 'editmenu:clear-all');
    await lab.until('all outputs are cleared', async () => {
      const prompts = await lab.codeCells.locator('.jp-InputPrompt').allInnerTexts();
      const outputs = await lab.notebook.locator('.jp-OutputArea-output').count();
      return outputs === 0 && prompts.every((prompt) => prompt.trim() === '[ ]:');
    });
    await lab.menu('Run', 'runmenu:run-all');
    const cells = await lab.codeCells.all();
    const filled: Locator[] = [];
    for (const cell of cells) if ((await lab.source(cell)).trim() !== '') filled.push(cell);
    assert.equal(filled.length, 5, 'the notebook has five cells with code');
    await lab.until('every cell has run', async () => {
      const prompts = await Promise.all(filled.map((cell) => lab.prompt(cell)));
      return prompts.every((prompt) => /^\[\d+\]:$/.test(prompt));
    });
    await lab.kernelIs('idle');

    const first = cells[0];
    assert.ok(first);
    assert.equal(
      await lab.output(first),
      'entering event loop\nregistering callbacks\ncallback invoked with 1 and default\n' +
        'callback invoked with 2 and not default\nclosing event loop',
    );
    const [later] = await cellsBeginning('!tsloop call-later.ts');
    assert.ok(later, 'a cell runs call-later.ts');
    assert.equal(
      await lab.output(later),
      'entering event loop\nregistering callbacks\ncallback 3 invoked\ncallback 2 invoked\ncallback 1 invoked\nclosing event loop',
    );
    const [at] = await cellsBeginning('!tsloop call-at.ts');
    assert.ok(at, 'a cell runs call-at.ts');
    assertCallAt(await lab.output(at));
    await lab.step('the first cell is selected, below the notebook’s title', async () => {
      await first.locator('.jp-InputPrompt').click();
      await lab.notebook.locator('.jp-Cell').first().scrollIntoViewIfNeeded();
    });
    await lab.screenshot('notebook');
  });

  it('highlights cells as TypeScript', async () => {
    const [first] = await lab.codeCells.all();
    assert.ok(first);
    // CodeMirror gives the words of one kind one generated class: a keyword must differ from a plain name.
    const content = first.locator('.cm-content');
    assert.equal(await content.getAttribute('data-language'), 'typescript');
    const spans = first.locator('.cm-line span[class]');
    await lab.step('the first cell is highlighted', () => spans.first().waitFor());
    const classOf = async (word: string): Promise<string | null> =>
      first
        .locator('.cm-line span[class]')
        .filter({ hasText: new RegExp(`^${word}$`) })
        .first()
        .getAttribute('class');
    assert.notEqual(await classOf('await'), null);
    assert.equal(await classOf('await'), await classOf('import'));
  });

  it('replaces a cell by the file that %load names, and runs nothing', async () => {
    assert.ok(server);
    const cell = await lab.newCell('%load call-later.ts');
    await lab.run();
    const file = await readFile(path.join(server.notebooks, 'call-later.ts'), 'utf8');
    const expected = `// %load call-later.ts\n${file}`.trimEnd();
    await lab.until(
      'the cell holds the text of call-later.ts',
      async () => (await lab.source(cell)).trimEnd() === expected,
    );
    await lab.kernelIs('idle');
    assert.equal(await lab.output(cell), '');
  });

  it('shows the beginning of 200 MB, with a notice, and goes on', async () => {
    const printed = await lab.runNewCell('console.log("x".repeat(200_000_000))');
    assert.match(printed, /^x+\n… 198,951,425 more characters are not shown: /);
    assert.match(printed, /1 MB, which %config output\.limit = 64MB would change\.$/);
    assert.match(await lab.runNewCell('"z".repeat(200_000_000)'), /^'z+'\.\.\. \d+ more characters$/);
    assert.equal(await lab.runNewCell('40 + 2'), '42');
    await lab.screenshot('huge-output');
  });

  it('interrupts an endless loop by the stop button, and goes on with the state kept', async () => {
    assert.equal(await lab.runNewCell('let kept = 41'), '');
    const cell = await lab.newCell('for (;;) {}');
    await lab.run();
    await lab.until('the endless cell runs', async () => (await lab.prompt(cell)) === '[*]:');
    await lab.kernelIs('busy');
    await lab.step('click on the stop button', () =>
      lab.notebook
        .locator('[data-jp-item-name="interrupt"] jp-button, [data-jp-item-name="interrupt"] button')
        .first()
        .click(),
    );
    await lab.until('the endless cell has ended', async () => /^\[\d+\]:$/.test(await lab.prompt(cell)));
    await lab.kernelIs('idle');
    assert.match(await lab.output(cell), /KeyboardInterrupt/);
    assert.equal(await lab.runNewCell('1 + 1'), '2');
    assert.equal(await lab.runNewCell('kept + 1'), '42');
    await lab.screenshot('interrupted');
  });

  testTypedCells(() => {
    assert.ok(server, 'the server runs');
    return { server, lab };
  });

  testQuestions(() => ({ lab }));

  it('asks nothing of the network beyond this machine', () => {
    assert.deepEqual(strayed, []);
  });
});

/** Clock and loop time differ; 3, 1 … in the order of their times, never early. */
function assertCallAt(output: string): void {
  const lines = output.split('\n');
  const number = (line: string | undefined, pattern: RegExp): number => {
    const digits = pattern.exec(line ?? '')?.[1];
    assert.ok(digits, `${JSON.stringify(line)} should match ${pattern}`);
    return Number(digits);
  };
  assert.equal(lines[0], 'entering event loop');
  const clock = number(lines[1], /^clock time: (\d+\.\d+)$/);
  const now = number(lines[2], /^loop {2}time: (\d+\.\d{9})$/);
  assert.ok(Math.abs(clock - now) > 1, 'clock time and loop time are two clocks');
  assert.equal(lines[3], 'registering callbacks');
  const fired = lines.slice(4, 7).map((line) => /^callback (\d) invoked at (\d+\.\d{9})$/.exec(line));
  assert.deepEqual(
    fired.map((match) => match?.[1]),
    ['3', '2', '1'],
  );
  const [soon = 0, tenth = 0, fifth = 0] = fired.map((match) => Number(match?.[2]) - now);
  // Nine decimals are shown, so a difference may be off by one nanosecond of rounding each.
  assert.ok(
    soon >= 0 && tenth >= 0.1 - 2e-9 && fifth >= 0.2 - 2e-9,
    `never early: ${[soon, tenth, fifth].join(', ')}`,
  );
  assert.equal(lines[7], 'closing event loop');
}
