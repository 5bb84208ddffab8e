/** Widgets in JupyterLab: seen, clicked and dragged as a user does it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { faintTexts } from './contrast.ts';
import type { LabPage } from './lab-page.ts';
import { openNotebook, type OpenedNotebook } from './opened-notebook.ts';

const NOTEBOOK = 'widgets.ipynb';

/** Name → code. */
const CELLS: Readonly<Record<string, string>> = {
  progress: `import { anywidget, button, checkbox, dropdown, hbox, interact, progress, progressBar, slider, text, vbox } from 'tsloop/widgets';
for (const step of progress(Array.from({ length: 40 }, (_, i) => i), { description: 'Counting' }))
  await new Promise((resolve) => setTimeout(resolve, 5));
progressBar({ total: 100, description: 'Half' }).update(50);
progressBar({ description: 'Unknown' }).increment(7);`,
  button: `let clicks = 0;
const press = button('Press', { icon: 'check', kind: 'success' });
press.onClick(() => console.log('clicked', ++clicks));
press`,
  slider: `const level = slider(0, 100, { description: 'Level', value: 20 });
const double = text({ description: 'Double', value: '40' });
level.onChange((value) => { double.value = String(2 * value) });
vbox([level, double])`,
  controls: `const choice = dropdown(['red', 'green', 'blue'], { description: 'Colour' });
const done = checkbox({ description: 'Done' });
hbox([choice, done])`,
  interact: `interact(({ x, shout }) => { console.log('x is', x); return shout ? 'AH' : 'ah' }, { x: slider(0, 10), shout: checkbox() })`,
  counter: `const counter = anywidget({
  esm: \`export default { render({ model, el }) {
    const b = document.createElement('button');
    b.className = 'my-counter';
    const show = () => { b.textContent = 'count is ' + model.get('count') };
    b.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); model.send({ clicked: true }, undefined, [new Uint8Array([1, 2]).buffer]) };
    model.on('change:count', show);
    model.on('msg:custom', (message, buffers) => { b.title = message + ' ' + buffers.length });
    show();
    el.append(b);
  } }\`,
  css: '.my-counter { color: rgb(200, 0, 0); }',
  state: { count: 3 },
});
counter.on('msg:custom', (content, buffers) => counter.send('heard', [new Float32Array(2)]));
counter`,
  last: `'all cells have run'`,
};

describe('widgets in JupyterLab', function () {
  // Above the page's own limit per wait (lab-page.ts), which says what was awaited.
  this.timeout(180_000);

  let opened: OpenedNotebook | undefined;
  let lab: LabPage;

  before(async () => {
    opened = await openNotebook(NOTEBOOK, Object.values(CELLS), 2000);
    lab = opened.lab;
  });

  after(() => opened?.close());

  const cell = (name: string): Locator => lab.codeCells.nth(Object.keys(CELLS).indexOf(name));
  /** What the kernel has for an expression. */
  const inKernel = async (code: string): Promise<string> => lab.runNewCell(code);
  const shows = async (name: string, wanted: string): Promise<void> =>
    lab.until(`${name} shows ${wanted}`, async () => (await lab.output(cell(name))).includes(wanted));

  it('ran all cells without an error', async () => {
    assert.equal(await lab.output(cell('last')), "'all cells have run'");
    assert.equal(await lab.notebook.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0);
  });

  it('shows progress bars with counts and times', async () => {
    const bars = cell('progress').locator('.widget-hprogress');
    await lab.until('three bars', async () => (await bars.count()) === 3);
    await shows('progress', '100% · 40/40');
    await shows('progress', '50% · 50/100');
    const widths = await bars
      .locator('.progress-bar')
      .evaluateAll((all) => all.map((each) => (each as unknown as { style: { width: string } }).style.width));
    assert.deepEqual(widths, ['100%', '50%', '100%']);
    assert.equal(await bars.locator('.progress-bar-success').count(), 1);
    assert.match(await lab.output(cell('progress')), /Counting[^]*took 00:0[^]*Half[^]*Unknown/);
  });

  it('tells the kernel of a click on a button', async () => {
    const press = cell('button').locator('button.jupyter-button', { hasText: 'Press' });
    await lab.step('a click', () => press.click());
    await lab.step('another click', () => press.click());
    await lab.until('the kernel has counted both', async () => (await inKernel('clicks')) === '2');
  });

  it('tells the kernel of a drag of a slider, and shows what the kernel makes of it', async () => {
    const track = cell('slider').locator('.noUi-base');
    const handle = cell('slider').locator('.noUi-handle');
    const double = cell('slider').locator('input[type="text"]');
    await lab.step('a drag', async () => {
      await handle.scrollIntoViewIfNeeded();
      const [from, to] = [await handle.boundingBox(), await track.boundingBox()];
      assert.ok(from && to);
      const y = from.y + from.height / 2;
      await lab.page.mouse.move(from.x + from.width / 2, y);
      await lab.page.mouse.down();
      await lab.page.mouse.move(to.x + to.width * 0.6, y, { steps: 5 });
      await lab.page.mouse.move(to.x + to.width * 0.8, y, { steps: 5 });
      await lab.page.mouse.up();
    });
    const readout = cell('slider').locator('.widget-readout');
    await lab.until('the slider stands elsewhere', async () => Number(await readout.innerText()) > 60);
    const level = Number(await readout.innerText());
    await lab.until('its double', async () => (await double.inputValue()) === String(2 * level));
    assert.equal(await inKernel('level.value'), String(level));
    await inKernel('level.value = 5; void 0');
    await lab.until('what code has set', async () => (await readout.innerText()) === '5');
    await lab.until('the double of that', async () => (await double.inputValue()) === '10');
  });

  it('has a choice and a tick', async () => {
    await lab.step('a choice', () => cell('controls').locator('select').selectOption({ label: 'blue' }));
    await lab.step('a tick', () => cell('controls').locator('input[type="checkbox"]').click());
    await lab.until(
      'the kernel knows',
      async () => (await inKernel('[choice.value, done.value].join()')) === "'blue,true'",
    );
  });

  it('calls a function again when a control changes', async () => {
    await shows('interact', 'x is 0');
    await shows('interact', "'ah'");
    await lab.step('a tick', () => cell('interact').locator('input[type="checkbox"]').click());
    await shows('interact', "'AH'");
    const handle = cell('interact').locator('.noUi-handle');
    await handle.focus();
    await lab.page.keyboard.press('ArrowRight');
    await shows('interact', 'x is 1');
    assert.doesNotMatch(await lab.output(cell('interact')), /x is 0|'ah'/);
  });

  it("runs a front end of one's own, with state and messages both ways", async () => {
    const counter = cell('counter').locator('.my-counter');
    await lab.step('the counter', () => counter.waitFor());
    assert.equal(await counter.innerText(), 'count is 3');
    await lab.step('a click', () => counter.click());
    await lab.until('it counts', async () => (await counter.innerText()) === 'count is 4');
    await lab.until('the kernel counts', async () => (await inKernel("counter.get('count')")) === '4');
    await lab.until('the kernel answers', async () => (await counter.getAttribute('title')) === 'heard 1');
    await inKernel("counter.set('count', 41)");
    await lab.until('what code has set', async () => (await counter.innerText()) === 'count is 41');
  });

  it('finds its widgets again when the page is loaded anew', async () => {
    assert.ok(opened);
    const { url, kernelConnected, notebooks } = opened.server;
    await lab.menu('File', 'docmanager:save');
    await lab.until('the notebook is saved', async () =>
      (await readFile(path.join(notebooks, NOTEBOOK), 'utf8')).includes("counter.set('count', 41)"),
    );
    await lab.open(url(`lab/tree/${NOTEBOOK}`));
    await lab.step('the notebook is open', () => lab.codeCells.first().waitFor());
    await lab.until('it is connected to its kernel', () => kernelConnected(NOTEBOOK));
    const counter = cell('counter').locator('.my-counter');
    await lab.step('the counter', () => counter.waitFor());
    assert.equal(await counter.innerText(), 'count is 41');
    await lab.step('a click', () => counter.click());
    await lab.until('the kernel counts', async () => (await inKernel("counter.get('count')")) === '42');
    assert.equal(await cell('slider').locator('.widget-readout').innerText(), '5');
    await shows('interact', 'x is 1');
  });

  for (const theme of ['Light', 'Dark'] as const) {
    it(`can be read in the ${theme.toLowerCase()} theme`, async () => {
      await lab.theme(theme);
      await cell('progress').scrollIntoViewIfNeeded();
      await lab.screenshot(`widgets-${theme.toLowerCase()}`);
      assert.deepEqual(await faintTexts(lab.notebook, '.jupyter-widgets *'), []);
    });
  }

  it('asks nothing of the internet', () => {
    assert.deepEqual(opened?.strayed, []);
  });
});
