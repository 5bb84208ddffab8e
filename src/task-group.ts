import { CancelledError, KeyboardInterrupt, LoopRuntimeError } from './errors.ts';
import type { Future } from './future.ts';
import { inTask } from './in-task.ts';
import type { CreateTaskOptions, EventLoop } from './loop.ts';
import { inspectAsText } from './repr.ts';
import type { Task } from './task.ts';

/**
 * Tasks that belong together: `with(body)` is over when all of them are. If one fails, the others and
 * `body` are cancelled, and all errors come out as one AggregateError. As asyncio.TaskGroup.
 *
 * @example
 * import { sleep, TaskGroup } from 'tsloop';
 *
 * const group = new TaskGroup();
 * const tasks = await group.with(() => [
 *   group.createTask(() => sleep(0.02, 'a')),
 *   group.createTask(() => sleep(0.01, 'b')),
 * ]);
 * console.log(tasks.map((task) => task.result())); // [ 'a', 'b' ]
 */
export class TaskGroup {
  static {
    inspectAsText(this);
  }

  #parent: Task | null = null;
  #exiting = false;
  #aborting = false;
  /** The group itself has cancelled the parent, and takes that back in the end. */
  #parentCancelRequested = false;
  readonly #tasks = new Set<Task>();
  #errors: unknown[] = [];
  /** An interrupt, which comes out as itself. */
  #interrupt: KeyboardInterrupt | null = null;
  #allDone: Future<void> | null = null;

  /**
   * Calls `body`, which makes tasks with `createTask`, and waits for them; resolves to the value of `body`.
   *
   * Rejects with an AggregateError of all errors, of the tasks and of `body`, if there is one; else with a
   * CancelledError if the current task was cancelled, which cancels the tasks. Cancellations of the group's
   * tasks are no errors.
   *
   * In a notebook, where a cell's own code is no task, `body` gets one of its own. Rejects with a
   * RuntimeError outside a task of another loop, and when it is used a second time.
   */
  with<T>(body: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
    if (this.#parent !== null) {
      return Promise.reject(new LoopRuntimeError(`TaskGroup ${this.toString()} has already been entered`));
    }
    const refusal = `TaskGroup ${this.toString()} cannot determine the parent task`;
    return inTask(refusal, async (parent) => {
      this.#parent = parent;
      let value: T;
      try {
        value = await body(this);
      } catch (error) {
        await this.#exit(parent, { error });
        throw error;
      }
      await this.#exit(parent, null);
      return value;
    });
  }

  /**
   * Makes a task of the group. `fn` is called by the loop, in its next iteration.
   *
   * @throws RuntimeError before `with`, when the group is over, and while it cancels its tasks
   */
  createTask<T>(fn: () => PromiseLike<T>, options: CreateTaskOptions = {}): Task<T> {
    const parent = this.#parent;
    const refuse = (state: string): never => {
      throw new LoopRuntimeError(`TaskGroup ${this.toString()} ${state}`);
    };
    if (parent === null) return refuse('has not been entered');
    if (this.#exiting && this.#tasks.size === 0) return refuse('is finished');
    if (this.#aborting) return refuse('is shutting down');
    const task = (parent.getLoop() as EventLoop).createTask(fn, options);
    task.addDoneCallback(this.#taskDone);
    this.#tasks.add(task);
    return task;
  }

  /** `<TaskGroup tasks=2 entered>` */
  toString(): string {
    const parts: string[] = [this.constructor.name];
    if (this.#tasks.size > 0) parts.push(`tasks=${this.#tasks.size}`);
    if (this.#errors.length > 0) parts.push(`errors=${this.#errors.length}`);
    if (this.#aborting) parts.push('cancelling');
    else if (this.#parent !== null) parts.push('entered');
    return `<${parts.join(' ')}>`;
  }

  /** Waits for the tasks, and throws what has to come out of `with`; `failure`: what came out of its body. */
  async #exit(parent: Task, failure: { readonly error: unknown } | null): Promise<void> {
    this.#exiting = true;
    const error = failure?.error;
    if (error instanceof KeyboardInterrupt) this.#interrupt ??= error;
    let cancellation = error instanceof CancelledError ? error : null;
    // What the group has asked for itself it has to take back. If nobody else has cancelled the parent,
    // the cancellation has served its purpose.
    if (this.#parentCancelRequested && parent.uncancel() === 0) cancellation = null;
    // Either the parent was cancelled, or the body has failed.
    if (failure !== null && !this.#aborting) this.#abort();

    // Each cancellation of the parent ends one wait.
    while (this.#tasks.size > 0) {
      this.#allDone ??= parent.getLoop().createFuture<void>();
      try {
        await this.#allDone;
      } catch (caught) {
        if (!(caught instanceof CancelledError)) throw caught;
        if (!this.#aborting) {
          cancellation = caught;
          this.#abort();
        }
      }
      this.#allDone = null;
    }

    if (this.#interrupt !== null) throw this.#interrupt;
    // Errors come before cancellations.
    if (cancellation !== null && this.#errors.length === 0) throw cancellation;
    if (failure !== null && !(error instanceof CancelledError)) this.#errors.push(error);
    if (this.#errors.length === 0) return;
    const errors = this.#errors;
    this.#errors = [];
    const count = `${errors.length} sub-exception${errors.length === 1 ? '' : 's'}`;
    throw new AggregateError(errors, `unhandled errors in a TaskGroup (${count})`);
  }

  #abort(): void {
    this.#aborting = true;
    for (const task of this.#tasks) if (!task.done()) task.cancel();
  }

  readonly #taskDone = (future: Future): void => {
    const task = future as Task;
    this.#tasks.delete(task);
    if (this.#tasks.size === 0 && this.#allDone !== null && !this.#allDone.done()) {
      this.#allDone.setResult(undefined);
    }
    if (task.cancelled()) return;
    const error = task.exception();
    if (error === null) return;
    this.#errors.push(error);
    if (error instanceof KeyboardInterrupt) this.#interrupt ??= error;
    const parent = this.#parent as Task;
    if (parent.done()) {
      parent.getLoop().callExceptionHandler({
        message: `Task ${String(task)} has errored out but its parent task ${String(parent)} is already completed`,
        exception: error,
        task,
      });
      return;
    }
    if (this.#aborting || this.#parentCancelRequested) return;
    // What the parent does inside of `with` has to end, and only that: it is taken back in #exit.
    this.#abort();
    this.#parentCancelRequested = true;
    parent.cancel();
  };
}
