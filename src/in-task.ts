import { LoopRuntimeError } from './errors.ts';
import { getRunningLoop } from './policy.ts';
import type { Task } from './task.ts';
import { currentTask } from './tasks.ts';

/**
 * Calls `body` in the current task. On a loop that always runs, as that of a notebook, there may be none:
 * a cell's own code is no task. Then it is called in a task of its own, and waited for.
 *
 * Rejects with a RuntimeError that says `refusal` if there is no task, and a strict loop runs.
 */
export async function inTask<T>(refusal: string, body: (task: Task) => Promise<T>): Promise<T> {
  const task = currentTask();
  if (task !== null) return body(task);
  const loop = getRunningLoop();
  if (loop._isStrict) throw new LoopRuntimeError(refusal);
  return loop.createTask(() => body(currentTask() as Task));
}
