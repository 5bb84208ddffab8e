import { untilAborted, type WaitOptions } from './abort.ts';
import { Acquirable } from './acquirable.ts';
import { ValueError } from './errors.ts';
import { Waiters } from './waiters.ts';

/**
 * Lets a number of tasks through at a time; the others wait in the order in which they came. As
 * asyncio.Semaphore.
 *
 * @example
 * import { gather, Semaphore, sleep } from 'tsloop';
 *
 * const slots = new Semaphore(2);
 * let running = 0;
 * let most = 0;
 * const download = () =>
 *   slots.with(async () => {
 *     most = Math.max(most, ++running);
 *     await sleep(0.01);
 *     running--;
 *   });
 * await gather(download, download, download, download);
 * console.log(most); // 2
 */
export class Semaphore extends Acquirable {
  readonly #waiters: Waiters<void> = new Waiters();
  /** Permits that are free, and not promised to somebody who was woken. */
  #value: number;

  /** @throws ValueError if `value`, the number of permits, is negative or not a number */
  constructor(value = 1) {
    super();
    if (!(value >= 0)) throw new ValueError(`Semaphore initial value must be >= 0, not ${value}`);
    this.#value = value;
  }

  /** @internal */
  protected get _value(): number {
    return this.#value;
  }

  /** True if it cannot be acquired at once: no permit is free, or others wait already. */
  locked(): boolean {
    return this.#value === 0 || this.#waiters.hasLive();
  }

  /**
   * Takes a permit; waits until there is one and all who came before had one. Resolves to true.
   *
   * Rejects with a CancelledError if the waiting task is cancelled, with the signal's reason if that
   * aborts, with a RuntimeError on another loop than that of earlier waits; no permit is taken then.
   */
  async acquire(options: WaitOptions = {}): Promise<true> {
    options.signal?.throwIfAborted();
    if (!this.locked()) {
      this.#value--;
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
      if (!waiter.future.cancelled()) {
        // It had been woken, with a permit that it cannot use any more.
        this.#value++;
        this.#wakeNext();
      }
      throw error;
    }
    if (this.#value > 0) this.#wakeNext();
    return true;
  }

  /** Gives a permit back, and wakes who waits for the longest time. */
  release(): void {
    this.#value++;
    this.#wakeNext();
  }

  /** `<Semaphore [unlocked, value:2]>`, `<Semaphore [locked, waiters:1]>` */
  toString(): string {
    const state = this.locked() ? 'locked' : `unlocked, value:${this.#value}`;
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : '';
    return `<${this.constructor.name} [${state}${waiters}]>`;
  }

  #wakeNext(): void {
    for (const future of this.#waiters) {
      if (future.done()) continue;
      this.#value--;
      future.setResult(undefined);
      return;
    }
  }
}

/**
 * A semaphore that is never given back more than was taken, which would be a mistake in the program.
 * As asyncio.BoundedSemaphore.
 *
 * @example
 * import { BoundedSemaphore } from 'tsloop';
 *
 * const slots = new BoundedSemaphore(1);
 * try {
 *   slots.release();
 * } catch (error) {
 *   console.log(String(error)); // ValueError: BoundedSemaphore released too many times
 * }
 */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number;

  constructor(value = 1) {
    super(value);
    this.#bound = value;
  }

  /** @throws ValueError if all permits are there already; else as `Semaphore.release` */
  override release(): void {
    if (this._value >= this.#bound) throw new ValueError('BoundedSemaphore released too many times');
    super.release();
  }
}
