import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HistoryFiles, historyFolder } from '../../../kernel/front/history-files.ts';
import { History } from '../../../kernel/front/history.ts';
import type { JsonObject } from '../../../kernel/protocol/json.ts';
import { FrontUnderTest } from './front-under-test.ts';

function five(): History {
  const history = new History();
  ['let a = 1', 'a + 1', 'print(a)', 'a + 1', 'last [*]'].forEach((input, index) =>
    history.add(index + 1, input),
  );
  history.setOutput(2, '2');
  return history;
}

const lines = async (history: History, content: JsonObject): Promise<unknown[]> =>
  (await history.query({ raw: true, output: false, ...content })).map(([, line]) => line);

describe('the history', () => {
  it('gives the last cells', async () => {
    assert.deepEqual(await five().query({ hist_access_type: 'tail', n: 2 }), [
      [1, 4, 'a + 1'],
      [1, 5, 'last [*]'],
    ]);
    assert.deepEqual(await lines(five(), { hist_access_type: 'tail', n: 99 }), [1, 2, 3, 4, 5]);
    assert.deepEqual(await lines(five(), { hist_access_type: 'tail', n: 0 }), []);
  });

  it('gives outputs with the inputs, null for none', async () => {
    assert.deepEqual(await five().query({ hist_access_type: 'range', start: 1, stop: 3, output: true }), [
      [1, 1, ['let a = 1', null]],
      [1, 2, ['a + 1', '2']],
    ]);
  });

  it('gives a range of this session, its end not included, and nothing of others', async () => {
    assert.deepEqual(
      await lines(five(), { hist_access_type: 'range', session: 0, start: 2, stop: 4 }),
      [2, 3],
    );
    assert.deepEqual(await lines(five(), { hist_access_type: 'range', session: 1, start: 4 }), [4, 5]);
    assert.deepEqual(await lines(five(), { hist_access_type: 'range', session: -1, start: 1, stop: 9 }), []);
    assert.deepEqual(await lines(five(), { hist_access_type: 'range', session: 7, start: 1, stop: 9 }), []);
  });

  it('searches by a glob over the whole input', async () => {
    const search = (pattern: string, more: JsonObject = {}): Promise<unknown[]> =>
      lines(five(), { hist_access_type: 'search', pattern, ...more });
    assert.deepEqual(await search('*a*'), [1, 2, 3, 4, 5]);
    assert.deepEqual(await search('a*'), [2, 4]);
    assert.deepEqual(await search('a ? 1'), [2, 4]);
    assert.deepEqual(await search('[lp]*'), [1, 3, 5]);
    assert.deepEqual(await search('[!lp]*'), [2, 4]);
    assert.deepEqual(await search('print(a)'), [3]);
    assert.deepEqual(await search('last [[][*]]'), [5]);
    assert.deepEqual(await search('.*'), []);
    assert.deepEqual(await search('*', { n: 2 }), [4, 5]);
  });

  it('searches by stars without number as fast as by one', async () => {
    const history = new History();
    history.add(1, 'a'.repeat(10_000));
    const search = (pattern: string): Promise<unknown[]> =>
      lines(history, { hist_access_type: 'search', pattern });
    const before = performance.now();
    assert.deepEqual(await search(`${'*a'.repeat(100)}*b`), []);
    assert.deepEqual(await search(`${'*'.repeat(100)}a?[a-c]**`), [1]);
    assert.ok(performance.now() - before < 2000);
  });

  it('gives each input once when asked to, the last one', async () => {
    assert.deepEqual(
      await lines(five(), { hist_access_type: 'search', pattern: '*', unique: true }),
      [1, 3, 4, 5],
    );
  });

  it('searches over lines', async () => {
    const history = new History();
    history.add(1, 'first\nsecond');
    assert.deepEqual(await lines(history, { hist_access_type: 'search', pattern: 'first*second' }), [1]);
  });

  it('forgets the oldest of many thousands', async () => {
    const history = new History();
    for (let line = 1; line <= 10_050; line += 1) history.add(line, 'x');
    const kept = await lines(history, { hist_access_type: 'range', start: 0 });
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [10_000, 51, 10_050]);
  });

  it('holds the results of cells as a client asks for them', async () => {
    const front = new FrontUnderTest();
    front.execute('1 + 1');
    const { cell, executionCount } = front.cell;
    front.say({ type: 'result', cell, executionCount, data: { 'text/plain': '2' }, metadata: {} });
    front.succeed();
    const reply = await front.ask('history_request', {
      hist_access_type: 'tail',
      n: 1,
      output: true,
      raw: true,
    });
    assert.deepEqual(reply, { status: 'ok', history: [[1, 1, ['1 + 1', '2']]] });
  });

  it('has no other ways of access, and says so', async () => {
    const reply = await new FrontUnderTest().ask('history_request', { hist_access_type: 'sideways' });
    assert.equal(reply['status'], 'error');
    assert.match(reply['evalue'] as string, /hist_access_type/);
  });
});

describe('the history on disk', () => {
  let folder: string;
  let opened: HistoryFiles[];
  let failures: Error[];
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'tsloop-history-')), 'made', 'when needed');
    opened = [];
    failures = [];
  });
  afterEach(async () => {
    for (const files of opened) files.close();
    await rm(path.dirname(path.dirname(folder)), { recursive: true, force: true });
  });

  const open = (): History => {
    const files = new HistoryFiles(folder, (error) => failures.push(error));
    opened.push(files);
    return new History(files);
  };
  const tail = (history: History, n = 99): Promise<unknown[]> =>
    history.query({ hist_access_type: 'tail', n, output: true });

  it('keeps cells and results for later sessions, which are numbered', async () => {
    const first = open();
    first.add(1, 'let a = 1');
    first.add(2, 'a');
    first.setOutput(2, '1');
    const second = open();
    assert.deepEqual(await tail(second), [
      [1, 1, ['let a = 1', null]],
      [1, 2, ['a', '1']],
    ]);
    second.add(1, 'b');
    assert.deepEqual(await tail(second, 2), [
      [1, 2, ['a', '1']],
      [2, 1, ['b', null]],
    ]);
    const range = (session: number): Promise<unknown[]> =>
      lines(second, { hist_access_type: 'range', session, start: 1, stop: 3 });
    assert.deepEqual(
      [await range(0), await range(2), await range(-1), await range(1)],
      [[1], [1], [1, 2], [1, 2]],
    );
    assert.deepEqual([await range(3), await range(-2)], [[], []]);
    assert.deepEqual(failures, []);
  });

  it('has a cell on disk when it begins', async () => {
    open().add(7, 'process.exit()');
    assert.equal(await readFile(path.join(folder, '1.jsonl'), 'utf8'), '{"line":7,"in":"process.exit()"}\n');
  });

  it('is nobody else’s to read', async function () {
    if (process.platform === 'win32') this.skip();
    open().add(1, 'secret');
    const modes = [folder, path.join(folder, '1.jsonl')].map(async (file) => (await stat(file)).mode & 0o777);
    assert.deepEqual(await Promise.all(modes), [0o700, 0o600]);
  });

  it('is made by the first cell, and kept apart for two kernels at once', async () => {
    const [one, other] = [open(), open()];
    await assert.rejects(readdir(folder), /ENOENT/);
    one.add(1, 'one');
    other.add(1, 'other');
    one.add(2, 'one again');
    assert.deepEqual((await readdir(folder)).sort(), ['1.jsonl', '2.jsonl']);
    const inputs = async (history: History): Promise<unknown[]> =>
      (await history.query({ hist_access_type: 'tail' })).map(([session, , input]) => [session, input]);
    // A session's own cells are the last ones.
    assert.deepEqual(await inputs(one), [
      [2, 'other'],
      [1, 'one'],
      [1, 'one again'],
    ]);
    assert.deepEqual(await inputs(other), [
      [1, 'one'],
      [1, 'one again'],
      [2, 'other'],
    ]);
  });

  it('is searched as a whole, each input once when asked to', async () => {
    const first = open();
    ['plot(1)', 'other', 'plot(2)'].forEach((input, index) => first.add(index + 1, input));
    const second = open();
    ['plot(1)', 'last'].forEach((input, index) => second.add(index + 1, input));
    const search = async (more: JsonObject): Promise<unknown[]> =>
      (await second.query({ hist_access_type: 'search', pattern: 'plot*', ...more })).map(
        ([session, line]) => `${session}/${line}`,
      );
    assert.deepEqual(await search({}), ['1/1', '1/3', '2/1']);
    assert.deepEqual(await search({ unique: true }), ['1/3', '2/1']);
    assert.deepEqual(await search({ n: 2 }), ['1/3', '2/1']);
    assert.deepEqual(await search({ n: 1, unique: true }), ['2/1']);
  });

  it('bears lines that were cut off, other files, and files that are no history', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, '3.jsonl'), '{"line":1,"in":"whole"}\n{"line":2,"in":"cut o');
    await writeFile(path.join(folder, '5.jsonl'), 'null\n[]\n{"line":"1","in":2}\n\u0000');
    await writeFile(path.join(folder, 'notes.txt'), 'x');
    await mkdir(path.join(folder, '6.jsonl'));
    const history = open();
    history.add(1, 'new');
    assert.deepEqual(await tail(history), [
      [3, 1, ['whole', null]],
      [7, 1, ['new', null]],
    ]);
  });

  it('is bounded: the oldest sessions go, one session writes no more than so much', async () => {
    await mkdir(folder, { recursive: true });
    for (let session = 1; session <= 1005; session += 1)
      await writeFile(path.join(folder, `${session}.jsonl`), '{"line":1,"in":"x"}\n');
    const files = new HistoryFiles(folder, (error) => failures.push(error));
    opened.push(files);
    files.add({ line: 1, in: 'of session 1006' });
    await files.prune();
    const left = (await readdir(folder)).map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
    assert.deepEqual([left.length, left[0], left.at(-1)], [1000, 7, 1006]);
    for (let line = 2; line < 30; line += 1) files.add({ line, in: 'y'.repeat(900_000) });
    files.add({ line: 30, in: 'z'.repeat(2_000_000) });
    const { size } = await stat(path.join(folder, '1006.jsonl'));
    assert.ok(size > 7_000_000 && size < 10_000_000, `${size} bytes`);
  });

  it('that cannot be written costs nothing but itself, and is complained of once', async () => {
    await mkdir(path.dirname(folder), { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    const history = open();
    history.add(1, 'one');
    history.add(2, 'two');
    assert.deepEqual(await lines(history, { hist_access_type: 'tail', n: 5 }), [1, 2]);
    assert.deepEqual(await lines(history, { hist_access_type: 'range', session: 0 }), [1, 2]);
    assert.equal(failures.length, 1);
  });

  it('that cannot be written for a while is complete afterwards', async () => {
    await mkdir(path.dirname(folder), { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    const history = open();
    history.add(1, 'one');
    history.setOutput(1, '1');
    await rm(folder);
    history.add(2, 'two');
    assert.deepEqual(await tail(open()), [
      [1, 1, ['one', '1']],
      [1, 2, ['two', null]],
    ]);
    assert.equal(failures.length, 1);
  });

  it('lies where TSLOOP_HISTORY says, or nowhere', () => {
    const { TSLOOP_HISTORY: before } = process.env;
    try {
      process.env['TSLOOP_HISTORY'] = path.resolve('/some/where');
      assert.equal(historyFolder(), path.resolve('/some/where'));
      process.env['TSLOOP_HISTORY'] = 'off';
      assert.equal(historyFolder(), undefined);
      delete process.env['TSLOOP_HISTORY'];
      assert.match(historyFolder() ?? '', /tsloop[\\/]history$/);
    } finally {
      if (before === undefined) delete process.env['TSLOOP_HISTORY'];
      else process.env['TSLOOP_HISTORY'] = before;
    }
  });
});
