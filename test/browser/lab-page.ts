/** JupyterLab's page as a user sees it. Every wait names what it waits for, and leaves a picture when in vain. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repository } from '../support/jupyter-home.ts';

const artifacts: string = path.join(repository, 'test-artifacts');

// Generous: a slow shared machine must not fail a test. Nothing waits longer than it has to.
const limit = 60_000;

export class LabPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(limit);
  }

  /** Runs one step of a test; if it fails, the error says what was awaited, and a screenshot is kept. */
  async step<T>(what: string, body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      const picture = `failed-${what.replaceAll(/\W+/g, '-').slice(0, 60)}`;
      await this.screenshot(picture).catch(() => undefined);
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`awaited: ${what} (see test-artifacts/${picture}.png)\n${why}`, { cause: error });
    }
  }

  /** Waits until `probe` gives true. */
  async until(what: string, probe: () => Promise<boolean>): Promise<void> {
    await this.step(what, async () => {
      for (const deadline = Date.now() + limit; !(await probe());) {
        if (Date.now() > deadline) throw new Error(`not so within ${limit / 1000} s`);
        await this.page.waitForTimeout(50);
      }
    });
  }

  async open(url: string): Promise<void> {
    await this.step(`JupyterLab shows ${new URL(url).pathname}`, async () => {
      await this.page.goto(url);
      await this.page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
      await this.page.locator('#jp-main-dock-panel').waitFor();
    });
  }

  /** Chooses a command by clicking through the menu bar. */
  async menu(menu: string, command: string): Promise<void> {
    await this.step(`menu ${menu} → ${command}`, async () => {
      await this.page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${menu}$`) }).click();
      await this.page.locator(`.lm-Menu-item[data-command="${command}"]`).click();
    });
  }

  /** Gives the notebook the file browser's room, by a click on the file browser's own icon. */
  async hideFileBrowser(): Promise<void> {
    await this.step('the file browser is hidden', async () => {
      await this.page.locator('.jp-SideBar.jp-mod-left .lm-TabBar-tab[data-id="filebrowser"]').click();
      await this.page.locator('#filebrowser').waitFor({ state: 'hidden' });
    });
  }

  get notebook(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  }

  get codeCells(): Locator {
    return this.notebook.locator('.jp-CodeCell');
  }

  /** `[3]:`, `[*]:` while the cell runs or waits, `[ ]:` before. */
  async prompt(cell: Locator): Promise<string> {
    return (await cell.locator('.jp-InputPrompt').innerText()).trim();
  }

  /** The text of a cell's outputs, as shown. */
  async output(cell: Locator): Promise<string> {
    const texts = await cell.locator('.jp-OutputArea-output').allInnerTexts();
    return texts.join('\n').trim();
  }

  async source(cell: Locator): Promise<string> {
    return (await cell.locator('.cm-line').allInnerTexts())
      .map((line) => (line === '\n' ? '' : line))
      .join('\n');
  }

  async kernelIs(status: 'idle' | 'busy'): Promise<void> {
    await this.step(`the kernel is ${status}`, () =>
      this.notebook.locator(`.jp-Notebook-ExecutionIndicator[data-status="${status}"]`).waitFor(),
    );
  }

  /** Types into a new cell at the end, and returns it. */
  async newCell(code: string): Promise<Locator> {
    return this.step(`a new cell with ${code}`, async () => {
      const before = await this.codeCells.count();
      await this.notebook.locator('.jp-Notebook-footer').click();
      const cell = this.codeCells.nth(before);
      await cell.waitFor();
      await cell.locator('.cm-content').click();
      await this.page.keyboard.insertText(code);
      return cell;
    });
  }

  /** Runs the selected cell, as a user does by Ctrl-Enter. */
  async run(): Promise<void> {
    await this.page.keyboard.press('Control+Enter');
  }

  /** Runs code in a new cell and gives what the cell shows once it has run. */
  async runNewCell(code: string): Promise<string> {
    const cell = await this.newCell(code);
    await this.run();
    await this.until(`the cell ${code} has run`, async () => /^\[\d+\]:$/.test(await this.prompt(cell)));
    await this.kernelIs('idle');
    return this.output(cell);
  }

  /** @returns the path of the picture in test-artifacts/. */
  async screenshot(name: string): Promise<string> {
    await mkdir(artifacts, { recursive: true });
    const file = path.join(artifacts, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }
}
