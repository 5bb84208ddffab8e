import assert from 'node:assert/strict';
import { newEventLoop, type Future } from '../../src/index.ts';
import { Waiters } from '../../src/waiters.ts';

describe('a row of waiters', () => {
  const loop = newEventLoop();
  const [a, b, c] = [1, 2, 3].map(() => loop.createFuture<void>()) as [
    Future<void>,
    Future<void>,
    Future<void>,
  ];

  it('keeps the order in which they came, whoever leaves', () => {
    for (const [leaver, rest] of [
      [0, [b, c]],
      [1, [a, c]],
      [2, [a, b]],
    ] as const) {
      const row = new Waiters<void>();
      const places = [a, b, c].map((future) => row.add(future));
      assert.deepEqual([[...row], row.size], [[a, b, c], 3]);
      const place = places[leaver] as (typeof places)[0];
      row.remove(place);
      // Who has left already cannot leave again.
      row.remove(place);
      assert.deepEqual([[...row], row.size, row.first()], [[...rest], 2, rest[0]]);
      row.add(a);
      assert.deepEqual([...row], [...rest, a]);
    }
  });

  it('gives the first, and lets no one leave twice', () => {
    const row = new Waiters<void>();
    assert.equal(row.shift(), undefined);
    const first = row.add(a);
    row.add(b);
    assert.equal(row.shift(), a);
    assert.equal(row.shift(), b);
    row.add(c);
    row.remove(first);
    assert.deepEqual([[...row], row.size, row.shift(), row.size], [[c], 1, c, 0]);
    assert.equal(row.first(), undefined);
  });

  it('knows whether somebody waits who was not cancelled', () => {
    const row = new Waiters<void>();
    assert.equal(row.hasLive(), false);
    const future = loop.createFuture<void>();
    row.add(future);
    assert.equal(row.hasLive(), true);
    future.cancel();
    assert.equal(row.hasLive(), false);
    row.add(a);
    assert.equal(row.hasLive(), true);
  });
});
