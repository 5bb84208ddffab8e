/** JupyterLab's page as a user sees it. Every wait names what it waits for, and leaves a picture when in vain. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repository } from '../support/jupyter-home.ts';

const artifacts: string = path.join(repository, 'test-artifacts');

/** The path of a picture that the tests leave behind. */
export function artifact(name: string): string {
  return path.join(artifacts, `${name}.png`);
}

// Generous: a slow shared machine must not fail a test. Nothing waits longer than it has to.
const limit = 60_000;

/** In pixels from the page's upper left corner. */
export interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What `place` needs of a browser's objects, whose types these sources do without. */
interface DisplayedElement {
  readonly textContent: string;
  readonly ownerDocument: {
    createRange(): {
      setStart(node: { length: number }, offset: number): void;
      setEnd(node: { length: number }, offset: number): void;
      getBoundingClientRect(): Place;
    };
    createTreeWalker(root: unknown, show: number): { nextNode(): { length: number } | null };
  };
}

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

  /** Chooses JupyterLab's light or dark theme in its menu. */
  async theme(name: 'Light' | 'Dark'): Promise<void> {
    await this.step(`the theme JupyterLab ${name}`, async () => {
      await this.page.locator('.lm-MenuBar-itemLabel', { hasText: /^Settings$/ }).click();
      await this.page.locator('.lm-Menu-itemLabel', { hasText: /^Theme$/ }).hover();
      await this.page
        .locator('.lm-Menu-itemLabel', { hasText: new RegExp(`^JupyterLab ${name}$`) })
        .last()
        .click();
      await this.page.locator(`body[data-jp-theme-name="JupyterLab ${name}"]`).waitFor({ state: 'attached' });
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

  /** Runs the cell, which must be the selected one, and gives what it shows once it has run. */
  async runCell(cell: Locator): Promise<string> {
    const code = await this.source(cell);
    await this.run();
    await this.until(`the cell ${code} has run`, async () => /^\[\d+\]:$/.test(await this.prompt(cell)));
    await this.kernelIs('idle');
    return this.output(cell);
  }

  /** Runs code in a new cell and gives what the cell shows once it has run. */
  async runNewCell(code: string): Promise<string> {
    return this.runCell(await this.newCell(code));
  }

  /** The list of completions; while there is none, nothing matches. */
  get completer(): Locator {
    return this.page.locator('.jp-Completer:visible');
  }

  /** Asks for completions at the cursor by Tab, and gives them as listed: `[text, kind]`. */
  async complete(): Promise<string[][]> {
    return this.step('the list of completions', async () => {
      await this.page.keyboard.press('Tab');
      const items = this.completer.locator('.jp-Completer-item');
      await items.first().waitFor();
      const columns = ['match', 'typeExtended'].map((column) => items.locator(`.jp-Completer-${column}`));
      const [texts = [], kinds = []] = await Promise.all(columns.map((column) => column.allInnerTexts()));
      return texts.map((text, i) => [text, kinds[i] ?? '']);
    });
  }

  /** Where on the page the first such text of the element stands, in pixels. */
  async place(element: Locator, text: string): Promise<Place> {
    return element.evaluate((root, wanted) => {
      const { ownerDocument, textContent } = root as unknown as DisplayedElement;
      const from = textContent.indexOf(wanted);
      if (from === -1) throw new Error(`there is no ${wanted} in ${textContent}`);
      const to = from + wanted.length;
      const range = ownerDocument.createRange();
      const texts = ownerDocument.createTreeWalker(root, 4 /* NodeFilter.SHOW_TEXT */);
      let at = 0;
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        if (from >= at && from < at + node.length) range.setStart(node, from - at);
        if (to > at && to <= at + node.length) range.setEnd(node, to - at);
        at += node.length;
      }
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { left, right, top, bottom };
    }, text);
  }

  /** @returns the path of the picture in test-artifacts/. */
  async screenshot(name: string): Promise<string> {
    await mkdir(artifacts, { recursive: true });
    const file = artifact(name);
    await this.page.screenshot({ path: file });
    return file;
  }
}
