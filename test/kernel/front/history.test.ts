import assert from 'node:assert/strict';
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

const lines = (history: History, content: JsonObject): unknown[] =>
  history.query({ raw: true, output: false, ...content }).map((entry) => (entry as unknown[])[1]);

describe('the history', () => {
  it('gives the last cells', () => {
    assert.deepEqual(five().query({ hist_access_type: 'tail', n: 2 }), [
      [1, 4, 'a + 1'],
      [1, 5, 'last [*]'],
    ]);
    assert.deepEqual(lines(five(), { hist_access_type: 'tail', n: 99 }), [1, 2, 3, 4, 5]);
    assert.deepEqual(lines(five(), { hist_access_type: 'tail', n: 0 }), []);
  });

  it('gives outputs with the inputs, null for none', () => {
    assert.deepEqual(five().query({ hist_access_type: 'range', start: 1, stop: 3, output: true }), [
      [1, 1, ['let a = 1', null]],
      [1, 2, ['a + 1', '2']],
    ]);
  });

  it('gives a range of this session, its end not included, and nothing of others', () => {
    assert.deepEqual(lines(five(), { hist_access_type: 'range', session: 0, start: 2, stop: 4 }), [2, 3]);
    assert.deepEqual(lines(five(), { hist_access_type: 'range', session: 1, start: 4 }), [4, 5]);
    assert.deepEqual(lines(five(), { hist_access_type: 'range', session: -1, start: 1, stop: 9 }), []);
    assert.deepEqual(lines(five(), { hist_access_type: 'range', session: 7, start: 1, stop: 9 }), []);
  });

  it('searches by a glob over the whole input', () => {
    const search = (pattern: string, more: JsonObject = {}): unknown[] =>
      lines(five(), { hist_access_type: 'search', pattern, ...more });
    assert.deepEqual(search('*a*'), [1, 2, 3, 4, 5]);
    assert.deepEqual(search('a*'), [2, 4]);
    assert.deepEqual(search('a ? 1'), [2, 4]);
    assert.deepEqual(search('[lp]*'), [1, 3, 5]);
    assert.deepEqual(search('[!lp]*'), [2, 4]);
    assert.deepEqual(search('print(a)'), [3]);
    assert.deepEqual(search('last [[][*]]'), [5]);
    assert.deepEqual(search('.*'), []);
    assert.deepEqual(search('*', { n: 2 }), [4, 5]);
  });

  it('gives each input once when asked to, the last one', () => {
    assert.deepEqual(lines(five(), { hist_access_type: 'search', pattern: '*', unique: true }), [1, 3, 4, 5]);
  });

  it('searches over lines', () => {
    const history = new History();
    history.add(1, 'first\nsecond');
    assert.deepEqual(lines(history, { hist_access_type: 'search', pattern: 'first*second' }), [1]);
  });

  it('forgets the oldest of many thousands', () => {
    const history = new History();
    for (let line = 1; line <= 10_050; line += 1) history.add(line, 'x');
    const kept = lines(history, { hist_access_type: 'range', start: 0 });
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
