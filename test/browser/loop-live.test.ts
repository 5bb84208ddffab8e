/** `%loop live` in JupyterLab: a widget that changes while cells run, and what is left of it when it ends. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { python } from '../support/python.ts';
import { faintTexts } from './contrast.ts';
import type { LabPage } from './lab-page.ts';
import { openNotebook, type OpenedNotebook } from './opened-notebook.ts';

const NOTEBOOK = 'loop-live.ipynb';

const DEFINITIONS = `import { createTask, getEventLoop, newEventLoop, sleep } from 'tsloop';
const loop = getEventLoop();
function ring(n: number): void {}
let release = (): void => {};`;

/** A cell that runs until it is told to end. */
const WORK = `const sleeper = createTask(async function nap() { await sleep(600); }, { name: 'sleeper' });
const waiter = createTask(async () => sleeper.catch(() => {}), { name: 'waiter' });
const later = loop.callLater(500, ring, 3);
await new Promise<void>((resolve) => { release = resolve; });`;

/** Only the widget has a button. */
const widgetOf = (cell: Locator): Locator => cell.locator('.tsloop-live:has(header button)');

describe('%loop live in JupyterLab', function () {
  // Above the page's own limit per wait (lab-page.ts), which says what was awaited.
  this.timeout(180_000);

  let opened: OpenedNotebook | undefined;
  let lab: LabPage;

  before(async () => {
    opened = await openNotebook(NOTEBOOK, [DEFINITIONS, '%loop live'], 1300);
    lab = opened.lab;
  });

  after(() => opened?.close());

  /** Which cell shows it. */
  let live = 1;
  const cell = (): Locator => lab.codeCells.nth(live);
  const widget = (): Locator => widgetOf(cell());
  /** The cells of the row that has a cell with this text. */
  const row = (name: string): Promise<string[]> =>
    widget()
      .locator('tr', { has: lab.page.getByText(name, { exact: true }) })
      .first()
      .locator('td')
      .allInnerTexts();
  const shows = (what: string, wanted: RegExp): Promise<void> =>
    lab.until(what, async () => wanted.test(await widget().innerText()));

  /** In a cell of its own, from now on. */
  const showAgain = async (): Promise<void> => {
    live = await lab.codeCells.count();
    await lab.runNewCell('%loop live');
    await lab.step('a widget', () => widget().waitFor());
  };

  it('is a widget', async () => {
    await lab.step('the widget', () => widget().waitFor());
    await shows('the state of the loop', /PersistentLoop: running/);
    await shows('that no cell runs', /no cell runs[^]*Ready to run: 0[^]*Timers: 0[^]*Tasks: 0/);
    assert.equal(await cell().locator('.jp-OutputArea-output').count(), 1);
  });

  it('shows tasks and timers while a cell runs, and the time that passes', async () => {
    const running = await lab.newCell(WORK);
    await lab.run();
    await shows('the tasks', /a cell runs[^]*Tasks: 2/);
    assert.equal(await lab.prompt(running), '[*]:');
    const [task, code, state, waits, , place] = await row('sleeper');
    assert.deepEqual([task, code, state, waits], ['sleeper', 'nap()', 'waits', 'a sleep']);
    assert.match(place ?? '', /^In \[\d+\]:1$/);
    assert.deepEqual((await row('waiter')).slice(2, 4), ['waits', 'task sleeper']);
    const [due, call, asked] = await row('ring(3)');
    assert.match(due ?? '', /^\d\.\d min$/);
    assert.equal(call, 'ring(3)');
    assert.match(asked ?? '', /^In \[\d+\]:3$/);
    const age = async (): Promise<number> => Number.parseFloat((await row('sleeper'))[4] ?? '');
    const before = await age();
    await lab.until('it grows older', async () => (await age()) > before + 1);
  });

  for (const theme of ['Light', 'Dark'] as const) {
    it(`can be read in the ${theme.toLowerCase()} theme`, async () => {
      await lab.theme(theme);
      await widget().scrollIntoViewIfNeeded();
      await lab.screenshot(`loop-live-${theme.toLowerCase()}`);
      assert.deepEqual(
        await faintTexts(cell().locator('.jp-OutputArea-output').first(), '[class^="tsloop-"] *'),
        [],
      );
    });
  }

  it('stands still while it is paused, while the loop goes on', async () => {
    await lab.step('Pause', () => widget().locator('button', { hasText: 'Pause' }).click());
    await shows('that it is paused', /this picture is paused, the loop goes on/);
    const age = (await row('sleeper'))[4];
    await lab.page.waitForTimeout(600);
    assert.equal((await row('sleeper'))[4], age);
    await lab.step('Go on', () => widget().locator('button', { hasText: 'Go on' }).click());
    await lab.until('time passes', async () => (await row('sleeper'))[4] !== age);
  });

  it('cancels a task by a click, while the cell runs', async () => {
    await lab.step('cancel', () =>
      widget()
        .locator('tr', { has: lab.page.locator('td', { hasText: 'nap()' }) })
        .locator('button', { hasText: 'cancel' })
        .click(),
    );
    await shows('that both tasks have ended', /Tasks: 0/);
  });

  it('goes on behind the cell, and is kept as a table that needs no kernel', async () => {
    assert.ok(opened);
    const { notebooks } = opened.server;
    // Its promise is no business of the loop's: another cell cannot run before it ends.
    await lab.menu('Kernel', 'kernelmenu:interrupt');
    await lab.kernelIs('idle');
    assert.equal(await lab.runNewCell('sleeper.cancelled()'), 'true');
    await shows('the timer, behind the cell', /no cell runs[^]*Timers: 1[^]*ring\(3\)/);
    await lab.menu('File', 'docmanager:save');
    const file = path.join(notebooks, NOTEBOOK);
    await lab.until('the notebook is saved', async () =>
      (await readFile(file, 'utf8')).includes('sleeper.cancelled()'),
    );
    const { cells } = JSON.parse(await readFile(file, 'utf8')) as {
      cells: Array<{ outputs: Array<{ data: Record<string, string | string[]> }> }>;
    };
    const data = cells[1]?.outputs[0]?.data ?? {};
    assert.ok('application/vnd.jupyter.widget-view+json' in data, Object.keys(data).join());
    assert.match([data['text/html']].flat().join(''), /<td>ring\(3\)<\/td>/);
    assert.match([data['text/plain']].flat().join(''), /scheduled: 1\n {2}in .*ring\(3\)/);
    const { stdout } = await promisify(execFile)(
      python(),
      ['-m', 'nbconvert', '--to', 'html', '--stdout', file],
      { maxBuffer: 64 * 2 ** 20 },
    );
    assert.match(stdout, /<td>ring\(3\)<\/td>/);
  });

  it('leaves a table when it is turned off', async () => {
    await lab.runNewCell('%loop live off');
    await lab.until('a table', async () => /no longer live[^]*ring\(3\)/.test(await lab.output(cell())));
    assert.equal(await widget().count(), 0);
  });

  it('says that it has ended when the kernel is restarted', async () => {
    await showAgain();
    await lab.menu('Kernel', 'kernelmenu:restart');
    await lab.step('Restart', () => lab.page.locator('.jp-Dialog button', { hasText: 'Restart' }).click());
    await shows('that this is all', /no longer live[^]*ring\(3\)/);
    assert.equal(await widget().locator('button:enabled').count(), 0);
  });

  it('is found again when the page is loaded anew, and says there that it has ended', async () => {
    assert.ok(opened);
    const { url, kernelConnected, notebooks } = opened.server;
    await lab.until('the new kernel', () => kernelConnected(NOTEBOOK));
    await showAgain();
    await lab.runNewCell(
      "import { getEventLoop } from 'tsloop'; getEventLoop().callLater(300, function bell() {}); void 0",
    );
    await shows('the timer', /bell\(\)/);
    await lab.menu('File', 'docmanager:save');
    await lab.until('the notebook is saved', async () =>
      (await readFile(path.join(notebooks, NOTEBOOK), 'utf8')).includes('function bell'),
    );
    await lab.open(url(`lab/tree/${NOTEBOOK}`));
    await lab.step('the notebook is open', () => lab.codeCells.first().waitFor());
    await lab.until('it is connected to its kernel', () => kernelConnected(NOTEBOOK));
    await lab.step('the widget', () => widget().waitFor());
    await shows('the timer', /bell\(\)/);
    await lab.runNewCell('%loop live off');
    await shows('that this is all', /no longer live[^]*bell\(\)/);
    assert.equal(await widget().locator('button:enabled').count(), 0);
  });

  it('asks nothing of the internet', () => {
    assert.deepEqual(opened?.strayed, []);
  });
});
