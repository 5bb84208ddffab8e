/** A runtime in a process of its own, from the parent's side: its port, its end, and how to end it. */
import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { dist } from '../home.ts';
import type { CellId, FrontPort, ToFront } from '../bridge.ts';
import type { Runtime } from './run-cells.ts';

const childMain = fileURLToPath(new URL('kernel/embedded/child.js', dist));

/** Seconds for the exit hooks of the user's code before the process is killed. */
const shutdownGrace = 2;

export class RuntimeProcess implements Runtime {
  readonly port: FrontPort;
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #early: ToFront[] = [];
  readonly #listeners: Array<(message: ToFront) => void> = [];
  #folder: string;
  /** The run that was started last; what reaches the process's own stdout is counted as its output. */
  #run: CellId = 0;
  /** Whether an interrupt waits for its answer: for long, that means that the thread is blocked. */
  #unanswered = false;

  /** @param cwd the folder that cells run in; the notebook's. */
  constructor(cwd: string) {
    this.#folder = cwd;
    this.#child = fork(childMain, [], {
      cwd,
      // Nobody is there to use widgets: they are text.
      env: { TSLOOP_WIDGETS: 'off', ...process.env },
      // Node's own flags (`--inspect`, a loader) are this process's matter.
      execArgv: [],
      serialization: 'advanced',
      // Cells may ask who sits at the terminal. Any other input is not theirs to wait for.
      stdio: [process.stdin.isTTY ? 'inherit' : 'ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C in the terminal reaches the parent alone, which ends things in order.
      detached: process.platform !== 'win32',
    });
    this.#child.on('message', (message) => this.#receive(message as ToFront));
    this.ended = this.#watchEnd();
    this.#readRaw('stdout');
    this.#readRaw('stderr');
    this.port = {
      post: (message) => {
        if (message.type === 'execute') this.#run = message.request.cell;
        if (message.type === 'interrupt') this.#unanswered = true;
        this.#child.send(message, () => undefined);
      },
      onMessage: (listener) => {
        this.#listeners.push(listener);
        for (const message of this.#early.splice(0)) listener(message);
      },
    };
  }

  /** The folder that cells run in now. */
  get folder(): string {
    return this.#folder;
  }

  #receive(message: ToFront): void {
    if (message.type === 'folder') this.#folder = message.path;
    if (message.type === 'interrupted') this.#unanswered = false;
    if (this.#listeners.length === 0) this.#early.push(message);
    for (const listener of this.#listeners) listener(message);
  }

  /** What native code and inherited descriptors write past the runtime. */
  #readRaw(name: 'stdout' | 'stderr'): void {
    this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
      this.#receive({ type: 'stream', cell: this.#run, name, text });
    });
  }

  #watchEnd(): Promise<string> {
    return new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
      // 'close' comes after the last of its output, 'exit' need not.
      this.#child.once('close', (code, signal) => resolve(reasonOf(code, signal)));
    });
  }

  /**
   * Ends the process with its exit hooks, by force if that takes too long or cannot be, as the thread
   * is blocked. Resolves when it is gone.
   */
  async close(): Promise<void> {
    if (!this.#child.connected || this.#unanswered) this.kill();
    else this.port.post({ type: 'shutdown', exitCode: 0 });
    const timer = setTimeout(() => this.kill(), shutdownGrace * 1000);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends the process and what it has started, at once. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'it was killed (SIGKILL); the system does that when memory runs out';
  if (signal === 'SIGABRT')
    return (
      'it aborted (SIGABRT); Node does that when its heap is full. ' +
      'NODE_OPTIONS=--max-old-space-size=8192 in the environment gives it 8 GB'
    );
  if (signal !== null) return `it was ended by ${signal} (${constants.signals[signal]})`;
  return `it ended with exit code ${code ?? 'unknown'}`;
}
