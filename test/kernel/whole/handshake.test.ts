/** Kernels that choose their ports themselves, for launchers of both kinds, written from their sources. */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Context, Reply, Router } from 'zeromq';
import {
  type ConnectionInfo,
  type Exit,
  KernelClient,
  shownBy,
  spawnKernel,
} from '../../support/kernel-client.ts';

const LIMIT = 25_000;
const DELIMITER = '<IDS|MSG>';

type Ports = Pick<ConnectionInfo, 'shell_port' | 'iopub_port' | 'stdin_port' | 'control_port' | 'hb_port'>;

describe('a kernel that is given a registration file', () => {
  const context = new Context({ blocky: false });
  let folder: string;
  let key: string;
  let child: ReturnType<typeof spawnKernel> | undefined;
  let socket: Reply | Router;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tsloop-handshake-'));
    key = randomUUID();
    child = undefined;
  });
  afterEach(async () => {
    child?.child.kill('SIGKILL');
    await child?.exit;
    socket.close();
    await rm(folder, { recursive: true, force: true });
  });

  const sign = (parts: readonly (string | Buffer)[]): string => {
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  };
  const launch = async (listen: Reply | Router, more: object = {}): Promise<void> => {
    socket = listen;
    await listen.bind('tcp://127.0.0.1:*');
    const port = Number(/\d+$/.exec(listen.lastEndpoint ?? '')?.[0]);
    const file = path.join(folder, 'registration.json');
    const fields = { transport: 'tcp', ip: '127.0.0.1', key, signature_scheme: 'hmac-sha256' };
    await writeFile(file, JSON.stringify({ ...fields, registration_port: port, ...more }), { mode: 0o600 });
    child = spawnKernel([file], { cwd: folder });
  };
  const options = { context, linger: 0, receiveTimeout: LIMIT };
  const positron = async (): Promise<{ header: Record<string, unknown>; content: Ports }> => {
    const [delimiter, signature, ...parts] = await socket.receive();
    assert.equal(String(delimiter), DELIMITER);
    assert.equal(String(signature), sign(parts));
    const [header, , , content] = parts.map((part) => JSON.parse(String(part)) as never);
    return { header: header as never, content: content as never };
  };
  const reply = async (parent: object, content: object, signedWith = sign): Promise<void> => {
    const header = { msg_id: randomUUID(), session: 's', username: 'u', date: '', version: '5.5' };
    const parts = [{ ...header, msg_type: 'handshake_reply' }, parent, {}, content].map((part) =>
      JSON.stringify(part),
    );
    await socket.send([DELIMITER, signedWith(parts), ...parts]);
  };
  /** Runs a cell over the ports that were told. */
  const use = async (ports: Ports): Promise<void> => {
    const client = new KernelClient({
      transport: 'tcp',
      ip: '127.0.0.1',
      key,
      signature_scheme: 'hmac-sha256',
      ...ports,
    });
    try {
      await client.wait('the welcome', ({ type }) => type === 'iopub_welcome');
      assert.equal(shownBy((await client.run('6 * 7')).published).result, '42');
      assert.equal(await client.beat('there'), 'there');
    } finally {
      client.close();
    }
  };
  const ended = async (): Promise<Exit & { stderr: string }> => {
    assert.ok(child);
    return { ...(await child.exit), stderr: child.stderr() };
  };

  it('tells its ports in a handshake_request (Positron, ark), and can be used', async () => {
    await launch(new Reply(options));
    const { header, content } = await positron();
    assert.equal(header['msg_type'], 'handshake_request');
    assert.equal(new Set(Object.values(content)).size, 5);
    await reply(header, { status: 'ok' });
    await use(content);
  });

  it('ends when the launcher refuses it, or is an impostor', async () => {
    for (const isForged of [false, true]) {
      await launch(new Reply(options));
      const { header } = await positron();
      if (isForged) await reply(header, { status: 'ok' }, () => '0'.repeat(64));
      else await reply(header, { status: 'error', error: 'no room' });
      const { code, stderr } = await ended();
      assert.equal(code, 1);
      assert.match(stderr, isForged ? /Wrong signature/ : /refuses this kernel: "no room"/);
      socket.close();
    }
  });

  it('tells its ports in one frame, under the id that it was given (xeus), and can be used', async () => {
    await launch(new Router(options), { kernel_id: 'kernel-7', registration_ip: '127.0.0.1' });
    const [identity = Buffer.alloc(0), delimiter, signature, content = Buffer.alloc(0)] = await (
      socket as Router
    ).receive();
    assert.deepEqual([String(delimiter), String(signature)], [DELIMITER, sign([content])]);
    const { kernel_id: id, ...ports } = JSON.parse(String(content)) as Record<string, string>;
    assert.equal(id, 'kernel-7');
    await socket.send([identity, DELIMITER, sign(['ACK']), 'ACK']);
    const numbers = Object.fromEntries(
      Object.entries(ports).map(([name, port]) => {
        assert.equal(typeof port, 'string');
        return [name, Number(port)];
      }),
    ) as unknown as Ports;
    await use(numbers);
  });
});
