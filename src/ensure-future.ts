import { isThenable, type Awaitable } from './awaitable.ts';
import type { BaseLoop } from './base-loop.ts';
import { ValueError } from './errors.ts';
import { isFuture, type Future } from './future.ts';
import { formatValue } from './repr.ts';
import { Task } from './task.ts';

/** @internal The future itself, or a task of a function or promise; `asker` is who is told in errors. */
export function ensureFutureOn<T>(loop: BaseLoop, asker: string, awaitable: Awaitable<T>): Future<T> {
  if (isFuture(awaitable)) {
    const future = awaitable as unknown as Future<T>;
    // A sleep that was begun before any loop ran becomes the loop's by and by.
    if (future._loop !== null && future._loop !== loop) {
      throw new ValueError(`${asker}() got a future that belongs to a different loop: ${String(future)}`);
    }
    return future;
  }
  if (typeof awaitable === 'function' || isThenable(awaitable)) return new Task<T>(awaitable, { loop });
  throw new TypeError(
    `${asker}() takes a promise, or a function that returns one, not ${formatValue(awaitable)}`,
  );
}
