/** Where `loop.runInExecutor` runs functions: an interface, and worker threads by default. */
import type { Piscina } from 'piscina';

/** Runs functions elsewhere. As Python's, reduced to what a loop needs. */
export interface Executor {
  /** Calls `fn(...args)`, now or later; resolves to what it returns, rejects with what it throws. */
  submit<A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: A): PromiseLike<R | Awaited<R>>;
  /** Takes no more; resolves when all that was submitted is done. */
  shutdown?(): PromiseLike<void> | void;
}

/** @internal What goes to a worker thread. */
export interface ThreadTask {
  readonly source: string;
  /** Evaluated before the first task; empty for nothing. */
  readonly prelude: string;
  readonly args: readonly unknown[];
}

type AnyFunction = (...args: never[]) => unknown;

/** @internal What an environment adds that compiles code to something of its own. */
export interface WorkerHost {
  /**
   * What makes such code work in a worker thread, as the text of statements; they find `importFrom`, which imports as
   * code of the working folder.
   */
  readonly prelude: string;
  /**
   * Called with what `fn` has thrown there. In stacks the function's text is called `tsloop:function`, with the line and
   * the column in that text.
   */
  failed(error: unknown, fn: AnyFunction): void;
}

let host: WorkerHost | null = null;

/** @internal */
export function setWorkerHost(environment: WorkerHost): void {
  host = environment;
}

/** The compiled file beside this one. */
const WORKER = new URL('executor-worker.js', import.meta.url).href;

export interface ThreadPoolOptions {
  /** At most so many threads. Default: one and a half for each core. */
  readonly maxWorkers?: number;
}

/**
 * Runs functions in worker threads (of Piscina), so that they do not block the loop. A function goes
 * there as its text: it must not use anything from around it but the globals, `require` and `import()`,
 * and its arguments and its result must be such as `structuredClone` can copy.
 *
 * @example
 * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
 * const sum = await getEventLoop().runInExecutor(pool, (a: number, b: number) => a + b, 1, 2);
 * await pool.shutdown();
 */
export class ThreadPoolExecutor implements Executor {
  readonly #maxWorkers: number | undefined;
  #pool: Promise<Piscina> | null = null;
  #isShut = false;

  /** @throws RangeError if `maxWorkers` is no whole number above zero */
  constructor(options: ThreadPoolOptions = {}) {
    const { maxWorkers } = options;
    if (maxWorkers !== undefined && !(Number.isInteger(maxWorkers) && maxWorkers > 0)) {
      throw new RangeError(`maxWorkers must be a whole number above zero, not ${String(maxWorkers)}`);
    }
    this.#maxWorkers = maxWorkers;
  }

  async submit<A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>> {
    if (this.#isShut) throw new Error('The executor takes nothing more: it was shut down.');
    const pool = await (this.#pool ??= this.#open());
    const task: ThreadTask = { source: fn.toString(), prelude: host?.prelude ?? '', args };
    try {
      return (await pool.run(task)) as Awaited<R>;
    } catch (error) {
      host?.failed(error, fn);
      throw error;
    }
  }

  async #open(): Promise<Piscina> {
    // Most programs never need it.
    const { Piscina: Pool } = await import('piscina');
    return new Pool({
      filename: WORKER,
      minThreads: 0,
      ...(this.#maxWorkers === undefined ? {} : { maxThreads: this.#maxWorkers }),
    });
  }

  async shutdown(): Promise<void> {
    this.#isShut = true;
    const pool = await this.#pool;
    await pool?.close({ force: false });
  }
}
