import type { BaseLoop } from './base-loop.ts';
import { isThenable } from './awaitable.ts';
import { CancelledError } from './errors.ts';
import { Future } from './future.ts';
import { formatValue } from './repr.ts';

export interface FromPromiseOptions {
  /** Cancels the future when it is aborted, with its reason as message. */
  readonly signal?: AbortSignal | undefined;
  /** Default: the running loop, else the one of `getEventLoop()`. */
  readonly loop?: BaseLoop;
}

/** @internal Follows a promise until it is settled, or until the future is cancelled. */
class PromiseFuture<T> extends Future<T> {
  static {
    Object.defineProperty(this, 'name', { value: 'Future' });
  }

  readonly #abort: AbortController | null;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => {
    this.cancel((this.#signal as AbortSignal).reason);
  };

  constructor(
    source: PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>),
    { signal, loop }: FromPromiseOptions,
  ) {
    super(loop === undefined ? {} : { loop });
    this.#signal = signal;
    this.#abort = typeof source === 'function' ? new AbortController() : null;
    (this._loop as BaseLoop)._addForeignWork(1);
    if (signal?.aborted === true) {
      this.#onAbort();
      if (typeof source === 'function') return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    // An AbortController is made for functions, and these are never promises.
    const promise = typeof source === 'function' ? source((this.#abort as AbortController).signal) : source;
    Promise.resolve(promise).then(
      (value) => {
        if (!this.done()) this.#end(() => this._finish(value));
      },
      (error: unknown) => {
        if (!this.done()) this.#end(() => this._fail(error));
      },
    );
  }

  override get [Symbol.toStringTag](): string {
    return 'Future';
  }

  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    this.#end(() => super.cancel(message));
    this.#abort?.abort(new CancelledError(message));
    return true;
  }

  #end(settle: () => void): void {
    settle();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this._loop?._addForeignWork(-1);
  }
}

/**
 * Makes a future of a promise that knows nothing of the loop. A task that waits for it can be cancelled:
 * the future lets go of the promise, whose own end nobody hears of any more. Given a function, it calls
 * it with an AbortSignal that is aborted then, so that the work itself ends too.
 *
 * @example
 * import { readFile } from 'node:fs/promises';
 * import { fromPromise } from 'tsloop';
 *
 * const text = await fromPromise((signal) => readFile('package.json', { encoding: 'utf8', signal }));
 * console.log(text.length > 0); // true
 *
 * @throws TypeError if it is neither a promise nor a function; RuntimeError if there is no loop
 */
export function fromPromise<T>(
  source: PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>),
  options: FromPromiseOptions = {},
): Future<T> {
  if (typeof source !== 'function' && !isThenable(source)) {
    throw new TypeError(
      `fromPromise() takes a promise, or a function that returns one, not ${formatValue(source)}`,
    );
  }
  return new PromiseFuture(source, options);
}
