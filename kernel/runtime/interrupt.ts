/** Stopping this thread's JavaScript in the middle, so that the process survives it. */
import type { Session } from './session.ts';

/** Undocumented, stable since Node 12: takes an exception as Node's own code does. */
type FatalException = (error: Error, fromPromise: boolean) => void;

/**
 * Called on this thread by the front's inspector session, in the middle of whatever runs.
 * V8 alone would end the code, but Node counts its nested callbacks (the async id stack) and aborts
 * the process when terminated code did not unwind them. Node unwinds that count itself for every
 * uncaught exception, so one is staged first and swallowed.
 */
export function terminateRunningCode(session: Session): void {
  process.setUncaughtExceptionCaptureCallback(null);
  process.setUncaughtExceptionCaptureCallback(() => {});
  (process as unknown as { _fatalException: FatalException })._fatalException(new Error('interrupted'), false);
  process.setUncaughtExceptionCaptureCallback(null);
  session.terminate();
}
