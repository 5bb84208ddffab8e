import { AbortMark, CancelledError } from './errors.ts';
import type { Future } from './future.ts';

/** The options of all that waits. */
export interface WaitOptions {
  /** Its abort ends the wait, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** @internal What to await, so that a future's end is waited for, or an abort of the signal. */
export function untilAborted<T>(future: Future<T>, signal: AbortSignal | undefined): PromiseLike<T> {
  return signal === undefined ? future : abortable(future, signal);
}

/** An abort cancels the future: whoever waits cleans up after it as after any cancellation. */
async function abortable<T>(future: Future<T>, signal: AbortSignal): Promise<T> {
  // Tells this cancellation from one of the waiting task, which may come at the same time and counts more.
  const mark = new AbortMark(signal);
  const abort = (): void => void future.cancel(mark);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await future;
  } catch (error) {
    throw error instanceof CancelledError && error.reason === mark ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
