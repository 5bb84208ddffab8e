import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { kw, newEventLoop, partial } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

function callback(arg: number, { kwarg = 'default' }: { kwarg?: string } = {}): string {
  return `${arg} and ${kwarg}`;
}

function draw(x: number, y: number, { colour, width = 1 }: { colour: string; width?: number }): string {
  return `${x},${y} ${colour} ${width}`;
}

describe('partial', () => {
  it('puts bound positional arguments before those of the call', () => {
    const sum = (a: string, b: string, c: string): string => a + b + c;
    assert.equal(partial(sum, 'a', 'b')('c'), 'abc');
    assert.equal(partial(sum)('a', 'b', 'c'), 'abc');
  });

  it('binds keywords into the options object after the positional arguments', () => {
    assert.equal(partial(callback, kw({ kwarg: 'not default' }))(2), '2 and not default');
    assert.equal(partial(callback, 2, kw({ kwarg: 'not default' }))(), '2 and not default');
    assert.equal(partial(draw, 1, kw({ colour: 'red' }))(2), '1,2 red 1');
  });

  it('lets keywords of the call win over bound ones', () => {
    const wrapped = partial(callback, kw({ kwarg: 'bound' }));
    assert.equal(wrapped(1, { kwarg: 'given' }), '1 and given');
    assert.equal(wrapped(1, kw({ kwarg: 'given' })), '1 and given');
    assert.equal(wrapped(1), '1 and bound', 'a call changes nothing for the next one');
  });

  it('takes required keywords that are still missing from kw() at the call', () => {
    const wide = partial(draw, kw({ width: 3 }));
    assert.equal(wide(1, 2, kw({ colour: 'red' })), '1,2 red 3');
  });

  it('keeps an object that is a positional argument positional', () => {
    const seen = (job: { id: number }, { quick = false }: { quick?: boolean } = {}): string =>
      `${job.id} ${quick}`;
    const wrapped = partial(seen, kw({ quick: true }));
    assert.equal(wrapped({ id: 7 }), '7 true');
    assert.equal(wrapped({ id: 7 }, { quick: false }), '7 false');
    assert.equal(partial(seen, { id: 8 }, kw({ quick: true }))(), '8 true');
  });

  it('makes one call of a partial of a partial, the later keywords winning', () => {
    const first = partial(draw, 1, kw({ colour: 'red', width: 2 }));
    const second = partial(first, 5, kw({ colour: 'blue' }));
    assert.equal(second(), '1,5 blue 2');
  });

  it('passes this on', () => {
    const counter = {
      start: 10,
      next: partial(function (this: unknown, by: number): number {
        return (this as { start: number }).start + by;
      }, 5),
    };
    assert.equal(counter.next(), 15);
  });

  it('refuses what is no function, no object, and keywords that do not come last', () => {
    assert.throws(() => partial(3 as never), { name: 'TypeError', message: /takes a function first, not 3/ });
    assert.throws(() => kw(3 as never), { name: 'TypeError', message: /takes an object/ });
    assert.throws(
      () => partial(callback, kw({ kwarg: 'a' }) as never, 2 as never),
      /kw\(\.\.\.\) must be the last/,
    );
  });

  it('shows bound arguments before those of the call in a handle (rule 44)', () => {
    const loop = newEventLoop(virtualTime());
    const wrapped = partial(callback, kw({ kwarg: 'not default' }));
    assert.equal(String(loop.callSoon(wrapped, 2)), "<Handle callback({ kwarg: 'not default' })(2)>");
    assert.equal(inspect(loop.callSoon(partial(callback, 2))), '<Handle callback(2)()>');
  });

  it('is checked by the compiler', () => {
    const wrapped = partial(callback, kw({ kwarg: 'x' }));
    // Each of these lines fails to compile if its error does not occur.
    void (() => {
      // @ts-expect-error a bound positional argument of the wrong type
      partial(callback, 'one');
      // @ts-expect-error no such keyword
      partial(callback, kw({ colour: 'red' }));
      // @ts-expect-error a keyword of the wrong type
      partial(callback, kw({ kwarg: 5 }));
      // @ts-expect-error the positional argument is missing
      wrapped();
      // @ts-expect-error an argument of the wrong type
      wrapped('one');
      // @ts-expect-error a required keyword is missing
      partial(draw, kw({ width: 3 }))(1, 2);
    });
    const join = (...parts: string[]): string => parts.join('');
    assert.equal(partial(join, 'a', 'b')('c', 'd'), 'abcd');
    const log: (...data: unknown[]) => void = partial(console.log, 'a', { b: 1 });
    assert.equal(typeof log, 'function');
    const text: string = wrapped(1);
    assert.equal(text, '1 and x');
  });
});
