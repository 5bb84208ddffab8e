import type { Clock } from './clock.ts';
import { turnstile, type Step } from './turnstile.ts';

/** What a loop runs on: brings it to its next step, at the right time. */
export interface Driver {
  /**
   * Runs the step once: after what runs now and all microtasks, and not before the loop time `until`
   * (seconds). -Infinity: without any wait. Infinity: not before `wake()`. One step at a time.
   */
  resume(step: Step, until: number): void;
  /** Ends a wait: there is something to do before `until`. Harmless when the step is on its way. */
  wake(): void;
  /** Forgets a step that waits. */
  abandon(): void;
  /** Told how much is going on outside of the loop that it waits for: promises, worker threads. */
  foreignWork?(pending: number): void;
}

/** setTimeout takes no more; beyond it fires at once. In milliseconds, near 24.9 days. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The longest wait in one go, as asyncio's: a clock that was wrong is looked at again. */
export const LONGEST_WAIT_MS: number = Math.min(24 * 3600 * 1000, LONGEST_TIMEOUT_MS);

/** Waits with Node's own timers, so that the host's I/O goes on meanwhile. Never early. */
export class NodeDriver implements Driver {
  readonly #clock: Clock;
  readonly #keepAlive: boolean;
  #waiting: Step | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** `keepAlive`: an endless wait keeps the process alive, as a running loop's must. */
  constructor(clock: Clock, keepAlive: boolean) {
    this.#clock = clock;
    this.#keepAlive = keepAlive;
  }

  resume(step: Step, until: number): void {
    // Only a wait needs the clock. The time may have come while the last step ran.
    const wait = until === -Infinity ? 0 : (until - this.#clock.time()) * 1000;
    if (wait <= 0) {
      turnstile.enter(step);
      return;
    }
    this.#waiting = step;
    if (wait === Infinity && !this.#keepAlive) return;
    // Rounded up. Node may still fire a little early: the loop then finds nothing due and waits again.
    this.#timer = setTimeout(this.#endWait, Math.min(Math.ceil(wait), LONGEST_WAIT_MS));
  }

  wake(): void {
    if (this.#waiting !== null) this.#endWait();
  }

  abandon(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
  }

  readonly #endWait = (): void => {
    const step = this.#waiting;
    this.abandon();
    if (step !== null) turnstile.enter(step);
  };
}
