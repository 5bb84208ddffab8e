import type { TimerHandle } from './handle.ts';

/**
 * The timers of a loop, earliest deadline first; equal deadlines in the order in which they were
 * added (CPython leaves that order undefined; here it is promised, so that runs can be replayed).
 *
 * A 4-ary heap: half as deep as a binary one, and the four children share a cache line of the keys.
 * A cancelled timer stays where it is and is dropped when it comes to the top; when more than half
 * of many are cancelled, all of these are dropped at once.
 */
export class TimerHeap {
  #deadlines = new Float64Array(MIN_SLOTS);
  #timers: TimerHandle[] = [];
  #nextNumber = 0;
  #cancelled = 0;

  /** How many timers it holds, cancelled ones included. */
  get size(): number {
    return this.#timers.length;
  }

  /** How many of them are cancelled. */
  get cancelledCount(): number {
    return this.#cancelled;
  }

  /** Adds a timer. Returns true if it is now the first to be due. */
  push(timer: TimerHandle): boolean {
    const last = this.#timers.length;
    if (last === this.#deadlines.length) this.#grow();
    this.#timers.push(timer);
    timer._heap = this;
    timer._number = this.#nextNumber++;
    this.#rise(last, timer._when, timer);
    return this.#timers[0] === timer;
  }

  /** The earliest deadline of a timer that is not cancelled, in loop time; Infinity without one. */
  nextDeadline(): number {
    this.#dropCancelledHeads();
    return this.#timers.length === 0 ? Infinity : (this.#deadlines[0] as number);
  }

  /** Removes and returns the first timer whose deadline is before `limit` (loop time). */
  popDue(limit: number): TimerHandle | undefined {
    return this.nextDeadline() < limit ? this.#pop() : undefined;
  }

  /** Must be called once for each timer in the heap that gets cancelled. */
  noteCancelled(): void {
    this.#cancelled++;
    if (this.size > COMPACT_ABOVE && this.#cancelled * 2 > this.size) this.#compact();
  }

  clear(): void {
    for (const timer of this.#timers) timer._heap = null;
    this.#timers = [];
    this.#deadlines = new Float64Array(MIN_SLOTS);
    this.#cancelled = 0;
  }

  /**
   * Makes a heap again of what a torn push, pop or cancel has left: an entry may stand twice, and the
   * order may be wrong.
   */
  repair(): void {
    this.#rebuild([...new Set(this.#timers)].filter((timer) => !timer._cancelled));
  }

  /** In no particular order, cancelled ones included. */
  [Symbol.iterator](): IterableIterator<TimerHandle> {
    return this.#timers.values();
  }

  #dropCancelledHeads(): void {
    while (this.#cancelled > 0 && (this.#timers[0] as TimerHandle)._cancelled) {
      this.#pop();
      this.#cancelled--;
    }
  }

  #pop(): TimerHandle {
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

  #compact(): void {
    const kept = this.#timers.filter((timer) => !timer._cancelled);
    for (const timer of this.#timers) if (timer._cancelled) timer._heap = null;
    this.#rebuild(kept);
  }

  /** Takes over timers that are not cancelled, in any order. */
  #rebuild(timers: TimerHandle[]): void {
    this.#timers = timers;
    this.#cancelled = 0;
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

/** Below this, dropping cancelled timers one by one costs nothing worth saving (CPython's number). */
const COMPACT_ABOVE = 100;
