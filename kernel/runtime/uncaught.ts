/**
 * The end of every error that nobody handles: none of them may end the process, whatever the code of cells does to
 * Node's own ways of asking for them (listeners taken away, listeners that throw, `process.emit` replaced).
 */
import { isInterrupt } from './errors.ts';

type Capture = (error: Error) => void;
/** Undocumented, stable since Node 12: what Node calls with an exception that nobody caught. True: go on. */
type FatalException = (error: unknown, fromPromise: boolean) => boolean;
interface Hooks {
  _fatalException: FatalException;
}

const hooks = process as unknown as Hooks;
const setCapture = process.setUncaughtExceptionCaptureCallback.bind(process);
const original: FatalException = hooks._fatalException;

let report: (error: unknown) => void = () => {};
/** What code of cells has set by process.setUncaughtExceptionCaptureCallback. */
let ownCapture: Capture | null = null;
let isStaged = false;

/** Never throws: Node would give up the process. */
function handle(error: unknown): void {
  if (isStaged) return;
  try {
    report(error);
  } catch {
    // Not even the report can be made: the process goes on all the same.
  }
  // What a stopped cell leaves behind is nobody's error.
  if (isInterrupt(error)) return;
  // Node calls all listeners before it ends the process, or goes on.
  const listeners = ownCapture ? [ownCapture] : process.rawListeners('uncaughtException');
  for (const listener of listeners) {
    try {
      listener.call(process, error, 'uncaughtException');
    } catch (own) {
      if (own !== error) report(own);
    }
  }
}

/**
 * From now on `report` is called with every exception and every rejection that nobody handles. Listeners of cells
 * for 'uncaughtException' and 'unhandledRejection' are called as well.
 */
export function catchUncaught(reportError: (error: unknown) => void): void {
  report = reportError;
  setCapture(handle);
  process.setUncaughtExceptionCaptureCallback = (capture: Capture | null) => {
    if (capture !== null && ownCapture !== null)
      throw new Error(
        'setUncaughtExceptionCaptureCallback() was called while a capture callback was already active',
      );
    ownCapture = capture;
  };
  process.hasUncaughtExceptionCaptureCallback = () => ownCapture !== null;
  hooks._fatalException = (error, fromPromise) => {
    try {
      return original(error, fromPromise);
    } catch {
      // Node's own part of it depends on things that cells can break.
      handle(error);
      return true;
    }
  };
  // Without a listener Node makes an exception of each rejection, which has other words for what is no error.
  process.on('unhandledRejection', handle);
}

/**
 * Node counts its nested callbacks (the async id stack) and aborts the process when torn code has
 * left too many. It resets the count for every uncaught exception: so one is staged, and swallowed.
 */
export function resetAsyncIds(): void {
  isStaged = true;
  try {
    original(new Error('interrupted'), false);
  } finally {
    isStaged = false;
  }
}
