import type { Future } from './future.ts';

/** A place in a row of waiters. */
export interface Waiter<T> {
  readonly future: Future<T>;
}

interface Place<T> extends Waiter<T> {
  previous: Place<T> | null;
  next: Place<T> | null;
  left: boolean;
}

/**
 * Futures that wait in a row, first come, first served. Any of them may leave early at no cost, which
 * a plain array would not give: a lock for which thousands wait stays fast when they are cancelled.
 */
export class Waiters<T = unknown> {
  #first: Place<T> | null = null;
  #last: Place<T> | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** At the end of the row. */
  add(future: Future<T>): Waiter<T> {
    const place: Place<T> = { future, previous: this.#last, next: null, left: false };
    if (this.#last === null) this.#first = place;
    else this.#last.next = place;
    this.#last = place;
    this.#size++;
    return place;
  }

  /** Harmless for one that has left already. */
  remove(waiter: Waiter<T>): void {
    const place = waiter as Place<T>;
    if (place.left) return;
    place.left = true;
    if (place.previous === null) this.#first = place.next;
    else place.previous.next = place.next;
    if (place.next === null) this.#last = place.previous;
    else place.next.previous = place.previous;
    this.#size--;
  }

  /** Who waits for the longest time; undefined when nobody does. */
  first(): Future<T> | undefined {
    return this.#first?.future;
  }

  /** Takes the first out of the row. */
  shift(): Future<T> | undefined {
    const place = this.#first;
    if (place === null) return undefined;
    this.remove(place);
    return place.future;
  }

  /** Somebody waits who has not been cancelled. */
  hasLive(): boolean {
    for (const future of this) if (!future.cancelled()) return true;
    return false;
  }

  /** In the order of the row, which must not change meanwhile. */
  *[Symbol.iterator](): Generator<Future<T>, void, void> {
    for (let place = this.#first; place !== null; place = place.next) yield place.future;
  }
}
