/** A notebook of a test's own in JupyterLab, run as a whole. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launchChromium, privateContext } from './chromium.ts';
import { startJupyterLab, type JupyterLab } from './jupyter-lab.ts';
import { LabPage } from './lab-page.ts';
import { notebookOf } from './notebook-of.ts';

export interface OpenedNotebook {
  readonly server: JupyterLab;
  readonly lab: LabPage;
  /** Requests that would have left the machine. */
  readonly strayed: readonly string[];
  /** What scripts of the page have thrown, and nothing has caught. */
  readonly pageErrors: readonly string[];
  /** Ends the browser, and the server with its kernels. */
  close(): Promise<void>;
}

/**
 * Starts a server and a browser, writes the notebook and runs all of its cells.
 * @param name of its file
 * @param sources the texts of its cells
 * @param height of the page, in pixels: what is looked at should be in view
 * @param prepare puts into the notebook's folder what it needs beside it
 * @throws {Error} what was awaited in vain; nothing is left running then
 */
export async function openNotebook(
  name: string,
  sources: readonly string[],
  height: number,
  prepare?: (folder: string) => Promise<void>,
): Promise<OpenedNotebook> {
  const server = await startJupyterLab();
  const browser = await launchChromium().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
  };
  try {
    await writeFile(path.join(server.notebooks, name), notebookOf(sources));
    await prepare?.(server.notebooks);
    const { context, strayed } = await privateContext(browser);
    const lab = new LabPage(await context.newPage());
    const pageErrors: string[] = [];
    lab.page.on('pageerror', (error) => pageErrors.push(String(error)));
    await lab.page.setViewportSize({ width: 1280, height });
    await lab.open(server.url(`lab/tree/${name}`));
    await lab.step('the notebook is open', () => lab.codeCells.first().waitFor());
    await lab.hideFileBrowser();
    await lab.until('the notebook is connected to its kernel', () => server.kernelConnected(name));
    await lab.kernelIs('idle');
    await lab.menu('Run', 'runmenu:run-all');
    await lab.until('every cell has run', async () => {
      const prompts = await lab.codeCells.locator('.jp-InputPrompt').allInnerTexts();
      return prompts.every((prompt) => /^\[\d+\]:$/.test(prompt.trim()));
    });
    await lab.kernelIs('idle');
    return { server, lab, strayed, pageErrors, close };
  } catch (error) {
    await close();
    throw error;
  }
}
