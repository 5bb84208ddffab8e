/** The transport over real sockets, on loopback. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as zeromq from 'zeromq';
import type { Connection } from '../../../kernel/wire/connection-file.ts';
import { SocketTransport } from '../../../kernel/wire/sockets.ts';

describe('the socket transport', function () {
  if (process.platform === 'win32') return; // ipc endpoints need no free ports, and Windows has none.
  let folder: string;
  let transport: SocketTransport;
  let connection: Connection;
  const context = new zeromq.Context({ blocky: false });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tsloop-sockets-'));
    const at = (name: string): string => `ipc://${path.join(folder, name)}`;
    const endpoints = {
      shell: at('shell'),
      iopub: at('iopub'),
      stdin: at('stdin'),
      control: at('control'),
      hb: at('hb'),
    };
    connection = { endpoints, key: '', hash: 'sha256' };
    transport = new SocketTransport(zeromq);
  });
  afterEach(async () => {
    await transport.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A client of iopub, that has subscribed. */
  async function subscribe(options: { receiveHighWaterMark: number }): Promise<zeromq.Subscriber> {
    const subscribed = new Promise<void>((resolve) => transport.onSubscribe(() => resolve()));
    const client = new zeromq.Subscriber({ context, linger: 0, ...options });
    client.connect(connection.endpoints.iopub);
    client.subscribe();
    await subscribed;
    return client;
  }

  it('hands on frames with the socket that they came by, and sends answers back to who asked', async () => {
    transport.onFrames((socket, frames) =>
      transport.send(socket, [...frames.slice(0, 1), Buffer.from(`from ${socket}`)]),
    );
    await transport.bind(connection);
    for (const name of ['shell', 'control', 'stdin'] as const) {
      const clients = [1, 2].map(() => new zeromq.Dealer({ context, linger: 0 }));
      for (const client of clients) {
        client.connect(connection.endpoints[name]);
        await client.send('hello');
      }
      for (const client of clients) {
        assert.deepEqual((await client.receive()).map(String), [`from ${name}`]);
        client.close();
      }
    }
  });

  it('sends in the order of the calls, many thousands at once, and loses none', async () => {
    await transport.bind(connection);
    const subscribed = new Promise<void>((resolve) => transport.onSubscribe(() => resolve()));
    const client = new zeromq.Subscriber({ context, linger: 0, receiveHighWaterMark: 0 });
    client.connect(connection.endpoints.iopub);
    client.subscribe();
    await subscribed;
    const count = 5000;
    for (let i = 0; i < count; i += 1) transport.send('iopub', [Buffer.from(`${i}`)]);
    for (let i = 0; i < count; i += 1) assert.equal(String((await client.receive())[0]), `${i}`);
    client.close();
  });

  it('waits for a client that reads late, and says meanwhile that too much is queued', async () => {
    await transport.bind(connection);
    const client = await subscribe({ receiveHighWaterMark: 1 });
    // More than fits into the room for one client and all buffers on the way.
    const message = Buffer.alloc(100_000);
    let count = 0;
    while (!transport.isCongested) transport.send('iopub', [Buffer.from(`${count++}`), message]);
    const relief = new Promise<void>((resolve) => transport.onRelief(resolve));
    for (let more = 0; more < 500; more += 1) transport.send('iopub', [Buffer.from(`${count++}`), message]);
    for (let i = 0; i < count; i += 1) assert.equal(String((await client.receive())[0]), `${i}`);
    await relief;
    assert.equal(transport.isCongested, false);
    client.close();
  });

  it('leaves a client behind that does not read at all, so that the others hear everything', async () => {
    await transport.close();
    transport = new SocketTransport(zeromq, 100);
    await transport.bind(connection);
    const stuck = await subscribe({ receiveHighWaterMark: 1 });
    const client = await subscribe({ receiveHighWaterMark: 0 });
    const count = 3000;
    for (let i = 0; i < count; i += 1) transport.send('iopub', [Buffer.from(`${i}`), Buffer.alloc(20_000)]);
    for (let i = 0; i < count; i += 1) assert.equal(String((await client.receive())[0]), `${i}`);
    // Of those that it missed none comes later.
    const heard: number[] = [];
    transport.send('iopub', [Buffer.from('last')]);
    assert.equal(String((await client.receive())[0]), 'last');
    await transport.close();
    stuck.receiveTimeout = 500;
    try {
      for (;;) heard.push(Number((await stuck.receive())[0]));
    } catch {
      // Nothing more comes.
    }
    assert.ok(heard.length < count, `${heard.length} messages`);
    for (const socket of [stuck, client]) socket.close();
  });

  it('sends what is queued before it closes', async () => {
    await transport.bind(connection);
    const subscribed = new Promise<void>((resolve) => transport.onSubscribe(() => resolve()));
    const client = new zeromq.Subscriber({ context, linger: 0, receiveHighWaterMark: 0 });
    client.connect(connection.endpoints.iopub);
    client.subscribe();
    await subscribed;
    for (let i = 0; i < 500; i += 1) transport.send('iopub', [Buffer.from(`${i}`)]);
    await transport.close();
    let last = '';
    for (let i = 0; i < 500; i += 1) last = String((await client.receive())[0]);
    assert.equal(last, '499');
    client.close();
  });

  it('goes on after a client has gone that an answer was for', async () => {
    transport.onFrames((_, frames) => transport.send('shell', frames));
    await transport.bind(connection);
    transport.send('shell', [Buffer.from('nobody'), Buffer.from('x')]);
    const client = new zeromq.Dealer({ context, linger: 0 });
    client.connect(connection.endpoints.shell);
    await client.send('still there');
    assert.equal(String((await client.receive())[0]), 'still there');
    client.close();
  });

  it('tells of every subscription, also of the same topic', async () => {
    await transport.bind(connection);
    const topics: string[] = [];
    const two = new Promise<void>((resolve) =>
      transport.onSubscribe((topic) => {
        topics.push(Buffer.from(topic).toString());
        if (topics.length === 3) resolve();
      }),
    );
    const clients = ['', '', 'status'].map((topic) => {
      const client = new zeromq.Subscriber({ context, linger: 0 });
      client.connect(connection.endpoints.iopub);
      client.subscribe(topic);
      return client;
    });
    await two;
    assert.deepEqual(topics.sort(), ['', '', 'status']);
    for (const client of clients) client.close();
  });

  it('echoes heartbeats, also of several frames', async () => {
    await transport.bind(connection);
    const client = new zeromq.Request({ context, linger: 0 });
    client.connect(connection.endpoints.hb);
    await client.send(['ping', Buffer.from([0, 255])]);
    assert.deepEqual(await client.receive(), [Buffer.from('ping'), Buffer.from([0, 255])]);
    client.close();
  });

  it('says so when an address cannot be bound, and leaves nothing bound', async () => {
    const bad = { ...connection, endpoints: { ...connection.endpoints, hb: 'ipc:///no/such/folder/hb' } };
    await assert.rejects(transport.bind(bad));
    const second = new SocketTransport(zeromq);
    await second.bind(connection);
    await second.close();
  });

  it('may be closed twice, and takes no more then', async () => {
    await transport.bind(connection);
    await transport.close();
    transport.send('iopub', [Buffer.from('late')]);
    await transport.close();
  });
});
