import type { Clock } from '../clock.ts';
import type { Driver } from '../driver.ts';
import { turnstile, type Step } from '../turnstile.ts';

/** A clock that stands still until it is told to move. */
export class VirtualClock implements Clock {
  readonly resolution: number = 1e-9;
  #now: number;

  constructor(start = 0) {
    this.#now = start;
  }

  time(): number {
    return this.#now;
  }

  /** Moves to a later time, in seconds; an earlier one leaves the clock alone. */
  jumpTo(time: number): void {
    if (time > this.#now) this.#now = time;
  }
}

/**
 * Runs a loop without waiting: as soon as the loop has nothing to do before its next deadline, the
 * clock jumps there. With no deadline at all it waits for a `wake`, from a callSoon or a stop that
 * comes from outside the loop; such a wait does not keep the process alive.
 */
export class VirtualDriver implements Driver {
  readonly #clock: VirtualClock;
  #waiting: Step | null = null;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  resume(step: Step, until: number): void {
    if (until === Infinity) {
      this.#waiting = step;
      return;
    }
    this.#clock.jumpTo(until);
    turnstile.enter(step);
  }

  wake(): void {
    const step = this.#waiting;
    this.#waiting = null;
    if (step !== null) turnstile.enter(step);
  }

  abandon(): void {
    this.#waiting = null;
  }
}

/**
 * Loop options for virtual time: hours of timers run in no time, with the same order each time.
 *
 * @example
 * const loop = newEventLoop(virtualTime());
 * await loop.runUntilComplete(() => sleep(3600)); // returns at once
 * loop.time(); // 3600
 */
export function virtualTime(start = 0): { clock: VirtualClock; driver: () => VirtualDriver } {
  const clock = new VirtualClock(start);
  return { clock, driver: () => new VirtualDriver(clock) };
}
