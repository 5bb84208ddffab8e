/** Code that fills the heap is stopped, the user is told why, and the session lives; or is told why it does not. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

/** Large enough that the guard sees it coming, small enough to be full soon. */
const HEAP = 600;
/** V8 collects garbage again and again before it gives up; on a busy machine that takes its time (ms). */
const LIMIT = 240_000;

const greedy: Readonly<Record<string, string>> = {
  'a loop': 'const kept: unknown[] = []; for (;;) kept.push(new Array(1000).fill(1))',
  'a loop that awaits':
    'const kept: unknown[] = []; for (;;) { kept.push(new Array(1000).fill(1)); await null }',
  'a timer, while the cell waits':
    'const held: unknown[] = []; setInterval(() => { for (let i = 0; i < 100; i++) held.push(new Array(1000).fill(1)) }, 1); await new Promise(() => {})',
};

describe('a full heap', function () {
  this.timeout(2 * LIMIT);
  for (const [what, code] of Object.entries(greedy)) {
    it(`stops ${what}, and says so, and the variables of earlier cells are there`, async () => {
      const kernel = await TestKernel.start({
        env: { TSLOOP_TYPECHECK: 'off', NODE_OPTIONS: `--max-old-space-size=${HEAP}` },
      });
      try {
        const { client } = kernel;
        await client.run('let earlier = "earlier"');
        const { reply, published } = await client.answer(client.submit(code), LIMIT);
        const full = /^The heap is full: the code has used all of the 6\d\d MB .* NODE_OPTIONS=/;
        assert.equal(reply['ename'], 'RangeError');
        assert.match(String(reply['evalue']), full);
        assert.equal(shownBy(published).errors.length, 1);
        assert.match(shownBy(published).traceback, /^RangeError: The heap is full/);
        const next = await client.answer(
          client.submit('await new Promise((resolve) => setTimeout(resolve, 1)); earlier'),
          LIMIT,
        );
        const { errors, result } = shownBy(next.published);
        assert.deepEqual([errors, result], [[], "'earlier'"]);
      } finally {
        await kernel.stop();
      }
    });
  }
});

/** It is larger than the heap, so that nobody sees it coming. */
const LARGE = 'new Array(3e7).fill(1).length';

describe('one allocation that is larger than the heap', function () {
  this.timeout(2 * LIMIT);
  let kernel: TestKernel;
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'tsloop-full-'));
    kernel = await TestKernel.start({
      env: {
        TSLOOP_TYPECHECK: 'off',
        NODE_OPTIONS: '--max-old-space-size=150',
        TMPDIR: home,
        XDG_DATA_HOME: home,
      },
    });
  });
  afterEach(async () => {
    await kernel.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  const advice = /he heap is full: .* \d+ MB .*\. The process of the kernel ends; restart .* NODE_OPTIONS=/;

  it('ends the kernel, and the cell says why, as its error and its reply', async () => {
    const { client } = kernel;
    await client.run('"earlier"');
    const { reply, published } = await client.answer(client.submit(LARGE), LIMIT);
    assert.equal(reply['status'], 'error');
    assert.equal(reply['ename'], 'ProcessExit');
    assert.match(String(reply['evalue']), advice);
    assert.equal(shownBy(published).errors.length, 1);
    assert.match(shownBy(published).traceback, advice);
    await kernel.exit;
  });

  it('is told as well when it is in the first cell', async () => {
    const { client } = kernel;
    const { reply, published } = await client.answer(client.submit(LARGE), LIMIT);
    assert.match(String(reply['evalue']), advice);
    assert.match(shownBy(published).traceback, advice);
    await kernel.exit;
  });

  it('is told under the latest cell when a callback makes it while none runs', async () => {
    const { client } = kernel;
    const id = client.submit(`setTimeout(() => { ${LARGE} }, 500); 1`);
    const told = client.wait(
      'the last words',
      ({ type, content, parent }) =>
        type === 'stream' && parent === id && advice.test(String(content['text'])),
      LIMIT,
    );
    await told;
    await kernel.exit;
  });

  it('leaves no file', async () => {
    const { client } = kernel;
    const before = await readdir(home);
    await client.answer(client.submit(LARGE), LIMIT);
    await kernel.exit;
    const left = (await readdir(home)).filter((name) => /report/.test(name));
    assert.deepEqual([left, before.filter((name) => /report/.test(name))], [[], []]);
  });
});

describe("Node's reports", () => {
  it('are written where Node writes them when a cell asks for one, and no end of the process is told', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tsloop-reports-'));
    const kernel = await TestKernel.start({ cwd: folder, env: { TSLOOP_TYPECHECK: 'off' } });
    try {
      const { client } = kernel;
      const about = `process.report.getReport();
        const name = process.report.writeReport();
        [name.startsWith('report.'), process.report.filename, process.report.reportOnFatalError]`;
      const { reply, published } = await client.run(about);
      assert.equal(reply['status'], 'ok');
      assert.equal(shownBy(published).result, "[ true, '', false ]");
      const written = (await readdir(folder)).filter((name) => /^report\..*\.json$/.test(name));
      assert.equal(written.length, 1);
      assert.equal(shownBy((await client.run('2')).published).result, '2');
    } finally {
      await kernel.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  });

  it('are left alone when the environment of the kernel asks for some', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tsloop-reports-'));
    const kernel = await TestKernel.start({
      env: { TSLOOP_TYPECHECK: 'off', NODE_OPTIONS: `--report-on-fatalerror --report-directory=${folder}` },
    });
    try {
      const { published } = await kernel.client.run(
        '[process.report.directory, process.report.filename, process.report.reportOnFatalError]',
      );
      const { result } = shownBy(published);
      assert.ok(result?.includes(folder) && result.includes("''") && result.includes('true'), result);
    } finally {
      await kernel.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
