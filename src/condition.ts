import { untilAborted, type WaitOptions } from './abort.ts';
import { Acquirable } from './acquirable.ts';
import { isThenable } from './awaitable.ts';
import { CancelledError, LoopRuntimeError } from './errors.ts';
import { Lock } from './lock.ts';
import { Waiters } from './waiters.ts';

/**
 * Lets tasks that share a lock wait for a change that one of them tells of. As asyncio.Condition.
 *
 * @example
 * import { Condition, createTask, sleep } from 'tsloop';
 *
 * const condition = new Condition();
 * const items: string[] = [];
 * const consumer = createTask(() =>
 *   condition.with(async () => {
 *     await condition.waitFor(() => items.length > 0);
 *     console.log(items.pop()); // bread
 *   }),
 * );
 * await sleep(0);
 * await condition.with(() => {
 *   items.push('bread');
 *   condition.notify();
 * });
 * await consumer;
 */
export class Condition extends Acquirable {
  readonly #lock: Lock;
  readonly #waiters: Waiters<void> = new Waiters();

  /** Several conditions may share one lock; by default each has its own. */
  constructor(lock: Lock = new Lock()) {
    super();
    this.#lock = lock;
  }

  /** Whether the lock is taken. */
  locked(): boolean {
    return this.#lock.locked();
  }

  /** Acquires the lock, as `Lock.acquire`. */
  acquire(options?: WaitOptions): Promise<true> {
    return this.#lock.acquire(options);
  }

  /** Releases the lock, as `Lock.release`. */
  release(): void {
    this.#lock.release();
  }

  /**
   * Releases the lock, waits for a `notify`, and acquires the lock again; resolves to true.
   *
   * It acquires the lock again also when it is cancelled or aborted, before it rejects, so that the
   * caller always has the lock afterwards. Rejects with a RuntimeError if the lock is not taken.
   */
  async wait(options: WaitOptions = {}): Promise<true> {
    if (!this.locked()) throw new LoopRuntimeError('cannot wait on un-acquired lock');
    options.signal?.throwIfAborted();
    this.release();
    try {
      const waiter = this.#waiters.add(this._getLoop().createFuture<void>());
      try {
        await untilAborted(waiter.future, options.signal);
        return true;
      } finally {
        this.#waiters.remove(waiter);
      }
    } finally {
      await this.#reacquire();
    }
  }

  /**
   * Waits until `predicate()` is true, looking at it now and after each notification; resolves to the
   * value that it gave. Rejects as `wait`, and with what the predicate throws.
   */
  async waitFor<T>(predicate: () => T, options?: WaitOptions): Promise<T> {
    for (;;) {
      const result = predicate();
      if (isThenable(result)) {
        throw new TypeError('The predicate of waitFor() must return its answer, not a promise of it.');
      }
      if (result) return result;
      await this.wait(options);
    }
  }

  /**
   * Wakes `n` of those who wait, the first first; fewer if there are not as many. They go on once they
   * have the lock, which the caller still has.
   *
   * @throws RuntimeError if the lock is not taken
   */
  notify(n = 1): void {
    if (!this.locked()) throw new LoopRuntimeError('cannot notify on un-acquired lock');
    let woken = 0;
    for (const future of this.#waiters) {
      if (woken >= n) break;
      if (future.done()) continue;
      woken++;
      future.setResult(undefined);
    }
  }

  /** Wakes all who wait; otherwise as `notify`. */
  notifyAll(): void {
    this.notify(this.#waiters.size);
  }

  /** `<Condition [locked, waiters:2]>` */
  toString(): string {
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : '';
    return `<${this.constructor.name} [${this.locked() ? 'locked' : 'unlocked'}${waiters}]>`;
  }

  /** Cancellations in the meantime do not end it; they are passed on afterwards. */
  async #reacquire(): Promise<void> {
    let cancelled = false;
    for (;;) {
      try {
        await this.acquire();
        break;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancelled = true;
      }
    }
    if (cancelled) throw new CancelledError();
  }
}
