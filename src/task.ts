import { isThenable } from './awaitable.ts';
import type { BaseLoop } from './base-loop.ts';
import type { Cancellable, Stepping } from './current.ts';
import { CreationStack } from './creation-stack.ts';
import { CancelledError, KeyboardInterrupt, LoopRuntimeError } from './errors.ts';
import { Future, type FutureOptions } from './future.ts';
import { asText, formatCallback, formatValue } from './repr.ts';
import type { RegisteredTask } from './task-registry.ts';

/** What a task runs: a function, called by the loop; or a promise, whose code has started already. */
export type TaskCode<T> = PromiseLike<T> | (() => PromiseLike<T> | T);

/** Of a task that has been asked to end. */
class Cancelling {
  /** Those that have not been taken back. */
  requests = 0;
  /** Whether the next wait, or the end, has to throw a CancelledError with this message. */
  must = false;
  message: unknown = undefined;
  abort: AbortController | null = null;
}

export interface TaskOptions extends FutureOptions {
  /** Default: `Task-1`, `Task-2`, … Anything that is no string is made one. */
  readonly name?: unknown;
}

/** As asyncio's, one count for all loops of the thread. */
let tasksMade = 0;

/**
 * Runs an async function on a loop, as asyncio's `Task`: a future that ends as the function does, can
 * be cancelled while it waits, and has a name. Made by `loop.createTask`.
 *
 * `cancel()` cancels the future that the function waits for just then; the function sees that as a
 * CancelledError thrown by its `await`, runs its `finally` blocks, and may even catch it. What it waits
 * for must be of this library (`sleep`, a future, a lock …) or listen to `task.signal`: other promises
 * cannot be cancelled; see `fromPromise`.
 *
 * The code of a task that was made of a promise runs without the loop's knowledge: a cancel ends the
 * task, and the code goes on.
 *
 * @example
 * const task = getEventLoop().createTask(async () => {
 *   await sleep(0.01);
 *   return 'done';
 * });
 * console.log(await task);
 */
export class Task<T = unknown> extends Future<T> implements Stepping, RegisteredTask {
  readonly #code: TaskCode<T>;
  /** A number until somebody asks: most names are never read. */
  #name: string | number;
  #waitsFor: Cancellable | null = null;
  #cancel: Cancelling | null = null;
  /** @internal */
  _isStarted = false;
  /** @internal */
  _previous: RegisteredTask | null = null;
  /** @internal */
  _next: RegisteredTask | null = null;

  /** @internal only code that does several things at once waits for several futures */
  declare _waitsForMore: Set<Cancellable> | null;
  /** @internal */
  declare _weak: WeakRef<RegisteredTask> | null;
  /** @internal */
  declare readonly _scope: unknown;
  /** @internal */
  declare _onEnd: (() => void) | null;

  static {
    // What few tasks have is no field of all: there may be many of them.
    Object.assign(this.prototype, { _waitsForMore: null, _weak: null, _scope: undefined, _onEnd: null });
  }

  /**
   * @throws TypeError if `code` is neither a function nor a promise; RuntimeError if the loop is closed,
   * or if no loop is given and there is none
   */
  constructor(code: TaskCode<T>, options: TaskOptions = {}) {
    super(options);
    if (typeof code !== 'function' && !isThenable(code)) {
      throw new TypeError(
        `A task is made of a function or a promise, not of ${formatValue(code)}. Did you mean () => ...?`,
      );
    }
    const loop = this._loop as BaseLoop;
    loop._checkOpen();
    this.#code = code;
    this.#name = options.name === undefined ? ++tasksMade : asText(options.name);
    loop._tasks.add(this);
    loop._taskPlaces?.set(this, new CreationStack());
    if (this._madeAt !== null) {
      // In debug mode a task that is gone is reported: so it must be able to go.
      loop._tasks.letGo(this);
      watchForDestruction(this, this._madeAt);
    }
    if (loop._context !== undefined) {
      const context = loop._capture();
      (this as { _scope: unknown })._scope = loop._context.scope?.(context, this) ?? context;
    }
    if (typeof code === 'function') loop._callStep(this, this._scope, start, this);
    else {
      this._isStarted = true;
      loop._followed(this);
      this.#follow(code);
    }
  }

  override get [Symbol.toStringTag](): string {
    return 'Task';
  }

  getName(): string {
    if (typeof this.#name === 'number') this.#name = `Task-${this.#name}`;
    return this.#name;
  }

  /** Anything that is no string is made one. */
  setName(name: unknown): void {
    this.#name = asText(name);
  }

  /** The function or promise that it was made of. */
  getCoro(): TaskCode<T> {
    return this.#code;
  }

  /**
   * Asks for the end of the task. Returns false if it is done already. If its code waits for a future,
   * that is cancelled; otherwise the next await throws a CancelledError, or the task ends cancelled. The
   * code may catch the error and go on; `cancelled()` is true only if it ends by it. Also aborts `signal`.
   */
  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    const cancel = (this.#cancel ??= new Cancelling());
    cancel.requests++;
    cancel.abort?.abort(new CancelledError(message));
    let passedOn = this.#waitsFor?.cancel(message) ?? false;
    if (this._waitsForMore !== null) {
      for (const future of this._waitsForMore) if (future.cancel(message)) passedOn = true;
    }
    if (passedOn) return true;
    cancel.must = true;
    cancel.message = message;
    // Nobody can throw into code that the loop did not call.
    if (typeof this.#code !== 'function') {
      const end = (): void => {
        if (!this.done() && cancel.must) this.#cancelNow(cancel);
      };
      this._loop?._callStep(null, this._loop._capture(), end, undefined);
    }
    return true;
  }

  /** How many cancels have been asked for and not been taken back. */
  cancelling(): number {
    return this.#cancel?.requests ?? 0;
  }

  /** Takes one request to cancel back, for code that caught its CancelledError; returns how many are left. */
  uncancel(): number {
    if (this.#cancel !== null && this.#cancel.requests > 0) this.#cancel.requests--;
    return this.cancelling();
  }

  /** Aborts when the task is cancelled: for `fetch` and all that takes an AbortSignal. */
  get signal(): AbortSignal {
    const cancel = (this.#cancel ??= new Cancelling());
    if (cancel.abort === null) {
      cancel.abort = new AbortController();
      if (cancel.requests > 0 || this.cancelled()) cancel.abort.abort(new CancelledError(cancel.message));
    }
    return cancel.abort.signal;
  }

  /** @throws RuntimeError: a task ends as its code does */
  override setResult(_result: T): void {
    throw new LoopRuntimeError('Task does not support set_result operation');
  }

  /** @throws RuntimeError: a task ends as its code does */
  override setException(_exception: Error | (new () => Error)): void {
    throw new LoopRuntimeError('Task does not support set_exception operation');
  }

  // ---- Steps ----

  /** @internal The first step. */
  _start(): void {
    if (this.done()) return;
    this._isStarted = true;
    if (this.#cancel?.must === true) {
      this.#cancelNow(this.#cancel);
      return;
    }
    let result: PromiseLike<T> | T;
    try {
      result = (this.#code as () => PromiseLike<T> | T)();
    } catch (error) {
      this.#failed(error);
      return;
    }
    if (isThenable(result)) this.#follow(result);
    else {
      const shown = `${formatCallback(this.#code, [])} returned ${formatValue(result)}, not a promise`;
      this.#failed(new TypeError(shown));
    }
  }

  #follow(promise: PromiseLike<T>): void {
    const ended = (value: T): void => {
      if (this.done()) return;
      if (this.#cancel?.must === true) this.#cancelNow(this.#cancel);
      else {
        this.#over();
        this._finish(value);
      }
    };
    const failed = (error: unknown): void => {
      if (!this.done()) this.#failed(error);
    };
    // Whoever makes a task of a future does not wait for that himself.
    if (promise instanceof Future) void (promise as Future<T>)._then(this, ended, failed);
    // A thenable's own `then` may call back at once, or throw.
    else void (promise instanceof Promise ? promise : Promise.resolve(promise)).then(ended, failed);
  }

  #failed(error: unknown): void {
    this.#over();
    if (error instanceof CancelledError) this._cancelWith(error);
    else {
      this._fail(error);
      if (error instanceof KeyboardInterrupt) this._loop?._raise(error);
    }
  }

  #cancelNow(cancel: Cancelling): void {
    cancel.must = false;
    this.#over();
    super.cancel(cancel.message);
  }

  #over(): void {
    this._loop?._tasks.delete(this);
    if (this._onEnd !== null) this._onEnd();
    if (this._madeAt !== null) destroyed.unregister(this._madeAt);
    this.#waitsFor = null;
    if (this._waitsForMore !== null) this._waitsForMore = null;
  }

  /** @internal */
  _waitFor(future: Cancellable): void {
    if (this.#waitsFor === null) this.#waitsFor = future;
    else (this._waitsForMore ??= new Set()).add(future);
    const cancel = this.#cancel;
    if (cancel?.must === true && future.cancel(cancel.message)) cancel.must = false;
  }

  /** @internal */
  _goOn(future: Cancellable): Error | null {
    if (this.#waitsFor === future) this.#waitsFor = null;
    else this._waitsForMore?.delete(future);
    const cancel = this.#cancel;
    if (cancel?.must !== true) return null;
    cancel.must = false;
    return new CancelledError(cancel.message);
  }

  /** @internal */
  override _isOutOfReach(): boolean {
    if (this.done() || !this._isStarted) return false;
    // Code that has asked for the signal may listen to it.
    if (this.#cancel !== null && this.#cancel.abort !== null) return false;
    const waited = this._waitedFor();
    return waited.length === 0
      ? this.#cancel?.must === true
      : waited.every((future) => future._isOutOfReach());
  }

  /** @internal The engine has torn the code of a step: no rest of it will ever run. */
  _tear(error: Error): void {
    // One that waits was not torn: it was somebody else's code that ran in the microtasks of its step.
    const isStepping = this._isStarted && this.#waitsFor === null && typeof this.#code === 'function';
    if (this.done() || !isStepping) return;
    this.#over();
    this._fail(error);
    // Who interrupts knows of it.
    this._retrieved();
  }

  /** @internal Whoever made it knows that it may never end. */
  _mayStayPending(): void {
    if (this._madeAt !== null) destroyed.unregister(this._madeAt);
  }

  /**
   * Debug mode: where the task was made, nearest caller first; empty otherwise. (Of code that waits
   * JavaScript knows no stack.)
   */
  getStack(limit: number = Infinity): string[] {
    return (this._madeAt?.frames() ?? []).slice(0, limit);
  }

  /** Writes `getStack()` to the console. */
  printStack(limit: number = Infinity): void {
    const frames = this.getStack(limit).map((frame) => `    at ${frame}`);
    console.error([`Stack for ${this.toString()} (most recent call first):`, ...frames].join('\n'));
  }

  /** @internal What its code waits for now. */
  _waitedFor(): Cancellable[] {
    return [...(this.#waitsFor === null ? [] : [this.#waitsFor]), ...(this._waitsForMore ?? [])];
  }

  /** @internal */
  protected override _details(): string[] {
    const [state = '', ...rest] = super._details();
    const shown = !this.done() && this.cancelling() > 0 ? 'cancelling' : state;
    const coro =
      typeof this.#code === 'function' ? `coro=<${formatCallback(this.#code, [])}>` : 'coro=<a promise>';
    const waits = this._waitedFor().map((future) => `wait_for=${describeShortly(future)}`);
    return [shown, `name='${this.getName()}'`, coro, ...waits, ...rest];
  }
}

/** Of a future that a task waits for: not what waits for it in turn, which may be that very task. */
function describeShortly(future: Cancellable): string {
  if (future instanceof Task)
    return `<Task ${future.done() ? 'finished' : 'pending'} name='${future.getName()}'>`;
  if (future instanceof Future)
    return `<${future.constructor.name} ${future.done() ? 'finished' : 'pending'}>`;
  return '<?>';
}

/** What is told of a pending task that is gone: nobody can end it any more. */
interface Destroyed {
  readonly loop: BaseLoop;
  readonly text: string;
  readonly stack: string;
}

const destroyed = new FinalizationRegistry<Destroyed>(({ loop, text, stack }) => {
  if (loop.isClosed()) return;
  loop.callExceptionHandler({
    message: 'Task was destroyed but it is pending!',
    task: text,
    sourceTraceback: stack,
  });
});

function watchForDestruction(task: Task, token: object): void {
  const stack = String(task._madeAt);
  destroyed.register(task, { loop: task._loop as BaseLoop, text: task.toString(), stack }, token);
}

function start(task: Task): void {
  task._start();
}
