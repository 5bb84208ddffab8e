import type { Awaitable } from './awaitable.ts';
import { CLOSED, type LoopOptions } from './base-loop.ts';
import { currentStrictRun } from './running.ts';
import { current as running, setTaskFinder, type Stepping } from './current.ts';
import { ensureFutureOn } from './ensure-future.ts';
import { KeyboardInterrupt, LoopRuntimeError } from './errors.ts';
import { EventLoop, noteRun, STOPPED_TOO_EARLY } from './loop.ts';
import { passOn } from './pass-on.ts';
import { installPolicy } from './policy.ts';
import { Task } from './task.ts';
import { turnstile } from './turnstile.ts';

/** Somebody who waits in `runForever` or `runUntilComplete`. */
interface Wait {
  /** The context of the call. */
  readonly owner: unknown;
  /** Ends the wait because of `stop()` or `close()`. */
  stop(reason: string): void;
  reject(error: unknown): void;
  /** Cancels the task that is waited for; false if there is none, or if that was done before. */
  cancel(error: Error): boolean;
  /** Whether that task has not ended yet, but will. */
  isEnding(): boolean;
}

/**
 * A loop that runs from its creation until it is closed, in the background, whenever it has work.
 * Differences from a strict loop:
 * - `runUntilComplete` and `runForever` wait on the loop that runs anyway. They may overlap and nest.
 * - `stop()` ends the waits that there are when it is called; without any it does nothing.
 * - `close()` is allowed, since it always runs. `runForever` waits then resolve; the others, and
 *   pending sleeps, reject with a RuntimeError.
 */
export class PersistentLoop extends EventLoop {
  readonly #waits: Set<Wait> = new Set();

  constructor(options: LoopOptions = {}) {
    super(options);
    turnstile.useTicksOnly();
    this.#driveOn();
  }

  /** @internal */
  override get _isStrict(): boolean {
    return false;
  }

  /** @internal */
  override _isAwaited(): boolean {
    return this.#waits.size > 0 || (this._rootWaits?.size ?? 0) > 0;
  }

  override runForever(): Promise<void> {
    if (this.isClosed()) return Promise.reject(new LoopRuntimeError(CLOSED));
    return new Promise((resolve, reject) => {
      this.#addWait({ stop: () => resolve(), reject, cancel: () => false, isEnding: () => false });
    });
  }

  override runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T> {
    if (this.isClosed()) return Promise.reject(new LoopRuntimeError(CLOSED));
    return new Promise<T>((resolve, reject) => {
      const future = ensureFutureOn<T>(this, 'runUntilComplete', awaitable);
      noteRun(awaitable, future);
      let interrupt: Error | null = null;
      const wait = this.#addWait({
        stop: (reason) => {
          this.reportIfLate(awaitable, future);
          reject(new LoopRuntimeError(reason));
        },
        reject: (error) => {
          this.reportIfLate(awaitable, future);
          reject(error);
        },
        cancel: (error) => {
          if (interrupt !== null || !(future instanceof Task) || !future.cancel()) return false;
          interrupt = error;
          return true;
        },
        isEnding: () => interrupt !== null && !future.done() && !future._isOutOfReach(),
      });
      const futureDone = (): void => {
        if (!this.#waits.delete(wait)) return;
        if (interrupt !== null && future.cancelled()) reject(interrupt);
        else passOn(future, resolve, reject);
      };
      future.addDoneCallback(futureDone);
    });
  }

  override stop(): void {
    if (this.isClosed() || this.#waits.size === 0) return;
    const waits = [...this.#waits];
    // After what is ready now, as asyncio finishes its iteration.
    const stop = (): void => this.#endWaits(waits, STOPPED_TOO_EARLY);
    this.callSoon(stop);
  }

  override close(): void {
    if (this.isClosed()) return;
    this.stopDriving();
    this.rejectSleeps(new LoopRuntimeError('Event loop was closed during the sleep'));
    this.dropAll();
    this.#endWaits([...this.#waits], 'Event loop was closed before Future completed.');
  }

  /** True until it is closed. */
  override isRunning(): boolean {
    return !this.isClosed();
  }

  /**
   * Ends what the code of `owner` (a context of the loop's context keeper) waits for: run calls, sleeps
   * and futures outside of tasks, those of a strict loop that runs on this thread included. They reject
   * with `error`; where a task is waited for, it is cancelled, so that its `finally` blocks run, and the
   * wait rejects when it has ended. A run call that is interrupted once more rejects at once. What else
   * they waited for goes on. Returns how many waits there were.
   */
  interrupt(owner: unknown, error: Error): number {
    let count = currentStrictRun()?.interrupt(owner, error) ?? 0;
    for (const wait of this.#waits) {
      if (wait.owner !== owner) continue;
      count++;
      if (wait.cancel(error)) continue;
      this.#waits.delete(wait);
      wait.reject(error);
    }
    return count + this.interruptWaits(owner, error);
  }

  /** Whether tasks that the code of `owner` waits for have been cancelled by `interrupt`, and are about to end. */
  isEnding(owner: unknown): boolean {
    for (const wait of this.#waits) if (wait.owner === owner && wait.isEnding()) return true;
    return this.hasEndingWaits(owner) || (currentStrictRun()?.isEnding(owner) ?? false);
  }

  /**
   * Goes on after the JavaScript of this thread was torn at any place (V8's terminateExecution): a
   * callback that was torn is over, what was queued behind it is called next; a task that was torn in a
   * step ends with a KeyboardInterrupt. Safe also inside a callback, but not inside a step of a task, and
   * when nothing was torn.
   */
  recover(): void {
    running.task?._tear(new KeyboardInterrupt('The task was interrupted'));
    turnstile.recover();
    currentStrictRun()?.recover();
    if (this.isClosed()) return;
    this.repair();
    this.#driveOn();
  }

  /** Drives until closed. What gets through is an interrupt that a callback threw: it ends the waits. */
  #driveOn(): void {
    this.drive((error) => {
      const waits = [...this.#waits];
      this.#waits.clear();
      this.#driveOn();
      for (const wait of waits) wait.reject(error);
      if (waits.length > 0) return;
      this.callExceptionHandler({
        message: 'Exception in a callback, while nobody waited',
        exception: error,
      });
    });
  }

  #addWait(end: Omit<Wait, 'owner'>): Wait {
    const wait = { owner: this._capture(), ...end };
    this.#waits.add(wait);
    return wait;
  }

  #endWaits(waits: readonly Wait[], reason: string): void {
    for (const wait of waits) if (this.#waits.delete(wait)) wait.stop(reason);
  }
}

export interface InstalledPersistentLoop {
  /** The loop that `getEventLoop()` returns; a fresh one if the last was closed. */
  loop(): PersistentLoop;
  /** Closes the loop, and gives the thread back its strict default. */
  uninstall(): void;
}

/**
 * Makes this thread one that has a persistent loop: `getEventLoop()` returns it, and a fresh one once
 * it was closed; `setEventLoop(other)` comes before it, `setEventLoop(null)` goes back to it. Loops of
 * `newEventLoop()` stay strict and may run beside it; they get the same context keeper and error
 * report, and what `strictOptions` makes for each.
 */
export function installPersistentLoop(
  options: LoopOptions = {},
  strictOptions?: (asked: LoopOptions) => LoopOptions,
): InstalledPersistentLoop {
  let current: PersistentLoop | null = null;
  const loop = (): PersistentLoop => {
    if (current === null || current.isClosed()) current = new PersistentLoop(options);
    return current;
  };
  // Not clock and driver: those of a strict loop are its maker's choice.
  const { clock: _clock, driver: _driver, ...defaults } = options;
  const uninstallPolicy = installPolicy({
    persistentLoop: loop,
    defaults: (asked) => ({ ...defaults, ...strictOptions?.(asked) }),
  });
  const { context } = options;
  const restoreTaskFinder = setTaskFinder(
    context?.task === undefined ? null : () => (context.task?.() ?? null) as Stepping | null,
  );
  return {
    loop,
    uninstall: () => {
      uninstallPolicy();
      restoreTaskFinder();
      current?.close();
    },
  };
}
