import { CancelledError, LoopRuntimeError, TimeoutError } from './errors.ts';
import type { Handle } from './handle.ts';
import { inTask } from './in-task.ts';
import { getRunningLoop } from './policy.ts';
import { inspectAsText } from './repr.ts';
import { checkTimeout } from './checks.ts';
import type { Task } from './task.ts';

type State = 'created' | 'active' | 'expiring' | 'expired' | 'finished';

/**
 * A limit of time for a piece of code, made by `timeout()` or `timeoutAt()`. As asyncio.Timeout.
 *
 * @example
 * const limit = timeout(0.01);
 * const result = await limit.with(async () => {
 *   limit.reschedule(null); // It may take longer after all.
 *   return sleep(0.02, 'done');
 * });
 * console.log(result, limit.expired()); // done false
 */
export class Timeout {
  static {
    inspectAsText(this);
  }

  #state: State = 'created';
  #when: number | null;
  #handle: Handle | null = null;
  #task: Task | null = null;
  /** How many requests to cancel the task there were when it began. */
  #cancelling = 0;

  /** @internal */
  constructor(when: number | null) {
    this.#when = when;
  }

  /** The deadline, in seconds of `loop.time()`; null: none. */
  when(): number | null {
    return this.#when;
  }

  /** True once the deadline was met before the code was over. */
  expired(): boolean {
    return this.#state === 'expiring' || this.#state === 'expired';
  }

  /**
   * Moves the deadline, in seconds of `loop.time()`; null: none any more.
   *
   * @throws RuntimeError before and after the code runs, and when the time is over
   */
  reschedule(when: number | null): void {
    checkTimeout('reschedule', when);
    if (this.#state === 'created') throw new LoopRuntimeError('Timeout has not been entered');
    if (this.#state !== 'active') {
      throw new LoopRuntimeError(`Cannot change state of ${this.#state} Timeout`);
    }
    this.#when = when;
    this.#handle?.cancel();
    this.#handle = null;
    if (when === null) return;
    const loop = getRunningLoop();
    this.#handle = when <= loop.time() ? loop.callSoon(this.#onTimeout) : loop.callAt(when, this.#onTimeout);
  }

  /**
   * Calls `body`, and resolves to its value. When the deadline comes first, the current task is cancelled,
   * and the CancelledError that comes out of `body` becomes a TimeoutError, whose cause it is. Other errors,
   * and cancellations that come from elsewhere, pass through.
   *
   * In a notebook, where a cell's own code is no task, `body` gets one of its own. Rejects with a
   * RuntimeError outside a task of another loop, and when it is used a second time.
   */
  with<T>(body: (timeout: Timeout) => T | PromiseLike<T>): Promise<T> {
    return inTask('Timeout should be used inside a task', async (task) => {
      this.#enter(task);
      let value: T;
      try {
        value = await body(this);
      } catch (error) {
        const isOurs = this.#exit() && error instanceof CancelledError;
        throw isOurs ? new TimeoutError('The time limit was exceeded.', { cause: error }) : error;
      }
      this.#exit();
      return value;
    });
  }

  /** `<Timeout [active] when=12.5>`, `<Timeout [expired]>` */
  toString(): string {
    const when = this.#when === null ? 'null' : Number(this.#when.toFixed(3));
    return `<Timeout [${this.#state}]${this.#state === 'active' ? ` when=${when}` : ''}>`;
  }

  #enter(task: Task): void {
    if (this.#state !== 'created') throw new LoopRuntimeError('Timeout has already been entered');
    this.#state = 'active';
    this.#task = task;
    this.#cancelling = task.cancelling();
    this.reschedule(this.#when);
  }

  /** Whether a cancellation that comes out of the code is this timeout's own. */
  #exit(): boolean {
    this.#handle?.cancel();
    this.#handle = null;
    if (this.#state !== 'expiring') {
      this.#state = 'finished';
      return false;
    }
    this.#state = 'expired';
    // If there are more requests now than at the beginning, somebody else has cancelled the task as well.
    return (this.#task as Task).uncancel() <= this.#cancelling;
  }

  readonly #onTimeout = (): void => {
    this.#task?.cancel();
    this.#state = 'expiring';
    this.#handle = null;
  };
}

/**
 * Limits the time of a piece of code to `delay` seconds from now; null: no limit (yet: see
 * `Timeout.reschedule`). As asyncio.timeout.
 *
 * @throws TypeError if `delay` is neither a number nor null
 *
 * @example
 * import { sleep, timeout } from 'tsloop';
 *
 * try {
 *   await timeout(0.01).with(async () => {
 *     await sleep(60);
 *   });
 * } catch (error) {
 *   console.log(String(error)); // TimeoutError: The time limit was exceeded.
 * }
 */
export function timeout(delay: number | null): Timeout {
  checkTimeout('timeout', delay);
  return new Timeout(delay === null ? null : getRunningLoop().time() + delay);
}

/**
 * As `timeout`, until the loop time `when`, in seconds of `loop.time()`. As asyncio.timeout_at.
 *
 * @throws TypeError if `when` is neither a number nor null
 *
 * @example
 * import { getRunningLoop, sleep, timeoutAt } from 'tsloop';
 *
 * const deadline = getRunningLoop().time() + 60;
 * console.log(await timeoutAt(deadline).with(() => sleep(0.01, 'in time'))); // in time
 */
export function timeoutAt(when: number | null): Timeout {
  checkTimeout('timeoutAt', when);
  return new Timeout(when);
}
