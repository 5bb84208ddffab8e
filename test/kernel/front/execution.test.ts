/** Cells as clients see them, without a runtime: order, queue, history, and under which request things appear. */
import assert from 'node:assert/strict';
import { failure, FrontUnderTest, success } from './front-under-test.ts';

describe('an execute_request', () => {
  let front: FrontUnderTest;
  beforeEach(() => {
    front = new FrontUnderTest();
  });

  it('says busy first, then the input, then what the cell shows, the reply, and idle last', () => {
    const id = front.execute('code');
    const { cell, executionCount } = front.cell;
    front.say({ type: 'stream', cell, name: 'stdout', text: 'out' });
    front.say({ type: 'result', cell, executionCount, data: { 'text/plain': '1' }, metadata: {} });
    front.succeed();
    assert.deepEqual(front.kinds(id), [
      'busy',
      'execute_input',
      'stream',
      'execute_result',
      'execute_reply',
      'idle',
    ]);
    assert.deepEqual(
      front
        .of(id)
        .map(({ socket }) => socket)
        .filter((socket) => socket !== 'iopub'),
      ['shell'],
    );
  });

  it('waits, if it is the first, until somebody hears what it says', async () => {
    const early = new FrontUnderTest(1_000_000);
    const ids = [early.execute('first'), early.execute('second')];
    await early.ask('kernel_info_request');
    assert.deepEqual(early.cells, []);
    early.subscribe('');
    assert.deepEqual(early.sent.map(({ type, content }) => content['execution_state'] ?? type).slice(-3), [
      'iopub_welcome',
      'busy',
      'execute_input',
    ]);
    early.succeed();
    assert.equal(early.cell.code, 'second');
    early.succeed();
    for (const id of ids) assert.equal(early.kinds(id).at(-1), 'idle');
  });

  it('does not wait for ever for somebody who hears it', async () => {
    const deaf = new FrontUnderTest(1);
    const id = deaf.execute('code');
    while (deaf.cells.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    deaf.succeed();
    assert.equal(deaf.kinds(id).at(-1), 'idle');
  });

  it('echoes its code exactly, with the execution count', () => {
    const code = ' \tconsole.log("é😀")\r\n\u2028!ls\n\n';
    const id = front.execute(code);
    const input = front.of(id).find(({ type }) => type === 'execute_input');
    assert.deepEqual(input?.content, { code, execution_count: 1 });
    assert.equal(front.cell.code, code);
  });

  it('counts the cells that are kept in the history, and no others', () => {
    const counts = [{}, { silent: true }, { store_history: false }, {}].map((options) => {
      const id = front.execute('x', options);
      front.succeed();
      return front.of(id).find(({ type }) => type === 'execute_reply')?.content['execution_count'];
    });
    assert.deepEqual(counts, [1, 1, 1, 2]);
  });

  it('that is silent says nothing of its input, and leaves no trace in the history', async () => {
    const id = front.execute('quiet', { silent: true, store_history: true });
    front.succeed();
    assert.deepEqual(front.kinds(id), ['busy', 'execute_reply', 'idle']);
    assert.equal(front.cell.silent, true);
    assert.deepEqual((await front.ask('history_request', { hist_access_type: 'tail', n: 5 }))['history'], []);
  });

  it('without store_history is shown but not kept', async () => {
    const id = front.execute('shown', { store_history: false });
    front.succeed();
    assert.deepEqual(front.kinds(id), ['busy', 'execute_input', 'execute_reply', 'idle']);
    assert.deepEqual((await front.ask('history_request', { hist_access_type: 'tail', n: 5 }))['history'], []);
  });

  it('runs when its turn comes, and is busy only then', () => {
    const first = front.execute('first');
    const second = front.execute('second');
    assert.deepEqual(
      front.cells.map(({ code }) => code),
      ['first'],
    );
    assert.deepEqual(front.kinds(second), []);
    front.succeed();
    assert.deepEqual(front.kinds(first).at(-1), 'idle');
    assert.deepEqual(
      front.cells.map(({ code }) => code),
      ['first', 'second'],
    );
    assert.deepEqual(front.kinds(second), ['busy', 'execute_input']);
  });

  it('carries payload and user expressions in its reply', async () => {
    const id = front.execute('x', { user_expressions: { a: '1', bad: 5 } });
    assert.deepEqual(front.cell.userExpressions, { a: '1' });
    const payload = [{ source: 'set_next_input' as const, text: 't', replace: true }];
    const userExpressions = { a: { status: 'ok' as const, data: { 'text/plain': '1' }, metadata: {} } };
    front.say({ type: 'done', cell: front.cell.cell, outcome: { status: 'ok', payload, userExpressions } });
    const { payload: sent, user_expressions: expressions, status } = await front.idle(id);
    assert.deepEqual([sent, expressions, status], [payload, userExpressions, 'ok']);
  });

  it('that fails publishes one error and carries it in its reply', async () => {
    const id = front.execute('x');
    front.fail();
    assert.deepEqual(await front.idle(id), { status: 'error', execution_count: 1, ...failure });
    const errors = front.of(id).filter(({ type }) => type === 'error');
    assert.deepEqual(
      errors.map(({ content }) => content),
      [failure],
    );
  });

  it('that fails aborts what is queued, and only that', async () => {
    const failing = front.execute('failing');
    const [one, two] = [front.execute('one'), front.execute('two')];
    front.fail();
    const replies = [await front.idle(one), await front.idle(two)];
    assert.deepEqual(
      replies.map(({ status }) => status),
      ['aborted', 'aborted'],
    );
    assert.deepEqual(front.kinds(one), ['busy', 'execute_reply', 'idle']);
    assert.deepEqual(
      front.cells.map(({ code }) => code),
      ['failing'],
    );
    assert.equal((await front.idle(failing))['status'], 'error');
    const later = front.execute('later');
    assert.deepEqual(front.kinds(later), ['busy', 'execute_input']);
    front.succeed();
    assert.equal((await front.idle(later))['execution_count'], 2);
  });

  it('that fails with stop_on_error false aborts nothing', async () => {
    front.execute('failing', { stop_on_error: false });
    const next = front.execute('next');
    front.fail();
    assert.deepEqual(
      front.cells.map(({ code }) => code),
      ['failing', 'next'],
    );
    front.succeed();
    assert.equal((await front.idle(next))['status'], 'ok');
  });

  it('that fails leaves other requests alone: they are answered as always', async () => {
    front.execute('failing');
    const info = front.send('kernel_info_request');
    front.fail();
    assert.equal((await front.idle(info))['status'], 'ok');
  });

  it('with wrong content is answered with what is wrong, and runs nothing', async () => {
    const wrong = [
      [{}, /'code' is missing/],
      [{ code: 5 }, /'code' must be a string, not 5/],
      [{ code: '1', silent: 'yes' }, /'silent' must be true or false/],
      [{ code: '1', user_expressions: [] }, /'user_expressions' must be an object/],
    ] as const;
    for (const [content, says] of wrong) {
      const id = front.send('execute_request', content as never);
      // Nothing waits for an idle status: a reply is what must come.
      const reply = front.of(id).find(({ type }) => type === 'execute_reply')?.content;
      assert.equal(reply?.['status'], 'error');
      assert.equal(reply['ename'], 'ContentError');
      assert.match(reply['evalue'] as string, says);
    }
    assert.deepEqual(front.cells, []);
    assert.deepEqual(front.logged, []);
    front.execute('goes on');
    assert.equal(front.cells.length, 1);
  });

  it('with wrong content is framed by busy and idle like any other', () => {
    const id = front.send('execute_request', {});
    assert.deepEqual(front.kinds(id), ['busy', 'execute_reply', 'idle']);
  });

  it('with nulls where the protocol has defaults takes the defaults', () => {
    front.execute('x', { silent: null, store_history: null, user_expressions: null, stop_on_error: null });
    assert.deepEqual(
      [front.cell.silent, front.cell.executionCount, front.cell.userExpressions],
      [false, 1, {}],
    );
  });
});

describe('what a cell shows', () => {
  let front: FrontUnderTest;
  beforeEach(() => {
    front = new FrontUnderTest();
  });

  it('late goes under the request that scheduled it, also while another cell runs', () => {
    const first = front.execute('first');
    const { cell } = front.cell;
    front.succeed();
    const second = front.execute('second');
    front.say({ type: 'stream', cell, name: 'stderr', text: 'late' });
    front.say({ type: 'error', cell, error: failure });
    assert.deepEqual(front.kinds(first).slice(-2), ['stream', 'error']);
    assert.deepEqual(front.kinds(second), ['busy', 'execute_input']);
    front.succeed();
    assert.equal(front.of(second).find(({ type }) => type === 'execute_reply')?.content['status'], 'ok');
  });

  it('joins what is printed in a row, and keeps the order with all else', () => {
    const id = front.execute('x');
    const { cell } = front.cell;
    front.say({ type: 'stream', cell, name: 'stdout', text: 'a\n' });
    front.say({ type: 'stream', cell, name: 'stdout', text: 'b\n' });
    front.say({ type: 'stream', cell, name: 'stderr', text: 'c\n' });
    front.say({ type: 'stream', cell, name: 'stdout', text: 'd\n' });
    front.say({ type: 'display', cell, data: { 'text/plain': 'e' }, metadata: {} });
    front.say({ type: 'stream', cell, name: 'stdout', text: 'f\n' });
    front.succeed();
    const shown = front
      .of(id)
      .flatMap(({ type, content }) =>
        type === 'stream' ? [content['text']] : type === 'display_data' ? ['e'] : [],
      );
    assert.deepEqual(shown, ['a\nb\n', 'c\n', 'd\n', 'e', 'f\n']);
    assert.deepEqual(front.kinds(id).slice(-2), ['execute_reply', 'idle']);
  });

  it('before any cell has run is published all the same', () => {
    front.say({ type: 'stream', cell: 0, name: 'stdout', text: 'early' });
    front.say({ type: 'clear', cell: 0, wait: false });
    assert.deepEqual(front.sent.at(-2)?.content, { name: 'stdout', text: 'early' });
    assert.equal(front.sent.at(-1)?.parent, '');
  });

  it('is a display whose transient data are an object, always', () => {
    const id = front.execute('x');
    const { cell } = front.cell;
    const shown = { cell, data: { 'text/plain': 'd' }, metadata: {} };
    front.say({ type: 'display', ...shown });
    front.say({ type: 'display', ...shown, displayId: 'a' });
    front.say({ type: 'display', ...shown, displayId: 'a', update: true });
    front.say({ type: 'clear', cell, wait: true });
    assert.deepEqual(
      front
        .of(id)
        .slice(2)
        .map(({ type, content }) => [type, content['transient'] ?? content['wait']]),
      [
        ['display_data', {}],
        ['display_data', { display_id: 'a' }],
        ['update_display_data', { display_id: 'a' }],
        ['clear_output', true],
      ],
    );
  });

  it('goes out with its type as the topic, and a header of this kernel', () => {
    const id = front.execute('x');
    front.say({ type: 'stream', cell: front.cell.cell, name: 'stdout', text: 'x' });
    front.succeed();
    const stream = front.of(id).find(({ type }) => type === 'stream');
    assert.deepEqual(stream?.prefix.map(String), ['stream']);
    const { version, session, msg_id: messageId, date } = stream?.header ?? {};
    assert.equal(version, '5.5');
    assert.match(`${session} ${messageId}`, /^[\da-f-]{36} [\da-f-]{36}$/);
    assert.equal(new Date(date ?? '').toISOString(), date);
    assert.equal(new Set(front.sent.map(({ header }) => header.msg_id)).size, front.sent.length);
  });

  it('after its end does not end another cell', () => {
    front.execute('first');
    const { cell } = front.cell;
    front.succeed();
    const second = front.execute('second');
    front.say({ type: 'done', cell, outcome: success });
    assert.deepEqual(front.kinds(second), ['busy', 'execute_input']);
  });
});

describe('a failed cell', () => {
  it('takes with it what comes before its answer, and nothing that comes after', async () => {
    const front = new FrontUnderTest();
    const failed = front.execute('bad');
    const queued = front.execute('queued');
    front.fail();
    const late = front.execute('late');
    assert.equal((await front.idle(failed))['status'], 'error');
    const after = front.execute('after');
    assert.equal((await front.idle(queued))['status'], 'aborted');
    assert.equal((await front.idle(late))['status'], 'aborted');
    assert.equal(front.cell.code, 'after');
    front.succeed();
    assert.equal((await front.idle(after))['status'], 'ok');
  });
});

describe('an interrupt_request', () => {
  it('on control is answered when the runtime has taken it', async () => {
    const front = new FrontUnderTest();
    const id = front.execute('x');
    front.onRuntime = (message) => {
      if (message.type === 'ping') front.say({ type: 'pong', id: message.id });
      if (message.type !== 'interrupt') return;
      front.fail();
      front.say({ type: 'interrupted', id: message.id, running: undefined });
    };
    assert.deepEqual(await front.ask('interrupt_request', {}, 'control'), { status: 'ok' });
    await front.idle(id);
    assert.deepEqual(front.kinds(id), ['busy', 'execute_input', 'error', 'execute_reply', 'idle']);
  });

  it('ends a cell that the runtime lost', async () => {
    const front = new FrontUnderTest();
    const id = front.execute('lost');
    await front.ask('interrupt_request', {}, 'control');
    assert.equal((await front.idle(id))['ename'], 'KeyboardInterrupt');
    assert.deepEqual(front.kinds(id), ['busy', 'execute_input', 'error', 'execute_reply', 'idle']);
  });

  it('waits for a cell that still ends by itself', async () => {
    const front = new FrontUnderTest();
    const id = front.execute('with finally');
    front.onRuntime = (message) => {
      if (message.type === 'ping') front.say({ type: 'pong', id: message.id });
      if (message.type === 'interrupt')
        front.say({ type: 'interrupted', id: message.id, running: front.cell.cell });
    };
    await front.ask('interrupt_request', {}, 'control');
    assert.equal(front.kinds(id).includes('execute_reply'), false);
    front.fail();
    assert.equal((await front.idle(id))['status'], 'error');
  });

  it('that is meant for one cell does not end the next one', async () => {
    const front = new FrontUnderTest();
    const first = front.execute('first', { stop_on_error: false });
    const second = front.execute('second');
    front.onRuntime = (message) => {
      if (message.type === 'ping') front.say({ type: 'pong', id: message.id });
      if (message.type !== 'interrupt') return;
      // The first cell ends by itself just now, and the second one begins.
      front.succeed();
      front.say({ type: 'interrupted', id: message.id, running: front.cell.cell });
    };
    await front.ask('interrupt_request', {}, 'control');
    assert.equal((await front.idle(first))['status'], 'ok');
    assert.deepEqual(
      front.kinds(second).filter((kind) => kind !== 'busy'),
      ['execute_input'],
    );
  });

  it('that a cell has overtaken on its way leaves that cell alone, if both are of one client', async () => {
    const front = new FrontUnderTest();
    const id = front.execute('sent later');
    const earlier = { date: '2025-12-31T23:59:59.9Z' };
    assert.deepEqual(await front.ask('interrupt_request', {}, 'control', earlier), { status: 'ok' });
    assert.deepEqual(front.kinds(id), ['busy', 'execute_input', 'busy']);
    await front.ask('interrupt_request', {}, 'control', { ...earlier, session: 'of another clock' });
    assert.equal((await front.idle(id))['ename'], 'KeyboardInterrupt');
  });

  it('of an idle kernel is answered', async () => {
    assert.deepEqual(await new FrontUnderTest().ask('interrupt_request', {}, 'control'), { status: 'ok' });
  });
});
