import assert from 'node:assert/strict';
import {
  createTask,
  gather,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  sleep,
} from '../../src/index.ts';
import { onVirtualLoop } from '../support/virtual-loop.ts';

function drain<T>(queue: Queue<T>): T[] {
  const items: T[] = [];
  while (!queue.empty()) items.push(queue.getNowait());
  return items;
}

function filled<T, Q extends Queue<T>>(queue: Q, items: Iterable<T>): Q {
  for (const item of items) queue.putNowait(item);
  return queue;
}

describe('Queue', () => {
  it('rule 122: holds any number of items without a maxsize, and no more than it otherwise', () => {
    for (const maxsize of [0, -1]) {
      const queue = filled(new Queue<number>(maxsize), Array(1000).keys());
      assert.deepEqual([queue.full(), queue.qsize(), queue.maxsize], [false, 1000, maxsize]);
    }
    const small = filled(new Queue<number>(1.5), [1, 2]);
    assert.equal(small.full(), true);
    assert.throws(() => small.putNowait(3), { name: 'QueueFull' });
    assert.throws(() => small.putNowait(3), QueueFull);
    assert.deepEqual(drain(small), [1, 2]);
    assert.throws(() => small.getNowait(), QueueEmpty);
    assert.throws(() => new Queue('2' as never), { name: 'ValueError' });
  });

  it('rule 122: lets who puts wait for room, and who gets for items, first come, first served', async () => {
    await onVirtualLoop(async (loop) => {
      const queue = new Queue<string>(1);
      const seen: string[] = [];
      const put = (item: string) => async () => {
        await queue.put(item);
        seen.push(`put ${item} at ${loop.time()}`);
      };
      const consumer = async (): Promise<void> => {
        for (let i = 0; i < 3; i++) {
          await sleep(1);
          seen.push(`got ${await queue.get()} at ${loop.time()}`);
        }
      };
      await gather(put('a'), put('b'), put('c'), consumer);
      assert.deepEqual(seen, [
        'put a at 0',
        'got a at 1',
        'put b at 1',
        'got b at 2',
        'put c at 2',
        'got c at 3',
      ]);
      const getters = ['x', 'y'].map((name) => createTask(async () => `${name} ${await queue.get()}`));
      await sleep(0);
      queue.putNowait('1');
      await sleep(0);
      queue.putNowait('2');
      assert.deepEqual(await gather(...getters), ['x 1', 'y 2']);
    });
  });

  it('rule 122: loses no item, whichever of 3 getters are cancelled before, at or after a put', async () => {
    for (let code = 0; code < 4 ** 3; code++) {
      const moments = [code & 3, (code >> 2) & 3, code >> 4];
      await onVirtualLoop(async () => {
        const queue = new Queue<string>();
        const tasks = moments.map(() => createTask(() => queue.get()));
        await sleep(0);
        for (let iteration = 1; iteration <= 3; iteration++) {
          if (iteration === 2) queue.putNowait('item');
          tasks.forEach((task, i) => moments[i] === iteration && task.cancel());
          await sleep(0);
        }
        await sleep(0);
        const got = tasks.filter((task) => task.done() && !task.cancelled()).length;
        assert.equal(got + queue.qsize(), 1, `${moments.join()}: ${String(queue)}`);
        // The one that is there must not lie beside somebody who waits for it.
        if (queue.qsize() > 0) assert.equal(tasks.filter((task) => !task.done()).length, 0);
        for (const task of tasks) task.cancel();
        await sleep(0);
        assert.doesNotMatch(String(queue), /getters/);
      });
    }
  });

  it('rule 122: loses no item, whichever of 3 putters are cancelled before, at or after a get', async () => {
    for (let code = 0; code < 4 ** 3; code++) {
      const moments = [code & 3, (code >> 2) & 3, code >> 4];
      await onVirtualLoop(async () => {
        const queue = filled(new Queue<number>(1), [-1]);
        const tasks = moments.map((_, i) => createTask(() => queue.put(i)));
        await sleep(0);
        const got: number[] = [];
        for (let iteration = 1; iteration <= 3; iteration++) {
          if (iteration === 2) got.push(queue.getNowait());
          tasks.forEach((task, i) => moments[i] === iteration && task.cancel());
          await sleep(0);
        }
        await sleep(0);
        const put = tasks.flatMap((task, i) => (task.done() && !task.cancelled() ? [i] : []));
        assert.deepEqual([...got, ...drain(queue)], [-1, ...put], moments.join());
        if (put.length === 0) assert.equal(tasks.filter((task) => !task.done()).length, 0);
        for (const task of tasks) task.cancel();
        await sleep(0);
        assert.doesNotMatch(String(queue), /putters/);
      });
    }
  });

  it('rule 123: join waits until each item was done, and returns at once when there is none', async () => {
    const empty = new Queue();
    await empty.join();
    assert.throws(() => empty.taskDone(), { name: 'ValueError', message: /called too many times/ });
    await onVirtualLoop(async (loop) => {
      const queue = filled(new Queue<number>(), [1, 2]);
      const worker = createTask(async () => {
        for (;;) {
          await sleep(await queue.get());
          queue.taskDone();
        }
      });
      await queue.join();
      assert.equal(loop.time(), 3);
      queue.putNowait(4);
      await queue.join();
      assert.equal(loop.time(), 7);
      assert.throws(() => queue.taskDone(), { name: 'ValueError' });
      worker.cancel();
      await sleep(0);
    });
  });

  it('rule 124: shows its size, items, waiters and unfinished tasks', async () => {
    await onVirtualLoop(async () => {
      const queue = new Queue<string>(1);
      assert.equal(String(queue), '<Queue maxsize=1>');
      const getter = createTask(() => queue.get());
      await sleep(0);
      assert.equal(String(queue), '<Queue maxsize=1 getters[1]>');
      await queue.put('item');
      await getter;
      await queue.put('next');
      const putter = createTask(() => queue.put('third'));
      await sleep(0);
      assert.equal(String(queue), "<Queue maxsize=1 queue=[ 'next' ] putters[1] tasks=2>");
      queue.getNowait();
      await putter;
      assert.equal(
        String(filled(new LifoQueue<number>(), [1, 2])),
        '<LifoQueue maxsize=0 queue=[ 1, 2 ] tasks=2>',
      );
      assert.equal(
        String(filled(new PriorityQueue<number>(), [2])),
        '<PriorityQueue maxsize=0 queue=[ 2 ] tasks=1>',
      );
    });
  });
});

describe('LifoQueue', () => {
  it('rule 124: gives the newest item first, and waits as a queue does', async () => {
    assert.deepEqual(drain(filled(new LifoQueue<number>(), [1, 2, 3])), [3, 2, 1]);
    await onVirtualLoop(async (loop) => {
      const stack = new LifoQueue<number>(1);
      loop.callLater(1, () => stack.putNowait(5));
      assert.equal(await stack.get(), 5);
    });
  });
});

describe('PriorityQueue', () => {
  it('rule 124: gives the smallest item first, in the natural order', () => {
    const cases: ReadonlyArray<readonly [readonly unknown[], readonly unknown[]]> = [
      [
        [10, 9, -1, 2.5, 3n],
        [-1, 2.5, 3n, 9, 10],
      ],
      [
        ['b', 'a', 'B'],
        ['B', 'a', 'b'],
      ],
      [
        [true, false],
        [false, true],
      ],
      [
        [new Date(2), new Date(1)],
        [new Date(1), new Date(2)],
      ],
      // Item by item, as tuples in Python; an array that ends first is the smaller one.
      [
        [[10, 'x'], [9, 'z'], [9, 'y'], [9]],
        [[9], [9, 'y'], [9, 'z'], [10, 'x']],
      ],
      // What has no order is not asked for one: first come, first served.
      [
        [
          [1, { id: 'a' }],
          [0, { id: 'b' }],
          [1, { id: 'c' }],
        ],
        [
          [0, { id: 'b' }],
          [1, { id: 'a' }],
          [1, { id: 'c' }],
        ],
      ],
    ];
    for (const [put, got] of cases) assert.deepEqual(drain(filled(new PriorityQueue<unknown>(), put)), got);
  });

  it('rule 124: takes a comparator; of equal items the first comes first', () => {
    const words = ['ccc', 'b', 'aaa', 'a', 'cc', 'ddd'];
    const queue = filled(new PriorityQueue<string>(0, (a, b) => a.length - b.length), words);
    assert.deepEqual(drain(queue), ['b', 'a', 'cc', 'ccc', 'aaa', 'ddd']);
    assert.throws(() => new PriorityQueue(0, 'length' as never), { name: 'TypeError' });
  });

  it('rule 124: sorts as a stable sort does', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 2147483647);
    for (let round = 0; round < 50; round++) {
      const items = Array.from({ length: random() % 40 }, (_, i) => ({ key: random() % 7, i }));
      const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key;
      const queue = filled(new PriorityQueue<{ key: number; i: number }>(0, compare), items);
      assert.deepEqual(drain(queue), items.toSorted(compare));
    }
  });

  it('rule 124: refuses items without an order, and stays as it was', () => {
    const queue = filled(new PriorityQueue<unknown>(), [3, 1, 2] as unknown[]);
    for (const odd of ['text', {}, [1], undefined]) {
      assert.throws(() => queue.putNowait(odd), {
        name: 'TypeError',
        message: /give the queue a comparator/,
      });
    }
    assert.deepEqual(drain(queue), [1, 2, 3]);
  });

  it('waits as a queue does', async () => {
    await onVirtualLoop(async () => {
      const queue = new PriorityQueue<number>(2);
      const puts = [3, 1, 2].map((item) => createTask(() => queue.put(item)));
      await sleep(1);
      const got = [await queue.get()];
      await gather(...puts);
      got.push(await queue.get(), await queue.get());
      assert.deepEqual(got, [1, 2, 3]);
    });
  });
});
