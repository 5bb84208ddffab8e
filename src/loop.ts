/** The loop of asyncio: futures and tasks, work outside of the loop, run calls, each in a section of its own. */
import type { Awaitable } from './awaitable.ts';
import { BaseLoop, CLOSED } from './base-loop.ts';
import type { Cancellable } from './current.ts';
import { currentStrictRun, setStrictRun } from './running.ts';
import { isDelivered, markDelivered } from './delivered.ts';
import { LoopRuntimeError } from './errors.ts';
import { ensureFutureOn } from './ensure-future.ts';
import { ThreadPoolExecutor, type Executor } from './executor.ts';
import { takeFloatingRejections } from './floating-rejections.ts';
import { fromPromise } from './from-promise.ts';
import { Future, type AbstractEventLoop } from './future.ts';
import type { Handle } from './handle.ts';
import { passOn } from './pass-on.ts';
import { formatCallback, formatValue } from './repr.ts';
import { SignalHandlers } from './signal-handlers.ts';
import { sleepOf } from './sleep-future.ts';
import { Task, type TaskCode } from './task.ts';

export interface CreateTaskOptions {
  /** Default: `Task-1`, `Task-2`, … Anything that is no string is made one. */
  readonly name?: unknown;
  /** Cancels the task when it is aborted, with its reason as message. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a task of code, on a loop. */
// oxlint-disable-next-line typescript/no-explicit-any -- of any type, as the code
export type TaskFactory = (loop: EventLoop, code: TaskCode<any>) => Task<any>;

/**
 * An event loop as asyncio's: calls callbacks one after the other, in the order in which they were
 * scheduled or at the time that was asked for, while it is being run and at no other time. All times
 * are seconds. Between two callbacks all microtasks run, so what an async function does between two
 * waits is never mixed with another callback.
 *
 * @example
 * const loop = newEventLoop();
 * loop.callSoon(console.log, 'first');
 * loop.callLater(0.1, () => loop.stop());
 * await loop.runForever();
 * loop.close();
 */
export class EventLoop extends BaseLoop implements AbstractEventLoop {
  #taskFactory: TaskFactory | null = null;
  #executor: Executor | null = null;
  readonly #asyncgens: Set<AsyncGenerator<unknown, unknown, never>> = new Set();
  readonly #signals: SignalHandlers = new SignalHandlers();

  // ---- Futures and tasks ----

  /** Makes a future that belongs to this loop; also on a closed loop. */
  createFuture<T = unknown>(): Future<T> {
    return new Future<T>({ loop: this });
  }

  /**
   * Makes a task, which the loop begins to run in its next iteration. `code` is an async function without
   * arguments; the code of a promise has started already, and a cancel cannot reach it (see `Task`).
   *
   * @throws TypeError for anything else; RuntimeError if the loop is closed
   */
  createTask<T>(code: TaskCode<T>, options: CreateTaskOptions = {}): Task<T> {
    const { name, signal } = options;
    let task: Task<T>;
    if (this.#taskFactory === null) task = new Task<T>(code, { name, loop: this });
    else {
      this._checkOpen();
      task = this.#taskFactory(this, code as TaskCode<never>) as Task<T>;
      if (name !== undefined) task.setName?.(name);
    }
    if (signal !== undefined) cancelBySignal(task, signal);
    return task;
  }

  /** The factory of `setTaskFactory`; null for the default one. */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory;
  }

  /**
   * Who makes the tasks of `createTask`, given the loop and the code; null: the default. What it returns
   * should be a Task; its name is set afterwards.
   *
   * @throws TypeError if it is neither a function nor null
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== 'function') {
      throw new TypeError(`A task factory is a function or null, not ${formatValue(factory)}`);
    }
    this.#taskFactory = factory;
  }

  // ---- Work outside of the loop ----

  /**
   * Calls `fn(...args)` in another thread. null: in the default executor, worker threads, where `fn` can
   * use nothing from around it (see `ThreadPoolExecutor`). The future ends as the function does; a cancel
   * lets go of it, and does not stop it.
   *
   * @throws RuntimeError if the loop is closed; TypeError if `fn` is no function, or the executor no executor
   */
  runInExecutor<A extends readonly unknown[], R>(
    executor: Executor | null,
    fn: (...args: A) => R,
    ...args: A
  ): Future<Awaited<R>> {
    this._checkOpen();
    if (typeof fn !== 'function') {
      throw new TypeError(`runInExecutor() takes a function to call, not ${formatValue(fn)}`);
    }
    const chosen = executor ?? (this.#executor ??= new ThreadPoolExecutor());
    if (typeof chosen.submit !== 'function') {
      throw new TypeError(`An executor has a method submit(fn, ...args); ${formatValue(chosen)} has none`);
    }
    return fromPromise(chosen.submit(fn, ...args) as PromiseLike<Awaited<R>>, { loop: this });
  }

  /** Which executor `runInExecutor(null, …)` means. @throws TypeError if it has no `submit` */
  setDefaultExecutor(executor: Executor): void {
    if (typeof (executor as Executor | null)?.submit !== 'function') {
      throw new TypeError(`An executor has a method submit(fn, ...args); ${formatValue(executor)} has none`);
    }
    this.#executor = executor;
  }

  /** Ends the default executor; resolves when all that it was given is done. */
  async shutdownDefaultExecutor(): Promise<void> {
    const executor = this.#executor;
    this.#executor = null;
    if (executor?.shutdown !== undefined)
      await fromPromise(Promise.resolve(executor.shutdown()), { loop: this });
  }

  /**
   * Has the loop end an async generator with `shutdownAsyncgens()`, as asyncio does with all of them:
   * JavaScript tells nobody of generators that have begun. Returns the generator.
   */
  adoptAsyncgen<G extends AsyncGenerator<unknown, unknown, never>>(generator: G): G {
    this.#asyncgens.add(generator);
    return generator;
  }

  /** Ends the adopted async generators: their `finally` blocks run. Errors go to the exception handler. */
  async shutdownAsyncgens(): Promise<void> {
    const generators = [...this.#asyncgens];
    this.#asyncgens.clear();
    const ends = await Promise.allSettled(generators.map((generator) => generator.return(undefined)));
    ends.forEach((end, i) => {
      if (end.status === 'fulfilled') return;
      const asyncgen = generators[i];
      this.callExceptionHandler({
        message: `an error occurred during closing of asynchronous generator ${formatValue(asyncgen)}`,
        exception: end.reason,
        asyncgen,
      });
    });
  }

  /**
   * Calls `callback(...args)` by the loop whenever the process gets the signal, a name such as 'SIGTERM' or
   * a number. Takes the place of an earlier handler of this loop.
   *
   * @throws ValueError if there is no such signal; RuntimeError if it cannot be caught, in a worker thread,
   * or if the loop is closed; TypeError as `callSoon`
   */
  addSignalHandler<A extends readonly unknown[]>(
    signal: NodeJS.Signals | number,
    callback: (...args: A) => unknown,
    ...args: A
  ): void {
    this._checkCallback('addSignalHandler', callback);
    this.#signals.add(signal, () => {
      this.callSoon(callback, ...args);
    });
  }

  /** Ends that; returns false if there was no handler. @throws ValueError if there is no such signal */
  removeSignalHandler(signal: NodeJS.Signals | number): boolean {
    return this.#signals.remove(signal);
  }

  // ---- Running ----

  /**
   * Runs the loop until `stop()`. Resolves when it has stopped.
   *
   * As all run calls it reports its errors by rejecting its promise, with a RuntimeError if the loop is
   * closed, if it runs already, or if another loop runs on this thread; with a KeyboardInterrupt that a
   * callback threw.
   */
  runForever(): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#run(null, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /**
   * Runs the loop until `awaitable` is done; resolves to its value, or rejects with its very error.
   * A function becomes a task, called by the loop; the code of a promise has started already.
   *
   * Rejects with a TypeError if `awaitable` is neither promise nor function, with a ValueError if it is
   * a future of another loop, with a RuntimeError if the loop is stopped before it is done (it stays
   * pending and may be given to another run), and as `runForever`.
   *
   * @example
   * const loop = newEventLoop();
   * async function main() {
   *   await sleep(0.01);
   *   return 'done';
   * }
   * console.log(await loop.runUntilComplete(main)); // done
   * loop.close();
   */
  runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T> {
    const refusal = this.#refusal();
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      const future = ensureFutureOn<T>(this, 'runUntilComplete', awaitable);
      noteRun(awaitable, future);
      if ((awaitable as unknown) !== future) (future as Task<T>)._mayStayPending();
      let over = false;
      const stop = (): void => {
        if (!over) this.stop();
      };
      future.addDoneCallback(stop);
      this.#run(future, (error) => {
        // It may be in the queue already, from where it would stop a later run.
        over = true;
        future.removeDoneCallback(stop);
        if (error !== undefined) {
          if (future.done()) future._retrieved();
          reject(error);
        } else if (!future.done()) {
          this.reportIfLate(awaitable, future);
          reject(new LoopRuntimeError(STOPPED_TOO_EARLY));
        } else passOn(future, resolve, reject);
      });
    });
  }

  #refusal(): Error | null {
    if (this.isClosed()) return new LoopRuntimeError(CLOSED);
    if (this.isRunning()) {
      return new LoopRuntimeError('This event loop is already running: its run calls cannot be nested.');
    }
    if (currentStrictRun() !== null) {
      return new LoopRuntimeError('Cannot run the event loop while another loop is running on this thread.');
    }
    return null;
  }

  #run(main: Future | null, end: (error: unknown) => void): void {
    const owner = this._capture();
    const releaseRejections = takeFloatingRejections(this);
    let interrupted: Error | null = null;
    const leave = (error: unknown): void => {
      this.stopDriving();
      setStrictRun(null);
      releaseRejections();
      end(error ?? (interrupted !== null && main?.cancelled() ? interrupted : undefined));
    };
    setStrictRun({
      loop: this,
      interrupt: (interruptedOwner, error) => {
        const waits = this.interruptWaits(interruptedOwner, error);
        if (interruptedOwner !== owner) return waits;
        // A task gets the time to end by itself, and ends the run; at the second time the run ends anyway.
        if (interrupted === null && main instanceof Task && main.cancel()) interrupted = error;
        else leave(error);
        return waits + 1;
      },
      isEnding: (interruptedOwner) =>
        (interruptedOwner === owner && interrupted !== null && main?._isOutOfReach() === false) ||
        this.hasEndingWaits(interruptedOwner),
      recover: () => {
        this.repair();
        this.drive(leave);
      },
    });
    this.drive(leave);
  }

  // ---- For kinds of loops that are run in another way ----

  /** @internal */
  protected override dropAll(): void {
    super.dropAll();
    this.#signals.clear();
    this.#asyncgens.clear();
    void this.#executor?.shutdown?.();
    this.#executor = null;
  }

  /**
   * @internal A run that ended early has promised to take the errors of what it waited for: one that
   * comes later is reported, unless another run has begun to wait for it.
   */
  protected reportIfLate(awaitable: Awaitable<unknown>, future: Future): void {
    // Whoever gave a future has it still, and may ask it.
    if ((awaitable as unknown) === future) return;
    const futureDone = (): void => {
      if (future.cancelled()) return;
      const error = future.exception();
      if (error === null || isDelivered(error) || latestRun.get(awaitable) !== future) return;
      const name = typeof awaitable === 'function' ? formatCallback(awaitable, []) : 'a promise';
      this.callExceptionHandler({
        message: `Exception in ${name}, after the run that waited for it had ended`,
        exception: error,
        future,
      });
    };
    future.addDoneCallback(futureDone);
  }

  /**
   * @internal Ends what code of this context waits for outside of tasks: sleeps and waits get the error,
   * tasks that it waits for are cancelled and pass it on when they have ended. Returns their number.
   */
  protected interruptWaits(owner: unknown, error: Error): number {
    markDelivered(error);
    let count = 0;
    for (const handle of this._pendingHandles()) {
      const sleep = sleepOf(handle);
      if (sleep === undefined || handle._context !== owner || !sleep._isOutsideTasks) continue;
      sleep._reject(error);
      count++;
    }
    /** Those that were met, and whether they were done before. */
    const seen = new Map<Cancellable, boolean>();
    for (const wait of this._rootWaits ?? []) {
      if (wait.context !== owner) continue;
      const { future } = wait;
      const wasDone = seen.get(future) ?? future.done();
      wait.interrupt = error;
      wait.isLate = wasDone;
      if (!seen.has(future) && (future.cancel() || future.done())) count++;
      seen.set(future, wasDone);
    }
    return count;
  }

  /** @internal */
  protected override _isSleep(handle: Handle): boolean {
    return sleepOf(handle) !== undefined;
  }

  /** @internal Whether something that was cancelled by `interruptWaits` is not done yet. */
  protected hasEndingWaits(owner: unknown): boolean {
    for (const { context, interrupt, future } of this._rootWaits ?? []) {
      if (context !== owner || interrupt === null) continue;
      if (!future.done() && !future._isOutOfReach()) return true;
    }
    return false;
  }

  /** @internal Rejects all sleeps. */
  protected rejectSleeps(error: Error): void {
    markDelivered(error);
    for (const handle of this._pendingHandles()) sleepOf(handle)?._reject(error);
  }
}

function cancelBySignal(task: Future, signal: AbortSignal): void {
  const cancel = (): void => void task.cancel(signal.reason);
  if (signal.aborted) {
    cancel();
    return;
  }
  signal.addEventListener('abort', cancel, { once: true });
  const futureDone = (): void => signal.removeEventListener('abort', cancel);
  task.addDoneCallback(futureDone);
}

// Python's words.
export const STOPPED_TOO_EARLY = 'Event loop stopped before Future completed.';

/** Which future stands for an awaitable in the run that has begun last. */
const latestRun = new WeakMap<object, Future>();

/** @internal */
export function noteRun<T>(awaitable: Awaitable<T>, future: Future<T>): void {
  latestRun.set(awaitable, future);
}
