/** A runtime in memory: each cell's code is the name of a script that says what to post. */
import type { CellRequest, FrontPort, ToFront, ToRuntime } from '../../../kernel/bridge.ts';
import type { Runtime } from '../../../kernel/embedded/run-cells.ts';

/** What is posted without the fields that say for which cell. */
export type Script = (post: (message: ToFront) => void, request: CellRequest) => void;

export class FakeRuntime implements Runtime {
  readonly port: FrontPort;
  readonly ended: Promise<string>;
  readonly received: ToRuntime[] = [];
  end!: (reason: string) => void;
  #listener: (message: ToFront) => void = () => undefined;

  constructor(scripts: Readonly<Record<string, Script>>, { ready = true }: { ready?: boolean } = {}) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.port = {
      post: (message) => {
        this.received.push(message);
        if (message.type !== 'execute') return;
        const script = scripts[message.request.code];
        if (script === undefined) throw new Error(`the test has no script for ${message.request.code}`);
        queueMicrotask(() => script((answer) => this.say(answer), message.request));
      },
      onMessage: (listener) => {
        this.#listener = listener;
        if (ready) queueMicrotask(() => this.say({ type: 'ready' }));
      },
    };
  }

  say(message: ToFront): void {
    this.#listener(message);
  }

  /** The codes that were run, in order. */
  ran(): string[] {
    return this.received.flatMap((message) => (message.type === 'execute' ? [message.request.code] : []));
  }
}

/** A cell that prints its own code and succeeds. */
export const prints: Script = (post, { cell, code }) => {
  post({ type: 'stream', cell, name: 'stdout', text: `${code}\n` });
  succeed(post, cell);
};

/** A cell that fails in its second line. */
export const fails: Script = (post, { cell, executionCount }) => {
  const error = {
    ename: 'TypeError',
    evalue: 'broken',
    traceback: [`\x1b[31mIn [${executionCount}]:2:7\x1b[0m`, 'TypeError: broken'],
  };
  post({ type: 'error', cell, error });
  post({ type: 'done', cell, outcome: { status: 'error', error, declared: [] } });
};

export function succeed(post: (message: ToFront) => void, cell: number): void {
  post({ type: 'done', cell, outcome: { status: 'ok', payload: [], userExpressions: {} } });
}
