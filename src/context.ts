/**
 * Carries a context from where a callback is scheduled to where it is called, as asyncio does with
 * contextvars. In Node this is an AsyncLocalStorage; a loop has none unless one is given, because it
 * costs time with every callback.
 *
 * @example
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
}
