/** What can be waited for: a promise or future, another thenable, or a function without arguments that returns one. */
export type Awaitable<T> = PromiseLike<T> | (() => PromiseLike<T>);

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { then?: unknown }).then === 'function';
}
