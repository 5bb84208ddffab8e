/** Timelines in JupyterLab: what they show at a glance, under the pointer, in both themes, and when they are kept. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { python } from '../support/python.ts';
import type { LabPage } from './lab-page.ts';
import { openNotebook, type OpenedNotebook } from './opened-notebook.ts';

const NOTEBOOK = 'timelines.ipynb';

/** Name → code. */
const CELLS: Readonly<Record<string, string>> = {
  definitions: `import { createTask, gather, getEventLoop, newEventLoop, sleep } from 'tsloop';
const loop = getEventLoop();
function callback(n: number): void {}
const busy = (seconds: number): void => { const end = performance.now() + seconds * 1000; while (performance.now() < end); };`,
  lesson: `%%timeline
loop.callLater(0.2, callback, 1);
loop.callAt(loop.time() + 0.1, callback, 2);
loop.callSoon(callback, 3);
await sleep(0.25);`,
  tasks: `%%timeline
const worker = createTask(async () => { for (let i = 0; i < 2; i++) { await sleep(0.05); busy(0.02); } }, { name: 'worker' });
const fails = createTask(async () => { await sleep(0.08); throw new RangeError('no'); }, { name: 'fails' });
const endless = createTask(async () => { await sleep(60); }, { name: 'is cancelled' });
const promised = createTask((async () => { await sleep(0.09); })(), { name: 'of a promise' });
loop.callLater(0.06, function slow() { busy(0.05); });
loop.callLater(0.07, callback, 42);
const never = loop.callLater(60, callback, 0);
loop.callLater(0.15, () => { endless.cancel(); never.cancel(); });
await gather(worker, fails, endless, promised, { returnExceptions: true });`,
  loops: `%%timeline
const other = newEventLoop();
other.callLater(0.05, callback, 7);
await other.runUntilComplete(() => sleep(0.1));
other.close();`,
  many: `%%timeline
await Promise.all(Array.from({ length: 50 }, (_, i) => createTask(async () => {
  for (let step = 0; step < 100; step++) await sleep(0.002 + i / 20000);
}, { name: \`worker \${i}\` })));`,
  fine: `'all cells have run'`,
};

/** What the tests need of a browser's objects, whose types these sources do without. */
interface Drawn {
  readonly textContent: string;
  readonly tagName: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Drawn | null;
  querySelectorAll(selector: string): Iterable<Drawn>;
  getBoundingClientRect(): {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

describe('timelines in JupyterLab', function () {
  // Above the page's own limit per wait (lab-page.ts), which says what was awaited.
  this.timeout(180_000);

  let opened: OpenedNotebook | undefined;
  let lab: LabPage;

  before(async () => {
    opened = await openNotebook(NOTEBOOK, Object.values(CELLS), 1600);
    lab = opened.lab;
  });

  after(() => opened?.close());

  const drawing = (name: string): Locator =>
    lab.codeCells
      .nth(Object.keys(CELLS).indexOf(name))
      .locator('.jp-OutputArea-output svg[data-tsloop="timeline"]');
  /** The texts of a drawing, from top to bottom and from left to right. */
  const texts = (name: string): Promise<string[]> =>
    drawing(name).evaluate((svg) =>
      [...(svg as unknown as Drawn).querySelectorAll('text')]
        .map((each) => ({ text: each.textContent, box: each.getBoundingClientRect() }))
        .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
        .map(({ text }) => text),
    );
  /** What is said below the pointer, of all that has something to say. */
  const titles = (name: string): Promise<string[]> =>
    drawing(name).evaluate((svg) =>
      [...(svg as unknown as Drawn).querySelectorAll('g > title')].map(({ textContent }) => textContent),
    );
  /** Texts that cover each other, or lie outside of the drawing. */
  const clashes = (name: string): Promise<string[]> =>
    drawing(name).evaluate((svg) => {
      const whole = (svg as unknown as Drawn).getBoundingClientRect();
      const all = [...(svg as unknown as Drawn).querySelectorAll('text')].map((each) => ({
        text: each.textContent,
        box: each.getBoundingClientRect(),
      }));
      const outside = all
        .filter(
          ({ box }) =>
            box.left < whole.left ||
            box.right > whole.right ||
            box.top < whole.top ||
            box.bottom > whole.bottom,
        )
        .map(({ text }) => `${text} is outside`);
      const covered = all.flatMap(({ text, box }, i) =>
        all
          .slice(i + 1)
          .filter(
            (other) =>
              Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 2 &&
              Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 4,
          )
          .map((other) => `${text} covers ${other.text}`),
      );
      return [...outside, ...covered];
    });

  it('ran all cells without an error', async () => {
    assert.equal(await lab.output(lab.codeCells.last()), "'all cells have run'");
    assert.equal(await lab.notebook.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0);
    assert.equal(await lab.notebook.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count(), 0);
  });

  it('show at a glance why callback 3 ran first', async () => {
    const shown = await texts('lesson');
    const at = shown.indexOf('Called in this order:');
    assert.deepEqual(shown.slice(at + 1, at + 9), [
      '1.',
      'callback(3)',
      '2.',
      'callback(2)',
      '3.',
      'callback(1)',
      '4.',
      'this cell',
    ]);
    const lanes = shown.filter((text) => /^(?:callback\(\d\)|this cell)$/.test(text)).slice(0, 4);
    assert.deepEqual(lanes.sort(), ['callback(1)', 'callback(2)', 'callback(3)', 'this cell']);
    const said = await titles('lesson');
    const of = (start: RegExp): string =>
      said.find((each) => start.test(each)) ?? assert.fail(said.join('\n'));
    assert.match(
      of(/^callback\(3\), /),
      /asked for in In \[\d+\]:4\nasked for at .*\ncalled as number 1 at /,
    );
    assert.match(
      of(/^callback\(2\), /),
      /asked for in In \[\d+\]:3\n.*due at 1\d\d ms\ncalled as number 2 at /,
    );
    assert.match(
      of(/^callback\(1\), /),
      /asked for in In \[\d+\]:2\n.*due at 2\d\d ms\ncalled as number 3 at /,
    );
    assert.match(of(/^sleeps for /), /^sleeps for 25\d ms/);
  });

  it('have something to say where the pointer rests, also before a call', async () => {
    const spot = drawing('lesson')
      .locator('g:has(> title:text-matches("^callback\\\\(1\\\\), ")) > rect')
      .first();
    const box = await spot.boundingBox();
    assert.ok(box && box.width > 100 && box.height > 10, JSON.stringify(box));
    // In the middle of the wait.
    const hit = await lab.page.evaluate(
      ([x, y]) =>
        (
          globalThis as unknown as {
            document: { elementFromPoint(x: number, y: number): { parentNode: Drawn } };
          }
        ).document
          .elementFromPoint(x ?? 0, y ?? 0)
          .parentNode.querySelector('title')?.textContent,
      [box.x + box.width / 2, box.y + box.height / 2],
    );
    assert.match(hit ?? '', /^callback\(1\), asked for in /);
  });

  it('tell what was cancelled, what failed, what was late, and what the loop does not call', async () => {
    const said = (await titles('tasks')).join('\n');
    assert.match(said, /fails.*\n.*\ncalled as number .*\nended with an exception/);
    assert.match(said, /is cancelled.*\n.*\ncalled as number .*\nended as cancelled/);
    assert.match(said, /callback\(0\), asked for in In \[\d+\]:8\n.*\ncancelled at /);
    assert.match(said, /callback\(42\).*\n.*\n.* ms late/);
    assert.match(said, /made of a promise, in In \[\d+\]:5/);
    const legend = (await texts('tasks')).join('\n');
    for (const sign of [
      'a callback runs',
      'a task runs',
      'asked for',
      'due',
      'late',
      'sleeps',
      'cancelled',
      'failed',
    ])
      assert.ok(legend.includes(`\n${sign}`), sign);
  });

  it('say which loop is which', async () => {
    const shown = await texts('loops');
    const at = ['EventLoop 1', 'callback(7)'].map((text) => shown.indexOf(text));
    assert.ok(
      at.every((place, i) => place > (at[i - 1] ?? -1)),
      `${at.join()} in ${shown.join('|')}`,
    );
  });

  it('fold ten thousand events into a drawing of few elements that can be read', async () => {
    const { lanes, bars, size } = await drawing('many').evaluate((svg) => {
      const root = svg as unknown as Drawn & { readonly outerHTML: string };
      return {
        lanes: [...root.querySelectorAll('text[text-anchor="end"]')].map(({ textContent }) => textContent),
        bars: [...root.querySelectorAll('g > rect[height="16"]')].length,
        size: root.outerHTML.length,
      };
    });
    assert.ok(lanes.length <= 42, `${lanes.length} lanes`);
    assert.match(lanes.at(-1) ?? '', /^\d+ others$/);
    assert.ok(bars < 5000 && size < 1_000_000, `${bars} bars, ${size} characters`);
    assert.match((await titles('many')).join('\n'), /\d+ calls, number \d+ to \d+, .* together\n/);
    assert.match((await titles('many')).join('\n'), /sleeps \d+ times/);
  });

  it('have no texts that cover each other', async () => {
    for (const name of ['lesson', 'tasks', 'loops', 'many']) assert.deepEqual(await clashes(name), [], name);
  });

  for (const theme of ['Light', 'Dark'] as const) {
    it(`can be read in the ${theme.toLowerCase()} theme`, async () => {
      await lab.theme(theme);
      for (const name of ['lesson', 'tasks', 'loops', 'many']) {
        await drawing(name).scrollIntoViewIfNeeded();
        await lab.screenshot(`timeline-${name}-${theme.toLowerCase()}`);
      }
      for (const name of ['lesson', 'tasks', 'loops', 'many'])
        assert.deepEqual(await drawing(name).evaluate(faintParts), [], name);
    });
  }

  it('are there when the notebook is opened again, when it is not trusted, and on its page of HTML', async () => {
    assert.ok(opened);
    const { server } = opened;
    const before = await texts('lesson');
    await lab.menu('File', 'docmanager:save');
    const file = path.join(server.notebooks, NOTEBOOK);
    await lab.until('the notebook is saved', async () =>
      (await readFile(file, 'utf8')).includes("'all cells have run'"),
    );
    await server.endSessions();
    await lab.open(server.url(`lab/tree/${NOTEBOOK}`));
    await lab.step('the drawing is there', () => drawing('lesson').waitFor());
    assert.deepEqual(await texts('lesson'), before);
    // As one that somebody else has written.
    const foreign = (await readFile(file, 'utf8')).replace("'all cells have run'", "'written elsewhere'");
    await writeFile(path.join(server.notebooks, 'foreign.ipynb'), foreign);
    await lab.open(server.url('lab/tree/foreign.ipynb'));
    // The other notebook's panel may be there, too, behind it.
    const image = lab.page.locator('img[alt^="timeline of"]:visible').first();
    await lab.step('its image is there', () => image.waitFor());
    assert.ok(((await image.boundingBox())?.width ?? 0) > 500);
    assert.equal(await lab.page.locator('svg[data-tsloop="timeline"]:visible').count(), 0);
    const output = lab.page.locator('.jp-OutputArea-output:visible', { has: image });
    assert.equal((await output.first().innerText()).trim(), '', 'texts without their drawing');
    await lab.screenshot('timeline-foreign');
    const { stdout } = await promisify(execFile)(
      python(),
      ['-m', 'nbconvert', '--to', 'html', '--stdout', file],
      { maxBuffer: 64 * 2 ** 20 },
    );
    assert.equal(stdout.match(/<svg [^>]*data-tsloop="timeline"/g)?.length, 4);
    assert.ok(stdout.includes('Called in this order:'));
  });

  it('asks nothing of the internet', () => {
    assert.deepEqual(opened?.strayed, []);
  });
});

/** Texts and signs whose contrast with what is behind is too low: 4 for text, 1.5 for graphics. Runs in the page. */
function faintParts(svg: unknown): string[] {
  interface Node extends Drawn {
    readonly parentElement: Node | null;
  }
  const { getComputedStyle } = globalThis as unknown as {
    getComputedStyle(
      node: unknown,
    ): Readonly<Record<'fill' | 'stroke' | 'backgroundColor' | 'fillOpacity', string>>;
  };
  const rgba = (color: string): number[] => {
    const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const over = ([r = 0, g = 0, b = 0, a = 0]: number[], under: number[]): number[] =>
    [r, g, b].map((part, i) => part * a + (under[i] ?? 0) * (1 - a));
  const behind = (node: Node | null): number[] =>
    node ? over(rgba(getComputedStyle(node).backgroundColor), behind(node.parentElement)) : [255, 255, 255];
  const luminance = (color: number[]): number => {
    const [r = 0, g = 0, b = 0] = color.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = behind(svg as Node);
  const contrast = (color: number[]): number => {
    const [a, b] = [luminance(over(color, back)), luminance(back)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const found: string[] = [];
  const check = (what: string, color: string, least: number): void => {
    const [r = 0, g = 0, b = 0, a = 0] = rgba(color);
    // Fields that are there to be pointed at, and the bands behind lanes.
    if (a < 0.1 || color === 'none') return;
    const seen = contrast([r, g, b, a]);
    if (seen < least) found.push(`${what}: ${seen.toFixed(2)}`);
  };
  for (const each of (svg as Node).querySelectorAll('text, rect, line, circle')) {
    const { fill, stroke } = getComputedStyle(each);
    const isText = each.tagName === 'text';
    // The marks of the axis are to stay behind everything.
    if (each.tagName === 'line' && each.getAttribute('stroke')?.includes('border-color')) continue;
    if (each.tagName !== 'line') check(`${each.tagName} ${each.textContent}`, fill, isText ? 3 : 1.5);
    if (!isText) check(`${each.tagName} of ${stroke}`, stroke, 1.5);
  }
  return [...new Set(found)];
}
