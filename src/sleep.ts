import type { BaseLoop } from './base-loop.ts';
import { monotonicClock } from './clock.ts';
import { taskNow } from './current.ts';
import { currentStrictRun } from './running.ts';
import type { Future } from './future.ts';
import { getEventLoop, loopInCharge, runningLoop } from './policy.ts';
import { formatValue } from './repr.ts';
import { SleepFuture } from './sleep-future.ts';

export interface SleepOptions {
  /** Its abort ends the sleep, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for `delay` seconds of the running loop's time; then resolves to `result`. With zero or less
 * it waits for exactly one iteration, which lets everything that is ready run first.
 *
 * Before a loop runs, as in the first part of `main` in `await loop.runUntilComplete(main(loop))`, the
 * sleep belongs to the loop whose run call follows at once; without one, to `getEventLoop()`, and it
 * lasts until that loop is run. The time counts from the call.
 *
 * A sleep in a task ends with a CancelledError when the task is cancelled. Rejects with a TypeError if
 * `delay` is not a number, with a RuntimeError if its loop is closed, with the reason of `signal` when that
 * is aborted.
 *
 * @example
 * await sleep(0.01);
 */
export function sleep(delay: number): Future<void>;
export function sleep<T>(delay: number, result: T, options?: SleepOptions): Future<T>;
export function sleep(delay: number, result?: unknown, options: SleepOptions = {}): Future<never> {
  const future = new SleepFuture(result as never);
  if (typeof delay !== 'number' || Number.isNaN(delay)) {
    future._fail(new TypeError(`sleep() takes a number of seconds, not ${formatValue(delay)}`));
    return future;
  }
  if (options.signal !== undefined) endBySignal(future, options.signal);
  const task = taskNow();
  const loop = (task?._loop as BaseLoop | null | undefined) ?? loopInCharge();
  if (loop !== null && (loop._isStrict || task !== null || currentStrictRun() !== null)) {
    begin(future, loop, delay <= 0 ? 0 : loop.time(), delay);
    return future;
  }
  // The run call that this sleep is for may follow at once: it has been made by the next microtask.
  const calledAt = monotonicClock.time();
  queueMicrotask(() => {
    try {
      const later = currentStrictRun()?.loop ?? loop ?? runningLoop() ?? getEventLoop();
      begin(future, later, later._clock === monotonicClock ? calledAt : later.time(), delay);
    } catch (error) {
      future._reject(error as Error);
    }
  });
  return future;
}

function endBySignal(future: SleepFuture<never>, signal: AbortSignal): void {
  const abort = (): void => future._abort(signal.reason);
  if (signal.aborted) {
    abort();
    return;
  }
  signal.addEventListener('abort', abort, { once: true });
  const futureDone = (): void => signal.removeEventListener('abort', abort);
  future.addDoneCallback(futureDone);
}

/** `from`: the loop time from which it counts. */
function begin(future: SleepFuture<never>, loop: BaseLoop, from: number, delay: number): void {
  try {
    future._begin(loop, from, delay);
  } catch (error) {
    future._reject(error as Error);
  }
}
