import type { Awaitable } from './awaitable.ts';
import { BaseLoop, CLOSED } from './base-loop.ts';
import type { Cancellable } from './current.ts';
import { currentStrictRun, setStrictRun } from './running.ts';
import { isDelivered, markDelivered } from './delivered.ts';
import { LoopRuntimeError } from './errors.ts';
import { ensureFutureOn } from './ensure-future.ts';
import { Future, type AbstractEventLoop } from './future.ts';
import type { Handle } from './handle.ts';
import { formatCallback } from './repr.ts';
import { sleepOf } from './sleep-future.ts';
import { Task, type TaskCode } from './task.ts';

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
  createTask<T>(code: TaskCode<T>, options: { readonly name?: unknown } = {}): Task<T> {
    return new Task<T>(code, { ...options, loop: this });
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
   * @example await loop.runUntilComplete(main(loop));
   *
   * Rejects with a TypeError if `awaitable` is neither promise nor function, with a ValueError if it is
   * a future of another loop, with a RuntimeError if the loop is stopped before it is done (it stays
   * pending and may be given to another run), and as `runForever`.
   */
  runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T> {
    const refusal = this.#refusal();
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      const future = ensureFutureOn<T>(this, 'runUntilComplete', awaitable);
      noteRun(awaitable, future);
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
    let interrupted: Error | null = null;
    const leave = (error: unknown): void => {
      this.stopDriving();
      setStrictRun(null);
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
      recover: () => {
        this.repair();
        this.drive(leave);
      },
    });
    this.drive(leave);
  }

  // ---- For kinds of loops that are run in another way ----

  /**
   * @internal A run that ended early has promised to take the errors of what it waited for: one that
   * comes later is reported, unless another run has begun to wait for it.
   */
  protected reportIfLate(awaitable: Awaitable<unknown>, future: Future): void {
    // Whoever gave a future has it still, and may ask it.
    if ((awaitable as unknown) === future) return;
    future.addDoneCallback(() => {
      if (future.cancelled()) return;
      const error = future.exception();
      if (error === null || isDelivered(error) || latestRun.get(awaitable) !== future) return;
      const name = typeof awaitable === 'function' ? formatCallback(awaitable, []) : 'a promise';
      this.callExceptionHandler({
        message: `Exception in ${name}, after the run that waited for it had ended`,
        exception: error,
        future,
      });
    });
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
    const seen = new Set<Cancellable>();
    for (const wait of this._rootWaits ?? []) {
      if (wait.context !== owner) continue;
      wait.interrupt = error;
      if (!seen.has(wait.future) && wait.future.cancel()) count++;
      seen.add(wait.future);
    }
    return count;
  }

  /** @internal */
  protected override _isSleep(handle: Handle): boolean {
    return sleepOf(handle) !== undefined;
  }

  /** @internal Rejects all sleeps. */
  protected rejectSleeps(error: Error): void {
    markDelivered(error);
    for (const handle of this._pendingHandles()) sleepOf(handle)?._reject(error);
  }
}

// Python's words.
export const STOPPED_TOO_EARLY = 'Event loop stopped before Future completed.';

/** Which future stands for an awaitable in the run that has begun last. */
const latestRun = new WeakMap<object, Future>();

/** @internal */
export function noteRun<T>(awaitable: Awaitable<T>, future: Future<T>): void {
  latestRun.set(awaitable, future);
}

/** @internal Settles a promise as a done future. */
export function passOn<T>(
  future: Future<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  const error = future._error();
  if (error === null) resolve(future._value());
  else reject(error);
}
