import type { BaseLoop } from '../base-loop.ts';
import { LoopRuntimeError } from '../errors.ts';
import { isFuture } from '../future.ts';
import { formatCallback } from '../repr.ts';
import type { Task } from '../task.ts';
import { allTasks } from '../tasks.ts';

/**
 * Under virtual time: somebody waits, and nothing is left that could end the wait. The message names the
 * tasks, what they wait for, and where they were made.
 *
 * @example
 * const loop = newEventLoop(virtualTime());
 * try {
 *   await loop.runUntilComplete(() => new Queue().get());
 * } catch (error) {
 *   console.log(error instanceof DeadlockError); // true
 * }
 * loop.close();
 */
export class DeadlockError extends LoopRuntimeError {
  override readonly name = 'DeadlockError';
  /** The tasks that wait. */
  readonly tasks: readonly Task[];

  constructor(message: string, tasks: readonly Task[]) {
    super(message);
    this.tasks = tasks;
  }
}

/** More are counted: one mistake often stops hundreds of tasks. */
const MOST_SHOWN = 20;

/** The error for a loop that has come to a standstill. */
export function deadlockOf(loop: BaseLoop): DeadlockError {
  const tasks = [...allTasks(loop)];
  const others = [...(loop._rootWaits ?? [])].map((wait) => wait.future);
  const lines = [
    ...tasks.map(describeTask),
    ...others.map((future) => `code outside of tasks waits for ${describeFuture(future)}`),
  ];
  const shown = lines.slice(0, MOST_SHOWN).map((line) => `\n  ${line}`);
  if (lines.length > MOST_SHOWN) shown.push(`\n  and ${lines.length - MOST_SHOWN} more`);
  const waits = lines.length === 1 ? 'One waits' : `${lines.length} wait`;
  return new DeadlockError(
    lines.length === 0
      ? `Deadlock at ${loop.time()} s: the run goes on, but nothing is scheduled, no task is pending, and no foreign work either. Call stop() from a callback or a task.`
      : `Deadlock at ${loop.time()} s: ${waits} for something, and nothing is scheduled that could bring it.${shown.join('')}`,
    tasks,
  );
}

/** `Task-1 (worker) waits for <Future pending>; made at file:line` */
export function describeTask(task: Task): string {
  const code = task.getCoro();
  const name = typeof code === 'function' && code.name !== '' ? ` (${formatCallback(code, [])})` : '';
  const waits = describeWaits(task);
  const site = (task._loop?._taskPlaces?.get(task) ?? task._madeAt)?.site() ?? null;
  const place = site === null ? '' : `; made at ${site.file}:${site.line}`;
  return `${task.getName()}${name} waits for ${waits}${place}`;
}

/** What a task waits for, in words. */
function describeWaits(task: Task): string {
  const futures = task._waitedFor();
  if (futures.length === 0) return 'a promise that is not of the loop';
  return futures.map(describeFuture).join(' and ');
}

/** @internal */
export function describeFuture(future: unknown): string {
  if (!isFuture(future)) return 'a future';
  if (isTask(future)) return `task ${future.getName()}`;
  return future.toString();
}

/** @internal By what it has: the class itself would close a circle of imports for those who describe loops. */
export function isTask(future: unknown): future is Task {
  return isFuture(future) && typeof (future as Partial<Task>).getName === 'function';
}
