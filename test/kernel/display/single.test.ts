/** Single values: numbers, bytes, pictures, errors, dates, addresses, promises, functions. */
import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import { pictureOf } from '../../../kernel/display/pictures/header.ts';
import { signatureOf } from '../../../kernel/display/single/function.ts';
import { cellsOf, look, lookLater } from './shown.ts';

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('numbers', () => {
  it('of a typed array are in rows of ten, with least, most and mean', () => {
    const { html, text } = look(Float64Array.from({ length: 25 }, (_, i) => i));
    assert.match(html, /Float64Array, 25 elements, least 0, most 24, mean 12/);
    assert.deepEqual(cellsOf(html)[2], ['20', '20', '21', '22', '23', '24']);
    assert.match(text, /^Float64Array\(25\) \[/);
    assert.match(
      look(BigInt64Array.from({ length: 300 }, (_, i) => BigInt(i))).html,
      /300 elements, least 0, most 299.*… 100 more/s,
    );
    assert.equal(look(Float32Array.of(1, 2)).html, '');
  });

  it('of a matrix have the indexes of row and column', () => {
    const { html, text } = look([
      [1, 2.5],
      [3, -0],
    ]);
    assert.match(html, /Matrix, 2 × 2/);
    assert.deepEqual(cellsOf(html), [
      ['', '0', '1'],
      ['0', '1', '2.5'],
      ['1', '3', '-0'],
    ]);
    assert.equal(text, '[ [ 1, 2.5 ], [ 3, -0 ] ]');
    const large = look(Array.from({ length: 100 }, () => new Float32Array(100))).html;
    assert.equal(cellsOf(large).length, 22);
    assert.match(large, /Matrix, 100 × 100/);
    for (const value of [
      [[1], [2, 3]],
      [
        [1, 'a'],
        [2, 3],
      ],
      [[], []],
    ])
      assert.doesNotMatch(look(value).html, /Matrix/);
  });

  it('of a tensor are its first slice', () => {
    const tensor = {
      data: Float32Array.from({ length: 24 }, (_, i) => i),
      shape: [2, 3, 4],
      stride: [12, 4, 1],
      offset: 0,
    };
    const { html } = look(tensor);
    assert.match(html, /Tensor of float32, 2 × 3 × 4; shown is \[0, …, …\]/);
    assert.deepEqual(cellsOf(html)[2], ['1', '4', '5', '6', '7']);
    assert.deepEqual(cellsOf(look({ ...tensor, shape: [24], stride: [1] }).html)[1]?.slice(0, 3), [
      '0',
      '0',
      '1',
    ]);
  });
});

describe('bytes', () => {
  it('are a hex dump', () => {
    const { html, text } = look(Buffer.from('hello <world>, 17'));
    assert.match(html, /Buffer, 17 bytes/);
    assert.match(
      html,
      /<i>00000000<\/i> {2}68 65 6c 6c 6f 20 3c 77 {2}6f 72 6c 64 3e 2c 20 31 +<i>hello &lt;world&gt;, 1<\/i>/,
    );
    assert.match(text, /^<Buffer 68/);
    assert.match(look(new ArrayBuffer(1000)).html, /ArrayBuffer, 1,000 bytes.*… 488 bytes more/s);
    assert.match(look(new DataView(new ArrayBuffer(2))).html, /DataView, 2 bytes/);
  });
});

describe('pictures', () => {
  it('are known by their first bytes, whatever holds them', async () => {
    for (const value of [PNG, new Uint8Array(PNG), Uint8Array.from(PNG).buffer]) {
      const { data, text } = look(value);
      assert.equal(data['image/png'], PNG.toString('base64'));
      assert.equal(text, '[PNG picture, 1 × 1, 70 bytes]');
      assert.equal('text/html' in data, false);
    }
    assert.equal((await lookLater(new Blob([PNG]))).data['image/png'], PNG.toString('base64'));
    assert.match((await lookLater(new Blob(['text']))).text, /^Blob \{/);
  });

  const headers: ReadonlyArray<readonly [type: string, bytes: Buffer, size: [number, number]]> = [
    ['image/gif', Buffer.from('GIF89a\x05\0\x07\0', 'latin1'), [5, 7]],
    ['image/jpeg', Buffer.from('ffd8ffe000044142ffc0000b08000700050100', 'hex'), [5, 7]],
    ['image/webp', Buffer.from(`RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x04\0\0\x06\0\0`, 'latin1'), [5, 7]],
    ['image/webp', Buffer.from('RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x04\x80\x01\0\0\0\0\0\0', 'latin1'), [5, 7]],
  ];
  for (const [type, bytes, size] of headers) {
    it(`have their size: ${type}`, () => {
      assert.deepEqual([pictureOf(bytes)?.type, pictureOf(bytes)?.size], [type, size]);
    });
  }

  it('are none where only the beginning is alike, or there is nothing', () => {
    for (const bytes of ['', 'GIF', 'RIFF1234WAVE12345', '\x89PNX\r\n\x1a\n12345678'])
      assert.equal(pictureOf(Buffer.from(bytes, 'latin1')), undefined);
    assert.equal(pictureOf(PNG.subarray(0, 12))?.size, undefined);
  });

  it('of canvases are what is drawn on them, at once or later', async () => {
    class Canvas {
      readonly width = 1;
      readonly height = 1;
      getContext(): void {}
      toBuffer(format: string): unknown {
        return format === 'image/png' ? PNG : undefined;
      }
    }
    class LateCanvas extends Canvas {
      override toBuffer(): unknown {
        return Promise.resolve(PNG);
      }
    }
    // Version 3 has both. Its binary is no part of its package, so that it is not among those of test/packages.
    class Skia extends LateCanvas {
      toBufferSync(format: string): unknown {
        return format === 'png' ? PNG : undefined;
      }
    }
    assert.equal(look(new Canvas()).text, '[Canvas, 1 × 1]');
    assert.equal(look(new Skia()).data['image/png'], PNG.toString('base64'));
    assert.equal((await lookLater(new LateCanvas())).data['image/png'], PNG.toString('base64'));
  });
});

describe('an error', () => {
  it('has its message, frames, properties and causes', () => {
    const inner = new TypeError('inner & deeper');
    const { html, text } = look(
      Object.assign(new RangeError('outer\nsecond line', { cause: inner }), {
        code: 'E_OUT',
        at: { line: 1 },
      }),
    );
    assert.match(
      html,
      /RangeError: outer<\/b>.*<pre>second line<\/pre>.*E_OUT.*\{line: 1\}.*stack.*caused by.*TypeError: inner &amp; deeper/s,
    );
    assert.match(text, /^RangeError: outer\nsecond line\n {4}at /);
    assert.match(
      look(new AggregateError([new Error('one'), 'two'], 'many')).html,
      /AggregateError: many.*errors.*Error: one.*&#39;two&#39;/s,
    );
  });

  it('that is its own cause ends', () => {
    const error = new Error('round') as Error & { cause?: unknown };
    error.cause = error;
    assert.ok(look(error).html.length < 50_000);
  });
});

describe('a promise', () => {
  const cases: ReadonlyArray<readonly [promise: () => Promise<unknown>, state: RegExp]> = [
    [() => new Promise(() => {}), /Promise <b class="tsloop-wait">pending<\/b><\/div>/],
    [() => Promise.resolve({ a: '<b>' }), /fulfilled<\/b><pre>\{ a: &#39;&lt;b&gt;&#39; \}<\/pre>/],
    [() => Promise.resolve(undefined), /fulfilled<\/b><pre>undefined<\/pre>/],
    [() => Object.assign(Promise.reject(new Error('no')), { n: 1 }), /rejected<\/b><pre>Error: no/],
  ];
  for (const [make, state] of cases) {
    it(`says its state: ${state.source}`, () => {
      const promise = make();
      promise.catch(() => {});
      assert.match(look(promise).html, state);
      assert.match(look(promise).text, /^Promise \{/);
    });
  }
});

describe('a date and an address', () => {
  it('are what they are, with what that means', () => {
    assert.match(
      look(new Date(0)).html,
      /<time datetime="1970-01-01T00:00:00.000Z">1970-01-01T00:00:00.000Z<\/time> <i>.*(?:1969|1970)/,
    );
    assert.match(look(new Date(Number.NaN)).html, /Invalid Date/);
    assert.equal(look(new Date(0)).text, '1970-01-01T00:00:00.000Z');
    const { html } = look(new URL('https://a.example/p?q=<1>&r=2#h'));
    assert.match(
      html,
      /<a href="https:\/\/a.example\/p\?q=%3C1%3E&amp;r=2#h" target="_blank" rel="noopener noreferrer">/,
    );
    assert.deepEqual(
      cellsOf(html).find(([name]) => name === '?q'),
      ['?q', '&lt;1&gt;'],
    );
    assert.doesNotMatch(look(new URL('javascript:alert(1)')).html, /<a /);
  });
});

describe('a function', () => {
  const signatures: ReadonlyArray<readonly [source: string, signature: string]> = [
    ['function add(a, b) { return a + b }', 'function add(a, b)'],
    [
      'async function load(url, { retries = 3, on = (x) => ")" } = {}) {}',
      'async function load(url, { retries = 3, on = (x) => ")" } = {})',
    ],
    ['function* count() {}', 'function* count()'],
    ['async function* stream() {}', 'async function* stream()'],
    ['(a) => a', 'function (anonymous)(a)'],
    ['a => a', 'function (anonymous)(a)'],
    ['async a => a', 'async function (anonymous)(a)'],
    ['async (a) => a', 'async function (anonymous)(a)'],
    ['class Point {}', 'class Point'],
    ['class Point { constructor(x, y = 0) {} }', 'class Point { constructor(x, y = 0) }'],
    ['class extends Map { }', 'class (anonymous) extends Map'],
    ['class A extends mixin(B) { }', 'class A extends mixin(B)'],
  ];
  for (const [source, signature] of signatures) {
    it(`has its signature: ${signature}`, () => {
      const made = runInThisContext(`(mixin, B) => { const it = [${source}][0]; return it }`) as (
        ...args: unknown[]
      ) => object;
      const value = made(() => Object, Object);
      assert.equal(signatureOf(value, source).replace('extends Map ', 'extends Map').trim(), signature);
      assert.match(look(value).html, /<summary><i>source<\/i><\/summary>/);
    });
  }

  it('of Node has no source', () => {
    assert.match(look(Math.max).html, /<b>function max\(\)<\/b> <i>native code<\/i>/);
    assert.equal(look(Math.max).text, '[Function: max]');
  });
});
