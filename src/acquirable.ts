import type { WaitOptions } from './abort.ts';
import { LoopBound } from './loop-bound.ts';

/**
 * Something that was acquired, for `using` and `await using`: released at the end of the block.
 * Releasing it twice is harmless.
 */
export interface Held {
  release(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What can be acquired and released: in place of Python's `async with`, `with(body)` and `hold()`. */
export abstract class Acquirable extends LoopBound {
  /** Waits until it can be had; resolves to true. */
  abstract acquire(options?: WaitOptions): Promise<true>;

  /** Gives it back. */
  abstract release(): void;

  /**
   * Acquires, calls `body`, and releases when `body` is over, however it ends. Resolves to its value.
   *
   * @example
   * import { Lock } from 'tsloop';
   *
   * const lock = new Lock();
   * await lock.with(async () => {
   *   console.log(lock.locked()); // true
   * });
   */
  async with<T>(body: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    await this.acquire(options);
    try {
      return await body();
    } finally {
      this.release();
    }
  }

  /**
   * Acquires for the rest of the block.
   *
   * @example
   * import { Lock } from 'tsloop';
   *
   * const lock = new Lock();
   * {
   *   await using held = await lock.hold();
   *   console.log(lock.locked(), held !== undefined); // true true
   * }
   * console.log(lock.locked()); // false
   */
  async hold(options?: WaitOptions): Promise<Held> {
    await this.acquire(options);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      this.release();
    };
    // Node has had these symbols since 20.
    return { release, [Symbol.dispose]: release, [Symbol.asyncDispose]: async () => release() };
  }
}
