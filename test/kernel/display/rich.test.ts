import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { checkedBundle } from '../../../kernel/display/mime.ts';
import { mimeBundle } from '../../../kernel/display/rich.ts';

const plainText = (value: unknown): string =>
  (mimeBundle(value) as Record<string, string>)['text/plain'] ?? '';

const display = Symbol.for('Jupyter.display');

describe('the MIME bundle of a value', () => {
  it('is its plain text, without colours', () => {
    assert.deepEqual(mimeBundle({ a: 'x', b: 1 }), { 'text/plain': "{ a: 'x', b: 1 }" });
    for (const value of [null, true, 1n, -0, Symbol('s'), 'text', () => 1]) {
      const { 'text/plain': text } = mimeBundle(value) as Record<string, string>;
      assert.equal(text, inspect(value));
      assert.equal(text?.includes('\u001B'), false);
    }
    assert.equal(plainText({ a: { [inspect.custom]: () => '\u001B[32mgreen\u001B[39m' } }), '{ a: green }');
  });

  it('goes four levels deep, shows a hundred elements, and a long text to its end', () => {
    assert.equal(plainText({ a: { b: { c: { d: { e: { f: 1 } } } } } }).includes('[Object]'), true);
    assert.match(plainText(Array.from({ length: 101 }, () => 0)), /1 more item/);
    assert.equal(plainText('x'.repeat(90_000)).length, 90_002);
  });

  it('has no more of an object with very many properties than of a long text', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i]));
    const text = plainText(many);
    assert.ok(text.length < 100_100, String(text.length));
    assert.match(text, /^\{\n {2}key0: 0,\n/);
    assert.match(text, /\n {2}key\d+: \d+,\n\.\.\. [\d,]+ more characters$/);
  });

  it('is what the object says of itself, with a plain text in any case', async () => {
    assert.deepEqual(mimeBundle({ [display]: () => ({ 'text/html': '<b>', 'text/plain': 'b' }) }), {
      'text/html': '<b>',
      'text/plain': 'b',
    });
    const bundle = (await mimeBundle({ n: 1, [display]: async () => ({ 'text/html': '<b>' }) })) as Record<
      string,
      string
    >;
    assert.equal(bundle['text/html'], '<b>');
    assert.match(bundle['text/plain'] ?? '', /n: 1/);
  });

  it('calls the method on the value: functions and classes have one too', () => {
    class Shown {
      readonly n = 1;
    }
    Object.assign(Shown, {
      [display](this: typeof Shown): object {
        return { 'text/plain': this.name };
      },
    });
    assert.deepEqual(mimeBundle(Shown), { 'text/plain': 'Shown' });
  });

  it('is the plain text when the method is no function, or cannot be asked for', () => {
    assert.match(String((mimeBundle({ [display]: 5 }) as Record<string, string>)['text/plain']), /5/);
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    // As this Node shows proxies: 26 says that it is one.
    assert.deepEqual(mimeBundle(trap), { 'text/plain': inspect(trap) });
  });

  it('throws what the method throws', () => {
    assert.throws(
      () =>
        mimeBundle({
          [display]: () => {
            throw new RangeError('x');
          },
        }),
      RangeError,
    );
  });
});

describe('a bundle that the user wrote', () => {
  const checked = (value: unknown): object => checkedBundle(value, 'display');
  it('is taken as it is', () =>
    assert.deepEqual(checked({ 'text/html': '<b>', 'application/json': { a: 1 } }), {
      'text/html': '<b>',
      'application/json': { a: 1 },
    }));
  it('is refused when its keys are no MIME types, or when it is no object', () => {
    for (const value of [{ html: '<b>' }, 'text', null, undefined, 5, ['text/html']]) {
      assert.throws(() => checked(value), { name: 'TypeError', message: /takes an object of MIME types/ });
    }
  });
});
