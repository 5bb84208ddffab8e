import assert from 'node:assert/strict';
import { type Notebook, parseNotebook } from '../../../kernel/embedded/notebook.ts';
import { runCells, type RunOptions, type RunResult } from '../../../kernel/embedded/run-cells.ts';
import { FakeRuntime, fails, prints, type Script, succeed } from './fake-runtime.ts';
import { makeCell, notebookJson } from './make-notebook.ts';

function notebookOf(...cells: ReadonlyArray<Record<string, unknown>>): Notebook {
  return parseNotebook(notebookJson(cells), 'test.ipynb');
}

function run(
  notebook: Notebook,
  runtime: FakeRuntime,
  options: Partial<RunOptions> = {},
): Promise<RunResult> {
  const quiet = { allowErrors: false, grace: 0, signal: new AbortController().signal };
  return runCells(notebook, runtime, {
    ...quiet,
    onStart: () => undefined,
    onEnd: () => undefined,
    ...options,
  });
}

const outputsOf = (notebook: Notebook): unknown[] => notebook.cells.map(({ outputs }) => outputs);
const printed = (text: string): unknown[] => [{ output_type: 'stream', name: 'stdout', text }];
const never: Script = () => undefined;

describe('a run of cells', () => {
  it('runs the code cells in order and counts them', async () => {
    const notebook = notebookOf(makeCell('a'), makeCell('# text', { type: 'markdown' }), makeCell('b'));
    const runtime = new FakeRuntime({ a: prints, b: prints });
    assert.deepEqual(await run(notebook, runtime), { status: 'ok' });
    assert.deepEqual(runtime.ran(), ['a', 'b']);
    assert.deepEqual(outputsOf(notebook), [printed('a\n'), undefined, printed('b\n')]);
    assert.deepEqual(
      notebook.cells.map((cell) => cell['execution_count']),
      [1, undefined, 2],
    );
  });

  it('skips empty cells and those tagged skip-execution, without counting them', async () => {
    const notebook = notebookOf(makeCell(' \n'), makeCell('x', { tags: ['skip-execution'] }), makeCell('a'));
    const runtime = new FakeRuntime({ a: prints });
    assert.deepEqual(await run(notebook, runtime), { status: 'ok' });
    assert.deepEqual(
      notebook.cells.map((cell) => cell['execution_count']),
      [null, null, 1],
    );
  });

  it('stops at the first cell that fails, with its outputs, and leaves the rest as it was', async () => {
    const notebook = notebookOf(makeCell('a'), makeCell('bad'), {
      ...makeCell('b'),
      outputs: printed('old'),
    });
    const runtime = new FakeRuntime({ a: prints, bad: fails, b: prints });
    const result = await run(notebook, runtime);
    assert.ok(result.status === 'failed');
    assert.deepEqual([result.place.number, result.place.total, result.place.executionCount], [2, 3, 2]);
    assert.equal(result.error.evalue, 'broken');
    assert.deepEqual(runtime.ran(), ['a', 'bad']);
    const [, bad, rest] = notebook.cells;
    const outputs = bad?.['outputs'] as Array<{ output_type: string }> | undefined;
    assert.equal(outputs?.[0]?.output_type, 'error');
    assert.deepEqual(rest?.['outputs'], printed('old'));
  });

  it('goes on after an error when that is allowed, for all cells or for one by its tag', async () => {
    const tagged = makeCell('bad', { tags: ['raises-exception'] });
    for (const [cell, allowErrors] of [
      [tagged, false],
      [makeCell('bad'), true],
    ] as const) {
      const runtime = new FakeRuntime({ bad: fails, b: prints });
      const errors: Array<string | undefined> = [];
      const options = {
        allowErrors,
        onEnd: (_: unknown, error?: { ename: string }) => void errors.push(error?.ename),
      };
      assert.deepEqual(await run(notebookOf(cell, makeCell('b')), runtime, options), { status: 'ok' });
      assert.deepEqual(runtime.ran(), ['bad', 'b']);
      assert.deepEqual(errors, ['TypeError', undefined]);
    }
  });

  it('gives the output of a callback to the cell that scheduled it, also while a later one runs', async () => {
    const notebook = notebookOf(makeCell('a'), makeCell('late'));
    const late: Script = (post, { cell }) => {
      post({ type: 'stream', cell, name: 'stdout', text: 'late\n' });
      post({ type: 'stream', cell: cell - 1, name: 'stdout', text: 'callback\n' });
      succeed(post, cell);
    };
    await run(notebook, new FakeRuntime({ a: prints, late }));
    assert.deepEqual(outputsOf(notebook), [printed('a\ncallback\n'), printed('late\n')]);
  });

  it('keeps output that comes after the last cell, until the runtime has ended', async () => {
    const notebook = notebookOf(makeCell('a'));
    const runtime = new FakeRuntime({ a: prints });
    await run(notebook, runtime);
    runtime.say({ type: 'stream', cell: 1, name: 'stdout', text: 'after\n' });
    assert.deepEqual(outputsOf(notebook), [printed('a\nafter\n')]);
  });

  it('says in which cell the runtime died, and why', async () => {
    const runtime = new FakeRuntime({ a: prints, dies: () => runtime.end('it was killed') });
    const result = await run(notebookOf(makeCell('a'), makeCell('dies')), runtime);
    assert.ok(result.status === 'died');
    assert.equal(result.reason, 'it was killed');
    assert.equal(result.place?.executionCount, 2);
  });

  it('says so when the runtime dies before it is ready', async () => {
    const runtime = new FakeRuntime({}, { ready: false });
    runtime.end('it ended with exit code 1');
    const result = await run(notebookOf(makeCell('a')), runtime);
    assert.deepEqual(result, { status: 'died', place: undefined, reason: 'it ended with exit code 1' });
  });

  it('interrupts the cell on Ctrl-C, and waits for what it still says', async () => {
    const controller = new AbortController();
    const runtime = new FakeRuntime({ never: () => controller.abort() });
    const notebook = notebookOf(makeCell('never'));
    const running = run(notebook, runtime, { signal: controller.signal, grace: 1000 });
    const post = runtime.port.post.bind(runtime.port);
    Object.assign(runtime.port, {
      post: (message: Parameters<typeof post>[0]) => {
        post(message);
        if (message.type !== 'interrupt') return;
        runtime.say({ type: 'stream', cell: 1, name: 'stdout', text: 'finally\n' });
        succeed((answer) => runtime.say(answer), 1);
      },
    });
    const result = await running;
    assert.equal(result.status, 'interrupted');
    assert.deepEqual(outputsOf(notebook), [printed('finally\n')]);
  });

  it('does not start a cell after Ctrl-C', async () => {
    const runtime = new FakeRuntime({ a: prints }, { ready: false });
    const result = await run(notebookOf(makeCell('a')), runtime, { signal: AbortSignal.abort() });
    assert.deepEqual(result, { status: 'interrupted', place: undefined });
    assert.deepEqual(runtime.ran(), []);
  });

  it('stops a cell that runs longer than its time, interrupting it first', async () => {
    const runtime = new FakeRuntime({ never });
    const result = await run(notebookOf(makeCell('never')), runtime, { timeout: 0.001 });
    assert.ok(result.status === 'timeout');
    assert.equal(result.place?.number, 1);
    assert.deepEqual(runtime.received.at(-1), { type: 'interrupt', id: 1 });
  });
});
