/** The protocol over real sockets: what only a client on the other side can see. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

for (const transport of ['tcp', 'ipc'] as const) {
  describe(`a kernel over ${transport}`, function () {
    if (transport === 'ipc' && process.platform === 'win32') return;
    let kernel: TestKernel;
    before(async () => {
      kernel = await TestKernel.start({ transport });
    });
    after(() => kernel.stop());

    it('answers kernel_info on shell and on control', async () => {
      for (const channel of ['shell', 'control'] as const) {
        const { reply, published } = await kernel.client.request(channel, 'kernel_info_request');
        assert.equal((reply['language_info'] as Record<string, unknown>)['name'], 'typescript');
        assert.deepEqual(
          published.map(({ content }) => content['execution_state']),
          ['busy', 'idle'],
        );
      }
    });

    it('runs cells', async () => {
      assert.equal(shownBy((await kernel.client.run('6 * 7')).published).result, '42');
    });

    it('beats', async () => assert.equal(await kernel.client.beat('ping'), 'ping'));

    it('shows two clients the same', async () => {
      const other = await kernel.connect();
      const id = kernel.client.submit('console.log("to both"); 1');
      const { published } = await kernel.client.answer(id);
      await other.wait(
        'idle',
        ({ parent, content }) => parent === id && content['execution_state'] === 'idle',
      );
      assert.deepEqual(
        other.published(id).map(({ header }) => header['msg_id']),
        published.map(({ header }) => header['msg_id']),
      );
      // The reply goes to the one that asked.
      assert.equal(
        other.received.some(({ channel }) => channel !== 'iopub'),
        false,
      );
      assert.equal(shownBy((await other.run('"from the other"')).published).result, "'from the other'");
    });

    it('drops what is not signed with its key, and goes on', async () => {
      const header = JSON.stringify({ msg_id: 'forged', msg_type: 'execute_request' });
      const content = JSON.stringify({ code: 'globalThis.forged = true' });
      kernel.client.sendFrames('shell', ['<IDS|MSG>', '0'.repeat(64), header, '{}', '{}', content]);
      kernel.client.sendFrames('shell', ['<IDS|MSG>', '', header, '{}', '{}', content]);
      kernel.client.sendFrames('shell', ['nonsense']);
      kernel.client.sendFrames('control', ['<IDS|MSG>', 'x', 'not', 'JSON', 'at', 'all']);
      assert.equal(shownBy((await kernel.client.run('"forged" in globalThis')).published).result, 'false');
      assert.deepEqual(kernel.client.published('forged'), []);
      await kernel.said(/Dropped a message on (?:shell|control): /);
    });
  });
}

describe('a kernel whose cell runs for ever', () => {
  let kernel: TestKernel;
  let running: string;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.client.run('const inSession = { member: 1 }');
    running = kernel.client.submit('console.log("begun"); for (;;);');
    await kernel.client.printed(running, 'begun');
  });
  after(() => kernel.stop());

  it('beats', async () => assert.equal(await kernel.client.beat('still there'), 'still there'));

  it('answers kernel_info, comm_info and history, and says that it is busy again', async () => {
    const requests = [
      ['kernel_info_request', {}],
      ['comm_info_request', {}],
      ['is_complete_request', { code: '{' }],
      ['history_request', { hist_access_type: 'tail', n: 2, raw: true, output: false }],
    ] as const;
    for (const [type, content] of requests) {
      const { id, reply } = await kernel.client.request('shell', type, content);
      assert.notEqual(reply['status'], 'error', type);
      const ofRequest = kernel.client.received.findIndex(
        ({ parent, content: c }) => parent === id && c['execution_state'] === 'idle',
      );
      await kernel.client.wait(
        'busy again',
        (message) =>
          message.parent === running &&
          message.content['execution_state'] === 'busy' &&
          kernel.client.received.indexOf(message) > ofRequest,
      );
    }
  });

  it('completes and inspects', async () => {
    const { reply } = await kernel.client.request('shell', 'complete_request', {
      code: 'inSess',
      cursor_pos: 6,
    });
    assert.deepEqual(reply['matches'], ['inSession']);
    const members = await kernel.client.request('shell', 'complete_request', {
      code: 'inSession.mem',
      cursor_pos: 13,
    });
    assert.deepEqual(members.reply['matches'], ['member']);
    const inspected = await kernel.client.request('shell', 'inspect_request', {
      code: 'inSession',
      cursor_pos: 3,
      detail_level: 0,
    });
    assert.equal(inspected.reply['found'], true);
  });

  it('goes on when it is interrupted', async () => {
    await kernel.client.request('control', 'interrupt_request');
    await kernel.client.answer(running);
    assert.equal(shownBy((await kernel.client.run('inSession.member')).published).result, '1');
  });
});

describe('requests about the session', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.client.run(
      'const answer = 42; let list = [1]; class Thing { get danger() { throw new Error("x") } }\nconst thing = new Thing(); let touched = false; const trap = { get it() { touched = true; return 1 } }',
    );
  });
  after(() => kernel.stop());

  const complete = async (code: string, cursor = Array.from(code).length): Promise<Record<string, unknown>> =>
    (await kernel.client.request('shell', 'complete_request', { code, cursor_pos: cursor })).reply;

  it('complete names of the session, also after an emoji', async () => {
    const { matches, cursor_start: start, cursor_end: end } = await complete('"😀" + answ');
    assert.deepEqual([matches, start, end], [['answer'], 6, 10]);
  });

  it('complete members, inherited ones included', async () => {
    assert.deepEqual((await complete('list.findLa'))['matches'], ['findLast', 'findLastIndex']);
    assert.deepEqual((await complete('answer.toFi'))['matches'], ['toFixed']);
    assert.deepEqual((await complete('thing.dan'))['matches'], ['danger']);
    assert.deepEqual((await complete('Math.PI.toEx'))['matches'], ['toExponential']);
  });

  it('complete without running getters', async () => {
    await complete('trap.it.to');
    await kernel.client.request('shell', 'inspect_request', {
      code: 'trap.it',
      cursor_pos: 7,
      detail_level: 0,
    });
    assert.equal(shownBy((await kernel.client.run('touched')).published).result, 'false');
  });

  it('inspect values, functions and classes', async () => {
    const { reply } = await kernel.client.request('shell', 'inspect_request', {
      code: 'answer + 1',
      cursor_pos: 2,
      detail_level: 0,
    });
    assert.deepEqual(
      [reply['found'], (reply['data'] as Record<string, string>)['text/plain']?.split('\n')[0]],
      [true, 'const answer: 42'],
    );
    const none = await kernel.client.request('shell', 'inspect_request', {
      code: 'nowhere',
      cursor_pos: 2,
      detail_level: 0,
    });
    assert.equal(none.reply['found'], false);
  });

  it('evaluate user expressions after the cell, each by itself', async () => {
    const { reply } = await kernel.client.run('let ux = 1; ux += 1', {
      user_expressions: { value: 'ux', fails: 'nowhere', awaited: 'await Promise.resolve("a")', broken: '(' },
    });
    const { value, fails, awaited, broken } = reply['user_expressions'] as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual(value, { status: 'ok', data: { 'text/plain': '2' }, metadata: {} });
    assert.deepEqual([fails?.['status'], fails?.['ename']], ['error', 'ReferenceError']);
    assert.deepEqual(awaited?.['data'], { 'text/plain': "'a'" });
    assert.deepEqual([broken?.['status'], broken?.['ename']], ['error', 'SyntaxError']);
  });

  it('keep cells that were sent all at once in their order, and abort those behind an error', async () => {
    const codes = [
      'console.log(1)',
      'await new Promise((r) => setTimeout(r, 5)); console.log(2)',
      'throw new Error("3")',
      'console.log(4)',
    ];
    const ids = codes.map((code) => kernel.client.submit(code));
    const replies = [];
    for (const id of ids) replies.push((await kernel.client.answer(id)).reply['status']);
    assert.deepEqual(replies, ['ok', 'ok', 'error', 'aborted']);
    assert.equal(shownBy((await kernel.client.run('"next"')).published).result, "'next'");
  });

  it('with an iopub topic, subscribe and are welcomed', () => {
    const welcome = kernel.client.received.find(({ type }) => type === 'iopub_welcome');
    assert.deepEqual([welcome?.parent, welcome?.content], ['', { subscription: '' }]);
  });
});
