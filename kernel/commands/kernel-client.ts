/** The least of a Jupyter client: runs one cell in a kernel, and shuts it down. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { v4 as uuid } from 'uuid';
import type * as zmq from 'zeromq';
import type { CellError } from '../bridge.ts';
import { type Message, PROTOCOL_VERSION } from '../protocol/message.ts';
import { readConnectionFile } from '../wire/connection-file.ts';
import { decode, encode, Signer } from '../wire/frames.ts';

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  // All are held until all are known, so that they differ.
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Writes a connection file with free ports of this machine and a fresh key. */
export async function writeConnectionFile(file: string): Promise<void> {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  const key = randomBytes(16).toString('hex');
  const connection = { transport: 'tcp', ip: '127.0.0.1', ...ports, key, signature_scheme: 'hmac-sha256' };
  // Who can read the key can run code in the kernel.
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
}

function makeRequest(type: string, content: object): Message<object> {
  const header = {
    msg_id: uuid(),
    session: uuid(),
    username: 'tsloop',
    date: new Date().toISOString(),
    msg_type: type,
    version: PROTOCOL_VERSION,
  };
  return { header, parent: {}, metadata: {}, content, buffers: [] };
}

/** How long (ms) a closed control socket goes on sending: the shutdown request must get through. */
const controlLinger = 1000;

export class KernelClient {
  readonly #shell: zmq.Dealer;
  readonly #control: zmq.Dealer;
  readonly #iopub: zmq.Subscriber;
  readonly #signer: Signer;

  /** @param sockets the zeromq package, loaded by whoever wants to know whether it loads. */
  constructor(connectionFile: string, { Dealer, Subscriber }: typeof zmq) {
    const { endpoints, key, hash } = readConnectionFile(connectionFile);
    this.#signer = new Signer(key, hash);
    this.#shell = new Dealer({ linger: 0 });
    this.#control = new Dealer({ linger: controlLinger });
    this.#iopub = new Subscriber({ linger: 0 });
    this.#shell.connect(endpoints.shell);
    this.#control.connect(endpoints.control);
    this.#iopub.connect(endpoints.iopub);
    this.#iopub.subscribe();
  }

  #send(socket: zmq.Dealer, type: string, content: object): Promise<void> {
    return socket.send(
      encode(makeRequest(type, content), this.#signer, []).map((frame) => Buffer.from(frame)),
    );
  }

  /**
   * Runs a cell as soon as the kernel greets its subscriber, so that no output is missed.
   * @returns its result as text.
   * @throws Error when the cell fails, or the sockets are closed before it is done.
   */
  async run(code: string): Promise<string> {
    for await (const frames of this.#iopub) {
      const { header, content } = decode(frames, this.#signer).message;
      if (header.msg_type === 'iopub_welcome') {
        const options = {
          silent: false,
          store_history: false,
          user_expressions: {},
          allow_stdin: false,
          stop_on_error: true,
        };
        await this.#send(this.#shell, 'execute_request', { code, ...options });
      } else if (header.msg_type === 'error') {
        const { ename, evalue } = content as unknown as CellError;
        throw new Error(`${code} failed: ${ename}: ${evalue}`);
      } else if (header.msg_type === 'execute_result') {
        return String((content['data'] as Record<string, unknown>)['text/plain']);
      }
    }
    throw new Error('The sockets were closed before the cell was done');
  }

  shutdown(): Promise<void> {
    return this.#send(this.#control, 'shutdown_request', { restart: false });
  }

  close(): void {
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
  }
}
