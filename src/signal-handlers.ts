import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { LoopRuntimeError, ValueError } from './errors.ts';
import { formatValue } from './repr.ts';

/** No process can catch these. */
const UNCATCHABLE = new Set(['SIGKILL', 'SIGSTOP']);

/** The signal handlers of a loop. */
export class SignalHandlers {
  readonly #listeners: Map<NodeJS.Signals, () => void> = new Map();

  /** `call` is called at every signal, outside of the loop. Takes the place of the last handler. */
  add(signal: unknown, call: () => void): void {
    const name = signalName(signal);
    if (UNCATCHABLE.has(name)) throw new LoopRuntimeError(`${name} cannot be caught`);
    if (!isMainThread) {
      throw new LoopRuntimeError('Signals reach the main thread only: no worker thread can handle them');
    }
    this.remove(name);
    process.on(name, call);
    this.#listeners.set(name, call);
  }

  remove(signal: unknown): boolean {
    const name = signalName(signal);
    const listener = this.#listeners.get(name);
    if (listener === undefined) return false;
    process.removeListener(name, listener);
    return this.#listeners.delete(name);
  }

  clear(): void {
    for (const name of this.#listeners.keys()) this.remove(name);
  }
}

function signalName(signal: unknown): NodeJS.Signals {
  if (typeof signal !== 'string' && typeof signal !== 'number') {
    throw new TypeError(`A signal is a name such as 'SIGTERM', or a number, not ${formatValue(signal)}`);
  }
  for (const [name, number] of Object.entries(constants.signals)) {
    if (name === signal || number === signal) return name as NodeJS.Signals;
  }
  throw new ValueError(`${formatValue(signal)} is no signal of this system`);
}
