/** The five ZeroMQ sockets of a kernel, as a transport: requests in, messages out. */
import { chmodSync, rmSync } from 'node:fs';
import type * as zmq from 'zeromq';
import type { Connection, CurveKeys, Socket } from './connection-file.ts';
import { Outbox } from './outbox.ts';
import { PatientPublisher, ROOM } from './patient-publisher.ts';

/** What the front needs of the outside world. The tests have one without sockets. */
export interface Transport {
  /** Frames that arrive on shell, control or stdin. */
  onFrames(listener: (socket: 'shell' | 'control' | 'stdin', frames: Uint8Array[]) => void): void;
  /** A client subscribed to iopub, with this topic (usually empty). */
  onSubscribe(listener: (topic: Uint8Array) => void): void;
  /** Queues frames; those of one socket leave in the order of the calls. */
  send(socket: 'shell' | 'control' | 'stdin' | 'iopub', frames: Uint8Array[]): void;
  /** Sends what is queued, then closes all sockets. */
  close(): Promise<void>;
}

/** A peer that sends a larger frame (bytes) is disconnected: V8 has no longer strings, and few the memory for it. */
const LARGEST_FRAME = 512 * 1024 * 1024;
/** What heartbeats carry (bytes): a few letters. */
const LARGEST_BEAT = 1024;
/** So many messages of a client wait at most; then it waits. */
const RECEIVED = 1000;

/** ZeroMQ keeps undelivered messages this long (ms) after a close: enough for a client on the same machine. */
const LINGER = 1000;

/** An address of the connection file cannot be bound. */
class BindError extends Error {
  override readonly name = 'BindError';
}

async function bind(socket: { bind(address: string): Promise<void> }, endpoint: string): Promise<void> {
  try {
    await socket.bind(endpoint);
  } catch (error) {
    throw new BindError(`The kernel cannot listen on ${endpoint}: ${(error as Error).message}`);
  }
}

/** The clients' keys are not looked at, as in ipykernel: they have the server's from the connection file. */
function serverOptions({ publicKey, secretKey }: CurveKeys): object {
  return { curveServer: true, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

function chmodIfThere(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    // A name in Linux's abstract namespace is no file.
  }
}

export class SocketTransport implements Transport {
  readonly #shell: zmq.Router;
  readonly #control: zmq.Router;
  readonly #stdin: zmq.Router;
  readonly #iopub: zmq.XPublisher;
  readonly #heartbeat: zmq.Router;
  readonly #publisher: PatientPublisher;
  readonly #outboxes: Record<'shell' | 'control' | 'stdin' | 'iopub', Outbox>;
  #frames: (socket: 'shell' | 'control' | 'stdin', frames: Uint8Array[]) => void = () => {};
  #subscribed: (topic: Uint8Array) => void = () => {};
  #loops: Array<Promise<void>> = [];
  /** The endpoints that are files. */
  #files: string[] = [];

  /** @param patience how long (ms) all wait for a client of iopub that reads nothing */
  constructor(zeromq: typeof zmq, patience?: number) {
    // Handover: a client that reconnects with its old identity takes it over from its dead connection.
    const common = { linger: LINGER, maxMessageSize: LARGEST_FRAME };
    const router = { ...common, handover: true, sendHighWaterMark: 0, receiveHighWaterMark: RECEIVED };
    this.#shell = new zeromq.Router(router);
    this.#control = new zeromq.Router(router);
    this.#stdin = new zeromq.Router(router);
    this.#iopub = new zeromq.XPublisher({
      ...common,
      maxMessageSize: LARGEST_BEAT,
      sendHighWaterMark: ROOM,
      verbosity: 'allSubs',
    });
    // No Reply, which garbage from one client would set to answering the wrong one.
    this.#heartbeat = new zeromq.Router({ linger: 0, maxMessageSize: LARGEST_BEAT });
    this.#publisher = new PatientPublisher(this.#iopub, patience);
    this.#outboxes = {
      shell: new Outbox(this.#shell),
      control: new Outbox(this.#control),
      stdin: new Outbox(this.#stdin),
      iopub: new Outbox(this.#publisher),
    };
  }

  /**
   * Binds all sockets.
   * @returns where they are bound, ports that were chosen included
   * @throws BindError when an address is taken; nothing stays bound then
   */
  async bind(connection: Connection): Promise<Record<Socket, string>> {
    const all: Record<Socket, zmq.Socket & { bind(address: string): Promise<void> }> = {
      shell: this.#shell,
      control: this.#control,
      stdin: this.#stdin,
      iopub: this.#iopub,
      hb: this.#heartbeat,
    };
    for (const socket of Object.values(all)) {
      if (connection.endpoints.shell.startsWith('tcp://[')) socket.ipv6 = true;
      if (connection.curve) Object.assign(socket, serverOptions(connection.curve));
    }
    const bound = await Promise.allSettled(
      Object.entries(all).map(([name, socket]) => bind(socket, connection.endpoints[name as Socket])),
    );
    const failed = bound.find((outcome) => outcome.status === 'rejected');
    if (failed) {
      for (const socket of Object.values(all)) socket.close();
      throw failed.reason;
    }
    this.#files = Object.values(connection.endpoints).filter((endpoint) => endpoint.startsWith('ipc://'));
    // Who may write to it may connect, and what it was made with depends on the process that started the kernel.
    for (const file of this.#files) chmodIfThere(file.slice('ipc://'.length));
    this.#loops = [
      this.#receive('control', this.#control),
      this.#receive('shell', this.#shell),
      this.#receive('stdin', this.#stdin),
      this.#subscriptions(),
      this.#echo(),
    ];
    return Object.fromEntries(
      Object.entries(all).map(([name, socket]) => [name, socket.lastEndpoint ?? '']),
    ) as Record<Socket, string>;
  }

  onFrames(listener: (socket: 'shell' | 'control' | 'stdin', frames: Uint8Array[]) => void): void {
    this.#frames = listener;
  }

  onSubscribe(listener: (topic: Uint8Array) => void): void {
    this.#subscribed = listener;
  }

  /** Whether so much waits to be published that more should not be made. */
  get isCongested(): boolean {
    return this.#outboxes.iopub.isFull;
  }

  /** Called when it is congested no more. */
  onRelief(listener: () => void): void {
    this.#outboxes.iopub.onRelief = listener;
  }

  send(socket: 'shell' | 'control' | 'stdin' | 'iopub', frames: Uint8Array[]): void {
    this.#outboxes[socket].push(frames);
  }

  async close(): Promise<void> {
    this.#publisher.hurry();
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.flush()));
    for (const outbox of Object.values(this.#outboxes)) outbox.close();
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub, this.#heartbeat])
      socket.close();
    // A process that ends while a receive is pending is aborted by ZeroMQ: let all loops end first.
    await Promise.allSettled(this.#loops);
    // ZeroMQ removes them a moment later, when the process has often ended already.
    for (const endpoint of this.#files.splice(0)) rmSync(endpoint.slice('ipc://'.length), { force: true });
  }

  async #receive(name: 'shell' | 'control' | 'stdin', socket: zmq.Router): Promise<void> {
    await untilClosed(socket, (frames) => this.#frames(name, frames));
  }

  /** XPUB delivers each subscription as a frame: 1 (subscribe) or 0, then the topic. */
  async #subscriptions(): Promise<void> {
    await untilClosed(this.#iopub, ([frame]) => {
      if (frame?.[0] === 1) this.#subscribed(frame.subarray(1));
    });
  }

  async #echo(): Promise<void> {
    await untilClosed(this.#heartbeat, (frames) => this.#heartbeat.send(frames));
  }
}

/** Hands on what comes, until the socket is closed. */
async function untilClosed(
  socket: { readonly closed: boolean } & AsyncIterable<Buffer[]>,
  take: (frames: Buffer[]) => void | Promise<void>,
): Promise<void> {
  while (!socket.closed) {
    try {
      for await (const frames of socket) await take(frames);
    } catch {
      // The socket was closed; or a peer broke off, or is none of ZeroMQ's: the others are still there.
    }
  }
}
