import type { Awaitable } from './awaitable.ts';
import { TimeoutError } from './errors.ts';
import type { Future } from './future.ts';
import type { ResultOf } from './gather.ts';
import type { TimerHandle } from './handle.ts';
import { getEventLoop } from './policy.ts';
import { Queue } from './queue.ts';
import { checkList, checkTimeout } from './checks.ts';
import { ensureFuture } from './tasks.ts';

export interface AsCompletedOptions {
  /** Seconds for all of them together; null: no limit. Default: null. */
  readonly timeout?: number | null | undefined;
}

/** The results that are still to come, first done, first given; see `asCompleted`. */
export interface CompletedResults<T> extends AsyncIterableIterator<T>, Iterable<Promise<T>> {}

/**
 * Gives results in the order in which they are there. Functions are called as tasks. As
 * asyncio.as_completed.
 *
 * `for await` gives the values, and ends with the first error; `for` gives promises, each of the next one
 * that is done, so that each may fail for itself. If not all are done after `timeout` seconds, those that
 * are left give a TimeoutError each. Nothing is cancelled then, nor when the loop is left early.
 *
 * @throws TypeError if it is not given a list, or something that cannot be waited for
 *
 * @example
 * import { asCompleted, sleep } from 'tsloop';
 *
 * const words = [() => sleep(0.02, 'slow'), () => sleep(0.01, 'fast')];
 * for await (const word of asCompleted(words)) console.log(word); // fast, slow
 *
 * const fail = async () => {
 *   throw new Error('no');
 * };
 * for (const next of asCompleted([...words, fail])) {
 *   console.log(await next.catch(String)); // Error: no, fast, slow
 * }
 */
export function asCompleted<A extends Awaitable<unknown>>(
  awaitables: Iterable<A>,
  options: AsCompletedOptions = {},
): CompletedResults<ResultOf<A>> {
  checkList('asCompleted', awaitables);
  const { timeout = null } = options;
  checkTimeout('asCompleted', timeout);
  return new AsCompleted(awaitables as Iterable<Awaitable<ResultOf<A>>>, timeout);
}

class AsCompleted<T> implements CompletedResults<T> {
  /** Null stands for one that was not done in time. In objects, as `get()` would await a mere future. */
  readonly #done: Queue<{ readonly future: Future<T> } | null> = new Queue();
  readonly #todo: Set<Future<T>>;
  readonly #timeout: number | null;
  #timer: TimerHandle | null = null;
  /** How many have not been asked for. */
  #left: number;

  constructor(awaitables: Iterable<Awaitable<T>>, timeout: number | null) {
    const loop = getEventLoop();
    this.#timeout = timeout;
    // A function may be called twice; what is given twice otherwise is the same one.
    const seen = new Set<Awaitable<T>>();
    const isNew = (each: Awaitable<T>): boolean => seen.size !== seen.add(each).size;
    const once = [...awaitables].filter((each) => typeof each === 'function' || isNew(each));
    this.#todo = new Set(once.map((each) => ensureFuture(each, { loop })));
    this.#left = this.#todo.size;
    for (const future of this.#todo) future.addDoneCallback(this.#futureDone);
    if (this.#left > 0 && timeout !== null) this.#timer = loop.callLater(timeout, this.#timeIsOver);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#left === 0) return { done: true, value: undefined };
    this.#left--;
    return { done: false, value: await this.#waitForOne() };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    return { done: true, value: undefined };
  }

  *[Symbol.iterator](): Generator<Promise<T>, void, void> {
    let isThrough = false;
    try {
      while (this.#left > 0) {
        this.#left--;
        const result = this.#waitForOne();
        // One that nobody waits for is nobody's error, as a coroutine that is never awaited.
        result.catch(() => {});
        yield result;
      }
      isThrough = true;
    } finally {
      // The results that were given may still be waited for after a loop that was gone through.
      if (!isThrough) this.#leave();
    }
  }

  async #waitForOne(): Promise<T> {
    const entry = await this.#done.get();
    if (entry === null) throw new TimeoutError(`Not all were done within ${this.#timeout} seconds.`);
    return entry.future.result();
  }

  #leave(): void {
    this.#timer?.cancel();
    if (this.#left === 0) return;
    this.#left = 0;
    for (const future of this.#todo) future.removeDoneCallback(this.#futureDone);
  }

  readonly #futureDone = (future: Future<T>): void => {
    // The time may have been over in the same iteration.
    if (!this.#todo.delete(future)) return;
    this.#done.putNowait({ future });
    if (this.#todo.size === 0) this.#timer?.cancel();
  };

  readonly #timeIsOver = (): void => {
    for (const future of this.#todo) {
      future.removeDoneCallback(this.#futureDone);
      this.#done.putNowait(null);
    }
    this.#todo.clear();
  };
}
