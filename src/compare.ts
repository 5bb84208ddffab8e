import { formatValue } from './repr.ts';

/** Negative if `a` comes before `b`, positive if after it, 0 if neither; as for `Array.prototype.sort`. */
export type Comparator<in T> = (a: T, b: T) => number;

/**
 * The natural order, smallest first: of numbers and bigints, of strings, of dates, of booleans; and of
 * arrays item by item, as Python orders tuples, so that `[priority, data]` goes by priority. (JavaScript's
 * own `<` makes strings of arrays, by which 10 comes before 9.) Where items of two arrays have no order,
 * as two objects, they count as equal: those of equal priority are never asked for more.
 *
 * @throws TypeError for two values without an order between them
 */
export function naturalOrder(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) return arrayOrder(a, b);
  const kind = kindOf(a);
  if (kind === null || kind !== kindOf(b)) {
    throw new TypeError(
      `Neither of ${formatValue(a)} and ${formatValue(b)} is the smaller one: give the queue a comparator, ` +
        'new PriorityQueue(0, (a, b) => a.priority - b.priority), or put [priority, item] in.',
    );
  }
  return order(a, b);
}

function arrayOrder(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const result = isOpaque(a[i]) && isOpaque(b[i]) ? 0 : naturalOrder(a[i], b[i]);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

function order(a: unknown, b: unknown): number {
  if ((a as number) < (b as number)) return -1;
  return (a as number) > (b as number) ? 1 : 0;
}

/** Values of one kind have an order. */
function kindOf(value: unknown): string | null {
  if (value instanceof Date) return 'date';
  if (typeof value === 'bigint') return 'number';
  return ['number', 'string', 'boolean'].includes(typeof value) ? typeof value : null;
}

function isOpaque(value: unknown): boolean {
  return kindOf(value) === null && !Array.isArray(value);
}
