import type { BaseLoop } from './base-loop.ts';
import { taskNow, type Stepping } from './current.ts';
import { Future } from './future.ts';
import { StepHandle, type Handle } from './handle.ts';
import { callWaiter, Reaction } from './reaction.ts';

/** @internal What `sleep()` returns. Its handle has it as its first argument, so that a loop can find the sleeps it holds. */
export class SleepFuture<T> extends Future<T> {
  static {
    // An implementation's name would tell nobody anything.
    Object.defineProperty(this, 'name', { value: 'Future' });
    Object.assign(this.prototype, { _cancelRequest: null });
  }

  readonly #value: T;
  /** The task that called `sleep()`. */
  readonly #maker: Stepping | null = taskNow();
  #handle: Handle | null = null;
  /** Whoever awaited it first; of a sleep of zero that one's step is the very handle. */
  #waiter: Stepping | null | undefined;
  /** @internal */
  declare _cancelRequest: { readonly message: unknown } | null;

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
    if (delay <= 0) {
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
    if (!(this.#handle instanceof StepHandle) || !this.#waiter) return;
    this.#handle._task = this.#waiter;
    this.#handle._context = this.#waiter._scope;
  }

  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    // As in asyncio, whose sleep(0) is a step of the task that is queued already: it throws when it comes.
    if (this.#handle instanceof StepHandle && this.#waiter) {
      this._cancelRequest = { message };
      return true;
    }
    this.#handle?.cancel();
    return super.cancel(message);
  }

  /** @internal A sleep of zero goes on in its own handle. */
  _wake(): void {
    if (this.done()) return;
    const waiters = this._takeWaiters();
    if (this._cancelRequest === null) this._finish(this.#value);
    else super.cancel(this._cancelRequest.message);
    this.#handle = null;
    // Its handle is the step of whoever awaited it first; the others have theirs scheduled.
    let isFirst = true;
    for (const waiter of waiters) {
      if (isFirst && waiter instanceof Reaction) {
        isFirst = false;
        waiter.goOn();
      } else this._schedule(waiter);
    }
  }

  /** @internal The time has come. As in asyncio the sleeper goes on in the iteration after. */
  _end(): void {
    if (!this.done()) this._finish(this.#value);
  }

  /** @internal Whether no task began it. */
  get _isOutsideTasks(): boolean {
    return this.#maker === null && !this.#waiter;
  }

  /** @internal Ends it with an error. */
  _abort(reason: unknown): void {
    if (this.done()) return;
    this.#handle?.cancel();
    this._fail(reason);
  }

  /** @internal Ends it with an error at once, without the loop. */
  _reject(error: Error): void {
    if (this.done()) return;
    this.#handle?.cancel();
    const waiters = this._takeWaiters();
    this._fail(error);
    this._retrieved();
    for (const waiter of waiters) callWaiter(waiter, this);
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
  const [first] = handle._arguments();
  const isSleep = handle._callback === (wake as unknown) || handle._callback === (endSleep as unknown);
  return isSleep ? (first as SleepFuture<unknown>) : undefined;
}
