/** Every notebook in JupyterLab, in a real browser: opened, run as a whole, saved, and compared with what is stored. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { repository } from '../support/jupyter-home.ts';
import { notebooksIn, shownBy } from '../support/notebook.ts';
import { launchChromium, privateContext } from './chromium.ts';
import { startJupyterLab, type JupyterLab } from './jupyter-lab.ts';
import { LabPage } from './lab-page.ts';

const stored = path.join(repository, 'notebooks');
const notebooks = await notebooksIn(stored);

describe('the notebooks in JupyterLab', function () {
  this.timeout(240_000);
  let server: JupyterLab;
  let browser: Browser;
  let lab: LabPage;
  let strayed: string[] = [];

  before(async () => {
    server = await startJupyterLab();
    browser = await launchChromium();
    const world = await privateContext(browser);
    strayed = world.strayed;
    lab = new LabPage(await world.context.newPage());
    await lab.open(server.url('lab'));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const name of notebooks) {
    it(`shows the stored outputs of ${name}, run as a whole`, async () => {
      // A workspace of its own: no notebook of an earlier test is open in it.
      await lab.open(server.url(`lab/workspaces/${path.parse(name).name}/tree/${name}`));
      await lab.step('the notebook is open', () => lab.codeCells.first().waitFor());
      await lab.until('the notebook is connected to its kernel', () => server.kernelConnected(name));
      await lab.kernelIs('idle');
      await lab.menu('Edit', 'editmenu:clear-all');
      await lab.until('all outputs are cleared', async () => {
        const prompts = await lab.codeCells.locator('.jp-InputPrompt').allInnerTexts();
        // The prompt of a cell that is folded away is not shown.
        return prompts.every((prompt) => ['[ ]:', ''].includes(prompt.trim()));
      });
      await lab.menu('Run', 'runmenu:run-all');
      await lab.until('every cell has run', async () => {
        const cells = await lab.codeCells.all();
        const prompts = await Promise.all(cells.map((cell) => lab.prompt(cell)));
        const sources = await Promise.all(cells.map((cell) => lab.source(cell)));
        return prompts.every((prompt, i) => sources[i]?.trim() === '' || /^(?:\[\d+\]:)?$/.test(prompt));
      });
      await lab.kernelIs('idle');
      await lab.menu('File', 'docmanager:save');
      const file = path.join(server.notebooks, name);
      const expected = JSON.stringify(await shownBy(path.join(stored, name)), null, 1);
      // Saving takes a moment, and what a cell prints when it has ended may come later still.
      await lab
        .until('the saved notebook shows what is stored', async () => {
          await lab.page.keyboard.press('Control+s');
          return JSON.stringify(await shownBy(file), null, 1) === expected;
        })
        .catch(async (error: unknown) => {
          assert.equal(JSON.stringify(await shownBy(file), null, 1), expected, String(error));
        });
      await lab.screenshot(`notebook-${path.parse(name).name}`);
      await server.endSessions();
    });
  }

  it('asks nothing of the internet', () => assert.deepEqual(strayed, []));
});
