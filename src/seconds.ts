import { formatValue } from './repr.ts';

/** @internal @throws TypeError if `timeout` is neither a number of seconds nor null */
export function checkTimeout(name: string, timeout: unknown): void {
  if (timeout === null || (typeof timeout === 'number' && !Number.isNaN(timeout))) return;
  throw new TypeError(`The timeout of ${name}() is a number of seconds or null, not ${formatValue(timeout)}`);
}
