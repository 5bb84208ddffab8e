import type { Comparator } from './compare.ts';

interface Entry<T> {
  readonly item: T;
  readonly number: number;
}

/**
 * A heap: the smallest item first, of equal ones that which came first. Nothing is changed before all
 * comparisons of a call are made, so a comparator that throws leaves it as it was.
 */
export class BinaryHeap<T> implements Iterable<T> {
  readonly #compare: Comparator<T>;
  readonly #entries: Array<Entry<T>> = [];
  #added = 0;

  constructor(compare: Comparator<T>) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#entries.length;
  }

  push(item: T): void {
    const entry = { item, number: this.#added++ };
    const path = this.#pathUp(entry);
    let hole = this.#entries.length;
    for (const parent of path) {
      this.#entries[hole] = this.#at(parent);
      hole = parent;
    }
    this.#entries[hole] = entry;
  }

  /** Removes and returns the smallest; undefined when there is none. */
  shift(): T | undefined {
    const size = this.#entries.length;
    if (size === 0) return undefined;
    const top = this.#at(0);
    const last = this.#at(size - 1);
    const path = this.#pathDown(last, size - 1);
    this.#entries.pop();
    let hole = 0;
    for (const child of path) {
      this.#entries[hole] = this.#at(child);
      hole = child;
    }
    if (size > 1) this.#entries[hole] = last;
    return top.item;
  }

  /** In no particular order but for the first, which is the smallest. */
  *[Symbol.iterator](): Generator<T, void, void> {
    for (const entry of this.#entries) yield entry.item;
  }

  /** The places above a new last one whose entries have to come after this. */
  #pathUp(entry: Entry<T>): number[] {
    const path: number[] = [];
    for (let i = this.#entries.length; i > 0;) {
      i = (i - 1) >> 1;
      if (!this.#isBefore(entry, this.#at(i))) break;
      path.push(i);
    }
    return path;
  }

  /** The places below the top whose entries have to come before this, among the first `size`. */
  #pathDown(entry: Entry<T>, size: number): number[] {
    const path: number[] = [];
    for (let child = 1; child < size; child = 2 * child + 1) {
      if (child + 1 < size && this.#isBefore(this.#at(child + 1), this.#at(child))) child++;
      if (!this.#isBefore(this.#at(child), entry)) break;
      path.push(child);
    }
    return path;
  }

  #isBefore(a: Entry<T>, b: Entry<T>): boolean {
    const order = this.#compare(a.item, b.item);
    return order < 0 || (!(order > 0) && a.number < b.number);
  }

  #at(i: number): Entry<T> {
    return this.#entries[i] as Entry<T>;
  }
}
