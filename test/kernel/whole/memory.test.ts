/** Code that fills the heap is stopped, the user is told why, and the session lives; or is told why it does not. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Received, shownBy, TestKernel } from '../../support/kernel-client.ts';

/** In MB: large enough that the guard sees it coming, small enough to be full soon. */
const HEAP = 600;
/** The same for what has to be stopped before the heap is full, in some versions of Node. */
const LARGER_HEAP = 1000;
/** V8 collects garbage again and again before it gives up; on a busy machine that takes its time (ms). */
const LIMIT = 240_000;

interface Greedy {
  readonly code: string;
  /** Of the heap, in MB. */
  readonly limit?: number;
}

const AWAITING = 'const kept: unknown[] = []; for (;;) { kept.push(new Array(1000).fill(1)); await null }';

const greedy: Readonly<Record<string, Greedy>> = {
  'a loop': { code: 'const kept: unknown[] = []; for (;;) kept.push(new Array(1000).fill(1))' },
  'a loop that awaits': { code: AWAITING },
  // Node calls no function of its own around it: V8 cannot pause it everywhere.
  'a loop that awaits, behind a timer': {
    code: `await new Promise((resolve) => setTimeout(resolve, 5)); ${AWAITING}`,
    limit: LARGER_HEAP,
  },
  'a loop that awaits, behind an immediate': {
    code: `await new Promise<void>((resolve) => setImmediate(resolve)); ${AWAITING}`,
    limit: LARGER_HEAP,
  },
  'a timer, while the cell waits': {
    code: 'const held: unknown[] = []; setInterval(() => { for (let i = 0; i < 100; i++) held.push(new Array(1000).fill(1)) }, 1); await new Promise(() => {})',
  },
};

function startWith(limit: number): Promise<TestKernel> {
  return TestKernel.start({
    env: { TSLOOP_TYPECHECK: 'off', NODE_OPTIONS: `--max-old-space-size=${limit}` },
  });
}

describe('a full heap', function () {
  this.timeout(2 * LIMIT);
  for (const [what, { code, limit = HEAP }] of Object.entries(greedy)) {
    it(`stops ${what}, and says so, and the variables of earlier cells are there`, async () => {
      const kernel = await startWith(limit);
      try {
        const { client } = kernel;
        await client.run('let earlier = "earlier"');
        const { reply, published } = await client.answer(client.submit(code), LIMIT);
        const full = /^The heap is full: the code has used all of the \d+ MB .* NODE_OPTIONS=/;
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

describe('a heap that is full of garbage', function () {
  this.timeout(2 * LIMIT);
  it('stops nothing', async () => {
    const kernel = await startWith(HEAP);
    try {
      const { client } = kernel;
      // Half of the heap is held, and what is made beside it would fill it several times.
      await client.run(
        'const half = Array.from({ length: 40_000 }, () => new Array(1000).fill(1)); let made: unknown[] = []',
      );
      const code = `await new Promise((resolve) => setTimeout(resolve, 5));
        for (let i = 0; i < 400_000; i++) {
          made.push(new Array(1000).fill(1));
          if (made.length > 2000) made = [];
          await null;
        }
        half.length`;
      const { reply, published } = await client.answer(client.submit(code), LIMIT);
      assert.deepEqual([reply['status'], shownBy(published).result], ['ok', '40000']);
    } finally {
      await kernel.stop();
    }
  });
});

/** Its table grows in steps of which the last one is larger than what is left: nobody sees it coming. */
const LARGE = 'const large: unknown[] = []; for (let i = 0; i < 9; i++) large.push(new Array(5e7).fill(i))';

/** The message races with the end of the process, and a busy machine may let that win: so it may take some kernels. */
const KERNELS = 10;

describe('one step that needs more than what is left of the heap', function () {
  this.timeout(KERNELS * LIMIT);
  const advice = /he heap is full: .* \d+ MB .*\. The process of the kernel ends; restart .* NODE_OPTIONS=/;
  let home: string;
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'tsloop-full-'));
  });
  after(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

  /** What was published for the code until the process had ended, of the first kernel whose last words have come. */
  async function lastWordsOf(code: string): Promise<Received[]> {
    for (let left = KERNELS; left > 0; left -= 1) {
      const env = {
        TSLOOP_TYPECHECK: 'off',
        TSLOOP_HISTORY: path.join(home, 'history'),
        NODE_OPTIONS: '--max-old-space-size=120',
        TMPDIR: home,
      };
      const kernel = await TestKernel.start({ env });
      try {
        await kernel.client.run('"earlier"');
        const id = kernel.client.submit(code);
        const told = kernel.client.wait('the last words', tells(id), LIMIT).catch(() => undefined);
        await kernel.exit;
        const late = new Promise<undefined>((resolve) => setTimeout(resolve, 2000, undefined));
        if (await Promise.race([told, late])) return kernel.client.published(id);
      } finally {
        await kernel.stop();
      }
    }
    throw new Error(`none of ${KERNELS} kernels has told why it ended`);
  }
  const tells =
    (id: string) =>
    ({ parent, content }: Received): boolean =>
      parent === id && advice.test(String(content['text'] ?? content['evalue']));

  it('ends the kernel, and the cell says why', async () => {
    assert.match(shownBy(await lastWordsOf(LARGE)).traceback, advice);
  });

  it('is told under the latest cell when a callback makes it while none runs', async () => {
    const published = await lastWordsOf(`setTimeout(() => { ${LARGE} }, 500); 1`);
    assert.match(shownBy(published).stderr, advice);
  });

  it('has left the history on disk, and no file of reports', async () => {
    const names = await readdir(home);
    assert.deepEqual(
      names.filter((name) => name.includes('report')),
      [],
    );
    const files = await readdir(path.join(home, 'history'));
    const texts = await Promise.all(files.map((name) => readFile(path.join(home, 'history', name), 'utf8')));
    assert.ok(texts.some((text) => text.includes('earlier') && text.includes('new Array(5e7)')));
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
