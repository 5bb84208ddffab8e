import { shownOnTheWay } from './await-sites.ts';
import type { Future } from './future.ts';

/** @internal Settles a promise as a done future. */
export function passOn<T>(
  future: Future<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  const error = future._error();
  if (error === null) {
    resolve(future._value());
    return;
  }
  const shown = shownOnTheWay(error, false);
  if (shown === null) reject(error);
  else void shown.then(resolve, reject);
}
