import type { Awaitable } from './awaitable.ts';
import type { BaseLoop } from './base-loop.ts';
import { taskNow } from './current.ts';
import { loopForFuture } from './running.ts';
import { ensureFutureOn } from './ensure-future.ts';
import type { AbstractEventLoop, Future } from './future.ts';
import type { CreateTaskOptions, EventLoop } from './loop.ts';
import { getRunningLoop } from './policy.ts';
import type { Task, TaskCode } from './task.ts';

export interface OnLoop {
  /** Default: the running loop, else the one of `getEventLoop()`. */
  readonly loop?: BaseLoop;
}

/**
 * The task whose code this is: exact in every step, null between steps and in callbacks. Of the running
 * loop, or of `loop`.
 *
 * @throws RuntimeError if no loop is given and none runs
 *
 * @example
 * const task = createTask(async () => currentTask() === task);
 * console.log(await task); // true
 */
export function currentTask(loop: BaseLoop = getRunningLoop()): Task | null {
  const task = taskNow();
  return task !== null && task._loop === loop ? (task as Task) : null;
}

/**
 * Makes a task of the running loop, or of `loop`, which begins to run in the next iteration; see
 * `EventLoop.createTask`. As asyncio.create_task.
 *
 * @throws TypeError if `code` is neither a function nor a promise; RuntimeError if no loop is given and none
 * runs, or if it is closed
 *
 * @example
 * const task = createTask(() => sleep(0.01, 'slept'), { name: 'sleeper' });
 * console.log(task.getName(), await task); // sleeper slept
 */
export function createTask<T>(
  code: TaskCode<T>,
  options: CreateTaskOptions & { readonly loop?: EventLoop | undefined } = {},
): Task<T> {
  const { loop = getRunningLoop(), ...others } = options;
  return loop.createTask(code, others);
}

/**
 * The tasks of the running loop, or of `loop`, that are not done. A loop does not keep its tasks alive by
 * itself: one that waits for something that nobody else has is gone some time.
 *
 * @throws RuntimeError if no loop is given and none runs
 *
 * @example
 * const task = createTask(() => sleep(0.01));
 * console.log(allTasks().has(task)); // true
 * await task;
 * console.log(allTasks().has(task)); // false
 */
export function allTasks(loop: BaseLoop = getRunningLoop()): Set<Task> {
  const tasks = new Set<Task>();
  for (const each of loop._tasks) {
    const task = each as Task;
    if (!task.done()) tasks.add(task);
  }
  return tasks;
}

/**
 * Makes a future of what can be waited for: a future is returned itself, a function or promise becomes a
 * task.
 *
 * @throws ValueError if it is a future of another loop than the one that is given; TypeError if it cannot
 * be waited for
 *
 * @example
 * const future = ensureFuture(() => sleep(0.01, 'slept'));
 * console.log(ensureFuture(future) === future, await future); // true slept
 */
export function ensureFuture<T>(awaitable: Awaitable<T>, options: OnLoop = {}): Future<T> {
  const loop = options.loop ?? (awaitable as { _loop?: BaseLoop | null })._loop ?? loopForFuture();
  return ensureFutureOn(loop, 'ensureFuture', awaitable);
}

/**
 * @internal The loop of a future; of a `sleep()` outside of tasks, which learns of its loop a moment later,
 * the running one.
 *
 * @throws RuntimeError if that is not known and none runs
 */
export function loopOf(future: Future): AbstractEventLoop {
  return (future._loop ?? getRunningLoop()) as AbstractEventLoop;
}
