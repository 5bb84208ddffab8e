/**
 * Carries a context from where a callback is scheduled to where it is called, as asyncio does with
 * contextvars. In Node this is an AsyncLocalStorage; a loop has none unless one is given, because it
 * costs time with every callback.
 *
 * @example
 * import { AsyncLocalStorage } from 'node:async_hooks';
 * import { newEventLoop } from 'tsloop';
 *
 * const storage = new AsyncLocalStorage<string>();
 * const loop = newEventLoop({
 *   context: {
 *     capture: () => storage.getStore(),
 *     run: (context, fn, args) => storage.run(context as string, fn as (...a: unknown[]) => unknown, ...args),
 *   },
 * });
 */
export interface ContextKeeper {
  /** The context of the caller. */
  capture(): unknown;
  /** Calls `fn(...args)` in a captured context; returns what it returns, throws what it throws. */
  run(context: unknown, fn: (...args: never[]) => unknown, args: readonly unknown[]): unknown;
  /**
   * Optional, together with `task`: a context for the steps of a task. Without these two a loop knows
   * which task runs from the callback that it calls itself: code that goes on after a promise which is not
   * the loop's, and code that another task's step has resumed, then counts as nobody's, or as that one's.
   */
  scope?(context: unknown, task: object): unknown;
  /** Optional: the task whose `scope` the running code is in; null for code that is in none. */
  task?(): object | null;
}
