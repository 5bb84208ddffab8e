/** %%timeline in a whole kernel. */
import assert from 'node:assert/strict';
import { type Received, shownBy, TestKernel } from '../../support/kernel-client.ts';

const DEFINITIONS = `import { createTask, getEventLoop, sleep } from 'tsloop';
const loop = getEventLoop();
function callback(n: number): void {}`;

type Bundle = Readonly<Record<string, string>>;

/** What a cell has drawn. */
function drawnBy(published: readonly Received[]): Bundle {
  const drawn = published.find(({ type }) => type === 'display_data');
  assert.ok(drawn, 'something is displayed');
  return drawn.content['data'] as Bundle;
}

const withoutTimes = (text: string): string => text.replaceAll(/[\d.]+ (?:µs|ms|s)\b/g, 'T');

describe('%%timeline', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.client.run(DEFINITIONS);
  });
  after(() => kernel.stop());

  it('shows which of three calls came first, and why', async () => {
    const { published, reply } = await kernel.client.run(`%%timeline
loop.callLater(0.2, callback, 1);
loop.callLater(0.1, callback, 2);
loop.callSoon(callback, 3);
await sleep(0.25);
'the result'`);
    assert.equal(reply['status'], 'ok');
    const { 'text/plain': text = '', 'text/html': html = '', 'image/svg+xml': svg = '' } = drawnBy(published);
    assert.equal(
      withoutTimes(text),
      [
        'timeline of T: 4 calls',
        '  callback(3)  1. called at T',
        '  callback(2)  2. due at T, called at T',
        '  callback(1)  3. due at T, called at T',
        '  this cell    4. called at T',
      ].join('\n'),
    );
    assert.ok(html.includes(`<datalist>${svg}</datalist>`));
    const [, image = ''] = /src="data:image\/svg\+xml;base64,([^"]*)"/.exec(html) ?? [];
    assert.equal(Buffer.from(image, 'base64').toString(), svg);
    assert.match(svg, /<title>callback\(1\), asked for in In \[\d+\]:2\n/);
    assert.equal(shownBy(published).result, "'the result'");
  });

  it('draws nothing of a cell that did not run', async () => {
    const { published, reply } = await kernel.client.run('%%timeline\nconst = 1');
    assert.equal(reply['ename'], 'SyntaxError');
    assert.equal(
      published.find(({ type }) => type === 'display_data'),
      undefined,
    );
  });

  it('draws also what a cell that fails has done', async () => {
    const { published, reply } = await kernel.client.run(`%%timeline
loop.callSoon(callback, 1);
await sleep(0);
throw new RangeError('no');`);
    assert.equal(reply['ename'], 'RangeError');
    assert.match(drawnBy(published)['text/plain'] ?? '', /callback\(1\) +1\. called at/);
  });

  it('draws hours of virtual time', async () => {
    const { published } = await kernel.client.run(`%%timeline virtual
const worker = createTask(async () => { await sleep(3600); throw new Error('x'); }, { name: 'worker' });
await worker.catch(() => {});`);
    assert.match(
      drawnBy(published)['text/plain'] ?? '',
      /^timeline of 60 min: .*\n(?:.*\n)*.*worker.*failed/,
    );
  });

  it('leaves no trace behind', async () => {
    const { published } = await kernel.client.run('loop.trace().stop().length');
    assert.equal(shownBy(published).result, '0');
  });

  it('draws a task that was made of a promise, and the loops that cells make', async () => {
    await kernel.client.run(`const earlier = (await import('tsloop')).newEventLoop();`);
    const { published, reply } = await kernel.client.run(`%%timeline
import { newEventLoop, run } from 'tsloop';
const work = async () => { await sleep(0.01); };
await createTask(work(), { name: 'of a promise' });
earlier.callSoon(callback, 1);
await earlier.runUntilComplete(() => sleep(0.01));
await run(async function main() { await createTask(() => sleep(0.01), { name: 'inner' }); });`);
    assert.equal(reply['status'], 'ok', JSON.stringify(reply));
    const { 'text/plain': text = '', 'image/svg+xml': svg = '' } = drawnBy(published);
    const [, ...lines] = withoutTimes(text).split('\n');
    const names = lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' | '));
    assert.ok(names.includes('PersistentLoop: of a promise | made of a promise at T, at T done'), text);
    assert.ok(
      names.some((name) => /^EventLoop \d+: callback\(1\) \| \d+\. called at T$/.test(name)),
      text,
    );
    assert.ok(
      names.some((name) => /^EventLoop \d+: inner \| \d+\. called at T$/.test(name)),
      text,
    );
    const headings = [...svg.matchAll(/>(PersistentLoop|EventLoop \d+)<\/text>/g)].map(([, name]) => name);
    assert.equal(headings.length, 3, headings.join());
    assert.match(svg, /a task that was made of a promise, in In \[\d+\]:4/);
  });

  it('is not taken on by the cells that follow', async () => {
    await kernel.client.run(`%%timeline\nawait sleep(0)`);
    const { published } = await kernel.client.run('loop.callSoon(callback, 1); await sleep(0)');
    assert.equal(
      published.find(({ type }) => type === 'display_data'),
      undefined,
    );
  });
});
