import type { BaseLoop } from './base-loop.ts';
import { taskNow, type Stepping } from './current.ts';
import { Future, type DoneCallback, type Waiter } from './future.ts';
import type { Handle } from './handle.ts';

/** @internal What `sleep()` returns. Its handle has it as its first argument, so that a loop can find the sleeps it holds. */
export class SleepFuture<T> extends Future<T> {
  static {
    // An implementation's name would tell nobody anything.
    Object.defineProperty(this, 'name', { value: 'Future' });
  }

  readonly #value: T;
  /** The task that called `sleep()`. */
  readonly #maker: Stepping | null = taskNow();
  #handle: Handle | null = null;
  #isZero = false;
  /** Whoever awaited it first; of a sleep of zero that one's step is the very handle. */
  #waiter: Stepping | null | undefined;
  #cancelRequest: { readonly message: unknown } | null = null;

  constructor(value: T) {
    super();
    this.#value = value;
  }

  /** @internal It is not known here which loop is meant; see `sleep`. */
  protected override _findLoop(): BaseLoop | null {
    return null;
  }

  override get [Symbol.toStringTag](): string {
    return 'Future';
  }

  /** @internal Begins to sleep; `from` is the loop time from which it counts, in seconds. */
  _begin(loop: BaseLoop, from: number, delay: number): void {
    this._loop = loop;
    if (this.done()) return;
    this.#isZero = delay <= 0;
    if (this.#isZero) {
      loop._checkOpen();
      this.#handle = loop._callStep(null, loop._capture(), wake, this);
      this.#claim();
    } else this.#handle = loop.callAt(from + delay, endSleep, this);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- that is what a future is for
  override then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    if (this.#waiter === undefined && !this.done()) {
      this.#waiter = taskNow();
      this.#claim();
    }
    return super.then(onFulfilled, onRejected);
  }

  /** Makes the handle of a sleep of zero the next step of the task that waits. */
  #claim(): void {
    if (!this.#isZero || this.#handle === null || !this.#waiter) return;
    this.#handle._task = this.#waiter;
    this.#handle._context = this.#waiter._scope;
  }

  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    // As in asyncio, whose sleep(0) is a step of the task that is queued already: it throws when it comes.
    if (this.#isZero && this.#waiter) {
      this.#cancelRequest = { message };
      return true;
    }
    this.#handle?.cancel();
    return super.cancel(message);
  }

  /** @internal A sleep of zero goes on in its own handle. */
  _wake(): void {
    if (this.done()) return;
    const waiters = this._takeWaiters();
    if (this.#cancelRequest === null) this._finish(this.#value);
    else super.cancel(this.#cancelRequest.message);
    this.#handle = null;
    waiters.forEach((waiter, i) => {
      if (i === 0) (waiter.callback as DoneCallback<T>)(this);
      else this._loop?._callStep(waiter.task, waiter.context, waiter.callback as DoneCallback<T>, this);
    });
  }

  /** @internal The time has come. As in asyncio the sleeper goes on in the iteration after. */
  _end(): void {
    if (!this.done()) this._finish(this.#value);
  }

  /** @internal Whether no task began it. */
  get _isOutsideTasks(): boolean {
    return this.#maker === null && !this.#waiter;
  }

  /** @internal Ends it with an error at once, without the loop. */
  _reject(error: Error): void {
    if (this.done()) return;
    this.#handle?.cancel();
    const waiters: Waiter[] = this._takeWaiters();
    this._fail(error);
    this._retrieved();
    for (const waiter of waiters) (waiter.callback as DoneCallback<T>)(this);
  }
}

function wake(sleep: SleepFuture<unknown>): void {
  sleep._wake();
}

function endSleep(sleep: SleepFuture<unknown>): void {
  sleep._end();
}

/** @internal The sleep for which a handle was made; undefined for all other handles. */
export function sleepOf(handle: Handle): SleepFuture<unknown> | undefined {
  const [first] = handle._args;
  const isSleep = handle._callback === (wake as unknown) || handle._callback === (endSleep as unknown);
  return isSleep ? (first as SleepFuture<unknown>) : undefined;
}
