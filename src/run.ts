import { isMainThread } from 'node:worker_threads';
import { isThenable, type Awaitable } from './awaitable.ts';
import { CancelledError, KeyboardInterrupt, LoopRuntimeError, ValueError } from './errors.ts';
import type { EventLoop } from './loop.ts';
import { newEventLoop } from './policy.ts';
import { formatValue } from './repr.ts';
import { currentStrictRun } from './running.ts';
import type { Task } from './task.ts';
import { allTasks } from './tasks.ts';

export interface RunnerOptions {
  /** Debug mode on or off; default: as the environment says (TSLOOP_DEBUG). */
  readonly debug?: boolean;
  /** Makes the loop. Default: `newEventLoop`. */
  readonly loopFactory?: () => EventLoop;
}

/**
 * Several runs on one loop, with the set-up and tidying of `run`, as asyncio's `Runner`. The loop is made
 * at the first use.
 *
 * @example
 * const runner = new Runner();
 * console.log(await runner.run(() => sleep(0.01, 'first')));
 * console.log(await runner.run(() => sleep(0.01, 'second')));
 * await runner.close();
 */
export class Runner {
  readonly #options: RunnerOptions;
  #loop: EventLoop | null = null;
  #isClosed = false;

  constructor(options: RunnerOptions = {}) {
    this.#options = options;
  }

  /** The loop of this runner. @throws RuntimeError once it is closed */
  getLoop(): EventLoop {
    if (this.#isClosed) throw new LoopRuntimeError('Runner is closed');
    if (this.#loop === null) {
      this.#loop = (this.#options.loopFactory ?? newEventLoop)();
      if (this.#options.debug !== undefined) this.#loop.setDebug(this.#options.debug);
    }
    return this.#loop;
  }

  /**
   * Runs `main` in a task of its own until it is done; resolves to its value. On the first SIGINT that
   * task is cancelled, and the run rejects with a KeyboardInterrupt when it has ended by that; on the
   * second one the run is left at once. (Only where nobody else listens to SIGINT.)
   *
   * Rejects with a ValueError if `main` is neither function nor promise, with a RuntimeError if this
   * runner is closed or a loop runs on this thread already.
   */
  async run<T>(main: Awaitable<T>): Promise<T> {
    if (typeof main !== 'function' && !isThenable(main)) {
      throw new ValueError(`run() expects an async function or a promise, got ${formatValue(main)}`);
    }
    if (currentStrictRun() !== null) {
      throw new LoopRuntimeError('run() cannot be called from a running event loop');
    }
    const loop = this.getLoop();
    const task = loop.createTask(main);
    const sigint = new SigintWatch(loop, task);
    try {
      return await loop.runUntilComplete(task);
    } catch (error) {
      if (error instanceof CancelledError && sigint.count > 0 && task.uncancel() === 0) {
        throw new KeyboardInterrupt('The run was interrupted');
      }
      throw error;
    } finally {
      sigint.end();
    }
  }

  /**
   * Cancels the tasks that are left, waits for their ends, ends async generators and the executor, and
   * closes the loop. Closing twice is harmless.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const loop = this.#loop;
    if (loop === null || loop.isClosed()) return;
    try {
      await cancelAll(loop);
      await loop.runUntilComplete(() => loop.shutdownAsyncgens());
      await loop.runUntilComplete(() => loop.shutdownDefaultExecutor());
    } finally {
      loop.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** While a main task runs: what SIGINT does. */
class SigintWatch {
  count = 0;
  readonly #listener: (() => void) | null = null;

  constructor(loop: EventLoop, task: Task) {
    // Whoever listens already has an idea of what SIGINT is to do.
    if (!isMainThread || process.listenerCount('SIGINT') > 0) return;
    this.#listener = () => {
      this.count++;
      if (this.count === 1 && task.cancel()) return;
      loop._raise(new KeyboardInterrupt('The run was interrupted'));
    };
    process.on('SIGINT', this.#listener);
  }

  end(): void {
    if (this.#listener !== null) process.removeListener('SIGINT', this.#listener);
  }
}

async function cancelAll(loop: EventLoop): Promise<void> {
  const tasks = [...allTasks(loop)];
  if (tasks.length === 0) return;
  for (const task of tasks) task.cancel();
  await loop.runUntilComplete(() => Promise.allSettled(tasks));
  for (const task of tasks) {
    if (task.cancelled()) continue;
    const exception = task.exception();
    if (exception === null) continue;
    loop.callExceptionHandler({
      message: 'unhandled exception during run() shutdown',
      exception,
      task,
    });
  }
}

/**
 * Runs a program: makes a loop, runs `main` on it until it is done, and tidies up; resolves to what it
 * returns. Tasks that are left then are cancelled and waited for, and their errors reported; async
 * generators and the executor are ended. SIGINT cancels `main`: see `Runner.run`.
 *
 * Rejects with what `main` throws, and as `Runner.run`.
 *
 * @example
 * console.log(
 *   await run(async () => {
 *     await sleep(0.01);
 *     return 'done';
 *   }),
 * );
 */
export async function run<T>(main: Awaitable<T>, options: RunnerOptions = {}): Promise<T> {
  const runner = new Runner(options);
  try {
    return await runner.run(main);
  } finally {
    await runner.close();
  }
}
