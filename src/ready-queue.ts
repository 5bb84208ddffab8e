/** A piece of the queue; entries from `begin` to before `end`. */
class Chunk<T> {
  readonly slots: Array<T | undefined>;
  begin = 0;
  end = 0;
  next: Chunk<T> | null = null;

  constructor(size: number) {
    this.slots = new Array<T | undefined>(size).fill(undefined);
  }
}

/** A first-in, first-out queue: a chain of pieces, so that it grows without copying what is in it. */
export class ReadyQueue<T> {
  #head: Chunk<T> = new Chunk(FIRST_CHUNK);
  #tail: Chunk<T> = this.#head;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(entry: T): void {
    let tail = this.#tail;
    if (tail.end === tail.slots.length) tail = this.#extend(tail);
    // No call and no loop from here on: this thread's code may be torn there, and only there.
    tail.slots[tail.end] = entry;
    tail.end++;
    this.#length++;
  }

  /** Removes and returns the oldest entry; undefined when there is none. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const head = this.#head;
    const entry = head.slots[head.begin];
    // The slot must not keep alive what has left the queue.
    head.slots[head.begin] = undefined;
    head.begin++;
    this.#length--;
    if (head.begin === head.end) {
      if (head.next !== null) this.#head = head.next;
      else {
        head.begin = 0;
        head.end = 0;
      }
    }
    return entry;
  }

  clear(): void {
    this.#head = new Chunk(FIRST_CHUNK);
    this.#tail = this.#head;
    this.#length = 0;
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<T, void, void> {
    for (let chunk: Chunk<T> | null = this.#head; chunk !== null; chunk = chunk.next) {
      for (let i = chunk.begin; i < chunk.end; i++) yield chunk.slots[i] as T;
    }
  }

  #extend(full: Chunk<T>): Chunk<T> {
    const chunk = new Chunk<T>(CHUNK);
    full.next = chunk;
    this.#tail = chunk;
    return chunk;
  }
}

/** Small loops are many. */
const FIRST_CHUNK = 32;
const CHUNK = 1024;
