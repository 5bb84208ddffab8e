import { untilAborted, type WaitOptions } from './abort.ts';
import { LoopBound } from './loop-bound.ts';
import { Waiters } from './waiters.ts';

/**
 * A flag that tasks can wait for. As asyncio.Event. (Not the DOM's class of that name: import it under
 * another one, `import { Event as Flag } from 'tsloop'`, where you need both.)
 *
 * @example
 * import { createTask, Event } from 'tsloop';
 *
 * const ready = new Event();
 * const waiting = createTask(async () => {
 *   await ready.wait();
 *   console.log('ready');
 * });
 * ready.set();
 * await waiting;
 */
export class Event extends LoopBound {
  readonly #waiters: Waiters<void> = new Waiters();
  #value = false;

  isSet(): boolean {
    return this.#value;
  }

  /** Sets the flag and wakes all who wait now, also if `clear()` follows at once. */
  set(): void {
    if (this.#value) return;
    this.#value = true;
    for (const future of this.#waiters) if (!future.done()) future.setResult(undefined);
  }

  /** Resets the flag: from now on `wait()` waits again. */
  clear(): void {
    this.#value = false;
  }

  /**
   * Waits until the flag is set; if it is, goes on without an iteration of the loop. Resolves to true.
   *
   * Rejects with a CancelledError if the waiting task is cancelled, with the signal's reason if that
   * aborts, with a RuntimeError on another loop than that of earlier waits.
   */
  async wait(options: WaitOptions = {}): Promise<true> {
    options.signal?.throwIfAborted();
    if (this.#value) return true;
    const waiter = this.#waiters.add(this._getLoop().createFuture<void>());
    try {
      await untilAborted(waiter.future, options.signal);
      return true;
    } finally {
      this.#waiters.remove(waiter);
    }
  }

  /** `<Event [unset, waiters:2]>` */
  toString(): string {
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : '';
    return `<${this.constructor.name} [${this.#value ? 'set' : 'unset'}${waiters}]>`;
  }
}
