import { performance } from 'node:perf_hooks';
import type { Clock } from '../clock.ts';

/**
 * A clock that stands still until it is told to move. All times are in seconds.
 *
 * @example
 * const clock = new VirtualClock(10);
 * clock.jumpTo(15);
 * console.log(clock.time()); // 15
 */
export class VirtualClock implements Clock {
  readonly resolution: number = 1e-9;
  #now: number;
  /** While it goes like a real one: the real time at which it showed `#now`. */
  #flowsSince: number | null = null;

  constructor(start = 0) {
    this.#now = start;
  }

  time(): number {
    return this.#flowsSince === null ? this.#now : this.#now + (realTime() - this.#flowsSince);
  }

  /** Moves to a later time; an earlier one leaves the clock alone. */
  jumpTo(time: number): void {
    if (this.#flowsSince !== null) this.freeze();
    if (time > this.#now) this.#now = time;
  }

  /** From now on it goes as fast as real time. */
  flow(): void {
    this.#flowsSince ??= realTime();
  }

  /** Stops where it is. */
  freeze(): void {
    this.#now = this.time();
    this.#flowsSince = null;
  }

  get isFlowing(): boolean {
    return this.#flowsSince !== null;
  }
}

// Taken now: a test may replace the global one.
const now = performance.now.bind(performance);

function realTime(): number {
  return now() / 1000;
}
