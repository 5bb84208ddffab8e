/** Several clients, clients that come again, messages that are late, doubled or out of order. */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { Dealer, Subscriber } from 'zeromq';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

describe('a kernel and its clients', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
  });
  after(() => kernel.stop());

  /** Frames of a request, to be sent more than once. */
  const frames = (type: string, content: object): { id: string; frames: string[] } => {
    const id = randomUUID();
    const header = { msg_id: id, session: 's', username: 'u', date: '', msg_type: type, version: '5.5' };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const hmac = createHmac('sha256', kernel.connection.key);
    for (const part of parts) hmac.update(part);
    return { id, frames: ['<IDS|MSG>', hmac.digest('hex'), ...parts] };
  };

  it('runs a message that is sent twice once', async () => {
    await kernel.client.run('let times = 0');
    const content = { code: 'times += 1', silent: false, store_history: true };
    const { id, frames: twice } = frames('execute_request', content);
    kernel.client.sendFrames('shell', twice);
    kernel.client.sendFrames('shell', twice);
    kernel.client.sendFrames('control', twice);
    await kernel.client.answer(id);
    assert.equal(shownBy((await kernel.client.run('times')).published).result, '1');
    const replies = kernel.client.received.filter(
      ({ parent, type }) => parent === id && type === 'execute_reply',
    );
    assert.equal(replies.length, 1);
    assert.match(kernel.stderr, /has been here before/);
  });

  it('answers a client that has come again under its name', async () => {
    const first = await kernel.connect('the same');
    const cell = first.submit(
      "console.log('begun'); let finish = () => {}; await new Promise<void>((resolve) => { finish = resolve }); 'over'",
    );
    await first.printed(cell, 'begun');
    first.close();
    const again = await kernel.connect('the same');
    // What is asked meanwhile is answered, and so is what the client asked before it went.
    await again.request('shell', 'kernel_info_request');
    const { reply } = await again.request('control', 'interrupt_request');
    assert.equal(reply['status'], 'ok');
    const answer = await again.wait(
      'the reply to the old request',
      ({ parent, type }) => parent === cell && type === 'execute_reply',
    );
    assert.equal(answer.content['ename'], 'KeyboardInterrupt');
  });

  it('answers many clients at once, each its own', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => kernel.connect()));
    const results = await Promise.all(
      clients.map(async (client, index) => shownBy((await client.run(`"client ${index}"`)).published).result),
    );
    assert.deepEqual(
      results,
      clients.map((_, index) => `'client ${index}'`),
    );
    for (const client of clients) {
      const replies = client.received.filter(({ type }) => type === 'execute_reply');
      assert.equal(replies.length, 1);
    }
  });

  it('bears messages in the wrong order, and of types that are answers', async () => {
    const { client } = kernel;
    client.send('shell', 'comm_msg', { comm_id: 'not yet', data: {} });
    client.send('shell', 'comm_close', { comm_id: 'not yet', data: {} });
    client.send('shell', 'input_reply', { value: 'unasked' });
    client.send('control', 'delete_subshell_request', { subshell_id: 'not yet' });
    client.send('shell', 'execute_reply', { status: 'ok' });
    client.send('shell', 'status', { execution_state: 'idle' });
    client.send('shell', 'comm_open', { comm_id: 5 });
    // Requests of one channel on the other.
    for (const [channel, type] of [
      ['control', 'history_request'],
      ['shell', 'interrupt_request'],
      ['shell', 'list_subshell_request'],
    ] as const)
      assert.equal((await client.request(channel, type)).reply['status'], 'ok', type);
    assert.equal(shownBy((await client.run('"goes on"')).published).result, "'goes on'");
  });

  it('tells what it takes of the machine, children included', async function () {
    const ask = async (): Promise<Record<string, unknown>> =>
      (await kernel.client.request('control', 'usage_request')).reply;
    const first = await ask();
    assert.equal(first['pid'], kernel.pid);
    assert.ok(Number(first['kernel_memory']) > 10_000_000);
    assert.ok(Number(first['cpu_count']) >= 1);
    const machine = first['host_virtual_memory'] as Record<string, number>;
    assert.ok(Number(machine['total']) > Number(machine['available']));
    // Twice within half a second it says the same.
    const askUntil = async (isRight: (usage: Record<string, unknown>) => boolean): Promise<void> => {
      while (!isRight(await ask()))
        await kernel.client.run('{ const end = performance.now() + 200; while (performance.now() < end); }');
    };
    await askUntil(({ kernel_cpu: load }) => Number(load) > 0);
    if (process.platform !== 'linux') this.skip();
    const child =
      'import { spawn } from "node:child_process";\n' +
      'const big = spawn(process.execPath, ["-e", "const held = Buffer.alloc(3e8, 1); console.log(held.length); setInterval(() => {}, 1000)"]);\n' +
      'await new Promise((resolve) => big.stdout.once("data", resolve))';
    assert.equal((await kernel.client.run(child)).reply['status'], 'ok');
    const before = Number(first['kernel_memory']);
    await askUntil(({ kernel_memory: memory }) => Number(memory) - before > 200_000_000);
    await kernel.client.run('big.kill("SIGKILL")');
  });
});

describe('a kernel with CurveZMQ', () => {
  it('runs cells for who has its keys, and nobody else hears or says anything', async () => {
    const kernel = await TestKernel.start({ curve: true });
    const { connection } = kernel;
    const strangers = [
      new Dealer({ linger: 0 }),
      new Dealer({
        linger: 0,
        curveServerKey: 'z'.repeat(40),
        curvePublicKey: connection.curve_publickey ?? '',
        curveSecretKey: connection.curve_secretkey ?? '',
      }),
    ];
    const eavesdropper = new Subscriber({ linger: 0 });
    const heard: unknown[] = [];
    try {
      for (const stranger of strangers) {
        stranger.connect(`tcp://127.0.0.1:${connection.shell_port}`);
        void stranger.receive().then(
          (message) => heard.push(message),
          () => {},
        );
      }
      eavesdropper.connect(`tcp://127.0.0.1:${connection.iopub_port}`);
      eavesdropper.subscribe();
      void eavesdropper.receive().then(
        (message) => heard.push(message),
        () => {},
      );
      const parts = [
        { msg_id: 'x', msg_type: 'execute_request', session: '', username: '', date: '', version: '5.5' },
        {},
        {},
        { code: 'globalThis.hacked = true' },
      ].map((part) => JSON.stringify(part));
      const hmac = createHmac('sha256', connection.key);
      for (const part of parts) hmac.update(part);
      const signature = hmac.digest('hex');
      // They are not let in, so what they send stays with them.
      for (const stranger of strangers)
        void stranger.send(['<IDS|MSG>', signature, ...parts]).catch(() => {});
      assert.equal(shownBy((await kernel.client.run('6 * 7')).published).result, '42');
      assert.equal(await kernel.client.beat('beat'), 'beat');
      assert.equal((await kernel.client.request('control', 'kernel_info_request')).reply['status'], 'ok');
      assert.equal(shownBy((await kernel.client.run('"hacked" in globalThis')).published).result, 'false');
      assert.deepEqual(heard, []);
    } finally {
      for (const socket of [...strangers, eavesdropper]) socket.close();
      await kernel.stop();
    }
  });
});
