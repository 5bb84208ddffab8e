import { untilAborted, type WaitOptions } from './abort.ts';
import { Acquirable } from './acquirable.ts';
import { LoopRuntimeError } from './errors.ts';
import { Waiters } from './waiters.ts';

/**
 * Lets one task through at a time; the others wait in the order in which they came. It belongs to no
 * task: any code may release it. As asyncio.Lock.
 *
 * @example
 * import { gather, Lock, sleep } from 'tsloop';
 *
 * const lock = new Lock();
 * const work = async (name: string) => {
 *   await lock.with(async () => {
 *     console.log(name, 'begins');
 *     await sleep(0.01);
 *     console.log(name, 'ends');
 *   });
 * };
 * await gather(() => work('a'), () => work('b')); // a begins, a ends, b begins, b ends
 */
export class Lock extends Acquirable {
  readonly #waiters: Waiters<void> = new Waiters();
  #locked = false;

  /** True while somebody has it. */
  locked(): boolean {
    return this.#locked;
  }

  /**
   * Waits until the lock is free and all who came before had it, and takes it; resolves to true.
   *
   * Rejects with a CancelledError if the waiting task is cancelled, with the signal's reason if that
   * aborts, with a RuntimeError on another loop than that of earlier waits; the lock is not taken then.
   */
  async acquire(options: WaitOptions = {}): Promise<true> {
    options.signal?.throwIfAborted();
    if (!this.#locked && !this.#waiters.hasLive()) {
      this.#locked = true;
      return true;
    }
    const waiter = this.#waiters.add(this._getLoop().createFuture<void>());
    try {
      try {
        await untilAborted(waiter.future, options.signal);
      } finally {
        this.#waiters.remove(waiter);
      }
    } catch (error) {
      // It may have been woken before it was cancelled: the next one must not wait for ever.
      if (!this.#locked) this.#wakeFirst();
      throw error;
    }
    this.#locked = true;
    return true;
  }

  /**
   * Frees the lock, and wakes who waits for the longest time.
   *
   * @throws RuntimeError if it is free
   */
  release(): void {
    if (!this.#locked) throw new LoopRuntimeError('Lock is not acquired.');
    this.#locked = false;
    this.#wakeFirst();
  }

  /** `<Lock [locked, waiters:2]>` */
  toString(): string {
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : '';
    return `<${this.constructor.name} [${this.#locked ? 'locked' : 'unlocked'}${waiters}]>`;
  }

  #wakeFirst(): void {
    // Only the first: if it is done already, it has yet to take the lock, or to pass it on.
    const first = this.#waiters.first();
    if (first !== undefined && !first.done()) first.setResult(undefined);
  }
}
