/** All requests but those that run cells. */
import assert from 'node:assert/strict';
import { FrontUnderTest } from './front-under-test.ts';

describe('any request', () => {
  let front: FrontUnderTest;
  beforeEach(() => {
    front = new FrontUnderTest();
  });

  const requests = [
    ['kernel_info_request', {}],
    ['complete_request', { code: 'x', cursor_pos: 1 }],
    ['inspect_request', { code: 'x', cursor_pos: 1, detail_level: 0 }],
    ['is_complete_request', { code: 'x' }],
    ['history_request', { hist_access_type: 'tail', n: 3, output: false, raw: true }],
    ['comm_info_request', {}],
    ['interrupt_request', {}],
    ['connect_request', {}],
    ['usage_request', {}],
    ['create_subshell_request', {}],
    ['list_subshell_request', {}],
    ['shutdown_request', { restart: false }],
  ] as const;

  for (const [type, content] of requests) {
    for (const socket of ['shell', 'control'] as const) {
      it(`of type ${type} on ${socket} is busy first and idle last, and answered in between where it came from`, async () => {
        const id = front.send(type, content, socket);
        await front.idle(id);
        const kinds = front.kinds(id);
        assert.deepEqual([kinds[0], kinds.at(-1)], ['busy', 'idle']);
        const replies = front.of(id).filter((sent) => sent.socket !== 'iopub');
        assert.deepEqual(
          replies.map((sent) => [sent.socket, sent.type, sent.content['status'] ?? 'ok']),
          [[socket, type.replace('_request', '_reply'), type === 'is_complete_request' ? 'complete' : 'ok']],
        );
      });
    }
  }

  it('for the ports is told them', async () => {
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    assert.deepEqual(await front.ask('connect_request'), { status: 'ok', ...ports });
  });

  it('for yet another subshell is refused where there are a thousand', async () => {
    for (let count = 0; count < 1000; count += 1)
      assert.equal((await front.ask('create_subshell_request', {}, 'control'))['status'], 'ok');
    const refused = await front.ask('create_subshell_request', {}, 'control');
    assert.match(refused['evalue'] as string, /^There are 1000 subshells already/);
  });

  it('is answered to the identity that it came from, whatever its bytes', async () => {
    const identity = Buffer.from([0, 0xc3, 0x28, 0xff]);
    const id = front.send('kernel_info_request', {}, 'shell', identity);
    await front.idle(id);
    const reply = front.of(id).find(({ type }) => type === 'kernel_info_reply');
    assert.deepEqual(
      reply?.prefix.map((bytes) => Buffer.from(bytes)),
      [identity],
    );
  });

  it('is answered while a cell runs, and the last status heard is busy again', async () => {
    const cell = front.execute('long');
    for (const [type, content] of requests.slice(0, 6)) await front.ask(type, content);
    const last = front.sent.findLast(({ type }) => type === 'status');
    assert.deepEqual([last?.content['execution_state'], last?.parent], ['busy', cell]);
    front.succeed();
    assert.equal(front.sent.at(-1)?.content['execution_state'], 'idle');
  });

  it('with wrong content is told which field is wrong', async () => {
    const wrong = [
      ['complete_request', {}, "The field 'code' is missing; expected a string"],
      [
        'complete_request',
        { code: 'x', cursor_pos: 'end' },
        `The field 'cursor_pos' must be an integer, not "end"`,
      ],
      ['inspect_request', { code: 1 }, "The field 'code' must be a string, not 1"],
      ['is_complete_request', { code: [] }, "The field 'code' must be a string, not []"],
      ['history_request', { hist_access_type: 'tail', n: 1.5 }, "The field 'n' must be an integer, not 1.5"],
      ['shutdown_request', { restart: 'no' }, `The field 'restart' must be true or false, not "no"`],
    ] as const;
    for (const [type, content, evalue] of wrong) {
      const id = front.send(type, content as never);
      const reply = await front.idle(id);
      assert.deepEqual(reply, { status: 'error', ename: 'ContentError', evalue, traceback: [] }, type);
      assert.deepEqual(front.kinds(id), ['busy', type.replace('_request', '_reply'), 'idle']);
    }
    assert.deepEqual([front.logged, front.shutdowns], [[], 0]);
  });

  it('of an unknown type is logged, once a second at most, and the next one is answered', async () => {
    for (const type of ['nonsense_request', '__proto__', 'constructor', 'toString'])
      assert.deepEqual(front.kinds(front.send(type)), []);
    assert.equal(front.logged.length, 1);
    assert.match(front.logged[0] ?? '', /nonsense_request/);
    assert.equal((await front.ask('kernel_info_request'))['status'], 'ok');
  });

  it('with a wrong signature is dropped and logged, once a second at most', async () => {
    for (let i = 0; i < 50; i += 1)
      front.frames('shell', [Buffer.from('<IDS|MSG>'), ...Array<Buffer>(5).fill(Buffer.from('{}'))]);
    assert.equal(front.logged.length, 1);
    assert.match(front.logged[0] ?? '', /shell: Wrong signature/);
    assert.equal((await front.ask('kernel_info_request'))['status'], 'ok');
  });

  it('that has been here before is dropped, and one that is only alike is not', async () => {
    const sent: Uint8Array[][] = [];
    const { frames } = front;
    front.frames = (socket, each) => {
      sent.push(each);
      frames.call(front, socket, each);
    };
    const id = front.execute('once');
    front.succeed();
    const [recorded] = sent;
    assert.ok(recorded);
    for (const socket of ['shell', 'control', 'stdin'] as const) frames.call(front, socket, recorded);
    // Another identity does not make it another message.
    frames.call(front, 'shell', [Buffer.from('thief'), ...recorded.slice(1)]);
    assert.equal(front.cells.length, 1);
    assert.match(front.logged[0] ?? '', /has been here before/);
    front.execute('once');
    front.succeed();
    assert.equal(front.cells.length, 2);
    assert.equal(front.kinds(id).filter((kind) => kind === 'execute_reply').length, 1);
  });

  it('on stdin that nobody asked for is ignored', () => {
    const before = front.sent.length;
    front.send('input_reply', { value: 'x' }, 'stdin');
    assert.deepEqual([front.sent.length, front.logged], [before, []]);
  });

  it('whose handler fails is answered with the error, and the failure is logged', async () => {
    front.main.replies['Runtime.globalLexicalScopeNames'] = () => {
      throw new RangeError('V8 has gone');
    };
    front.main.replies['Runtime.evaluate'] = () => ({ result: { type: 'object' } });
    const reply = await front.ask('complete_request', { code: 'a', cursor_pos: 1 });
    assert.deepEqual(
      [reply['status'], reply['ename'], reply['evalue']],
      ['error', 'RangeError', 'V8 has gone'],
    );
    assert.match(front.logged.join(), /complete_request failed: RangeError/);
  });
});

describe('the front', () => {
  it('publishes nothing before somebody can hear it, so that the welcome comes first', () => {
    const front = new FrontUnderTest();
    assert.deepEqual(front.sent, []);
    front.subscribe('');
    assert.deepEqual(
      front.sent.map(({ type }) => type),
      ['iopub_welcome', 'status'],
    );
  });

  it('says once that it starts, at the first subscription or before the first answer', async () => {
    for (const subscribeFirst of [true, false]) {
      const front = new FrontUnderTest();
      if (subscribeFirst) front.subscribe('');
      front.send('kernel_info_request');
      front.subscribe('');
      const states = front.sent.filter(({ type }) => type === 'status');
      assert.deepEqual([states[0]?.content, states[0]?.parent], [{ execution_state: 'starting' }, '']);
      assert.equal(states.filter(({ content }) => content['execution_state'] === 'starting').length, 1);
    }
  });

  it('welcomes each subscription under its topic', () => {
    const front = new FrontUnderTest();
    for (const topic of ['', 'status']) {
      front.subscribe(topic);
      const welcome = front.sent.findLast(({ type }) => type === 'iopub_welcome');
      assert.deepEqual([welcome?.content, welcome?.parent], [{ subscription: topic }, '']);
      assert.deepEqual(welcome?.prefix.map(String), [topic]);
    }
  });
});

describe('the first cell', () => {
  it('with wrong content is answered, too', async () => {
    const front = new FrontUnderTest(1_000_000);
    const id = front.send('execute_request', { code: 5 });
    assert.equal((await front.idle(id))['ename'], 'ContentError');
    assert.deepEqual(front.kinds(id), ['busy', 'execute_reply', 'idle']);
  });

  it('is not waited for by other requests', async () => {
    const front = new FrontUnderTest(1_000_000);
    front.execute('waits');
    assert.equal((await front.ask('kernel_info_request'))['status'], 'ok');
    assert.deepEqual(front.cells, []);
    // What waits would keep the process of the tests.
    front.subscribe('');
  });
});
