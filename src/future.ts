/**
 * Futures, and how `await` meets the loop. (More lines than most files: what waits for a future and the
 * future itself know each other's state.)
 */
import type { BaseLoop } from './base-loop.ts';
import { createdAt, type CreationStack } from './creation-stack.ts';
import { taskNow, type Stepping } from './current.ts';
import { loopForFuture } from './running.ts';
import { AbortMark, CancelledError, InvalidStateError, LoopRuntimeError } from './errors.ts';
import { watchForRetrieval, type Watch } from './never-retrieved.ts';
import { formatCallback, formatValue, inspectAsText } from './repr.ts';

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
const STATES = ['pending', 'cancelled', 'finished'] as const;

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
  }

  /** @internal null: not known yet; see `sleep` */
  _loop: BaseLoop | null;
  /** @internal */
  _state: 0 | 1 | 2 = PENDING;
  #result: T | undefined;
  #exception: unknown = null;
  #cancelReason: unknown;
  #cancelledError: CancelledError | null = null;
  /** One is most often all there is. */
  #callbacks: Waiter | Waiter[] | null = null;
  #watch: Watch | null = null;
  /** @internal debug mode only */
  readonly _madeAt: CreationStack | null;

  /** @throws RuntimeError if no loop is given and there is none */
  constructor(options: FutureOptions = {}) {
    this._loop = options.loop ?? this._findLoop();
    this._madeAt = this._loop?._stack() ?? null;
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
    return this._state === CANCELLED;
  }

  /**
   * Its result.
   *
   * @throws the very exception that was set; CancelledError if it was cancelled; InvalidStateError
   * while it is pending
   */
  result(): T {
    const exception = this.#outcome('Result');
    if (exception !== null) throw exception;
    return this.#result as T;
  }

  /**
   * The exception that was set; null if there is a result.
   *
   * @throws CancelledError if it was cancelled; InvalidStateError while it is pending
   */
  exception(): unknown {
    return this.#outcome('Exception');
  }

  #outcome(asked: string): unknown {
    if (this._state === PENDING) throw new InvalidStateError(`${asked} is not set: ${this.toString()}`);
    if (this._state === CANCELLED) throw this._cancelledError();
    this._retrieved();
    return this.#exception;
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
    this.#cancelReason = message;
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
    const waiter: Waiter = { callback, context: this._loop?._capture(), task: null };
    if (this._state === PENDING) this.#add(waiter);
    else this.#schedule(waiter);
  }

  /** Removes all that are equal to `callback` and not scheduled yet; returns their number. */
  removeDoneCallback(callback: DoneCallback<T>): number {
    const before = this.#waiters();
    const kept = before.filter((waiter) => waiter.callback !== callback);
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
    const task = taskNow();
    if (this._state !== PENDING) return this.#settled().then(onFulfilled, onRejected);
    if (task !== null) {
      const wrong = this.#mayNotWait(task);
      if (wrong !== null) return Promise.reject<T>(wrong).then(onFulfilled, onRejected);
    }
    return new Promise<R | E>((resolve, reject) => {
      const reaction = new Reaction<T, R, E>(this, task, onFulfilled, onRejected, resolve, reject);
      this.#add(reaction);
      if (task !== null) task._waitFor(this);
    });
  }

  catch<E = never>(onRejected?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<T | E> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then(null).finally(onFinally);
  }

  #settled(): Promise<T> {
    const error = this._error();
    return error === null ? Promise.resolve(this.#result as T) : Promise.reject<T>(error);
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

  /** @internal What it throws when awaited, null if it has a result. Counts as retrieved. */
  _error(): unknown {
    if (this._state === CANCELLED) return this._cancelledError();
    this._retrieved();
    return this.#exception;
  }

  /** @internal */
  _value(): T {
    return this.#result as T;
  }

  /** @internal The same error for all who wait. */
  _cancelledError(): CancelledError {
    return (this.#cancelledError ??= new CancelledError(this.#cancelReason));
  }

  /** @internal Ends it as cancelled, by this very error. */
  protected _cancelWith(error: CancelledError): void {
    this.#cancelledError = error;
    this.#settle(CANCELLED);
  }

  /** @internal */
  _finish(result: T): void {
    this.#checkPending();
    this.#result = result;
    this.#settle(FINISHED);
  }

  /** @internal `error` may be anything that was thrown. */
  _fail(error: unknown): void {
    this.#checkPending();
    // Told apart from "none" by null.
    this.#exception = error ?? new TypeError(`${String(error)} was thrown`);
    this.#settle(FINISHED);
    this.#watch = watchForRetrieval(this, error);
  }

  /** @internal From now on nobody needs to be told of the exception. */
  _retrieved(): void {
    if (this.#watch === null) return;
    this.#watch.end();
    this.#watch = null;
  }

  #checkPending(): void {
    if (this._state === PENDING) return;
    throw new InvalidStateError(
      `Invalid state: the future is ${STATES[this._state]} already: ${this.toString()}`,
    );
  }

  #settle(state: 1 | 2): void {
    this._state = state;
    const callbacks = this.#callbacks;
    if (callbacks === null) return;
    this.#callbacks = null;
    if (Array.isArray(callbacks)) for (const waiter of callbacks) this.#schedule(waiter);
    else this.#schedule(callbacks);
  }

  #schedule(waiter: Waiter): void {
    this._loop?._callStep(waiter.task, waiter.context, waiter.callback as DoneCallback<T>, this);
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
        this.#exception === null
          ? `result=${formatValue(this.#result)}`
          : `exception=${formatError(this.#exception)}`,
      );
    }
    const callbacks = this._describeCallbacks();
    if (callbacks !== null) parts.push(callbacks);
    parts.push(...createdAt(this._madeAt));
    return parts;
  }

  /** @internal The first and the last one; more are counted. */
  protected _describeCallbacks(): string | null {
    const names = this.#waiters().map((waiter) => waiter.describe?.() ?? formatCallback(waiter.callback, []));
    if (names.length === 0) return null;
    if (names.length > 2) names.splice(1, names.length - 2, `<${names.length - 2} more>`);
    return `cb=[${names.join(', ')}]`;
  }
}

/** @internal Something that is called when a future is done. */
export interface Waiter {
  /** Takes the future; of which type, only those know who made it. */
  readonly callback: (future: never) => unknown;
  readonly context: unknown;
  readonly task: Stepping | null;
  describe?(): string;
}

/** @internal What follows `then()`, most often the rest of an async function that awaits the future. */
class Reaction<T, R, E> implements Waiter {
  readonly context: unknown;
  readonly task: Stepping | null;
  readonly callback: DoneCallback<T>;
  /** Set by an interrupt: what is thrown if the future ends by a cancel: its own or, as of `gather`, a child's. */
  interrupt: Error | null = null;
  readonly future: Future<T>;
  readonly #onFulfilled: ((value: T) => R | PromiseLike<R>) | null | undefined;
  readonly #onRejected: ((error: unknown) => E | PromiseLike<E>) | null | undefined;
  readonly #resolve: (value: R | PromiseLike<R>) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    future: Future<T>,
    task: Stepping | null,
    onFulfilled: ((value: T) => R | PromiseLike<R>) | null | undefined,
    onRejected: ((error: unknown) => E | PromiseLike<E>) | null | undefined,
    resolve: (value: R | E | PromiseLike<R | E>) => void,
    reject: (error: unknown) => void,
  ) {
    this.future = future;
    this.task = task;
    this.context = task === null ? future._loop?._capture() : task._scope;
    this.#onFulfilled = onFulfilled;
    this.#onRejected = onRejected;
    this.#resolve = resolve;
    this.#reject = reject;
    // Only what no task waits for has to be found by an interrupt.
    if (task === null) future._loop?._rootWaits?.add(this);
    this.callback = () => this.#goOn();
  }

  describe(): string {
    return this.task === null
      ? 'await'
      : `await in ${(this.task as { getName?(): string }).getName?.() ?? 'a task'}`;
  }

  #goOn(): void {
    const { future, task } = this;
    future._loop?._rootWaits?.delete(this);
    let error = future._error();
    if (task !== null) {
      const cancelled = task._goOn(future);
      // As in asyncio: a cancellation that is on its way already keeps its own message. (An abort of a
      // signal is none: there a cancellation counts more.)
      const isCancelled = error instanceof CancelledError && !(error.reason instanceof AbortMark);
      if (!isCancelled) error = cancelled ?? error;
    } else if (this.interrupt !== null && error instanceof CancelledError) error = this.interrupt;
    try {
      if (error === null) {
        const value = future._value();
        this.#resolve(typeof this.#onFulfilled === 'function' ? this.#onFulfilled(value) : (value as never));
      } else if (typeof this.#onRejected === 'function') {
        this.#resolve(this.#onRejected(error) as never);
      } else this.#reject(error);
    } catch (thrown) {
      this.#reject(thrown);
    }
  }
}

function formatError(error: unknown): string {
  return error instanceof Error
    ? `${error.name}(${error.message === '' ? '' : formatValue(error.message)})`
    : formatValue(error);
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
