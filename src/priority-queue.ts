import { BinaryHeap } from './binary-heap.ts';
import { naturalOrder, type Comparator } from './compare.ts';
import { Queue, type ItemStore } from './queue.ts';
import { formatValue } from './repr.ts';

/**
 * A queue that gives the smallest item first; of equal ones, unlike asyncio's, that which was put
 * first. As asyncio.PriorityQueue.
 *
 * @example
 * import { PriorityQueue } from 'tsloop';
 *
 * const jobs = new PriorityQueue<[number, string]>();
 * jobs.putNowait([10, 'tidy up']);
 * jobs.putNowait([1, 'put out the fire']);
 * console.log((await jobs.get())[1]); // put out the fire
 *
 * const words = new PriorityQueue<string>(0, (a, b) => a.length - b.length);
 * for (const word of ['longest', 'mid', 'to', 'by']) words.putNowait(word);
 * console.log(words.getNowait()); // to
 */
export class PriorityQueue<T> extends Queue<T> {
  #compare: Comparator<T> | undefined;

  /**
   * `compare` tells which of two items comes first, as for `Array.prototype.sort`; by default numbers,
   * strings and dates have their natural order, and arrays are compared item by item. `maxsize` as for
   * `Queue`.
   *
   * @throws TypeError if `compare` is not a function; `putNowait` and `put`, if two items have no order
   */
  constructor(maxsize = 0, compare: Comparator<T> = naturalOrder) {
    super(maxsize);
    if (typeof compare !== 'function') {
      throw new TypeError(`compare must be a function of two items, not ${formatValue(compare)}`);
    }
    this.#compare = compare;
  }

  protected override _makeStore(): ItemStore<T> {
    // Not called before the constructor is through: there is nothing to compare until then.
    return new BinaryHeap<T>((a, b) => (this.#compare ?? naturalOrder)(a, b));
  }
}
