import { untilAborted, type WaitOptions } from './abort.ts';
import { QueueEmpty, QueueFull, ValueError } from './errors.ts';
import { Event } from './event.ts';
import type { Future } from './future.ts';
import { LoopBound } from './loop-bound.ts';
import { ReadyQueue } from './ready-queue.ts';
import { formatValue } from './repr.ts';
import { Waiters } from './waiters.ts';

/** @internal Where a queue keeps its items, and so in which order they leave it. */
export interface ItemStore<T> extends Iterable<T> {
  readonly length: number;
  push(item: T): void;
  /** Called only if there is an item. */
  shift(): T | undefined;
}

/**
 * Hands items from those who put them to those who get them, first in, first out, and lets both wait.
 * As asyncio.Queue. (JavaScript cannot hand out a promise by a promise: an item that is one, or a future, is
 * awaited by `get()`, but not by `getNowait()`. Put it into an array or object to pass it on as it is.)
 *
 * @example
 * import { gather, Queue } from 'tsloop';
 *
 * const queue = new Queue<string>(1);
 * const producer = async () => {
 *   for (const item of ['a', 'b', 'c']) await queue.put(item);
 * };
 * const consumer = async () => {
 *   for (let i = 0; i < 3; i++) console.log(await queue.get());
 * };
 * await gather(producer, consumer);
 */
export class Queue<T> extends LoopBound {
  readonly #maxsize: number;
  readonly #items: ItemStore<T>;
  readonly #getters: Waiters<void> = new Waiters();
  readonly #putters: Waiters<void> = new Waiters();
  readonly #finished = new Event();
  #unfinished = 0;

  /**
   * `maxsize`: how many items it holds before `put` waits; zero or less: any number.
   *
   * @throws ValueError if `maxsize` is not a number
   */
  constructor(maxsize = 0) {
    super();
    if (typeof maxsize !== 'number' || Number.isNaN(maxsize)) {
      throw new ValueError(`maxsize must be a number of items, not ${formatValue(maxsize)}`);
    }
    this.#maxsize = maxsize;
    this.#finished.set();
    this.#items = this._makeStore();
  }

  /** @internal Called by the constructor: what a subclass needs for it must be set afterwards. */
  protected _makeStore(): ItemStore<T> {
    return new ReadyQueue<T>();
  }

  get maxsize(): number {
    return this.#maxsize;
  }

  /** How many items are in it. */
  qsize(): number {
    return this.#items.length;
  }

  empty(): boolean {
    return this.#items.length === 0;
  }

  /** Never true without a `maxsize`. */
  full(): boolean {
    return this.#maxsize > 0 && this.#items.length >= this.#maxsize;
  }

  /**
   * Puts an item in, once there is room and all who waited before have put theirs.
   *
   * Rejects with a CancelledError if the waiting task is cancelled, with the signal's reason if that
   * aborts, with a RuntimeError on another loop than that of earlier waits; the item is not put then.
   */
  async put(item: T, options: WaitOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    while (this.full()) await this.#waitIn(this.#putters, () => !this.full(), options.signal);
    this.putNowait(item);
  }

  /** @throws QueueFull if there is no room */
  putNowait(item: T): void {
    if (this.full()) {
      throw new QueueFull(
        `The queue holds ${this.#maxsize} items already: wait with put(), or get one first.`,
      );
    }
    this.#items.push(item);
    this.#unfinished++;
    this.#finished.clear();
    wakeNext(this.#getters);
  }

  /**
   * Takes an item out, once there is one and all who waited before have got theirs. Rejects as `put`;
   * no item is lost then.
   */
  async get(options: WaitOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    while (this.empty()) await this.#waitIn(this.#getters, () => !this.empty(), options.signal);
    return this.getNowait();
  }

  /** @throws QueueEmpty if there is no item */
  getNowait(): T {
    if (this.empty()) throw new QueueEmpty('The queue is empty: wait with get(), or put something in first.');
    const item = this.#items.shift() as T;
    wakeNext(this.#putters);
    return item;
  }

  /**
   * Says that an item that was got has been dealt with; `join()` waits for as many as were put.
   *
   * @throws ValueError if it is called more often than items were put
   */
  taskDone(): void {
    if (this.#unfinished <= 0) throw new ValueError('task_done() called too many times');
    this.#unfinished--;
    if (this.#unfinished === 0) this.#finished.set();
  }

  /** Waits until `taskDone()` was called for every item that was put. Rejects as `Event.wait`. */
  async join(options: WaitOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.#unfinished > 0) await this.#finished.wait(options);
  }

  /** `<Queue maxsize=2 queue=[ 1, 2 ] getters[1] putters[1] tasks=2>` */
  toString(): string {
    const parts = [`maxsize=${this.#maxsize}`];
    if (this.#items.length > 0) parts.push(`queue=${formatValue([...this.#items])}`);
    if (this.#getters.size > 0) parts.push(`getters[${this.#getters.size}]`);
    if (this.#putters.size > 0) parts.push(`putters[${this.#putters.size}]`);
    if (this.#unfinished > 0) parts.push(`tasks=${this.#unfinished}`);
    return `<${this.constructor.name} ${parts.join(' ')}>`;
  }

  async #waitIn(
    waiters: Waiters<void>,
    canGoOn: () => boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const future: Future<void> = this._getLoop().createFuture<void>();
    const waiter = waiters.add(future);
    try {
      await untilAborted(future, signal);
    } catch (error) {
      future.cancel();
      waiters.remove(waiter);
      // It had been woken, but cannot take what it was woken for: that is the next one's.
      if (canGoOn() && !future.cancelled()) wakeNext(waiters);
      throw error;
    }
  }
}

/** Wakes the first who has not been woken or cancelled, and takes it out of the row. */
function wakeNext(waiters: Waiters<void>): void {
  for (let future = waiters.shift(); future !== undefined; future = waiters.shift()) {
    if (future.done()) continue;
    future.setResult(undefined);
    return;
  }
}
