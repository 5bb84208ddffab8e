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

  it('of an unknown type is logged, and the next one is answered', async () => {
    front.send('nonsense_request');
    front.send('__proto__');
    front.send('constructor');
    front.send('toString');
    assert.equal(front.logged.length, 4);
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
  it('says that it starts, before anything else', () => {
    const [first] = new FrontUnderTest().sent;
    assert.deepEqual(
      [first?.type, first?.content, first?.parent],
      ['status', { execution_state: 'starting' }, ''],
    );
  });

  it('welcomes each subscription under its topic', () => {
    const front = new FrontUnderTest();
    for (const topic of ['', 'status']) {
      front.subscribe(topic);
      const welcome = front.sent.at(-1);
      assert.deepEqual(
        [welcome?.type, welcome?.content, welcome?.parent],
        ['iopub_welcome', { subscription: topic }, ''],
      );
      assert.deepEqual(welcome?.prefix.map(String), [topic]);
    }
  });
});

describe('the answer to', () => {
  let front: FrontUnderTest;
  beforeEach(() => {
    front = new FrontUnderTest();
  });

  it('kernel_info_request has what clients need', async () => {
    const info = await front.ask('kernel_info_request');
    assert.equal(info['protocol_version'], '5.5');
    assert.equal(info['implementation'], 'tsloop');
    assert.match(info['implementation_version'] as string, /^\d+\.\d+\.\d+/);
    assert.match(info['banner'] as string, /tsloop.*Node v\d+/);
    const language = info['language_info'] as Record<string, unknown>;
    const { name, mimetype, file_extension: extension, codemirror_mode: mode } = language;
    assert.deepEqual(
      [name, mimetype, extension, mode],
      ['typescript', 'text/typescript', '.ts', 'typescript'],
    );
    assert.equal(typeof language['version'], 'string');
    assert.deepEqual(
      (info['help_links'] as unknown[]).every((link) => typeof (link as { url: unknown }).url === 'string'),
      true,
    );
  });

  it('comm_info_request is a list without comms', async () => {
    assert.deepEqual(await front.ask('comm_info_request', { target_name: 'jupyter.widget' }), {
      status: 'ok',
      comms: {},
    });
  });

  it('comm_open is a comm_close on iopub: there is no such target', async () => {
    const id = front.send('comm_open', { comm_id: 'c1', target_name: 'nowhere', data: {} });
    await front.idle(id);
    assert.deepEqual(front.kinds(id), ['busy', 'comm_close', 'idle']);
    assert.deepEqual(front.of(id)[1]?.content, { comm_id: 'c1', data: {} });
  });

  it('comm_msg and comm_close of unknown comms is nothing but busy and idle', async () => {
    for (const type of ['comm_msg', 'comm_close']) {
      const id = front.send(type, { comm_id: 'c1', data: {} });
      await front.idle(id);
      assert.deepEqual(front.kinds(id), ['busy', 'idle']);
    }
    assert.deepEqual(front.logged, []);
  });

  it('comm_open without a comm_id is nothing: there is nobody to tell', async () => {
    const id = front.send('comm_open', {});
    await front.idle(id);
    assert.deepEqual(front.kinds(id), ['busy', 'idle']);
  });

  it('shutdown_request is on its channel and on iopub, with its restart flag, and ends the kernel', async () => {
    for (const restart of [true, false]) {
      const id = front.send('shutdown_request', { restart }, 'control');
      assert.deepEqual(await front.idle(id), { status: 'ok', restart });
      const replies = front.of(id).filter(({ type }) => type === 'shutdown_reply');
      assert.deepEqual(
        replies.map(({ socket, content }) => [socket, content['restart']]),
        [
          ['control', restart],
          ['iopub', restart],
        ],
      );
    }
    assert.equal(front.shutdowns, 2);
  });

  it('is_complete_request knows TypeScript, shell lines and magics', async () => {
    const cases: Record<string, unknown> = {
      '1 + 1': { status: 'complete' },
      'function f() {': { status: 'incomplete', indent: '  ' },
      'const a = [1,\n  {': { status: 'incomplete', indent: '    ' },
      '`open': { status: 'incomplete', indent: '' },
      'let let = 1': { status: 'invalid' },
      ')': { status: 'invalid' },
      '': { status: 'complete' },
      '!ls': { status: 'complete' },
      '!ls \\': { status: 'incomplete', indent: '' },
      '%%bash\nls': { status: 'incomplete', indent: '' },
      '%%bash\nls\n': { status: 'complete' },
      '%load x': { status: 'complete' },
      'name?': { status: 'complete' },
    };
    for (const [code, expected] of Object.entries(cases)) {
      assert.deepEqual(await front.ask('is_complete_request', { code }), expected, code);
    }
  });
});
