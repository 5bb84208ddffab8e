/** A running kernel, seen as a client sees it. Times are in milliseconds. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { openSockets, type Sockets } from './sockets.ts';
import { open, seal, type Message } from './wire.ts';

/** The fields of a kernel.json that starting a kernel needs. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly interrupt_mode?: 'signal' | 'message';
  readonly env?: Readonly<Record<string, string>>;
}

export interface Execution {
  /** From sending the request to having both the reply and `idle`. */
  readonly milliseconds: number;
  readonly status: string;
  /** Name and message of the error in the reply, if it is one. */
  readonly error: string | undefined;
  /** Text of stream messages that came before `idle`, by name of the stream. */
  readonly output: string;
  /** text/plain of the result, if there was one. */
  readonly result: string | undefined;
  /** Bytes of the content of the result's message, as JSON; 0 for none. */
  readonly resultBytes: number;
}

export interface Reply {
  /** From sending the request to having the reply. */
  readonly milliseconds: number;
  readonly content: Message['content'];
}

export class TimeoutError extends Error {}

/** Milliseconds that a kernel has to end by itself. */
const patience = 2000;

type Listener = (message: Message, channel: 'shell' | 'iopub') => void;

export class Kernel {
  readonly #spec: KernelSpec;
  readonly #sockets: Sockets;
  readonly #child: ChildProcess;
  readonly #spawned: number;
  readonly #listeners = new Set<Listener>();
  #stderr = '';

  private constructor(spec: KernelSpec, sockets: Sockets, cwd: string) {
    this.#spec = spec;
    this.#sockets = sockets;
    const [command = '', ...args] = spec.argv.map((part) => part.replace('{connection_file}', sockets.file));
    void this.#receive(sockets.shell, 'shell');
    void this.#receive(sockets.iopub, 'iopub');
    this.#spawned = performance.now();
    this.#child = spawn(command, args, {
      cwd,
      // As jupyter_client does: a kernel watches its parent, and ends when the harness is killed.
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), TSLOOP_HISTORY: 'off', ...spec.env },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own, as jupyter_client does: interrupts and the end reach its children as well.
      detached: process.platform !== 'win32',
    });
    this.#child.on('error', (error) => (this.#stderr += error.message));
    this.#child.stderr?.on(
      'data',
      (data: Buffer) => (this.#stderr = (this.#stderr + data.toString()).slice(-2000)),
    );
  }

  static async start(spec: KernelSpec, cwd: string): Promise<Kernel> {
    return new Kernel(spec, await openSockets(), cwd);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Milliseconds since the process was spawned. */
  get age(): number {
    return performance.now() - this.#spawned;
  }

  /** Milliseconds from spawn to the first kernel_info reply. Resolves when iopub is connected as well. */
  async ready(limit = 60_000): Promise<number> {
    let replied: number | undefined;
    let heard = false;
    await this.#request(
      'kernel_info_request',
      {},
      limit,
      (message, channel) => {
        if (channel === 'shell' && message.type === 'kernel_info_reply') replied ??= this.age;
        if (channel === 'iopub') heard = true;
        return replied !== undefined && heard;
      },
      () => {
        // A subscriber that joined late has missed the first status: ask until one is heard.
        if (replied !== undefined) this.#send(this.#sockets.shell, 'kernel_info_request', {});
      },
    );
    return replied ?? Number.NaN;
  }

  /** @throws {TimeoutError} when reply and idle have not both come after `limit` milliseconds. */
  async execute(code: string, limit = 60_000): Promise<Execution> {
    let status: string | undefined;
    let error: string | undefined;
    let idle = false;
    const output: string[] = [];
    let result: string | undefined;
    let resultBytes = 0;
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    const began = performance.now();
    await this.#request('execute_request', content, limit, (message, channel, id) => {
      if (message.parent !== id) return false;
      if (channel === 'shell') {
        status = String(message.content['status']);
        if (status === 'error')
          error = `${String(message.content['ename'])}: ${String(message.content['evalue'])}`;
      } else if (message.type === 'status') idle ||= message.content['execution_state'] === 'idle';
      else if (idle) return false;
      else if (message.type === 'stream') output.push(String(message.content['text']));
      else if (message.type === 'execute_result') {
        result = plain(message.content);
        resultBytes = Buffer.byteLength(JSON.stringify(message.content));
      }
      return idle && status !== undefined;
    });
    return {
      milliseconds: performance.now() - began,
      status: status ?? '',
      error,
      output: output.join(''),
      result,
      resultBytes,
    };
  }

  /**
   * What the kernel offers at the cursor, which counts in code points.
   * @throws {TimeoutError} when no reply has come after `limit` milliseconds.
   */
  async complete(code: string, cursor: number, limit = 10_000): Promise<Reply> {
    return this.#ask('complete', { code, cursor_pos: cursor }, limit);
  }

  /** What the kernel says about the name at the cursor. @throws {TimeoutError} as {@link complete} */
  async inspect(code: string, cursor: number, limit = 10_000): Promise<Reply> {
    return this.#ask('inspect', { code, cursor_pos: cursor, detail_level: 0 }, limit);
  }

  /** A question's answer is its reply: the client shows it without waiting for `idle`. */
  async #ask(what: string, question: object, limit: number): Promise<Reply> {
    let content: Message['content'] = {};
    const began = performance.now();
    await this.#request(`${what}_request`, question, limit, (message, channel, id) => {
      if (channel !== 'shell' || message.parent !== id) return false;
      content = message.content;
      return true;
    });
    return { milliseconds: performance.now() - began, content };
  }

  /** Starts a cell that never ends; resolves with a promise of its end once the kernel says that it is busy with it. */
  async executeEndless(code: string, limit = 10_000): Promise<{ ended: Promise<Execution> }> {
    let started = false;
    const busy = this.#until(limit, 'a busy status', (message) => {
      // Not every kernel sends execute_input; all send the status.
      started ||= message.type === 'execute_input' || message.content['execution_state'] === 'busy';
      return started;
    });
    const ended = this.execute(code, 30_000);
    ended.catch(() => undefined);
    await busy;
    return { ended };
  }

  interrupt(): void {
    if (this.#spec.interrupt_mode === 'message') this.#send(this.#sockets.control, 'interrupt_request', {});
    else if (process.platform === 'win32') this.#child.kill('SIGINT');
    else process.kill(-this.pid, 'SIGINT');
  }

  /** Passes every stream text that comes, whichever cell it belongs to, until the returned function is called. */
  onStream(listener: (text: string) => void): () => void {
    const listen: Listener = (message) => {
      if (message.type === 'stream') listener(String(message.content['text']));
    };
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  /** As clients do: the kernel is asked to end, so that it can clear away after itself, and killed if it does not. */
  async stop(): Promise<void> {
    if (this.alive && this.#child.pid !== undefined) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#send(this.#sockets.control, 'shutdown_request', { restart: false });
      const timer = setTimeout(() => this.killNow(), patience);
      await ended;
      clearTimeout(timer);
    }
    // Children that have outlived it would take part in what is measured next.
    this.killNow();
    await this.#sockets.close();
  }

  /** For the harness's own end by a signal. */
  killNow(): void {
    killTree(this.#child);
  }

  #send(socket: Sockets['shell'], type: string, content: object): string {
    const { id, frames } = seal(this.#sockets.key, this.#sockets.session, type, content);
    // Sends are a handful and far apart, so that none meets another on the same socket; one that fails
    // is one that the wait for its answer reports.
    socket.send(frames).catch(() => undefined);
    return id;
  }

  async #request(
    type: string,
    content: object,
    limit: number,
    done: (message: Message, channel: 'shell' | 'iopub', id: string) => boolean,
    again?: () => void,
  ): Promise<void> {
    let id = '';
    const wait = this.#until(limit, `the answer to ${type}`, (message, channel) =>
      done(message, channel, id),
    );
    id = this.#send(this.#sockets.shell, type, content);
    const timer = again && setInterval(again, 20);
    try {
      await wait;
    } finally {
      clearInterval(timer);
    }
  }

  #until(
    limit: number,
    what: string,
    done: (message: Message, channel: 'shell' | 'iopub') => boolean,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error?: Error): void => {
        this.#listeners.delete(listen);
        this.#child.off('exit', onExit);
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => finish(new TimeoutError(`waited ${limit / 1000} s for ${what}`)), limit);
      const onExit = (): void =>
        finish(new Error(`the kernel died while it should give ${what}: ${this.#stderr.trim()}`));
      const listen: Listener = (message, channel) => {
        if (done(message, channel)) finish();
      };
      this.#listeners.add(listen);
      this.#child.once('exit', onExit);
      if (!this.alive) onExit();
    });
  }

  async #receive(socket: Sockets['shell'] | Sockets['iopub'], channel: 'shell' | 'iopub'): Promise<void> {
    try {
      for await (const frames of socket) {
        const message = open(frames);
        for (const listener of this.#listeners) listener(message, channel);
      }
    } catch (error) {
      if (!socket.closed) throw error;
    }
  }
}

function plain(content: Message['content']): string | undefined {
  const data = content['data'];
  return typeof data === 'object' && data !== null
    ? String((data as Record<string, unknown>)['text/plain'])
    : undefined;
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    // Of a process that is gone, the number may be another's already.
    if (child.exitCode !== null || child.signalCode !== null) return;
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
