/** One process of the language server, from its start to its end, which comes once and has a reason. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { clientCapabilities, userPreferences } from './capabilities.ts';
import { Connection } from './connection.ts';

export interface Loss {
  /** A clause: what happened. */
  readonly reason: string;
  /** There is no such program, or it may not be run: to try again is of no use. */
  readonly missing: boolean;
}

/** Errors of `spawn` that another try does not change. */
const MISSING = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC', 'EPERM', 'UNKNOWN']);

/** So much of what the server writes to its stderr is kept, in characters: the beginning of a crash says most. */
const KEPT_ERRORS = 2000;

export class ServerProcess {
  readonly connection: Connection;
  /** Resolves, once, when the server is of no use any more. */
  readonly lost: Promise<Loss>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #initialized: Promise<unknown> | undefined;
  #errors = '';
  #lose!: (loss: Loss) => void;

  /** @param prefix arguments before the server's own */
  constructor(executable: string, prefix: readonly string[] = []) {
    this.lost = new Promise((resolve) => (this.#lose = resolve));
    this.#child = spawn(executable, [...prefix, '--lsp', '--stdio'], {
      // Not the workspace: Windows removes no folder that a process works in.
      cwd: tmpdir(),
      stdio: 'pipe',
      windowsHide: true,
      // A group of its own: Ctrl-C in the terminal is meant for tsloop. (On Windows it would open a window.)
      detached: process.platform !== 'win32',
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        this.#lose({
          reason: `${executable} does not run (${error.message})`,
          missing: MISSING.has(error.code ?? ''),
        });
        resolve();
      });
      this.#child.once('exit', (code, signal) => {
        this.#lose({ reason: this.#describeEnd(code, signal), missing: false });
        resolve();
      });
    });
    const { stdin, stdout, stderr } = this.#child;
    stderr.setEncoding('utf8').on('data', (text: string) => {
      if (this.#errors.length < KEPT_ERRORS) this.#errors += text.slice(0, KEPT_ERRORS - this.#errors.length);
    });
    stderr.on('error', () => undefined);
    this.connection = new Connection(stdout, stdin, {
      onRequest: answer,
      onGarbage: (reason) => this.lose(`it does not speak the protocol: ${reason}`),
    });
    // The server lives for this process, and not the other way round.
    this.#child.unref();
    for (const stream of [stdin, stdout, stderr]) if (stream instanceof Socket) stream.unref();
  }

  /** Sends the `initialize` request, once. @param root the workspace's folder, absolute */
  initialize(root: string): Promise<unknown> {
    this.#initialized ??= this.connection.request('initialize', initializeParams(root));
    return this.#initialized;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Declares the server useless, for a reason, and ends it. */
  lose(reason: string): void {
    this.#lose({ reason, missing: false });
    this.kill();
  }

  kill(): void {
    // A process that was stopped (SIGSTOP) takes this one signal only.
    this.#child.kill('SIGKILL');
  }

  /** Ends the server as the protocol has it, by force after `seconds`. Resolves when it is gone. */
  async end(seconds: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), seconds * 1000);
    this.#child.ref();
    // The end of its input ends the server, whatever it is computing: no answer is needed any more.
    this.#child.stdin.end();
    await this.#ended;
    clearTimeout(timer);
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    const end = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
    // The first line of a Go program's crash says what it is.
    const line = this.#errors.split('\n').find((each) => /^(?:panic|fatal error|runtime:)/.test(each));
    return line === undefined ? end : `${end} (${line.trim().slice(0, 200)})`;
  }
}

function initializeParams(root: string): object {
  const uri = pathToFileURL(root).href;
  return {
    processId: process.pid,
    clientInfo: { name: 'tsloop' },
    locale: 'en',
    rootUri: uri,
    workspaceFolders: [{ uri, name: path.basename(root) }],
    capabilities: clientCapabilities,
    initializationOptions: { userPreferences },
  };
}

/** What the server asks of its client: everything gets an answer, or the server would wait. */
function answer(method: string, params: unknown): unknown {
  if (method !== 'workspace/configuration') return null;
  const { items } = params as { items: readonly unknown[] };
  return items.map(() => null);
}
