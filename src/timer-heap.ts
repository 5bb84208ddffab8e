import type { TimerHandle } from './handle.ts';

/**
 * Timers by deadline, and equal deadlines by the number that they were given.
 *
 * A 4-ary heap: half as deep as a binary one, and the four children share a cache line of the keys.
 */
export class TimerHeap {
  #deadlines = new Float64Array(MIN_SLOTS);
  #timers: TimerHandle[] = [];

  get size(): number {
    return this.#timers.length;
  }

  /** Adds a timer, which has its number. Returns true if it is now the first. */
  push(timer: TimerHandle): boolean {
    const last = this.#timers.length;
    if (last === this.#deadlines.length) this.#grow();
    this.#timers.push(timer);
    this.#rise(last, timer._when, timer);
    return this.#timers[0] === timer;
  }

  /** The first; undefined when there is none. */
  top(): TimerHandle | undefined {
    return this.#timers[0];
  }

  /** The deadline of the first, in loop time; Infinity when there is none. */
  deadline(): number {
    return this.#timers.length === 0 ? Infinity : (this.#deadlines[0] as number);
  }

  /** Its arrays as they are: the timers, and their deadlines at the same places. */
  entries(): { readonly timers: readonly TimerHandle[]; readonly deadlines: Float64Array } {
    return { timers: this.#timers, deadlines: this.#deadlines };
  }

  /** In no particular order. */
  [Symbol.iterator](): IterableIterator<TimerHandle> {
    return this.#timers.values();
  }

  /** Removes and returns the first; there must be one. */
  pop(): TimerHandle {
    const top = this.#timers[0] as TimerHandle;
    const last = this.#timers.length - 1;
    const moved = this.#timers.pop() as TimerHandle;
    if (last > 0) this.#sink(0, this.#deadlines[last] as number, moved);
    top._heap = null;
    return top;
  }

  /** Puts a timer in the place `i` or above it. */
  #rise(i: number, deadline: number, timer: TimerHandle): void {
    while (i > 0) {
      const parent = (i - 1) >> 2;
      if (!this.#isBefore(deadline, timer, parent)) break;
      this.#put(i, this.#deadlines[parent] as number, this.#timers[parent] as TimerHandle);
      i = parent;
    }
    this.#put(i, deadline, timer);
  }

  /** Puts a timer in the place `i` or below it. */
  #sink(i: number, deadline: number, timer: TimerHandle): void {
    const size = this.#timers.length;
    for (;;) {
      let child = i * 4 + 1;
      if (child >= size) break;
      const end = Math.min(child + 4, size);
      let earliest = this.#deadlines[child] as number;
      for (let other = child + 1; other < end; other++) {
        const candidate = this.#deadlines[other] as number;
        if (candidate > earliest) continue;
        // The timers themselves lie anywhere in memory: they are looked at for ties only.
        if (candidate === earliest && this.#numberAt(other) > this.#numberAt(child)) continue;
        child = other;
        earliest = candidate;
      }
      if (this.#isBefore(deadline, timer, child)) break;
      this.#put(i, earliest, this.#timers[child] as TimerHandle);
      i = child;
    }
    this.#put(i, deadline, timer);
  }

  #isBefore(deadline: number, timer: TimerHandle, i: number): boolean {
    const other = this.#deadlines[i] as number;
    return deadline < other || (deadline === other && timer._number < this.#numberAt(i));
  }

  #numberAt(i: number): number {
    return (this.#timers[i] as TimerHandle)._number;
  }

  #put(i: number, deadline: number, timer: TimerHandle): void {
    this.#deadlines[i] = deadline;
    this.#timers[i] = timer;
  }

  /** From now on holds these, which may be in any order. */
  rebuild(timers: TimerHandle[]): void {
    let slots = MIN_SLOTS;
    while (slots < timers.length) slots *= 2;
    this.#timers = timers;
    this.#deadlines = new Float64Array(slots);
    timers.forEach((timer, i) => (this.#deadlines[i] = timer._when));
    for (let i = (timers.length - 2) >> 2; i >= 0; i--) {
      this.#sink(i, this.#deadlines[i] as number, timers[i] as TimerHandle);
    }
  }

  #grow(): void {
    const deadlines = new Float64Array(this.#deadlines.length * 2);
    deadlines.set(this.#deadlines);
    this.#deadlines = deadlines;
  }
}

const MIN_SLOTS = 16;
