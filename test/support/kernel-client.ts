/**
 * A Jupyter client over real ZeroMQ sockets, and kernels started for it. Written apart from the kernel's
 * own wire code, so that a mistake there cannot hide itself. It never sleeps: it waits for messages.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Context, curveKeyPair, Dealer, Request as ZmqRequest, Subscriber } from 'zeromq';

/** How long (ms) a message may take: far more than any kernel needs, on a machine that is busy with other tests. */
const LIMIT = 25_000;
/** What a kernel sent before it ended may still be on its way for this long (ms). */
const LAST_WORDS = 3000;

export type Channel = 'shell' | 'control' | 'iopub' | 'stdin';
type Content = Readonly<Record<string, unknown>>;

/** A message as it came. */
export interface Received {
  readonly channel: Channel;
  readonly type: string;
  /** The msg_id of the request that it belongs to; empty for none. */
  readonly parent: string;
  readonly header: Content;
  readonly parentHeader: Content;
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Buffer[];
}

/** What few requests have. */
export interface SendOptions {
  /** Fields of the header, beside the usual ones or instead of them. */
  readonly header?: object;
  /** The header of the message that this one answers. */
  readonly parent?: object;
  readonly metadata?: object;
  readonly buffers?: readonly Buffer[];
}

/** A request that has been answered, with all that was published for it until `idle`. */
export interface Exchange {
  readonly id: string;
  readonly reply: Content;
  /** What iopub said, in order, `busy` and `idle` included. */
  readonly published: readonly Received[];
}

/** What a cell showed. */
export interface Shown {
  readonly stdout: string;
  readonly stderr: string;
  /** The plain text of the result. */
  readonly result: string | undefined;
  /** `name: message` of each error. */
  readonly errors: readonly string[];
  /** The last error's traceback, lines joined. */
  readonly traceback: string;
}

export function shownBy(messages: readonly Received[]): Shown {
  const stream = (name: string): string =>
    messages
      .filter(({ type, content }) => type === 'stream' && content['name'] === name)
      .map(({ content }) => String(content['text']))
      .join('');
  const result = messages.find(({ type }) => type === 'execute_result')?.content['data'];
  const errors = messages.filter(({ type }) => type === 'error').map(({ content }) => content);
  return {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    result: result === undefined ? undefined : String((result as Content)['text/plain']),
    errors: errors.map(({ ename, evalue }) => `${String(ename)}: ${String(evalue)}`),
    traceback: ((errors.at(-1)?.['traceback'] as string[] | undefined) ?? []).join('\n'),
  };
}

/** What a connection file holds. */
export interface ConnectionInfo {
  readonly transport: 'tcp' | 'ipc';
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: 'hmac-sha256';
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  /** Keys of CurveZMQ. */
  readonly curve_publickey?: string;
  readonly curve_secretkey?: string;
}

type PortName = 'shell_port' | 'iopub_port' | 'stdin_port' | 'control_port' | 'hb_port';

interface Waiter {
  readonly accepts: (message: Received) => boolean;
  readonly resolve: (message: Received) => void;
  readonly reject: (error: Error) => void;
}

const DELIMITER = '<IDS|MSG>';

export class KernelClient {
  /** All that has come so far. */
  readonly received: Received[] = [];
  readonly #connection: ConnectionInfo;
  readonly #context = new Context({ blocky: false });
  readonly #options: object;
  readonly #shell: Dealer;
  readonly #control: Dealer;
  readonly #iopub: Subscriber;
  /** Undefined for a client that cannot be asked. */
  readonly #stdin: Dealer | undefined;
  readonly #session = randomUUID();
  readonly #waiters = new Set<Waiter>();
  #sending: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;

  /**
   * @param identity by which the kernel knows the client, also when it connects again; with one it can be asked on
   * stdin, as clients can be. Without one ZeroMQ makes one of random bytes: no text, so a kernel must not read it as such.
   */
  constructor(connection: ConnectionInfo, identity?: string) {
    this.#connection = connection;
    const { curve_publickey: publicKey, curve_secretkey: secretKey } = connection;
    // As jupyter_client does: the kernel's keys are the client's too.
    const curve = { curveServerKey: publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
    const options = {
      context: this.#context,
      linger: 0,
      reconnectInterval: 10,
      reconnectMaxInterval: 10,
      ...(publicKey === undefined ? {} : curve),
    };
    this.#options = options;
    this.#shell = new Dealer(identity === undefined ? options : { ...options, routingId: identity });
    this.#control = new Dealer(options);
    this.#iopub = new Subscriber({ ...options, receiveHighWaterMark: 0 });
    this.#shell.connect(this.#endpoint('shell_port'));
    this.#control.connect(this.#endpoint('control_port'));
    this.#iopub.connect(this.#endpoint('iopub_port'));
    this.#iopub.subscribe();
    if (identity !== undefined) {
      this.#stdin = new Dealer({ ...options, routingId: identity });
      this.#stdin.connect(this.#endpoint('stdin_port'));
      void this.#receive('stdin', this.#stdin);
    }
    void this.#receive('shell', this.#shell);
    void this.#receive('control', this.#control);
    void this.#receive('iopub', this.#iopub);
  }

  /** Sends a request; its id is what answers carry as their parent. */
  send(
    channel: 'shell' | 'control' | 'stdin',
    type: string,
    content: object = {},
    { header: fields = {}, parent = {}, metadata = {}, buffers = [] }: SendOptions = {},
  ): string {
    const id = randomUUID();
    const date = new Date().toISOString();
    const header = {
      msg_id: id,
      session: this.#session,
      username: 'test',
      date,
      msg_type: type,
      version: '5.4',
      ...fields,
    };
    const parts = [header, parent, metadata, content].map((part) => JSON.stringify(part));
    this.sendFrames(channel, [DELIMITER, this.#sign(parts), ...parts, ...buffers]);
    return id;
  }

  /** Sends frames as they are. */
  sendFrames(channel: 'shell' | 'control' | 'stdin', frames: readonly (string | Buffer)[]): void {
    const socket = { shell: this.#shell, control: this.#control, stdin: this.#stdin }[channel];
    if (!socket) throw new Error('a client without an identity has no stdin socket');
    // ZeroMQ takes one send at a time. One that fails is reported by the wait for its answer.
    this.#sending = this.#sending.then(() => socket.send([...frames])).catch(() => undefined);
  }

  /** The first message that is accepted, of those that have come or of those that come. */
  wait(what: string, accepts: (message: Received) => boolean, limit: number = LIMIT): Promise<Received> {
    const come = this.received.find(accepts);
    if (come) return Promise.resolve(come);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiter.reject(new Error(`waited ${limit / 1000} s for ${what}`)), limit);
      const end = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        accepts,
        resolve: (message) => (end(), resolve(message)),
        reject: (error) => (end(), reject(error)),
      };
      this.#waiters.add(waiter);
    });
  }

  /** The reply to a request, and what was published for it until it was idle. */
  async answer(id: string, limit: number = LIMIT): Promise<Exchange> {
    const reply = this.wait(
      `the reply to ${id}`,
      ({ channel, parent }) => channel !== 'iopub' && channel !== 'stdin' && parent === id,
      limit,
    );
    const idle = this.wait(
      `the idle status after ${id}`,
      (message) => message.parent === id && isIdle(message),
      limit,
    );
    const [{ content }, last] = await Promise.all([reply, idle]);
    const until = this.received.indexOf(last);
    const published = this.published(id).filter((message) => this.received.indexOf(message) <= until);
    return { id, reply: content, published };
  }

  request(
    channel: 'shell' | 'control',
    type: string,
    content: object = {},
    options: SendOptions = {},
  ): Promise<Exchange> {
    return this.answer(this.send(channel, type, content, options));
  }

  /** All that iopub has said for a request so far, after its idle status included. */
  published(id: string): Received[] {
    return this.received.filter(({ channel, parent }) => channel === 'iopub' && parent === id);
  }

  /** Sends a cell; it may have to wait for others. */
  submit(code: string, options: object = {}): string {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    return this.send('shell', 'execute_request', { ...content, stop_on_error: true, ...options });
  }

  /** Runs a cell to its end. */
  run(code: string, options: object = {}): Promise<Exchange> {
    return this.answer(this.submit(code, options));
  }

  /** Waits until the cell has printed the text, and all that it was to print before. */
  async printed(id: string, text: string): Promise<void> {
    await this.wait(`'${text}' from ${id}`, () => {
      const { stdout, stderr } = shownBy(this.published(id));
      return stdout.includes(text) || stderr.includes(text);
    });
  }

  /** The n-th question (1-based) of the cell, as it was asked. */
  async asked(id: string, n: number = 1): Promise<Received> {
    const questions = (): Received[] =>
      this.received.filter(({ type, parent }) => type === 'input_request' && parent === id);
    await this.wait(`question ${n} of ${id}`, () => questions().length >= n);
    return questions()[n - 1]!;
  }

  /** Answers a question, or whatever is asked. */
  reply(value: string, question?: Received): void {
    this.send('stdin', 'input_reply', { value }, { parent: question?.header ?? {} });
  }

  /** Runs a cell, and answers its questions with these values; resolves to the questions as well. */
  async runAnswering(
    code: string,
    values: readonly string[],
  ): Promise<Exchange & { questions: readonly Content[] }> {
    const id = this.submit(code, { allow_stdin: true });
    const questions: Content[] = [];
    for (const [i, value] of values.entries()) {
      const question = await this.asked(id, i + 1);
      questions.push(question.content);
      this.reply(value, question);
    }
    return { ...(await this.answer(id)), questions };
  }

  /** Sends bytes to the heartbeat socket; resolves to what comes back. */
  async beat(text: string, limit: number = LIMIT): Promise<string> {
    const socket = new ZmqRequest({ ...this.#options, receiveTimeout: limit });
    try {
      socket.connect(this.#endpoint('hb_port'));
      await socket.send(text);
      return String((await socket.receive())[0]);
    } finally {
      socket.close();
    }
  }

  /** Ends all waits. */
  fail(error: Error): void {
    this.#failure = error;
    for (const waiter of this.#waiters) waiter.reject(error);
  }

  close(): void {
    for (const socket of [this.#shell, this.#control, this.#iopub, this.#stdin]) socket?.close();
    this.fail(new Error('the client has been closed'));
  }

  #endpoint(port: PortName): string {
    return endpoint(this.#connection, port);
  }

  #sign(parts: readonly (string | Buffer)[]): string {
    const hmac = createHmac('sha256', this.#connection.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  async #receive(channel: Channel, socket: Dealer | Subscriber): Promise<void> {
    try {
      for await (const frames of socket) this.#take(channel, frames);
    } catch (error) {
      if (!socket.closed) this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(channel: Channel, frames: readonly Buffer[]): void {
    const at = frames.findIndex((frame) => frame.toString('latin1') === DELIMITER);
    const parts = frames.slice(at + 2, at + 6);
    if (frames[at + 1]?.toString() !== this.#sign(parts))
      throw new Error('the kernel sent a wrong signature');
    const [header, parent, metadata, content] = parts.map(
      (part) => JSON.parse(part.toString('utf8')) as Content,
    );
    const message: Received = {
      channel,
      type: String(header?.['msg_type']),
      parent: (parent?.['msg_id'] as string | undefined) ?? '',
      header: header ?? {},
      parentHeader: parent ?? {},
      metadata: metadata ?? {},
      content: content ?? {},
      buffers: frames.slice(at + 6),
    };
    this.received.push(message);
    for (const waiter of this.#waiters) if (waiter.accepts(message)) waiter.resolve(message);
  }
}

function endpoint(info: ConnectionInfo, port: PortName): string {
  return info.transport === 'ipc' ? `ipc://${info.ip}-${info[port]}` : `tcp://${info.ip}:${info[port]}`;
}

function isIdle({ type, content }: Received): boolean {
  return type === 'status' && content['execution_state'] === 'idle';
}

export interface KernelOptions {
  readonly transport?: 'tcp' | 'ipc';
  /** What goes over its sockets is encrypted. */
  readonly curve?: boolean;
  /** The kernel's working directory; its own temporary folder by default. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const mainScript = fileURLToPath(new URL('../../kernel/main.js', import.meta.url));

/** Starts the kernel's process with its arguments. Whoever starts it waits for `exit`, or kills it. */
export function spawnKernel(
  args: readonly string[],
  options: KernelOptions & { cwd: string },
): {
  child: ChildProcess;
  exit: Promise<Exit>;
  stderr: () => string;
} {
  const child = spawn(process.execPath, [mainScript, ...args], {
    cwd: options.cwd,
    // As jupyter_client does. The kernel ends with the tests, whatever becomes of them.
    env: { ...process.env, JPY_PARENT_PID: String(process.pid), TSLOOP_HISTORY: 'off', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  // 'close', not 'exit': all that it wrote has been read then.
  const exit = new Promise<Exit>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  return { child, exit, stderr: () => stderr };
}

/** A kernel's process with one client; more may connect. */
export class TestKernel {
  readonly client: KernelClient;
  readonly exit: Promise<Exit>;
  readonly #folder: string;
  readonly #connection: ConnectionInfo;
  readonly #child: ChildProcess;
  readonly #stderr: () => string;
  readonly #others: KernelClient[] = [];

  private constructor(folder: string, connection: ConnectionInfo, options: KernelOptions) {
    this.#folder = folder;
    this.#connection = connection;
    this.client = new KernelClient(connection);
    const { child, exit, stderr } = spawnKernel([path.join(folder, 'connection.json')], {
      cwd: folder,
      ...options,
    });
    this.#child = child;
    this.#stderr = stderr;
    this.exit = exit;
    void exit.then(({ code, signal }) => {
      const error = new Error(
        `the kernel ended (code ${code}, signal ${signal}): ${stderr().trim().slice(-2000)}`,
      );
      setTimeout(
        () => [this.client, ...this.#others].forEach((client) => client.fail(error)),
        LAST_WORDS,
      ).unref();
    });
  }

  /** A kernel that answers. */
  static async start(options: KernelOptions = {}): Promise<TestKernel> {
    for (let left = 3; ; left -= 1) {
      const folder = await mkdtemp(path.join(tmpdir(), 'tsloop-kernel-'));
      const connection = {
        ...(await makeConnection(options.transport ?? 'tcp', folder)),
        ...(options.curve ? makeCurve() : {}),
      };
      await writeFile(path.join(folder, 'connection.json'), JSON.stringify(connection), { mode: 0o600 });
      const kernel = new TestKernel(folder, connection, options);
      const started = kernel.client.wait('iopub_welcome', ({ type }) => type === 'iopub_welcome');
      const ended = kernel.exit.then(() => 'ended' as const);
      if ((await Promise.race([started, ended])) !== 'ended') return kernel;
      started.catch(() => undefined);
      const { stderr } = kernel;
      await kernel.stop();
      // Another process may take a port between our asking for it and the kernel's binding it.
      if (left === 1 || !/in use/i.test(stderr)) throw new Error(`the kernel did not start: ${stderr}`);
    }
  }

  /** Where its sockets are. */
  get connection(): ConnectionInfo {
    return this.#connection;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get folder(): string {
    return this.#folder;
  }

  /** What the process itself said on its standard error. */
  get stderr(): string {
    return this.#stderr();
  }

  /** Waits until the process has said something like this on its standard error: it may come through another process. */
  async said(pattern: RegExp): Promise<void> {
    const limit = performance.now() + LIMIT;
    while (!pattern.test(this.#stderr())) {
      if (performance.now() > limit)
        throw new Error(`waited for ${pattern} on stderr, got: ${this.#stderr()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Nobody reads what the process itself prints any more. */
  closeStreams(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** A second client, which hears what iopub says from now on; with an identity it can be asked. */
  async connect(identity?: string): Promise<KernelClient> {
    const client = new KernelClient(this.#connection, identity);
    this.#others.push(client);
    await client.wait('iopub_welcome', ({ type }) => type === 'iopub_welcome');
    return client;
  }

  /** Ends whatever is left of it. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exit;
    for (const client of [this.client, ...this.#others]) client.close();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function makeConnection(transport: 'tcp' | 'ipc', folder: string): Promise<ConnectionInfo> {
  const [shell = 1, iopub = 2, stdin = 3, control = 4, hb = 5] =
    transport === 'tcp' ? await freePorts(5) : [];
  return {
    transport,
    ip: transport === 'tcp' ? '127.0.0.1' : path.join(folder, 'socket'),
    key: randomUUID(),
    signature_scheme: 'hmac-sha256',
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: hb,
  };
}

function makeCurve(): { curve_publickey: string; curve_secretkey: string } {
  const { publicKey, secretKey } = curveKeyPair();
  return { curve_publickey: publicKey, curve_secretkey: secretKey };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  // All are held until all are known, so that none is handed out twice.
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
