import { untilAborted, type WaitOptions } from './abort.ts';
import type { Awaitable } from './awaitable.ts';
import { CancelledError, TimeoutError } from './errors.ts';
import type { AbstractEventLoop, Future } from './future.ts';
import { getRunningLoop } from './policy.ts';
import { checkTimeout } from './checks.ts';
import { ensureFuture } from './tasks.ts';
import { release } from './wait.ts';

/**
 * Waits for `awaitable`, at most `timeout` seconds; null: for ever. Resolves to its value. A function is
 * called as a task.
 *
 * When the time is over, `awaitable` is cancelled, and its end is waited for; then it rejects with a
 * TimeoutError, whose cause is the CancelledError. (If `awaitable` takes no notice of the cancellation
 * and returns, that value is the result; if it fails, that is the error.) With a timeout of zero or less
 * only what is done already has a result, and a function is never called. If the waiting task is
 * cancelled, or the signal aborts, `awaitable` is cancelled as well; `shield` keeps it from that. As
 * asyncio.wait_for of Python 3.11.
 *
 * Rejects with a TypeError if `timeout` is neither a number nor null.
 *
 * @example
 * import { sleep, waitFor } from 'tsloop';
 *
 * try {
 *   await waitFor(() => sleep(60), 0.01);
 * } catch (error) {
 *   console.log(String(error)); // TimeoutError: It was not done within 0.01 seconds.
 * }
 */
export async function waitFor<T>(
  awaitable: Awaitable<T>,
  timeout: number | null,
  options: WaitOptions = {},
): Promise<T> {
  checkTimeout('waitFor', timeout);
  const { signal } = options;
  signal?.throwIfAborted();
  const loop = getRunningLoop();
  if (timeout === null && signal === undefined) {
    return await (typeof awaitable === 'function' ? awaitable() : awaitable);
  }

  if (timeout !== null && timeout <= 0) {
    const future = ensureFuture(awaitable, { loop });
    if (future.done()) return future.result();
    await cancelAndWait(loop, future);
    return resultInTime(future, timeout);
  }

  const waiter = loop.createFuture<void>();
  const timer = timeout === null ? null : loop.callLater(timeout, release, waiter);
  const futureDone = (): void => release(waiter);
  const future = ensureFuture(awaitable, { loop });
  future.addDoneCallback(futureDone);
  try {
    try {
      await untilAborted(waiter, signal);
    } catch (error) {
      if (future.done()) return future.result();
      future.removeDoneCallback(futureDone);
      // Nothing of it may still run when this is over.
      await cancelAndWait(loop, future);
      throw error;
    }
    if (future.done()) return future.result();
    future.removeDoneCallback(futureDone);
    await cancelAndWait(loop, future);
    // Without a timeout nobody but the future itself ends the wait.
    return resultInTime(future, timeout ?? Infinity);
  } finally {
    timer?.cancel();
  }
}

/** Cancels it and waits until it has ended, in whatever way. May itself be cancelled. */
async function cancelAndWait(loop: AbstractEventLoop, future: Future): Promise<void> {
  const waiter = loop.createFuture<void>();
  const futureDone = (): void => release(waiter);
  future.addDoneCallback(futureDone);
  try {
    future.cancel();
    await waiter;
  } finally {
    future.removeDoneCallback(futureDone);
  }
}

function resultInTime<T>(future: Future<T>, timeout: number): T {
  try {
    return future.result();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    throw new TimeoutError(`It was not done within ${timeout} seconds.`, { cause: error });
  }
}
