import { Queue, type ItemStore } from './queue.ts';

/**
 * A queue that gives the newest item first. As asyncio.LifoQueue.
 *
 * @example
 * import { LifoQueue } from 'tsloop';
 *
 * const stack = new LifoQueue<string>();
 * stack.putNowait('first');
 * stack.putNowait('second');
 * console.log(await stack.get()); // second
 */
export class LifoQueue<T> extends Queue<T> {
  protected override _makeStore(): ItemStore<T> {
    const items: T[] = [];
    return {
      get length() {
        return items.length;
      },
      push: (item) => void items.push(item),
      shift: () => items.pop(),
      [Symbol.iterator]: () => items.values(),
    };
  }
}
