import { isThenable } from './awaitable.ts';
import { formatValue } from './repr.ts';

/** @internal @throws TypeError if `timeout` is neither a number of seconds nor null */
export function checkTimeout(name: string, timeout: unknown): void {
  if (timeout === null || (typeof timeout === 'number' && !Number.isNaN(timeout))) return;
  throw new TypeError(`The timeout of ${name}() is a number of seconds or null, not ${formatValue(timeout)}`);
}

/** @internal @throws TypeError if `futures` is a single one, or no list */
export function checkList(name: string, futures: unknown): void {
  const isList = typeof futures === 'object' && futures !== null && Symbol.iterator in futures;
  if (isList && !isThenable(futures)) return;
  throw new TypeError(`${name}() takes a list of futures, not ${formatValue(futures)}`);
}
