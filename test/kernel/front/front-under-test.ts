/** A front between a transport in memory and a runtime that says what the test lets it say. No sockets, no threads. */
import type { CellError, CellOutcome, CellRequest, ToFront, ToRuntime } from '../../../kernel/bridge.ts';
import { Front } from '../../../kernel/front/front.ts';
import { MainThread } from '../../../kernel/front/inspector.ts';
import type { JsonObject } from '../../../kernel/protocol/json.ts';
import type { Header, RequestChannel } from '../../../kernel/protocol/message.ts';
import { decode, encode, Signer } from '../../../kernel/wire/frames.ts';
import type { Transport } from '../../../kernel/wire/sockets.ts';

type Frames = Uint8Array[];
type RequestSocket = RequestChannel | 'stdin';
type ReplySocket = RequestSocket | 'iopub';

/** A message that the front sent. */
export interface Sent {
  readonly socket: ReplySocket;
  readonly type: string;
  /** The id of the request that it belongs to. */
  readonly parent: string;
  readonly content: JsonObject;
  readonly header: Header;
  /** The routing identities; on iopub the topic. */
  readonly prefix: readonly Uint8Array[];
}

/** The main thread's V8, as the test describes it: method → reply. */
export class FakeMain extends MainThread {
  readonly replies: Record<string, (parameters: Record<string, unknown>) => unknown> = {};
  readonly asked: string[] = [];

  override post<T>(method: string, parameters: object): Promise<T | undefined> {
    this.asked.push(method);
    return Promise.resolve(this.replies[method]?.(parameters as Record<string, unknown>) as T | undefined);
  }
}

export const success: CellOutcome = { status: 'ok', payload: [], userExpressions: {} };
export const failure: CellError = { ename: 'TypeError', evalue: 'broken', traceback: ['TypeError: broken'] };

export class FrontUnderTest {
  readonly signer: Signer = new Signer('key', 'sha256');
  readonly main: FakeMain = new FakeMain();
  readonly sent: Sent[] = [];
  readonly logged: string[] = [];
  readonly toRuntime: ToRuntime[] = [];
  shutdowns = 0;
  /** What the runtime does with each message; by default it answers pings and interrupts, and runs no cell. */
  onRuntime: (message: ToRuntime) => void = (message) => {
    if (message.type === 'ping') this.say({ type: 'pong', id: message.id });
    if (message.type === 'interrupt') this.say({ type: 'interrupted', id: message.id, running: undefined });
  };
  #frames: (socket: RequestSocket, frames: Frames) => void = () => {};
  #subscribed: (topic: Uint8Array) => void = () => {};
  readonly #listeners: Array<(message: ToFront) => void> = [];
  readonly #waiters = new Set<() => void>();
  #ids = 0;

  /** @param patience how long (ms) the first cell waits for a subscription; not at all, as most tests have none */
  constructor(patience: number = 0) {
    const transport: Transport = {
      onFrames: (listener) => {
        this.#frames = listener;
      },
      onSubscribe: (listener) => {
        this.#subscribed = listener;
      },
      send: (socket, frames) => this.#take(socket, frames),
      close: () => Promise.resolve(),
    };
    const front = new Front({
      transport,
      signer: this.signer,
      runtime: {
        post: (message) => {
          this.toRuntime.push(message);
          queueMicrotask(() => this.onRuntime(message));
        },
        onMessage: (listener) => this.#listeners.push(listener),
      },
      main: this.main,
      ports: () => ({ shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 }),
      patience,
      shutdown: () => (this.shutdowns += 1),
      log: (text) => this.logged.push(text),
    });
    front.start();
  }

  /** Something from the runtime. */
  say(message: ToFront): void {
    for (const listener of this.#listeners) listener(message);
  }

  /** Frames as they come from a socket. */
  frames(socket: RequestSocket, frames: Frames): void {
    this.#frames(socket, frames);
  }

  subscribe(topic: string): void {
    this.#subscribed(Buffer.from(topic));
  }

  /** Sends a request; returns its id. */
  send(
    type: string,
    content: JsonObject = {},
    socket: RequestSocket = 'shell',
    identity: Buffer = Buffer.from([0, 0xff, 0x80]),
    fields: Partial<Header> = {},
  ): string {
    const id = `request-${(this.#ids += 1)}`;
    const header = {
      msg_id: id,
      session: 'client',
      username: 'u',
      date: '2026-01-01T00:00:00Z',
      msg_type: type,
      version: '5.5',
      ...fields,
    };
    const message = { header, parent: {}, metadata: {}, content, buffers: [] };
    this.frames(socket, encode(message, this.signer, [identity]));
    return id;
  }

  execute(code: string, content: JsonObject = {}): string {
    return this.send('execute_request', { code, ...content });
  }

  /** The cells that the runtime was asked to run. */
  get cells(): CellRequest[] {
    return this.toRuntime.flatMap((message) => (message.type === 'execute' ? [message.request] : []));
  }

  /** The cell that runs. */
  get cell(): CellRequest {
    const cell = this.cells.at(-1);
    if (!cell) throw new Error('the runtime has not been asked to run a cell');
    return cell;
  }

  succeed(): void {
    this.say({ type: 'done', cell: this.cell.cell, outcome: success });
  }

  fail(): void {
    const { cell } = this.cell;
    this.say({ type: 'error', cell, error: failure });
    this.say({ type: 'done', cell, outcome: { status: 'error', error: failure, declared: [] } });
  }

  of(id: string): Sent[] {
    return this.sent.filter(({ parent }) => parent === id);
  }

  /** What was said of a request, in short: `busy`, `idle`, or the message's type. */
  kinds(id: string): string[] {
    return this.of(id).map(({ type, content }) =>
      type === 'status' ? (content['execution_state'] as string) : type,
    );
  }

  /** Waits until the request has been answered and the kernel is idle again. */
  async idle(id: string): Promise<JsonObject> {
    while (!this.kinds(id).includes('idle')) await new Promise<void>((resolve) => this.#waiters.add(resolve));
    return this.of(id).find(({ socket }) => socket !== 'iopub')?.content ?? {};
  }

  /** Sends a request and waits until it is answered. */
  ask(
    type: string,
    content: JsonObject = {},
    socket: RequestSocket = 'shell',
    fields: Partial<Header> = {},
  ): Promise<JsonObject> {
    return this.idle(this.send(type, content, socket, undefined, fields));
  }

  #take(socket: ReplySocket, frames: Frames): void {
    const { message, identities } = decode(frames, this.signer);
    this.sent.push({
      socket,
      type: message.header.msg_type,
      parent: (message.parent as Partial<Header>).msg_id ?? '',
      content: message.content,
      header: message.header,
      prefix: identities,
    });
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }
}
