import { formatCallback, formatValue } from './repr.ts';

/** What can be waited for: a promise, another thenable, or a function without arguments that returns one. */
export type Awaitable<T> = PromiseLike<T> | (() => PromiseLike<T>);

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

/** How something that was waited for has ended. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

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

/** Calls the function and follows what it returns; also what it throws is an outcome. */
export function callAndFollow<T>(call: () => PromiseLike<T>, settled: Settled<T>): void {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    settled({ ok: false, error }, true);
    return;
  }
  if (isThenable(result)) {
    follow(result as PromiseLike<T>, settled);
    return;
  }
  const message = `${formatCallback(call, [])} returned ${formatValue(result)}, not a promise`;
  settled({ ok: false, error: new TypeError(message) }, true);
}

/** Why this cannot be waited for; null if it can. */
export function awaitableError(value: unknown): TypeError | null {
  if (typeof value === 'function' || isThenable(value)) return null;
  return new TypeError(
    `runUntilComplete() takes a promise, or a function that returns one, not ${formatValue(value)}`,
  );
}
