import type { Clock } from './clock.ts';
import { LONGEST_WAIT_MS, type Driver } from './driver.ts';
import { turnstile, type Step } from './turnstile.ts';

/**
 * So long before a deadline, in seconds, Node's timer gives up: it counts in whole milliseconds, from a
 * time that may be one old.
 */
const TIMER_MARGIN = 0.0012;

/** So long before it, in seconds, a blocked thread is woken, which takes a while; the rest is spun away. */
const WAKE_MARGIN = 0.00022;

/**
 * So long before it the loop is called for nothing: it finds that nothing is due, and waits again. What a thread has
 * not run for some milliseconds is no longer in the processor's caches, and would be that late.
 */
const WARM_UP = 0.00008;

const nothing = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits for deadlines to some hundredths of a millisecond. The thread blocks before each for up to about
 * 2 ms, in which the host's I/O has to wait. Never early.
 */
export class PreciseDriver implements Driver {
  readonly #clock: Clock;
  readonly #keepAlive: boolean;
  #waiting: Step | null = null;
  #until = 0;
  /** The deadline for which the loop has been called for nothing. */
  #warmFor = Number.NaN;
  #timer: NodeJS.Timeout | undefined;

  /** `keepAlive`: an endless wait keeps the process alive, as a running loop's must. */
  constructor(clock: Clock, keepAlive: boolean) {
    this.#clock = clock;
    this.#keepAlive = keepAlive;
  }

  resume(step: Step, until: number): void {
    if (until === -Infinity) {
      turnstile.enter(step);
      return;
    }
    this.#waiting = step;
    this.#until = until;
    this.#wait();
  }

  wake(): void {
    const step = this.#waiting;
    this.abandon();
    if (step !== null) turnstile.enter(step);
  }

  abandon(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
  }

  readonly #wait = (): void => {
    const left = this.#until - this.#clock.time();
    if (left === Infinity && !this.#keepAlive) return;
    const sleep = Math.floor((left - TIMER_MARGIN) * 1000);
    // Node waits for a millisecond at least.
    if (sleep >= 1) {
      this.#timer = setTimeout(this.#wait, Math.min(sleep, LONGEST_WAIT_MS));
      return;
    }
    if (left > WAKE_MARGIN) Atomics.wait(nothing, 0, 0, (left - WAKE_MARGIN) * 1000);
    const isWarm = this.#warmFor === this.#until;
    this.#warmFor = this.#until;
    const end = isWarm ? this.#until : this.#until - WARM_UP;
    while (this.#clock.time() < end);
    this.wake();
  };
}
