import type { Awaitable } from './awaitable.ts';
import type { Future } from './future.ts';
import { ensureFuture, loopOf } from './tasks.ts';

/**
 * A future that ends as `awaitable` does, but whose cancellation, also that of a task that waits for it,
 * does not reach `awaitable`, which goes on. (If `awaitable` itself is cancelled, so is the future.) A
 * function is called as a task. As asyncio.shield.
 *
 * @throws TypeError if it cannot be waited for
 *
 * @example
 * import { createTask, shield, sleep, waitFor } from 'tsloop';
 *
 * const saving = createTask(() => sleep(0.02, 'saved'));
 * await waitFor(shield(saving), 0.01).catch((error) => console.log(error.name)); // TimeoutError
 * console.log(await saving); // saved
 */
export function shield<T>(awaitable: Awaitable<T>): Future<T> {
  const inner = ensureFuture(awaitable);
  if (inner.done()) return inner;
  const outer = loopOf(inner).createFuture<T>();

  const innerDone = (): void => {
    if (outer.cancelled()) {
      // Asked for, so that it is not reported as an error that nobody wanted to know of.
      inner._retrieved();
      return;
    }
    if (inner.cancelled()) {
      outer.cancel();
      return;
    }
    const error = inner._error();
    if (error !== null) outer._fail(error);
    else outer.setResult(inner._value());
  };
  const outerDone = (): void => {
    if (!inner.done()) inner.removeDoneCallback(innerDone);
  };
  inner.addDoneCallback(innerDone);
  outer.addDoneCallback(outerDone);
  return outer;
}
