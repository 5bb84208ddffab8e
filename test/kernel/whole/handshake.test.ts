/** Kernels that choose their ports themselves, for launchers of both kinds, written from their sources. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
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
import { answerHandshake, listen, receiveHandshake, signature } from '../../support/launcher.ts';

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

  const sign = (parts: readonly (string | Buffer)[]): string => signature(key, parts);
  const launch = async (at: Reply | Router, more: object = {}): Promise<void> => {
    socket = at;
    const file = path.join(folder, 'registration.json');
    await listen(at, file, key, more);
    child = spawnKernel([file], { cwd: folder });
  };
  const options = { context, linger: 0, receiveTimeout: LIMIT };
  const positron = async (): Promise<{ header: Readonly<Record<string, unknown>>; content: Ports }> => {
    const { header, content } = await receiveHandshake(socket, key);
    return { header, content: content as Ports };
  };
  const reply = (parent: object, content: object, signedWith = sign): Promise<void> =>
    answerHandshake(socket, parent, content, signedWith);
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
    const [identity = Buffer.alloc(0), delimiter, signed, content = Buffer.alloc(0)] = await (
      socket as Router
    ).receive();
    assert.deepEqual([String(delimiter), String(signed)], [DELIMITER, sign([content])]);
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
