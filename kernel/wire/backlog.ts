/**
 * How much of one thread's output another thread has still to take. Who prints waits while that is too
 * much, as a program does whose terminal is slow: it would otherwise fill the memory, and the other
 * thread would have no time for an interrupt.
 */

/** Characters, or what stands for as many. Some dozens of messages: little memory, and more than is taken in one turn. */
const LIMIT = 4_000_000;

/** How long (ms) one wait is: for moments only, so that the waiting code can be stopped. */
const WAIT = 50;

/** What a message counts beside its texts: short ones take their time, too. */
const EACH = 40_000;

/** What a message counts, or several: the characters of their texts, if they carry any that may be long. */
export function weightOf(message: object): number {
  if (Array.isArray(message))
    return (message as object[]).reduce((weight, each) => weight + weightOf(each), 0);
  const { text, data } = message as { text?: unknown; data?: unknown };
  if (typeof text === 'string') return EACH + text.length;
  let weight = EACH;
  for (const value of Object.values(typeof data === 'object' && data !== null ? data : {}))
    if (typeof value === 'string') weight += value.length;
  return weight;
}

export class Backlog {
  /** Shared between the threads: the characters that wait. */
  readonly shared: Int32Array;
  readonly #limit: number;

  constructor(shared: Int32Array = new Int32Array(new SharedArrayBuffer(4)), limit: number = LIMIT) {
    this.shared = shared;
    this.#limit = limit;
  }

  /** To be called when so many characters have been handed over. Waits until little enough is left, or `isOver`. */
  add(length: number, isOver: () => boolean = () => false): void {
    let left = Atomics.add(this.shared, 0, length) + length;
    while (left > this.#limit && !isOver()) {
      Atomics.wait(this.shared, 0, left, WAIT);
      left = Atomics.load(this.shared, 0);
    }
  }

  /** To be called by the other thread when it has taken so many characters. */
  take(length: number): void {
    Atomics.sub(this.shared, 0, length);
    Atomics.notify(this.shared, 0);
  }
}
