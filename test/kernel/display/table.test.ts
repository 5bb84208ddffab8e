/** Arrays of records and column tables. The libraries' tables are stood in for by objects that have what they have. */
import assert from 'node:assert/strict';
import { sampledRows } from '../../../kernel/display/table/records.ts';
import { cellsOf, look } from './shown.ts';

const people = [
  { name: 'Ada', born: 1815 },
  { name: 'Alan', born: 1912 },
];

function numbered(rows: number, columns = 2): Array<Record<string, number>> {
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(names.map((name, i) => [name, row * 10 + i])),
  );
}

describe('an array of records', () => {
  it('is a table with names, types, numbers of rows, and its shape', () => {
    const { html } = look(people);
    assert.deepEqual(cellsOf(html), [
      ['', 'name string', 'born number'],
      ['0', 'Ada', '1815'],
      ['1', 'Alan', '1912'],
    ]);
    assert.match(html, /2 rows × 2 columns/);
  });

  it('has the columns of all records, and blanks where there is no value', () => {
    assert.deepEqual(
      cellsOf(
        look([
          { a: 1, b: 'x' },
          { b: 'y', c: null },
          { a: undefined, b: 'z', c: true },
        ]).html,
      ),
      [
        ['', 'a number | undefined', 'b string', 'c boolean | null'],
        ['0', '1', 'x', ''],
        ['1', '', 'y', 'null'],
        ['2', 'undefined', 'z', 'true'],
      ],
    );
  });

  it('shows dates, bigints, nested values and getters, the latter without running them', () => {
    let ran = false;
    const record = {
      date: new Date(0),
      big: 12n,
      inner: { a: [1] },
      get got() {
        ran = true;
        return 1;
      },
    };
    assert.deepEqual(cellsOf(look([record]).html)[1], [
      '0',
      '1970-01-01T00:00:00.000Z',
      '12',
      '{a: Array(1)}',
      '[Getter]',
    ]);
    assert.equal(ran, false);
  });

  it('rounds wide numbers, and has all of them to point at', () => {
    assert.match(
      look([
        { x: 0.1 + 0.2, y: 1 },
        { x: 1 / 3, y: 2 },
      ]).html,
      /<td class="tsloop-n" title="0.30000000000000004">0.3<\/td>/,
    );
  });

  it('shows of a 32-bit float what it can tell apart', () => {
    const rows = [{ x: Math.fround(24.7) }, { x: Math.fround(1e10) }, { x: 24.700000762939 }];
    assert.deepEqual(
      cellsOf(look(rows).html).map((cells) => cells[1]),
      ['x number', '24.7', '10000000000', '24.700001'],
    );
  });

  it('of instances has the name of their class', () => {
    class Point {
      readonly x = 1;
    }
    assert.match(look([new Point(), new Point()]).html, /Point\[\]: 2 rows × 1 column</);
  });

  it('is no table when its elements are anything else', () => {
    const others: unknown[][] = [
      [],
      [1],
      [null],
      [people],
      [new Date()],
      [new Map()],
      [Buffer.from('a')],
      [{}],
      [new Proxy({ a: 1 }, {})],
      [() => 1],
      [{ a: 1 }, 2],
      [new Error('x')],
    ];
    for (const value of others) assert.doesNotMatch(look(value).html, /tsloop-table/);
  });

  it('is no table when the records have little in common', () => {
    assert.doesNotMatch(look(Array.from({ length: 10 }, (_, i) => ({ [`k${i}`]: i }))).html, /tsloop-table/);
  });

  it('of few rows has the text that console.log prints, of many that of a table', () => {
    assert.equal(look(people).text, "[ { name: 'Ada', born: 1815 }, { name: 'Alan', born: 1912 } ]");
    assert.equal(
      look(numbered(100)).text,
      [
        '     c0   c1',
        ...Array.from(
          { length: 10 },
          (_, i) =>
            `${String(i).padStart(2)}  ${String(i * 10).padStart(3)}  ${String(i * 10 + 1).padStart(3)}`,
        ),
        ' …    …    …',
        ...Array.from({ length: 5 }, (_, i) => `${95 + i}  ${950 + i * 10}  ${951 + i * 10}`),
        '100 rows × 2 columns',
      ].join('\n'),
    );
  });

  it('says in its text how many columns there is no room for', () => {
    const { text } = look(numbered(20, 60));
    assert.match(text, /^20 rows × 60 columns, \d+ of them not shown$/m);
    assert.ok(Math.max(...text.split('\n').map((line) => line.length)) <= 130);
  });

  it('has pages of twenty rows, the first of them shown, and those of the last rows', () => {
    const { html } = look(numbered(1000));
    assert.equal(html.split('<tbody>').length - 1, 11);
    assert.equal(html.match(/<input type="radio" name="page" checked>/g)?.length, 1);
    assert.match(html, /0–19.*180–199.*<span>…<\/span>.*980–999.*of 1,000 rows/s);
    assert.equal(cellsOf(html).at(-1)?.[1], '9990');
    assert.doesNotMatch(look(numbered(20)).html, /<nav>/);
    assert.match(look(numbered(21)).html, /20–20/);
  });

  it('turns pages by CSS alone', () => {
    const html = String(look(numbered(45)).data['text/html']);
    for (const page of [1, 2, 3])
      assert.ok(
        html.includes(
          `:has(nav label:nth-of-type(${page}) :checked) tbody:not(:nth-of-type(${page})){display: none}`,
        ),
      );
    assert.doesNotMatch(html, /<script|\son\w+=/i);
  });

  it('of many columns shows the first and the last', () => {
    const [head = []] = cellsOf(look(numbered(3, 200)).html);
    assert.equal(head.length, 52);
    assert.equal(head[41], '… 150 more');
    assert.equal(head.at(-1), 'c199 number');
  });

  it('is cut where its texts are long: fewer pages, shorter cells', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({ text: 'x'.repeat(50_000), n: i }));
    assert.ok(JSON.stringify(look(rows).data).length < 100_000);
    const wide = Array.from({ length: 1000 }, () =>
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`c${i}`, 'y'.repeat(300)])),
    );
    assert.ok(JSON.stringify(look(wide).data).length < 130_000);
    assert.match(look(wide).html, /0–\d<.*of 1,000 rows/s);
  });

  it('is looked at in some rows only, however many there are', () => {
    let looked = 0;
    const rows = numbered(5000).map(
      (row) =>
        new (class Row {
          readonly a: number = row['c0'] ?? 0;
        })(),
    );
    const array = new Proxy(rows, {});
    assert.doesNotMatch(look(array).html, /tsloop-table/, 'a proxy is not asked');
    for (const row of sampledRows(1_000_000)) looked += row >= 0 && row < 1_000_000 ? 1 : 0;
    assert.equal(looked, 120);
    assert.equal(new Set(sampledRows(1_000_000)).size, 120);
    assert.deepEqual(sampledRows(3), [0, 1, 2]);
    assert.equal(sampledRows(1_000_000).at(-1), 999_999);
  });
});

describe('a column table', () => {
  class FakeArrow {
    readonly batches: unknown[] = [];
    readonly schema = {
      fields: [
        { name: 'id', type: { toString: () => 'Int32' }, nullable: false },
        { name: 'day', type: { toString: () => 'Timestamp<MILLISECOND>' }, nullable: true },
      ],
    };
    get numRows(): number {
      return 2;
    }
    getChildAt(index: number): object {
      return { get: (row: number) => (index === 0 ? row + 1 : row === 0 ? 0 : null) };
    }
  }

  class FakeDanfo {
    readonly $columns = ['a', 'b'];
    readonly $dtypes = ['int32', 'string'];
    readonly $index = ['x', 'y'];
    readonly $data = [
      [1, 'one'],
      [2, 'two'],
    ];
    readonly $isSeries = false;
  }

  class FakeArquero {
    numRows(): number {
      return 2;
    }
    columnNames(): string[] {
      return ['k', 'v'];
    }
    get(name: string, row: number): unknown {
      return `${name}${row}`;
    }
    scan(): void {}
    objects(): void {}
  }

  /** As nodejs-polars has it: a proxy that throws for what it does not know. */
  const polars = new Proxy(
    {},
    {
      get(_, key) {
        const known: Record<PropertyKey, unknown> = {
          height: 2,
          columns: ['n', 's'],
          dtypes: ['DataType(Float64)', 'DataType(String)'],
          row: (index: number) => [index / 2, null],
          [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'not this' }),
        };
        if (key in known) return known[key];
        throw new Error(`no ${String(key)}`);
      },
    },
  );

  const tables: ReadonlyArray<readonly [name: string, table: object, cells: string[][], caption: RegExp]> = [
    [
      'of Arrow',
      new FakeArrow(),
      [
        ['', 'id Int32', 'day Timestamp&lt;MILLISECOND&gt; | null'],
        ['0', '1', '1970-01-01T00:00:00.000Z'],
        ['1', '2', 'null'],
      ],
      /Arrow table: 2 rows × 2 columns/,
    ],
    [
      'of Danfo, with its index',
      new FakeDanfo(),
      [
        ['', 'a int32', 'b string'],
        ['x', '1', 'one'],
        ['y', '2', 'two'],
      ],
      /Danfo DataFrame: 2 rows × 2 columns/,
    ],
    [
      'of Arquero',
      new FakeArquero(),
      [
        ['', 'k string', 'v string'],
        ['0', 'k0', 'v0'],
        ['1', 'k1', 'v1'],
      ],
      /Arquero table: 2 rows × 2 columns/,
    ],
    [
      'of nodejs-polars, which is a proxy',
      polars,
      [
        ['', 'n Float64', 's String'],
        ['0', '0', 'null'],
        ['1', '0.5', 'null'],
      ],
      /Polars DataFrame: 2 rows × 2 columns/,
    ],
    [
      'of plain arrays',
      { t: Float64Array.from([1, 2, 3]), ok: [true, null, false] },
      [
        ['', 't number', 'ok boolean | null'],
        ['0', '1', 'true'],
        ['1', '2', 'null'],
        ['2', '3', 'false'],
      ],
      /columns: 3 rows × 2 columns/,
    ],
  ];
  for (const [name, table, cells, caption] of tables) {
    it(name, () => {
      const { html } = look(table);
      assert.deepEqual(cellsOf(html), cells);
      assert.match(html, caption);
    });
  }

  it('has the text of a table: what console.log prints of its library’s objects says little', () => {
    assert.equal(
      look(new FakeArquero()).text,
      '   k   v\n0  k0  v0\n1  k1  v1\nArquero table: 2 rows × 2 columns',
    );
  });

  it('whose cells cannot be read is a table all the same', () => {
    class Broken extends FakeArquero {
      override get(): unknown {
        throw new Error('broken');
      }
      override columnNames(): string[] {
        return [];
      }
    }
    class BrokenArrow extends FakeArrow {
      override getChildAt(): object {
        return {
          get: () => {
            throw new Error('broken');
          },
        };
      }
    }
    assert.match(look(new Broken()).html, /2 rows × 0 columns/);
    assert.deepEqual(cellsOf(look(new BrokenArrow()).html)[1], ['0', '[Getter]', '[Getter]']);
  });

  it('is none where the arrays have different lengths, or hold objects', () => {
    for (const value of [{ a: [1, 2, 3], b: [1, 2] }, { a: [{}, {}, {}], b: [1, 2, 3] }, { a: [1, 2, 3] }])
      assert.doesNotMatch(look(value).html, /tsloop-table/);
  });
});
