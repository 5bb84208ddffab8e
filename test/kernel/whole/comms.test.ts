/** Comms both ways, as a client sees them. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Received, shownBy, TestKernel } from '../../support/kernel-client.ts';

const COMMS = ['comm_open', 'comm_msg', 'comm_close'];

/** A message of a comm in short: type, target or nothing, data, buffers as text. */
function brief({ type, content, buffers }: Received): unknown[] {
  const { target_name: target, data } = content;
  return [type, ...(target === undefined ? [] : [target]), data, ...buffers.map(String)];
}

const commsOf = (messages: readonly Received[]): Received[] =>
  messages.filter(({ type }) => COMMS.includes(type));

describe('comms', () => {
  let kernel: TestKernel;
  let ids = 0;

  before(async () => {
    kernel = await TestKernel.start();
    const ended = await kernel.client.run("import { Comm, comms } from 'tsloop/comms';");
    assert.equal(ended.reply['status'], 'ok', JSON.stringify(ended.reply));
  });
  after(() => kernel.stop());

  const run = async (code: string): Promise<Received[]> => {
    const { reply, published } = await kernel.client.run(code);
    assert.equal(reply['status'], 'ok', JSON.stringify(reply));
    return [...published];
  };
  /** Sends a message of a comm, and returns what is published for it until idle. */
  const post = async (
    type: string,
    content: object,
    buffers: readonly Buffer[] = [],
    metadata: object = {},
  ): Promise<Received[]> => {
    const id = kernel.client.send('shell', type, content, { buffers, metadata });
    const isIdle = ({ parent, content: { execution_state: state } }: Received): boolean =>
      parent === id && state === 'idle';
    await kernel.client.wait(`idle after ${type}`, isIdle);
    return kernel.client.published(id);
  };
  const open = async (target: string, data: object = {}): Promise<{ id: string; published: Received[] }> => {
    const id = `comm-${(ids += 1)}`;
    return { id, published: await post('comm_open', { comm_id: id, target_name: target, data }) };
  };
  const known = async (content: object = {}): Promise<unknown> =>
    (await kernel.client.request('shell', 'comm_info_request', content)).reply['comms'];

  it('are opened by a cell, used and closed, with data, metadata and buffers', async () => {
    const published = await run(`
      const words = new TextEncoder().encode('some bytes');
      let mine = new Comm('plot', { a: 1 }, { version: '2' }, [words.subarray(5), words.buffer]);
      mine.send({ list: [1, null, 'x'] }, {}, [new Uint16Array([0x4142])]);
      mine.close({ last: true });
      mine.close();
      mine.isClosed`);
    const messages = commsOf(published);
    assert.deepEqual(messages.map(brief), [
      ['comm_open', 'plot', { a: 1 }, 'bytes', 'some bytes'],
      ['comm_msg', { list: [1, null, 'x'] }, 'BA'],
      ['comm_close', { last: true }],
    ]);
    assert.deepEqual(messages[0]?.metadata, { version: '2' });
    assert.equal(new Set(messages.map(({ content }) => content['comm_id'])).size, 1);
    assert.equal(shownBy(published).result, 'true');
  });

  it('are opened by a client, answered by their target, and bring buffers', async () => {
    await run(`comms.registerTarget('echo', (comm, { data }) => {
      comm.send({ opened: data });
      comm.onMessage(({ data, metadata, buffers }) => {
        console.log('got', data, buffers.map((buffer) => [...buffer]));
        comm.send({ data, metadata }, {}, buffers);
      });
      comm.onClose(({ data }) => console.log('closed', data));
    })`);
    const { id, published } = await open('echo', { hello: 1 });
    assert.deepEqual(commsOf(published).map(brief), [['comm_msg', { opened: { hello: 1 } }]]);
    const answer = await post('comm_msg', { comm_id: id, data: { n: 2 } }, [Buffer.from([1, 255])], { m: 1 });
    assert.deepEqual(
      answer.map(({ type, content }) => content['execution_state'] ?? type),
      ['busy', 'stream', 'comm_msg', 'idle'],
    );
    assert.equal(shownBy(answer).stdout, 'got { n: 2 } [ [ 1, 255 ] ]\n');
    const echo = commsOf(answer)[0];
    assert.deepEqual(echo?.content, { comm_id: id, data: { data: { n: 2 }, metadata: { m: 1 } } });
    assert.deepEqual(echo?.buffers, [Buffer.from([1, 255])]);
    assert.deepEqual(await known(), { [id]: { target_name: 'echo' } });
    const closed = await post('comm_close', { comm_id: id, data: { bye: true } });
    assert.equal(shownBy(closed).stdout, 'closed { bye: true }\n');
    assert.deepEqual(commsOf(closed), []);
    assert.deepEqual(await known(), {});
  });

  it('are listed by comm_info, all or those of one target', async () => {
    const published = await run("let one = new Comm('first'); let two = new Comm('second')");
    const [first = '', second = ''] = commsOf(published).map(({ content }) => String(content['comm_id']));
    assert.deepEqual(await known(), {
      [first]: { target_name: 'first' },
      [second]: { target_name: 'second' },
    });
    assert.deepEqual(await known({ target_name: 'second' }), { [second]: { target_name: 'second' } });
    await run('one.close(); two.close()');
    assert.deepEqual(await known(), {});
  });

  it('of a target that nobody has registered are closed, and that is said', async () => {
    const { id, published } = await open('nobody');
    assert.deepEqual(
      commsOf(published).map(({ type, content }) => [type, content['comm_id']]),
      [['comm_close', id]],
    );
    assert.match(shownBy(published).errors.join(), /^Error: No target 'nobody' is registered/);
    assert.deepEqual(await known(), {});
  });

  it('of pages that ask for widgets before there are any are closed without a word', async () => {
    const { published } = await open('jupyter.widget.control');
    assert.deepEqual(
      published.map(({ type, content }) => content['execution_state'] ?? type),
      ['busy', 'comm_close', 'idle'],
    );
  });

  it('that are not open are closed when a client writes to them', async () => {
    const published = await post('comm_msg', { comm_id: 'of an earlier kernel', data: {} });
    assert.deepEqual(commsOf(published).map(brief), [['comm_close', {}]]);
    assert.deepEqual(commsOf(await post('comm_close', { comm_id: 'of an earlier kernel', data: {} })), []);
  });

  it('show what their handlers throw or reject with, under the message, and stay open', async () => {
    await run(`comms.registerTarget('fails', (comm) => {
      comm.onMessage(({ data }) => {
        if (data['how'] === 'throw') throw new TypeError('thrown');
        return Promise.reject(new RangeError('rejected'));
      });
    })`);
    const { id } = await open('fails');
    const thrown = await post('comm_msg', { comm_id: id, data: { how: 'throw' } });
    assert.deepEqual(shownBy(thrown).errors, ['TypeError: thrown']);
    const [busy] = await post('comm_msg', { comm_id: id, data: { how: 'reject' } });
    await kernel.client.wait(
      'the rejection',
      ({ parent, content }) => parent === busy?.parent && content['evalue'] === 'rejected',
    );
    assert.deepEqual(await known(), { [id]: { target_name: 'fails' } });
    await post('comm_close', { comm_id: id, data: {} });
  });

  it('whose target throws are closed', async () => {
    await run("comms.registerTarget('breaks', () => { throw new Error('no') })");
    const { published } = await open('breaks');
    assert.deepEqual(commsOf(published).map(brief), [['comm_close', {}]]);
    assert.deepEqual(shownBy(published).errors, ['Error: no']);
  });

  it('are answered while a cell awaits, and what they print is not its output', async () => {
    const opened = await run(`
      let release = () => {};
      let waiting = new Comm('waits');
      waiting.onMessage(({ data }) => { console.log('inside'); setTimeout(() => { console.log('later'); release(); }) });`);
    const comm = String(commsOf(opened)[0]?.content['comm_id']);
    const cell = kernel.client.submit(
      "console.log('begun'); await new Promise<void>((resolve) => { release = resolve }); 'done'",
    );
    await kernel.client.printed(cell, 'begun');
    const message = await post('comm_msg', { comm_id: comm, data: {} });
    const { published } = await kernel.client.answer(cell);
    assert.deepEqual([shownBy(published).stdout, shownBy(published).result], ['begun\n', "'done'"]);
    const id = String(message[0]?.parent);
    await kernel.client.printed(id, 'later');
    assert.equal(shownBy(kernel.client.published(id)).stdout, 'inside\nlater\n');
    await run('waiting.close()');
  });

  it('refuse data that no message can carry, and messages to closed comms', async () => {
    for (const [code, error] of [
      ["new Comm('x', [1])", /^TypeError: The data of a comm's message must be an object/],
      ["new Comm('x', {}, new Map().set.bind(1))", /^TypeError: The metadata/],
      [
        "const loop: any = {}; loop.loop = loop; new Comm('x', loop)",
        /^TypeError: The data .* JSON: .*circular/s,
      ],
      ["const gone = new Comm('x'); gone.close(); gone.send({})", /^Error: The comm \S+ \(x\) is closed/],
    ] as const) {
      const { published } = await kernel.client.run(code);
      assert.match(shownBy(published).errors.join(), error, code);
    }
    assert.deepEqual(await known(), {});
  });

  it('are the same in files that cells import, and typed', async () => {
    const file = path.join(kernel.folder, 'helper.ts');
    await writeFile(
      file,
      "import { comms } from 'tsloop/comms';\nexport const hasEcho: boolean = comms === (globalThis as any).seen;",
    );
    const published = await run("(globalThis as any).seen = comms; (await import('./helper.ts')).hasEcho");
    assert.equal(shownBy(published).result, 'true');
    const wrong = await kernel.client.run('const text: number = new Comm("x").id');
    assert.match(String(wrong.reply['evalue']), /not assignable to type 'number'/);
    await rm(file);
  });

  it('go on after a handler without end was interrupted', async () => {
    await run(
      "comms.registerTarget('spins', (comm) => { comm.onMessage(() => { console.log('spinning'); for (;;); }) })",
    );
    const { id } = await open('spins');
    const spinning = kernel.client.send('shell', 'comm_msg', { comm_id: id, data: {} });
    await kernel.client.printed(spinning, 'spinning');
    await kernel.client.request('control', 'interrupt_request');
    await kernel.client.wait(
      'idle',
      ({ parent, content }) => parent === spinning && content['execution_state'] === 'idle',
    );
    await post('comm_close', { comm_id: id, data: {} });
    assert.equal(shownBy(await run('1 + 1')).result, '2');
  });
});
