import type { TimerHandle } from './handle.ts';
import { sortTimers } from './sort-timers.ts';
import { TimerHeap } from './timer-heap.ts';

/** From here on sorting all costs less than popping one by one. */
const SORT_ABOVE = 2048;

/** Below this, dropping cancelled timers one by one costs nothing worth saving (CPython's number). */
const COMPACT_ABOVE = 100;

const NONE = new Float64Array(0);

/**
 * The timers of a loop, earliest deadline first; equal deadlines in the order in which they were
 * added (CPython leaves that order undefined; here it is promised, so that runs can be replayed).
 *
 * New ones go to a heap. When it has become large they are sorted, once, into a list of which the first
 * is taken each time. A cancelled timer stays where it is and is dropped when it comes to the top; when
 * more than half of many are cancelled, all of these are dropped at once.
 */
export class TimerQueue {
  readonly #sortAbove: number;
  readonly #heap: TimerHeap = new TimerHeap();
  /** Sorted; those before `#next` are gone. */
  #list: Array<TimerHandle | undefined> = [];
  #listDeadlines: Float64Array = NONE;
  #next = 0;
  #nextNumber = 0;
  #cancelled = 0;

  constructor(sortAbove: number = SORT_ABOVE) {
    this.#sortAbove = sortAbove;
  }

  /** How many timers it holds, cancelled ones included. */
  get size(): number {
    return this.#heap.size + this.#list.length - this.#next;
  }

  /** How many of them are cancelled. */
  get cancelledCount(): number {
    return this.#cancelled;
  }

  /** Adds a timer. Returns true if it is now the first to be due. */
  push(timer: TimerHandle): boolean {
    timer._number = this.#nextNumber++;
    timer._heap = this;
    if (!this.#heap.push(timer)) return false;
    return timer._when < this.#listDeadline();
  }

  /** The earliest deadline of a timer that is not cancelled, in loop time; Infinity without one. */
  nextDeadline(): number {
    if (this.#heap.size > this.#sortAbove) this.#sort();
    this.#dropCancelledHeads();
    return Math.min(this.#listDeadline(), this.#heap.deadline());
  }

  /** Removes and returns the first timer whose deadline is before `limit` (loop time). */
  popDue(limit: number): TimerHandle | undefined {
    if (!(this.nextDeadline() < limit)) return undefined;
    const listed = this.#listDeadline();
    const top = this.#heap.deadline();
    if (listed < top || (listed === top && this.#isListFirst())) return this.#shift();
    return this.#heap.pop();
  }

  /** Must be called once for each timer in the queue that gets cancelled. */
  noteCancelled(): void {
    this.#cancelled++;
    if (this.size > COMPACT_ABOVE && this.#cancelled * 2 > this.size) this.#compact();
  }

  clear(): void {
    for (const timer of this) timer._heap = null;
    this.#heap.rebuild([]);
    this.#list = [];
    this.#next = 0;
    this.#cancelled = 0;
  }

  /** Puts in order what a torn call has left: an entry may stand twice, and the order may be wrong. */
  repair(): void {
    const timers = [...new Set(this)].filter((timer) => !timer._cancelled);
    this.#list = [];
    this.#next = 0;
    this.#cancelled = 0;
    this.#heap.rebuild(timers);
  }

  /** In no particular order, cancelled ones included. */
  *[Symbol.iterator](): Generator<TimerHandle, void, void> {
    yield* this.#heap;
    for (let i = this.#next; i < this.#list.length; i++) yield this.#list[i] as TimerHandle;
  }

  #listDeadline(): number {
    return this.#next < this.#list.length ? (this.#listDeadlines[this.#next] as number) : Infinity;
  }

  /** Of two with the same deadline. */
  #isListFirst(): boolean {
    const listed = this.#list[this.#next];
    const top = this.#heap.top();
    return listed !== undefined && (top === undefined || listed._number < top._number);
  }

  #dropCancelledHeads(): void {
    while (this.#cancelled > 0) {
      if (this.#heap.top()?._cancelled === true) this.#heap.pop();
      else if (this.#list[this.#next]?._cancelled === true) this.#shift();
      else return;
      this.#cancelled--;
    }
  }

  #shift(): TimerHandle {
    const timer = this.#list[this.#next] as TimerHandle;
    this.#list[this.#next] = undefined;
    this.#next++;
    if (this.#next === this.#list.length) {
      this.#list = [];
      this.#next = 0;
    }
    timer._heap = null;
    return timer;
  }

  /** Puts what is in the heap into the list. */
  #sort(): void {
    const left = this.#list.length - this.#next;
    // Each time costs as much as the list is long: it must be worth it.
    if (left > 0 && this.#heap.size < left >> 2) return;
    const timers: TimerHandle[] = [];
    const deadlines = new Float64Array(this.size);
    const take = (timer: TimerHandle, deadline: number): void => {
      if (timer._cancelled) timer._heap = null;
      else deadlines[timers.push(timer) - 1] = deadline;
    };
    for (let i = this.#next; i < this.#list.length; i++) {
      take(this.#list[i] as TimerHandle, this.#listDeadlines[i] as number);
    }
    const heaped = this.#heap.entries();
    for (let i = 0; i < heaped.timers.length; i++) {
      take(heaped.timers[i] as TimerHandle, heaped.deadlines[i] as number);
    }
    const sorted = sortTimers(timers, deadlines.subarray(0, timers.length));
    this.#list = sorted.timers;
    this.#listDeadlines = sorted.deadlines;
    this.#next = 0;
    this.#cancelled = 0;
    this.#heap.rebuild([]);
  }

  #compact(): void {
    const isKept = (timer: TimerHandle): boolean => {
      if (timer._cancelled) timer._heap = null;
      return !timer._cancelled;
    };
    const list = (this.#list.slice(this.#next) as TimerHandle[]).filter(isKept);
    const deadlines = Float64Array.from(list, (timer) => timer._when);
    const rest = [...this.#heap].filter(isKept);
    this.#list = list;
    this.#listDeadlines = deadlines;
    this.#next = 0;
    this.#cancelled = 0;
    this.#heap.rebuild(rest);
  }
}
