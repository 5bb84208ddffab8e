/** What waits for a future: callbacks, and the rest of async functions. */
import { shownOnTheWay } from './await-sites.ts';
import type { BaseLoop } from './base-loop.ts';
import type { Cancellable, Stepping } from './current.ts';
import { AbortMark, CancelledError, KeyboardInterrupt } from './errors.ts';
import { inspectAsText } from './repr.ts';

/** @internal What is called when a future is done. */
export type Waiter = CallbackWaiter | Reaction;

/** @internal What `addDoneCallback` was given. */
export class CallbackWaiter {
  /** Takes the future; of which type, only those know who made it. */
  readonly callback: (future: never) => unknown;
  context: unknown;

  constructor(callback: (future: never) => unknown, context: unknown) {
    this.callback = callback;
    this.context = context;
  }

  /** The future belongs to a loop now. */
  adopt(loop: BaseLoop): void {
    this.context = loop._capture();
  }
}

/** A future, as those see it who wait for it. */
interface AwaitedFuture extends Cancellable {
  readonly _loop: BaseLoop | null;
  /** What it throws when awaited, null if it has a result. */
  _error(): unknown;
  _value(): unknown;
}

type Handler = ((value: never) => unknown) | null | undefined;

/** Of a promise that somebody has asked a reaction for. */
interface Derived {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @internal What follows `then()`, most often the rest of an async function that awaits the future. It is
 * what `then` returns, too, and can be used as the promise that it stands for.
 */
export class Reaction {
  static {
    inspectAsText(this);
    Object.assign(this.prototype, { interrupt: null, isLate: false, _derived: null, _value: undefined });
  }

  readonly future: AwaitedFuture;
  readonly task: Stepping | null;
  context: unknown;
  readonly #onFulfilled: Handler;
  readonly #onRejected: Handler;
  #isOver = false;
  /** Set by an interrupt: what is thrown if the future ends by a cancel: its own or, as of `gather`, a child's. */
  declare interrupt: Error | null;
  /** Set by an interrupt that finds the future done and this not called yet: then it is thrown in any case. */
  declare isLate: boolean;
  /** @internal */
  declare _derived: Derived | null;
  /** @internal what the handler has returned */
  declare _value: unknown;

  constructor(future: AwaitedFuture, task: Stepping | null, onFulfilled: Handler, onRejected: Handler) {
    this.future = future;
    this.task = task;
    this.context = task === null ? future._loop?._capture() : task._scope;
    this.#onFulfilled = onFulfilled;
    this.#onRejected = onRejected;
    // Only what no task waits for has to be found by an interrupt.
    if (task === null) future._loop?._rootWaits?.add(this);
  }

  /** The future belongs to a loop now. */
  adopt(loop: BaseLoop): void {
    if (this.task !== null) return;
    this.context = loop._capture();
    loop._rootWaits?.add(this);
  }

  /** How it is shown among the callbacks of the future. */
  toString(): string {
    return this.task === null
      ? 'await'
      : `await in ${(this.task as { getName?(): string }).getName?.() ?? 'a task'}`;
  }

  /** The future is done: goes on with its outcome, or with what its task has to hear first. */
  goOn(): void {
    const { future, task } = this;
    let error = future._error();
    if (task !== null) {
      const cancelled = task._goOn(future);
      // As in asyncio: a cancellation that is on its way already keeps its own message. (An abort of a
      // signal is none: there a cancellation counts more.)
      const isCancelled = error instanceof CancelledError && !(error.reason instanceof AbortMark);
      if (!isCancelled) error = cancelled ?? error;
    } else {
      future._loop?._rootWaits?.delete(this);
      // A `gather` may end by what the interrupt did to a child.
      const isInterrupted = error instanceof CancelledError || error instanceof KeyboardInterrupt;
      if (this.interrupt !== null && (isInterrupted || this.isLate)) error = this.interrupt;
    }
    const shown = error === null ? null : shownOnTheWay(error, task !== null);
    if (shown !== null) {
      this.#follow(shown);
      return;
    }
    const handler = error === null ? this.#onFulfilled : this.#onRejected;
    try {
      if (typeof handler === 'function') {
        this.#resolve((handler as (value: unknown) => unknown)(error === null ? future._value() : error));
      } else if (error === null) this.#resolve(future._value());
      else this.#reject(error);
    } catch (thrown) {
      this.#reject(thrown);
    }
  }

  #follow(rejection: Promise<never>): void {
    const after = rejection.then(this.#onFulfilled as null, this.#onRejected as null);
    // The very functions of the promise: V8 follows these to who awaits it.
    if (this._derived !== null) after.then(this._derived.resolve, this._derived.reject);
    else
      after.then(
        (value) => this.#resolve(value),
        (error: unknown) => this.#reject(error),
      );
  }

  #resolve(value: unknown): void {
    this.#isOver = true;
    if (this._derived !== null) this._derived.resolve(value);
    else if (value !== undefined) this._value = value;
  }

  #reject(error: unknown): void {
    this.#isOver = true;
    if (this._derived !== null) this._derived.reject(error);
    // Node must hear of it, whether or not somebody asks for the promise.
    else void this.promise(rejected(error));
  }

  /** The promise for what the handlers return. */
  promise(settled?: Promise<never>): Promise<unknown> {
    if (this._derived === null) {
      let resolve: (value: unknown) => void = () => {};
      let reject: (error: unknown) => void = () => {};
      const promise =
        settled ??
        new Promise<unknown>((...resolvers) => {
          [resolve, reject] = resolvers;
        });
      this._derived = { promise, resolve, reject };
      if (this.#isOver) resolve(this._value);
    }
    return this._derived.promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it stands for a promise
  then<R, E>(
    onFulfilled?: ((value: unknown) => R | PromiseLike<R>) | null,
    onRejected?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.promise().then(onFulfilled, onRejected);
  }

  catch<E>(onRejected?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<unknown> {
    return this.promise().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<unknown> {
    return this.promise().finally(onFinally);
  }

  get [Symbol.toStringTag](): string {
    return 'Promise';
  }
}

async function rejected(error: unknown): Promise<never> {
  throw error;
}

/** @internal The callback of the handle that goes on with it. */
export function wakeUp(reaction: Reaction): void {
  reaction.goOn();
}

/** @internal Calls a waiter at once, without the loop. */
export function callWaiter(waiter: Waiter, future: AwaitedFuture): void {
  if (waiter instanceof Reaction) waiter.goOn();
  else waiter.callback(future as never);
}
