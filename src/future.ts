import { shownOnTheWay } from './await-sites.ts';
import type { BaseLoop } from './base-loop.ts';
import { createdAt, type CreationStack } from './creation-stack.ts';
import { taskNow, type Stepping } from './current.ts';
import { loopForFuture } from './running.ts';
import { CancelledError, InvalidStateError, LoopRuntimeError } from './errors.ts';
import { watchForRetrieval, type Watch } from './never-retrieved.ts';
import { CallbackWaiter, Reaction, wakeUp, type Waiter } from './reaction.ts';
import { formatCallback, formatError, formatValue, inspectAsText } from './repr.ts';

/** The loop of a future: an `EventLoop`. (Written as a type of its own, since loops make futures.) */
export interface AbstractEventLoop extends BaseLoop {
  createFuture<T = unknown>(): Future<T>;
  createTask<T>(
    code: PromiseLike<T> | (() => PromiseLike<T> | T),
    options?: { readonly name?: string },
  ): Future<T>;
  runForever(): Promise<void>;
  runUntilComplete<T>(awaitable: PromiseLike<T> | (() => PromiseLike<T>)): Promise<T>;
}

/** Called with the future that is done. */
export type DoneCallback<T> = (future: Future<T>) => unknown;

export interface FutureOptions {
  /** Default: the running loop, else the one of `getEventLoop()`. */
  readonly loop?: BaseLoop;
}

const PENDING = 0;
const CANCELLED = 1;
const FINISHED = 2;
/** Cancelled, and the error of that has been made. */
const CANCELLED_BY = 3;
const STATES = ['pending', 'cancelled', 'finished', 'cancelled'] as const;

/** Marks futures for `isFuture`, whichever copy of this library made them. */
const MARK: unique symbol = Symbol.for('tsloop.Future');

/**
 * A result that will be there later, as asyncio's `Future`. `await` it; code that runs in a task and
 * awaits one that is pending goes on in the iteration after its end, and a cancel of the task cancels
 * the future.
 *
 * @example
 * const future = getEventLoop().createFuture<string>();
 * getEventLoop().callLater(0.01, () => future.setResult('there'));
 * console.log(await future);
 */
export class Future<T = unknown> implements Promise<T> {
  static {
    inspectAsText(this);
    Object.defineProperty(this.prototype, MARK, { value: true });
    // What few futures have is no field of all: there may be many of them.
    Object.assign(this.prototype, { _watch: null, _madeAt: null });
  }

  /** @internal null: not known yet; see `sleep` */
  _loop: BaseLoop | null;
  /** @internal */
  _state: 0 | 1 | 2 | 3 = PENDING;
  /** Finished: the result, or with `#failed` the exception. Cancelled: the message, or the error. */
  #outcome: unknown = undefined;
  #failed = false;
  /** One is most often all there is. */
  #callbacks: Waiter | Waiter[] | null = null;
  /** @internal for somebody who takes the exception */
  declare _watch: Watch | null;
  /** @internal debug mode only */
  declare readonly _madeAt: CreationStack | null;

  /** @throws RuntimeError if no loop is given and there is none */
  constructor(options: FutureOptions = {}) {
    this._loop = options.loop ?? this._findLoop();
    const stack = this._loop?._stack() ?? null;
    if (stack !== null) (this as { _madeAt: CreationStack })._madeAt = stack;
  }

  /** @internal */
  protected _findLoop(): BaseLoop | null {
    return loopForFuture();
  }

  get [Symbol.toStringTag](): string {
    return 'Future';
  }

  /** The loop that it belongs to. @throws RuntimeError for a `sleep()` whose loop does not run yet */
  getLoop(): AbstractEventLoop {
    if (this._loop === null) throw new LoopRuntimeError('no running event loop');
    return this._loop as AbstractEventLoop;
  }

  /** True once it has a result or an exception, or was cancelled. */
  done(): boolean {
    return this._state !== PENDING;
  }

  /** True if it was cancelled. */
  cancelled(): boolean {
    return this._state === CANCELLED || this._state === CANCELLED_BY;
  }

  /**
   * Its result.
   *
   * @throws the very exception that was set; CancelledError if it was cancelled; InvalidStateError
   * while it is pending
   */
  result(): T {
    const exception = this.#exceptionFor('Result');
    if (exception !== null) throw exception;
    return this.#outcome as T;
  }

  /**
   * The exception that was set; null if there is a result.
   *
   * @throws CancelledError if it was cancelled; InvalidStateError while it is pending
   */
  exception(): unknown {
    return this.#exceptionFor('Exception');
  }

  #exceptionFor(asked: string): unknown {
    if (this._state === PENDING) throw new InvalidStateError(`${asked} is not set: ${this.toString()}`);
    if (this._state !== FINISHED) throw this._cancelledError();
    this._retrieved();
    return this.#failed ? this.#outcome : null;
  }

  /** Ends it with a result. @throws InvalidStateError if it is done */
  setResult(result: T): void {
    this._finish(result);
  }

  /**
   * Ends it with an exception: an Error, or a class of errors, of which one is made.
   *
   * @throws InvalidStateError if it is done; TypeError for what is no error
   */
  setException(exception: Error | (new () => Error)): void {
    const error: unknown = typeof exception === 'function' ? new exception() : exception;
    if (!(error instanceof Error)) {
      throw new TypeError(`setException() takes an Error or a class of errors, not ${formatValue(error)}`);
    }
    this._fail(error);
  }

  /**
   * Cancels it: who waits for it gets a CancelledError that carries `message`. Returns false if it was
   * done already.
   */
  cancel(message?: unknown): boolean {
    if (this._state !== PENDING) return false;
    this.#outcome = message;
    this.#settle(CANCELLED);
    return true;
  }

  /**
   * Calls `callback(future)` when it is done, in an iteration after that; callbacks are called in the
   * order in which they were added, and one that is added twice is called twice.
   *
   * @throws TypeError if it is not a function
   */
  addDoneCallback(callback: DoneCallback<T>): void {
    if (typeof callback !== 'function') {
      throw new TypeError(`addDoneCallback() takes a function, not ${formatValue(callback)}`);
    }
    const waiter: Waiter = new CallbackWaiter(callback, this._loop?._capture());
    if (this._state === PENDING) this.#add(waiter);
    else this._schedule(waiter);
  }

  /** Removes all that are equal to `callback` and not scheduled yet; returns their number. */
  removeDoneCallback(callback: DoneCallback<T>): number {
    const before = this.#waiters();
    const kept = before.filter((waiter) => waiter instanceof Reaction || waiter.callback !== callback);
    this.#callbacks = kept.length === 0 ? null : kept;
    return before.length - kept.length;
  }

  // ---- As a promise ----

  /** Makes it awaitable. The continuation runs in an iteration after its end; for a done one at once. */
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this._then(taskNow(), onFulfilled, onRejected);
  }

  /** @internal As `then`, for a task that need not be the one that runs. */
  _then<R = T, E = never>(
    task: Stepping | null,
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    if (this._state !== PENDING) return this.#settled(task !== null).then(onFulfilled, onRejected);
    if (task !== null) {
      const wrong = this.#mayNotWait(task);
      if (wrong !== null) return Promise.reject<T>(wrong).then(onFulfilled, onRejected);
    }
    const reaction = new Reaction(this, task, onFulfilled, onRejected);
    this.#add(reaction);
    if (task !== null) task._waitFor(this);
    // Both handlers, as from an `await`, whose promise nobody asks for: it is made only on demand.
    if (typeof onFulfilled === 'function' && typeof onRejected === 'function') {
      return reaction as unknown as Promise<R | E>;
    }
    return reaction.promise() as Promise<R | E>;
  }

  catch<E = never>(onRejected?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<T | E> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then(null).finally(onFinally);
  }

  #settled(isInTask: boolean): Promise<T> {
    const error = this._error();
    if (error === null) return Promise.resolve(this.#outcome as T);
    return shownOnTheWay(error, isInTask) ?? Promise.reject<T>(error);
  }

  #mayNotWait(task: Stepping): Error | null {
    if ((task as unknown) === this)
      return new LoopRuntimeError(`Task cannot await on itself: ${this.toString()}`);
    if (this._loop === null || task._loop === null || this._loop === task._loop) return null;
    return new LoopRuntimeError(
      `${formatValue(task)} got ${this.toString()} attached to a different loop: a task can wait for what is of its own loop only.`,
    );
  }

  // ---- For the library's own code ----

  /** @internal Whether it has an exception. Retrieves nothing. */
  get _hasFailed(): boolean {
    return this._state === FINISHED && this.#failed;
  }

  /** @internal */
  _isOutOfReach(): boolean {
    return false;
  }

  /** @internal What it throws when awaited, null if it has a result. Counts as retrieved. */
  _error(): unknown {
    if (this._state !== FINISHED) return this._cancelledError();
    if (!this.#failed) return null;
    this._retrieved();
    return this.#outcome;
  }

  /** @internal */
  _value(): T {
    return this.#outcome as T;
  }

  /** @internal The same error for all who wait. */
  _cancelledError(): CancelledError {
    if (this._state === CANCELLED) {
      this.#outcome = new CancelledError(this.#outcome);
      this._state = CANCELLED_BY;
    }
    return this.#outcome as CancelledError;
  }

  /** @internal Ends it as cancelled, by this very error. */
  protected _cancelWith(error: CancelledError): void {
    this.#outcome = error;
    this.#settle(CANCELLED_BY);
  }

  /** @internal */
  _finish(result: T): void {
    this.#checkPending();
    this.#outcome = result;
    this.#settle(FINISHED);
  }

  /** @internal `error` may be anything that was thrown. */
  _fail(error: unknown): void {
    this.#checkPending();
    // Told apart from "none" by null.
    this.#outcome = error ?? new TypeError(`${String(error)} was thrown`);
    this.#failed = true;
    this.#settle(FINISHED);
    const watch = watchForRetrieval(this, error);
    if (watch !== null) this._watch = watch;
  }

  /** @internal From now on nobody needs to be told of the exception. */
  _retrieved(): void {
    if (this._watch === null) return;
    this._watch.end();
    this._watch = null;
  }

  #checkPending(): void {
    if (this._state === PENDING) return;
    throw new InvalidStateError(
      `Invalid state: the future is ${STATES[this._state]} already: ${this.toString()}`,
    );
  }

  #settle(state: 1 | 2 | 3): void {
    this._state = state;
    const callbacks = this.#callbacks;
    if (callbacks === null) return;
    this.#callbacks = null;
    if (Array.isArray(callbacks)) for (const waiter of callbacks) this._schedule(waiter);
    else this._schedule(callbacks);
  }

  /** @internal Has the loop call a waiter. */
  protected _schedule(waiter: Waiter): void {
    const loop = this._loop;
    if (loop === null) return;
    if (waiter instanceof Reaction) loop._callStep(waiter.task, waiter.context, wakeUp, waiter);
    else loop._callStep(null, waiter.context, waiter.callback as DoneCallback<T>, this);
  }

  #add(waiter: Waiter): void {
    const callbacks = this.#callbacks;
    if (callbacks === null) this.#callbacks = waiter;
    else if (Array.isArray(callbacks)) callbacks.push(waiter);
    else this.#callbacks = [callbacks, waiter];
  }

  #waiters(): Waiter[] {
    return this.#callbacks === null
      ? []
      : Array.isArray(this.#callbacks)
        ? this.#callbacks
        : [this.#callbacks];
  }

  /** @internal For a future that was made without a loop: from now on it belongs to this one. */
  protected _adopt(loop: BaseLoop): void {
    this._loop = loop;
    for (const waiter of this.#waiters()) waiter.adopt(loop);
  }

  /** @internal Takes the waiters, for those who schedule them in another way. */
  protected _takeWaiters(): Waiter[] {
    const waiters = this.#waiters();
    this.#callbacks = null;
    return waiters;
  }

  // ---- As text ----

  /** `<Future pending>`, `<Future finished result=3>`, with callbacks; in debug mode with `created at file:line`. */
  toString(): string {
    return `<${[this.constructor.name, ...this._details()].join(' ')}>`;
  }

  /** @internal */
  protected _details(): string[] {
    const parts: string[] = [STATES[this._state]];
    if (this._state === FINISHED) {
      parts.push(
        this.#failed ? `exception=${formatError(this.#outcome)}` : `result=${formatValue(this.#outcome)}`,
      );
    }
    const callbacks = this._describeCallbacks();
    if (callbacks !== null) parts.push(callbacks);
    parts.push(...createdAt(this._madeAt));
    return parts;
  }

  /** @internal The first and the last one; more are counted. */
  protected _describeCallbacks(): string | null {
    const names = this.#waiters().map((waiter) =>
      waiter instanceof Reaction ? waiter.toString() : formatCallback(waiter.callback, []),
    );
    if (names.length === 0) return null;
    if (names.length > 2) names.splice(1, names.length - 2, `<${names.length - 2} more>`);
    return `cb=[${names.join(', ')}]`;
  }
}

/**
 * Whether this is a future or task, of whichever copy of this library.
 *
 * @example
 * console.log(isFuture(sleep(0)), isFuture(Promise.resolve())); // true false
 */
export function isFuture(value: unknown): value is Future {
  return typeof value === 'object' && value !== null && (value as { [MARK]?: unknown })[MARK] === true;
}
