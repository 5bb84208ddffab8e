/** Tables of Arrow, nodejs-polars, Danfo and Arquero as those packages make them: cells, types, shape, pages, text. */
import assert from 'node:assert/strict';
import { cellsOf, look } from '../kernel/display/shown.ts';
import { importModule, load } from '../support/packages.ts';

/** What is called of a package; what it gives is only shown. */
type Library = Record<string, (...args: unknown[]) => unknown>;
type Classes = Record<string, new (...args: unknown[]) => unknown>;

const rows = Array.from({ length: 1000 }, (_, i) => ({
  name: `n${i}`,
  half: i / 2,
  day: new Date(Date.UTC(2024, 0, 1) + i * 86_400_000),
  ok: i % 2 === 0,
}));

/** The cells of the first rows as text, without blanks in between. */
const firstRows = (html: string, count: number): string[] =>
  cellsOf(html)
    .slice(0, count + 1)
    .map((cells) => cells.slice(1).join(' | '));

describe('a table of apache-arrow', () => {
  const arrow = load('apache-arrow') as Library & Classes;
  const vector = (values: unknown[], type?: unknown): unknown => arrow['vectorFromArray']?.(values, type);
  const make = (name: string, ...args: unknown[]): unknown => {
    const Type = arrow[name] as unknown as new (...args: unknown[]) => unknown;
    return new Type(...args);
  };
  const field = (name: string, type: string): unknown => make('Field', name, make(type));

  const columns: ReadonlyArray<readonly [name: string, vector: unknown, type: string, cells: string[]]> = [
    ['text', vector(['a', null], make('Utf8')), 'Utf8', ['a', 'null']],
    ['whole', vector([1, 2], make('Int32')), 'Int32', ['1', '2']],
    ['big', vector([1n, -2n], make('Int64')), 'Int64', ['1', '-2']],
    ['single', vector([0.1, 24.7], make('Float32')), 'Float32', ['0.1', '24.7']],
    ['boolean', vector([true, false], make('Bool')), 'Bool', ['true', 'false']],
    [
      'day',
      vector([new Date(0), null], make('DateDay')),
      'Date32&lt;DAY&gt;',
      ['1970-01-01T00:00:00.000Z', 'null'],
    ],
    [
      'moment',
      vector([new Date(5), null], make('TimestampMicrosecond')),
      'Timestamp&lt;MICROSECOND&gt;',
      ['1970-01-01T00:00:00.005Z', 'null'],
    ],
    [
      'decimal',
      vector(
        [Uint32Array.of(12_345, 0, 0, 0), new Uint32Array(4).fill(0xff_ff_ff_ff)],
        make('Decimal', 2, 10),
      ),
      'Decimal[10e+2]',
      ['123.45', '-0.01'],
    ],
    [
      'list',
      vector(
        [
          [1, 2],
          [3, 4, 5, 6, 7, 8],
        ],
        make('List', field('item', 'Int32')),
      ),
      'List&lt;Int32&gt;',
      ['[1, 2]', '[3, 4, 5, 6, 7, …]'],
    ],
    [
      'struct',
      vector([{ toJSON: 1, b: 'x' }, null], make('Struct', [field('toJSON', 'Int32'), field('b', 'Utf8')])),
      'Struct&lt;{toJSON:Int32, b:Utf8}&gt;',
      ['{toJSON: 1, b: &#39;x&#39;}', 'null'],
    ],
    [
      'map',
      vector(
        [new Map([['k', 1]]), new Map()],
        make(
          'Map_',
          make('Field', 'entries', make('Struct', [field('key', 'Utf8'), field('value', 'Int32')])),
        ),
      ),
      'Map&lt;{key:Utf8, value:Int32}&gt;',
      ['Map(1) {&#39;k&#39; =&gt; 1}', 'Map(0)'],
    ],
    [
      'days in a list',
      vector([[new Date(0)], []], make('List', field('item', 'DateDay'))),
      'List&lt;Date32&lt;DAY&gt;&gt;',
      ['[1970-01-01T00:00:00.000Z]', '[]'],
    ],
    [
      'bytes',
      vector([Uint8Array.of(1, 2), null], make('Binary')),
      'Binary',
      ['Uint8Array(2) [1, 2]', 'null'],
    ],
    ['word', vector(['a', 'b']), 'Dictionary&lt;Int32, Utf8&gt;', ['a', 'b']],
  ];
  for (const [name, column, type, cells] of columns) {
    it(`has a column of ${name}`, () => {
      const [head, ...below] = firstRows(look(make('Table', { [name]: column })).html, 2);
      assert.equal(head, `${name} ${type} | null`);
      assert.deepEqual(below, cells);
    });
  }

  it('has pages, its shape, and a text', () => {
    const { html, text } = look(
      make('Table', { name: vector(rows.map((row) => row.name)), half: vector(rows.map((row) => row.half)) }),
    );
    assert.match(html, /0–19.*980–999.*of 1,000 rows.*<p>Arrow table: 1,000 rows × 2 columns<\/p>/s);
    assert.match(text, /^ {5}name +half\n {2}0 {2}n0 +0\n/);
    assert.match(text, /\n999 {2}n999 {2}499\.5\nArrow table: 1,000 rows × 2 columns$/);
  });

  it('is shown in part by a vector, too', () => {
    assert.match(
      look(vector([1.5, null])).html,
      /value<br><small>Float64<.*1\.5.*Arrow vector: 2 rows × 1 column/s,
    );
  });
});

describe('a DataFrame of nodejs-polars', () => {
  const { default: pl } = load('nodejs-polars') as { default: Library };
  const frame = (columns: object): unknown => pl['DataFrame']?.(columns);

  it('has names, types and cells, nested ones as well', () => {
    const { html } = look(
      frame({
        name: ['a', 'b'],
        half: [0.5, null],
        day: [new Date(0), new Date(1)],
        ok: [true, null],
        list: [[1, 2], []],
        place: [
          { at: 1, of: 'x' },
          { at: 2, of: 'y' },
        ],
        lists: [[['a']], [['b', 'c']]],
      }),
    );
    assert.deepEqual(firstRows(html, 2), [
      'name String | half Float64 | day Datetime(ms) | ok Bool | list List(Float64) | place Struct(at: Float64, of: String) | lists List(List(String))',
      'a | 0.5 | 1970-01-01T00:00:00.000Z | true | [1, 2] | {at: 1, of: &#39;x&#39;} | [Array(1)]',
      'b | null | 1970-01-01T00:00:00.001Z | null | [] | {at: 2, of: &#39;y&#39;} | [Array(2)]',
    ]);
  });

  it('has pages, its shape, and a text', () => {
    const { html, text } = look(
      frame({ half: rows.map((row) => row.half), name: rows.map((row) => row.name) }),
    );
    assert.match(html, /0–19.*980–999.*of 1,000 rows.*<p>Polars DataFrame: 1,000 rows × 2 columns<\/p>/s);
    assert.match(text, /^ +half {2}name\n {2}0 {6}0 {2}n0\n.*\nPolars DataFrame: 1,000 rows × 2 columns$/s);
  });

  it('is shown as it prints itself where it is no table, without colours', () => {
    assert.match(look(pl['Series']?.('a', [1, null])).text, /^shape: \(2,\)\nSeries: 'a' \[f64\]/);
    const grouped = (frame({ a: [1] }) as { groupBy(name: string): unknown }).groupBy('a');
    assert.equal(look(grouped).text, "GroupBy {by: [ 'a' ]}");
  });
});

describe('a table of Danfo', () => {
  const danfo = load('danfojs-node') as Classes;
  const make = (name: string, ...args: unknown[]): unknown => {
    const Class = danfo[name] as new (...args: unknown[]) => unknown;
    return new Class(...args);
  };

  it('has names, types, cells, and its index', () => {
    const { html } = look(make('DataFrame', rows.slice(0, 2), { index: ['x', 'y'] }));
    assert.deepEqual(cellsOf(html), [
      ['', 'name string', 'half float32', 'day datetime', 'ok boolean'],
      ['x', 'n0', '0', '2024-01-01T00:00:00.000Z', 'true'],
      ['y', 'n1', '0.5', '2024-01-02T00:00:00.000Z', 'false'],
    ]);
  });

  it('may be kept by columns, by rows, or be empty', () => {
    for (const lowMemoryMode of [true, false])
      assert.deepEqual(
        firstRows(
          look(make('DataFrame', { a: [1, 2], b: ['x', 'y'] }, { config: { lowMemoryMode } })).html,
          2,
        ),
        ['a int32 | b string', '1 | x', '2 | y'],
      );
    assert.match(
      look(make('DataFrame', [], { columns: ['a'] })).html,
      /<th>a<br><small><\/small>.*0 rows × 1 column/,
    );
  });

  it('is a Series as well', () => {
    const { html, text } = look(make('Series', [1, 2.5, Number.NaN], { index: ['a', 'b', 'c'] }));
    assert.match(html, /Danfo Series: 3 rows × 1 column/);
    assert.equal(text, '     0\na    1\nb  2.5\nc  NaN\nDanfo Series: 3 rows × 1 column');
  });

  it('has pages', () => {
    assert.match(look(make('DataFrame', rows)).html, /0–19.*980–999.*of 1,000 rows/s);
  });
});

describe('a table of Arquero', () => {
  let aq: Library;
  before(async () => {
    aq = (await importModule('arquero')) as Library;
  });

  interface Table {
    filter(condition: (row: { half: number }) => boolean): Table;
    orderby(order: unknown): Table;
    groupby(name: string): Table;
  }
  const table = (): Table => aq['from']?.(rows) as Table;

  it('has names, types and cells, filtered and in its order', () => {
    const { html } = look(
      table()
        .filter((row) => row.half > 3)
        .orderby(aq['desc']?.('half')),
    );
    assert.deepEqual(firstRows(html, 1), [
      'name string | half number | day Date | ok boolean',
      'n999 | 499.5 | 2026-09-26T00:00:00.000Z | false',
    ]);
    assert.match(html, /0–19.*of 993 rows.*<p>Arquero table: 993 rows × 4 columns<\/p>/s);
  });

  it('has a text', () => {
    assert.match(look(table()).text, /^ +name +half {2}day +ok\n.*\nArquero table: 1,000 rows × 4 columns$/s);
  });

  it('may be grouped', () => {
    assert.match(look(table().groupby('ok')).html, /Arquero table: 1,000 rows × 4 columns/);
  });
});
