/** Something that is done now and then, however often it is asked for. */

/** What tells the time (milliseconds), and waits. */
export interface Timing {
  now(): number;
  /** Calls `fn` later. Returns what cancels that. */
  after(milliseconds: number, fn: () => void): () => void;
}

// Cells may replace the globals.
const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** The time as it passes. A timer of this kind keeps no process alive. */
export const realTime: Timing = {
  now,
  after: (milliseconds, fn) => {
    const timer = setTimeout(fn, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

export class Throttle {
  readonly #action: () => void;
  readonly #pause: number;
  readonly #timing: Timing;
  readonly #delay: number;
  #last = -Infinity;
  #cancel: (() => void) | undefined;

  /**
   * @param pause seconds from one call of `action` to the next, at least
   * @param delay seconds from the first request to the call: what comes in between is done with it
   */
  constructor(action: () => void, pause: number, timing: Timing = realTime, delay: number = 0) {
    this.#action = action;
    this.#pause = pause * 1000;
    this.#timing = timing;
    this.#delay = delay * 1000;
  }

  /** Calls the action: at once if there has been a pause, later otherwise. */
  request(): void {
    const wait = Math.max(this.#last + this.#pause - this.#timing.now(), this.#delay);
    // Looked at here as well as by the timer: code that never yields shall be seen to get on.
    if (wait <= 0) this.flush();
    else this.#cancel ??= this.#timing.after(wait, () => this.flush());
  }

  /** Calls it now. */
  flush(): void {
    this.cancel();
    this.#last = this.#timing.now();
    this.#action();
  }

  /** Forgets a request that waits. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
