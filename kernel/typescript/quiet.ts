/**
 * When there is time to check cells that do not wait for it. A check and the next cell would take each other's time:
 * where cells come one upon the other, as when all of a notebook are run, checks wait until that is over.
 */

/** When no cell has begun or ended for so long (ms), there is time. */
export const QUIET_TIME = 30;

/** The same while cells keep coming: the next one may be on its way from a client that waited for the last. */
export const BUSY_QUIET_TIME = 250;

/** No cell is left unchecked for longer (ms), however many others come. */
export const PATIENCE = 3000;

export interface Clock {
  /** In milliseconds. */
  now(): number;
  /** @returns what takes it back */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export class Quiet {
  readonly #oldest: () => number | undefined;
  readonly #onTime: () => void;
  readonly #clock: Clock;
  #cancel: () => void = () => {};
  #last = Number.NEGATIVE_INFINITY;
  #quietTime = QUIET_TIME;

  /**
   * @param oldest since when the cell waits that has waited longest, by that clock; undefined when none does
   * @param onTime called when there is time, and one waits
   */
  constructor(oldest: () => number | undefined, onTime: () => void, clock: Clock = systemClock) {
    this.#oldest = oldest;
    this.#onTime = onTime;
    this.#clock = clock;
  }

  /** A cell is about to begin. It must not be among those that wait yet. */
  begins(): void {
    this.#quietTime = this.#oldest() === undefined ? QUIET_TIME : BUSY_QUIET_TIME;
    this.stir();
  }

  /** Something has happened. */
  stir(): void {
    this.#last = this.#clock.now();
    this.wait();
  }

  /** Calls when there is time. */
  wait(): void {
    this.#cancel();
    const now = this.#clock.now();
    const patience = (this.#oldest() ?? now) + PATIENCE - now;
    this.#cancel = this.#clock.after(Math.max(0, Math.min(this.#quietTime, patience)), () => {
      if (this.#oldest() === undefined) return;
      if (this.isTime) this.#onTime();
      else this.wait();
    });
  }

  /** Whether a cell may be checked now. */
  get isTime(): boolean {
    const now = this.#clock.now();
    return now - this.#last >= this.#quietTime - CLOCK_ERROR || now - (this.#oldest() ?? now) >= PATIENCE;
  }
}

/** A timer may fire that much (ms) before its time. */
const CLOCK_ERROR = 2;
