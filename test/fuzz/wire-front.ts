/** A front that is sent anything, with a runtime that runs nothing and a transport that forgets what it sends. */
import { Front } from '../../kernel/front/front.ts';
import { MainThread } from '../../kernel/front/inspector.ts';
import type { CellOutcome, ToFront, ToRuntime } from '../../kernel/bridge.ts';
import { Signer } from '../../kernel/wire/frames.ts';
import type { Transport } from '../../kernel/wire/sockets.ts';
import { CANARY, WireFuzzer } from './wire-messages.ts';

const KEY = 'the key of the fuzz';

/** A main thread that knows nothing. */
class NoMain extends MainThread {
  override post<T>(): Promise<T | undefined> {
    return Promise.resolve(undefined);
  }
}

export interface Outcome {
  readonly messages: number;
  readonly signed: number;
  /** Messages that the front sent. */
  readonly sent: number;
  readonly cells: number;
  /** Lines of the log. */
  readonly logged: readonly string[];
  /** What must not be: code of unsigned messages seen, handlers that failed by a fault of the kernel's. */
  readonly faults: readonly string[];
}

/** Ends each cell, takes each message, refuses each comm; as a runtime does that the port leads to. */
function answer(message: ToRuntime, say: (message: ToFront) => void): void {
  switch (message.type) {
    case 'ping':
      say({ type: 'pong', id: message.id });
      break;
    case 'interrupt':
      say({ type: 'interrupted', id: message.id, running: undefined });
      break;
    case 'execute': {
      const outcome: CellOutcome = { status: 'ok', payload: [], userExpressions: {} };
      say({ type: 'done', cell: message.request.cell, outcome });
      break;
    }
    case 'comm': {
      const { run, message: sent } = message;
      const close = { action: 'close', comm: sent.comm, data: {}, metadata: {}, buffers: [] } as const;
      if (sent.action === 'open') say({ type: 'comm', cell: run, message: close });
      say({ type: 'commTaken', run });
      break;
    }
    default:
  }
}

/** Sends so many messages, and asks the front now and then whether it is still there. */
export class FuzzedFront {
  readonly #fuzzer: WireFuzzer;
  readonly #frames: (socket: 'shell' | 'control' | 'stdin', frames: Uint8Array[]) => void;
  readonly #counts = { messages: 0, signed: 0, sent: 0, cells: 0 };
  readonly #faults: string[] = [];
  readonly #logged: string[] = [];

  constructor(seed: number) {
    this.#fuzzer = new WireFuzzer(seed, KEY);
    let take: (socket: 'shell' | 'control' | 'stdin', frames: Uint8Array[]) => void = () => {};
    const transport: Transport = {
      onFrames: (listener) => {
        take = listener;
      },
      onSubscribe: () => {},
      send: () => {
        this.#counts.sent += 1;
      },
      close: () => Promise.resolve(),
    };
    const listeners: Array<(message: ToFront) => void> = [];
    const front = new Front({
      transport,
      signer: new Signer(KEY, 'sha256'),
      runtime: {
        post: (message) => {
          // As a port does; it refuses what is nested too deeply.
          const posted = structuredClone(message);
          if (posted.type === 'execute') this.#counts.cells += 1;
          if (JSON.stringify(posted).includes(CANARY)) this.#faults.push(`the runtime saw ${posted.type}`);
          queueMicrotask(() => answer(posted, (said) => listeners.forEach((listener) => listener(said))));
        },
        onMessage: (listener) => listeners.push(listener),
      },
      main: new NoMain(),
      ports: () => ({ shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 }),
      patience: 0,
      shutdown: () => this.#faults.push('the front shut the kernel down'),
      log: (text) => {
        if (this.#logged.length < 1000) this.#logged.push(text);
      },
    });
    front.start();
    this.#frames = take;
  }

  /** Sends some more. */
  async run(count: number): Promise<Outcome> {
    for (let left = count; left > 0; left -= 1) {
      const { socket, frames, isSigned } = this.#fuzzer.next();
      this.#counts.messages += 1;
      if (isSigned) this.#counts.signed += 1;
      try {
        this.#frames(socket, frames);
      } catch (error) {
        this.#faults.push(`the front threw ${String(error)}`);
      }
      // Handlers that wait go on meanwhile, as they would between messages of a socket.
      if (left % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return { ...this.#counts, logged: this.#logged, faults: this.#faults };
  }
}
