/** Stopping what the main thread does, from outside of it. */
import type { FrontPort } from '../bridge.ts';
import { HOST } from '../language/rewrite.ts';
import type { Execution } from './execution.ts';
import type { MainThread } from './inspector.ts';

/** A main thread that answers within this long (ms) is idle: there is nothing to tear it out of. */
const IDLE_ANSWER = 50;
/** After this long (ms) without an answer the code cannot be interrupted: it is inside one native call. */
const PATIENCE = 2000;

export class Interrupter {
  readonly #runtime: FrontPort;
  readonly #main: MainThread;
  readonly #execution: Execution;
  readonly #waiting = new Map<number, () => void>();
  #ids = 0;

  constructor(runtime: FrontPort, main: MainThread, execution: Execution) {
    this.#runtime = runtime;
    this.#main = main;
    this.#execution = execution;
    runtime.onMessage((message) => {
      if (message.type === 'pong') this.#answered(message.id);
      if (message.type === 'interrupted') {
        this.#execution.settle(message.running);
        this.#answered(message.id);
      }
    });
  }

  /** Ends the running cell; false when the thread did not answer in time (it still will, once it can). */
  async interrupt(): Promise<boolean> {
    const ping = ++this.#ids;
    const idle = this.#answer(ping, IDLE_ANSWER);
    this.#runtime.post({ type: 'ping', id: ping });
    if (!(await idle)) void this.#main.post('Runtime.evaluate', { expression: `${HOST}.terminate()` });
    const id = ++this.#ids;
    const taken = this.#answer(id, PATIENCE);
    this.#runtime.post({ type: 'interrupt', id });
    return taken;
  }

  #answered(id: number): void {
    this.#waiting.get(id)?.();
  }

  #answer(id: number, patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answered: boolean) => (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answered);
      };
      const timer = setTimeout(settle(false), patience);
      this.#waiting.set(id, settle(true));
    });
  }
}
