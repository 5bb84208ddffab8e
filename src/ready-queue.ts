/** A first-in, first-out queue: a ring whose size is a power of two, so that an index wraps by a mask. */
export class ReadyQueue<T> {
  #slots: Array<T | undefined> = new Array<T | undefined>(MIN_SLOTS).fill(undefined);
  /** Index of the oldest entry. */
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(entry: T): void {
    if (this.#length === this.#slots.length) this.#resize(this.#length * 2);
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = entry;
    this.#length++;
  }

  /** Removes and returns the oldest entry; undefined when there is none. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const entry = this.#slots[this.#head];
    // The slot must not keep alive what has left the queue.
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length--;
    return entry;
  }

  clear(): void {
    this.#slots = new Array<T | undefined>(MIN_SLOTS).fill(undefined);
    this.#head = 0;
    this.#length = 0;
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<T, void, void> {
    const length = this.#length;
    for (let i = 0; i < length; i++) {
      yield this.#slots[(this.#head + i) & (this.#slots.length - 1)] as T;
    }
  }

  #resize(size: number): void {
    const slots = new Array<T | undefined>(size).fill(undefined);
    let i = 0;
    for (const entry of this) slots[i++] = entry;
    this.#slots = slots;
    this.#head = 0;
  }
}

/** Small loops are many, and doubling reaches any size soon. */
const MIN_SLOTS = 16;
