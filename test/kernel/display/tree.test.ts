import assert from 'node:assert/strict';
import { look } from './shown.ts';

/** The tree as text: a line for each node, indented, `-` before an open branch and `+` before a closed one. */
function outline(value: unknown): string[] {
  const { html } = look(value);
  const lines: string[] = [];
  let depth = 0;
  for (const [tag, open] of html.matchAll(
    /<details( open)?>|<\/details>|<summary>.*?<\/summary>|<div class="tsloop-leaf">.*?<\/div>/gs,
  )) {
    if (tag === '</details>') depth -= 1;
    else if (tag.startsWith('<details'))
      lines.push(`${' '.repeat(depth++)}${open === undefined ? '+' : '-'}`);
    else {
      const text = tag
        .replaceAll(/<span class="tsloop-faded">.*?<\/span>(?!<\/div>)/gs, '')
        .replaceAll(/<[^>]*>/g, '')
        .trim();
      if (tag.startsWith('<summary')) lines[lines.length - 1] += text;
      else lines.push(' '.repeat(depth) + text);
    }
  }
  return lines;
}

describe('a nested object', () => {
  it('is a tree, its first level open', () => {
    assert.deepEqual(outline({ a: { b: { c: 1 } }, list: ['x', [true]], n: null }), [
      '-Object',
      ' -a: Object',
      '  +b: Object',
      '   c: 1',
      ' -list: Array(2)',
      '  0: &#39;x&#39;',
      '  +1: Array(1)',
      '   0: true',
      ' n: null',
    ]);
  });

  it('may be a map, a set, an instance, or without a prototype', () => {
    class Box {
      readonly inner = { a: 1 };
    }
    const cases: ReadonlyArray<readonly [unknown, string[]]> = [
      [
        new Map<unknown, unknown>([
          ['k', 1],
          [{ a: 1 }, 2],
        ]),
        ['-Map(2)', ' &#39;k&#39;: 1', ' {a: 1}: 2'],
      ],
      [new Set([1, 'b']), ['-Set(2)', ' 1', ' &#39;b&#39;']],
      [new Box(), ['-Box', ' -inner: Object', '  a: 1']],
      [Object.assign(Object.create(null) as object, { a: [1] }), ['-Object', ' -a: Array(1)', '  0: 1']],
    ];
    for (const [value, lines] of cases) assert.deepEqual(outline(value), lines);
  });

  it('that contains itself is shown once', () => {
    const me: Record<string, unknown> = { n: 1 };
    me['me'] = me;
    me['list'] = [me];
    assert.deepEqual(outline(me), [
      '-Object',
      ' n: 1',
      ' me: [Circular]',
      ' -list: Array(1)',
      '  0: [Circular]',
    ]);
  });

  it('shows the same object twice where it is there twice', () => {
    const shared = { a: 1 };
    assert.deepEqual(outline([[shared], [shared]]).filter((line) => line.includes('a: 1')).length, 2);
  });

  it('says what getters, holes and proxies are, without asking them', () => {
    let asked = 0;
    const value = {
      get got() {
        asked += 1;
        return 1;
      },
      set put(_: number) {},
      // oxlint-disable-next-line no-sparse-arrays
      holes: [1, , 2],
      proxy: new Proxy(
        {},
        {
          get: () => (asked += 1),
          ownKeys: () => {
            asked += 1;
            return [];
          },
          getPrototypeOf: () => {
            asked += 1;
            return null;
          },
        },
      ),
    };
    const { html } = look(value);
    assert.match(html, /got<\/span>: <span class="tsloop-c-dim">\[Getter\]/);
    assert.match(html, /put<\/span>: <span class="tsloop-c-dim">\[Setter\]/);
    assert.match(html, /1<\/span>: <span class="tsloop-c-dim">empty/);
    assert.match(html, /proxy<\/span>: <span class="tsloop-c-dim">Proxy/);
    assert.equal(asked, 0);
  });

  it('is cut where it is long, wide or deep, and says how much there is', () => {
    assert.match(look({ list: Array.from({ length: 1000 }, (_, i) => i) }).html, /… 970 more/);
    assert.match(look(Array.from({ length: 1000 }, () => 'x'.repeat(30))).html, /… 900 more/);
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i += 1) deep = { deep };
    assert.ok(look(deep).html.length < 10_000);
    const wide = Object.fromEntries(
      Array.from({ length: 90 }, (_, i) => [
        `k${i}`,
        Array.from({ length: 90 }, () => ({ a: 'y'.repeat(2000) })),
      ]),
    );
    assert.ok(look(wide).html.length < 800_000);
  });

  it('is none where its text says it all: flat and in one line', () => {
    for (const value of [
      { a: 1 },
      [1, 2],
      {},
      [],
      new Map(),
      new Set(),
      [[]],
      { a: {} },
      /a/,
      5,
      'text',
      Symbol('a'),
    ])
      assert.equal(look(value).html, '', JSON.stringify(value));
    assert.notEqual(look({ text: 'x'.repeat(100), more: 'y' }).html, '');
  });

  it('is none where the object says itself how it is printed', () => {
    assert.equal(look({ inner: { a: 1 }, [Symbol.for('nodejs.util.inspect.custom')]: () => 'own' }).html, '');
  });
});
