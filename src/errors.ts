/** The errors of the scheduler. Each says who has to do what. */
import { asText } from './repr.ts';

/**
 * The loop is in a state that forbids what was asked: closed, already running, stopped too early.
 * Its `name` is `RuntimeError`, as Python's; the class is not called that, so that it is never taken
 * for an error of the JavaScript runtime.
 *
 * @example
 * const loop = newEventLoop();
 * loop.close();
 * try {
 *   loop.callSoon(console.log, 'never');
 * } catch (error) {
 *   console.log(error instanceof LoopRuntimeError, String(error)); // true RuntimeError: Event loop is closed
 * }
 */
export class LoopRuntimeError extends Error {
  static {
    // Node's inspect() shows an error under the name of its class.
    Object.defineProperty(this, 'name', { value: 'RuntimeError' });
  }

  override readonly name: string = 'RuntimeError';
}

/**
 * An argument has the right type, but a value that makes no sense.
 *
 * @example
 * try {
 *   new Semaphore(-1);
 * } catch (error) {
 *   console.log(error instanceof ValueError); // true
 * }
 */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/**
 * What was waited for has been cancelled. Code that catches it should clean up and throw it again.
 *
 * @example
 * try {
 *   await sleep(0.01);
 * } catch (error) {
 *   if (!(error instanceof CancelledError)) console.error(error);
 *   throw error;
 * }
 */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly code = 'ERR_CANCELLED';
  /** What was given to `cancel()`, of whatever type; undefined if nothing was. */
  declare readonly reason: unknown;

  constructor(reason?: unknown, options?: ErrorOptions) {
    super(reason === undefined ? '' : asText(reason), options);
    // No property of its own without one: it would be shown with every CancelledError.
    if (reason !== undefined) this.reason = reason;
  }
}

/**
 * A future was asked for an outcome that it does not have yet, or given a second one.
 *
 * @example
 * const future = getEventLoop().createFuture();
 * try {
 *   future.result();
 * } catch (error) {
 *   console.log(error instanceof InvalidStateError); // true
 * }
 */
export class InvalidStateError extends Error {
  override readonly name = 'InvalidStateError';
}

/**
 * Something took longer than it was allowed to.
 *
 * @example
 * try {
 *   await waitFor(() => sleep(60), 0.01);
 * } catch (error) {
 *   console.log(error instanceof TimeoutError); // true
 * }
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * `getNowait()` of a queue in which nothing is.
 *
 * @example
 * try {
 *   new Queue().getNowait();
 * } catch (error) {
 *   console.log(error instanceof QueueEmpty); // true
 * }
 */
export class QueueEmpty extends Error {
  override readonly name = 'QueueEmpty';
}

/**
 * `putNowait()` to a queue that has no room.
 *
 * @example
 * const queue = new Queue<number>(1);
 * queue.putNowait(1);
 * try {
 *   queue.putNowait(2);
 * } catch (error) {
 *   console.log(error instanceof QueueFull); // true
 * }
 */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/**
 * The barrier that was waited at has been reset or aborted.
 *
 * @example
 * const barrier = new Barrier(2);
 * await barrier.abort();
 * try {
 *   await barrier.wait();
 * } catch (error) {
 *   console.log(error instanceof BrokenBarrierError); // true
 * }
 */
export class BrokenBarrierError extends LoopRuntimeError {
  static {
    Object.defineProperty(this, 'name', { value: 'BrokenBarrierError' });
  }

  override readonly name: string = 'BrokenBarrierError';
}

/**
 * The user asked to stop. Thrown in a callback it is not reported like other errors: it ends the run
 * of the loop at once, and what was still queued stays queued for the next run.
 *
 * @example
 * const loop = newEventLoop();
 * loop.callSoon(() => {
 *   throw new KeyboardInterrupt('enough');
 * });
 * await loop.runForever().catch((error) => console.log(String(error))); // KeyboardInterrupt: enough
 * loop.close();
 */
export class KeyboardInterrupt extends Error {
  override readonly name = 'KeyboardInterrupt';
}

/** @internal The reason of the CancelledError by which the abort of a signal ends a wait. */
export class AbortMark {
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }
}
