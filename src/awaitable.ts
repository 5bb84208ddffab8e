/** What can be waited for: a promise, another thenable, or a function without arguments that returns one. */
export type Awaitable<T> = PromiseLike<T> | (() => PromiseLike<T>);

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

/** How something that was waited for has ended. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** Told how it ended, and whether nobody else has begun to follow the same thing since. */
export type Settled<T> = (outcome: Outcome<T>, isLatest: boolean) => void;

const latest = new WeakMap<object, unknown>();

/** Calls `settled` once `thenable` is settled; in a microtask, never at once. */
export function follow<T>(thenable: PromiseLike<T>, settled: Settled<T>): void {
  latest.set(thenable, settled);
  const isLatest = (): boolean => latest.get(thenable) === settled;
  void Promise.resolve(thenable).then(
    (value) => settled({ ok: true, value }, isLatest()),
    (error: unknown) => settled({ ok: false, error }, isLatest()),
  );
}
