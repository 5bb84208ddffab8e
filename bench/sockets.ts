/** Free ports, the connection file and the three sockets of a client. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { Context, Dealer, Subscriber } from 'zeromq';

export interface Sockets {
  readonly key: string;
  readonly session: string;
  /** Path of the connection file, readable by its owner alone. */
  readonly file: string;
  readonly shell: Dealer;
  readonly control: Dealer;
  readonly iopub: Subscriber;
  close(): Promise<void>;
}

// A kernel's start is measured, so a client must notice within milliseconds that it has bound its ports.
const reconnect = { reconnectInterval: 2, reconnectMaxInterval: 2 };

/** Connects at once; ZeroMQ goes on trying until the kernel has bound the ports. */
export async function openSockets(): Promise<Sockets> {
  const [shellPort, iopubPort, stdinPort, controlPort, heartbeatPort] = await freePorts(5);
  const key = randomUUID();
  const session = randomUUID();
  const folder = await mkdtemp(path.join(tmpdir(), 'tsloop-bench-'));
  const file = path.join(folder, 'connection.json');
  const connection = {
    ip: '127.0.0.1',
    transport: 'tcp',
    shell_port: shellPort,
    iopub_port: iopubPort,
    stdin_port: stdinPort,
    control_port: controlPort,
    hb_port: heartbeatPort,
    key,
    signature_scheme: 'hmac-sha256',
    kernel_name: 'bench',
  };
  await writeFile(file, JSON.stringify(connection), { mode: 0o600 });

  // A context of its own: its threads go when the kernel's round is over.
  const context = new Context({ blocky: false });
  const shell = new Dealer({ context, linger: 0, routingId: session, ...reconnect });
  const control = new Dealer({ context, linger: 0, routingId: session, ...reconnect });
  // No high-water mark: output that a kernel did send must not be dropped on this side.
  const iopub = new Subscriber({ context, linger: 0, receiveHighWaterMark: 0, ...reconnect });
  iopub.subscribe();
  shell.connect(`tcp://127.0.0.1:${shellPort}`);
  control.connect(`tcp://127.0.0.1:${controlPort}`);
  iopub.connect(`tcp://127.0.0.1:${iopubPort}`);
  return {
    key,
    session,
    file,
    shell,
    control,
    iopub,
    async close() {
      for (const socket of [shell, control, iopub]) socket.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePorts(n: number): Promise<number[]> {
  const servers = Array.from({ length: n }, () => createServer());
  // All are held until all are known, so that no port is handed out twice.
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
