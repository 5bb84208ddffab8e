/** The errors of the scheduler. Each says who has to do what. */

/**
 * The loop is in a state that forbids what was asked: closed, already running, stopped too early.
 * Its `name` is `RuntimeError`, as Python's; the class is not called that, so that it is never taken
 * for an error of the JavaScript runtime.
 */
export class LoopRuntimeError extends Error {
  static {
    // Node's inspect() shows an error under the name of its class.
    Object.defineProperty(this, 'name', { value: 'RuntimeError' });
  }

  override readonly name = 'RuntimeError';
}

/** An argument has the right type, but a value that makes no sense. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** What was waited for has been cancelled. Code that catches it should clean up and throw it again. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly code = 'ERR_CANCELLED';
}

/**
 * The user asked to stop. Thrown in a callback it is not reported like other errors: it ends the run
 * of the loop at once, and what was still queued stays queued for the next run.
 */
export class KeyboardInterrupt extends Error {
  override readonly name = 'KeyboardInterrupt';
}
