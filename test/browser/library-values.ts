/** Cells that show what libraries make; test/browser/shown-values.test.ts looks at them. The packages are those of test/packages. */

/** Name → code. */
export const LIBRARY_CELLS: Readonly<Record<string, string>> = {
  rows: `const rows = Array.from({ length: 60 }, (_, i) => ({ city: ['Oslo', 'Lima', 'Pune'][i % 3], rain: Math.round(1000 * Math.abs(Math.sin(i / 8))) / 10, day: new Date(Date.UTC(2024, 0, 1 + i)), wet: i % 4 === 0 ? null : i % 2 === 0 }));
void 0`,
  arrow: `import * as arrow from 'apache-arrow';
const arrowTable = new arrow.Table({
  city: arrow.vectorFromArray(rows.map((row) => row.city)),
  rain: arrow.vectorFromArray(rows.map((row) => row.rain), new arrow.Float32()),
  day: arrow.vectorFromArray(rows.map((row) => row.day), new arrow.DateDay()),
  last: arrow.vectorFromArray(rows.map((row, i) => [i, row.rain])),
  price: arrow.vectorFromArray(rows.map((_, i) => Uint32Array.of(100 * i, 0, 0, 0)), new arrow.Decimal(2, 10)),
  place: arrow.vectorFromArray(rows.map((row, i) => ({ at: i, name: row.city }))),
});
arrowTable`,
  vector: `arrowTable.getChild('rain')!.slice(0, 4)`,
  polars: `import pl from 'nodejs-polars';
pl.DataFrame({ city: rows.map((row) => row.city), rain: rows.map((row) => row.rain), day: rows.map((row) => row.day), wet: rows.map((row) => row.wet), both: rows.map((row, i) => [i, row.rain]) })`,
  danfo: `import * as dfd from 'danfojs-node';
const frame = new dfd.DataFrame(rows.slice(0, 30), { index: rows.slice(0, 30).map((_, i) => 'day ' + i) });
frame`,
  series: `frame['rain'].head(3)`,
  arquero: `import * as aq from 'arquero';
aq.from(rows).groupby('city').rollup({ mean: aq.op.mean('rain'), days: aq.op.count() }).orderby(aq.desc('mean'))`,
  wide: `aq.table(Object.fromEntries(Array.from({ length: 40 }, (_, i) => ['a column with a long name ' + i, [i / 3, 1e9 * i, -i]])))`,
  'ml-matrix': `import { Matrix } from 'ml-matrix';
Matrix.eye(30, 20).mul(1 / 3)`,
  canvas: `import { createCanvas, SvgExportFlag } from '@napi-rs/canvas';
const canvas = createCanvas(160, 60);
const context = canvas.getContext('2d');
context.fillStyle = 'teal';
context.fillRect(10, 10, 140, 40);
canvas`,
  'SVG canvas': `const vectorCanvas = createCanvas(160, 60, SvgExportFlag.NoPrettyXML);
const pen = vectorCanvas.getContext('2d');
pen.fillStyle = 'darkorange';
pen.fillRect(10, 10, 140, 40);
vectorCanvas`,
  plot: `import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';
const { document } = new JSDOM('').window;
Plot.plot({ document, width: 500, height: 220, title: 'Rain', subtitle: 'in mm a day', caption: 'The data are made up.', color: { legend: true }, grid: true,
  marks: [Plot.dot(rows, { x: 'day', y: 'rain', fill: 'city' }), Plot.ruleY([0]), Plot.text(rows.slice(8, 9), { x: 'day', y: 'rain', text: ['a text'], fontSize: 16, fill: 'currentColor', stroke: 'var(--plot-background)', strokeWidth: 6 })] })`,
  'plot of linkedom': `import { parseHTML } from 'linkedom';
Plot.plot({ document: parseHTML('<!doctype html><html><body></body></html>').document, width: 400, height: 120, marks: [Plot.areaY(rows, { x: 'day', y: 'rain', fillOpacity: 0.4 }), Plot.lineY(rows, { x: 'day', y: 'rain' })] })`,
  d3: `import * as d3 from 'd3';
const svg = d3.select(document.createElementNS('http://www.w3.org/2000/svg', 'svg')).attr('width', 300).attr('height', 70);
svg.append('g').attr('transform', 'translate(10,45)').call(d3.axisBottom(d3.scaleLinear([0, 3], [0, 280])));
svg.selectAll('circle').data([1, 2, 3]).join('circle').attr('cx', (d: number) => 80 * d).attr('cy', 22).attr('r', (d: number) => 6 * d).attr('fill', 'steelblue')`,
  'vega with Vega': `({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', title: 'Rain', width: 300, height: 100, data: { values: rows.map(({ city, rain }) => ({ city, rain })) }, mark: 'bar', encoding: { x: { field: 'rain', aggregate: 'mean', type: 'quantitative' }, y: { field: 'city', type: 'nominal' } } })`,
  react: `import { createElement, useId, useState } from 'react';
const Card = ({ title, children }: { title: string; children?: unknown }) => {
  const id = useId();
  const [count] = useState(3);
  return createElement('section', { 'aria-labelledby': id, style: { border: '1px solid currentColor', borderRadius: 4, padding: 8, maxWidth: 320 } },
    createElement('h4', { id, style: { margin: 0 } }, title), children, createElement('b', { style: { color: 'seagreen' } }, ' × ', count));
};
createElement(Card, { title: 'By <React>' }, 'with hooks')`,
  'a hostile table': `// @ts-nocheck
const bad = '"><img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>';
display(new arrow.Table({ [bad]: arrow.vectorFromArray([bad, bad]), list: arrow.vectorFromArray([[bad], [bad]], new arrow.List(new arrow.Field('item', new arrow.Utf8()))), place: arrow.vectorFromArray([{ [bad]: bad }, { [bad]: bad }]) }));
display(pl.DataFrame({ [bad]: [bad, bad], list: [[bad], [bad]], place: [{ [bad]: bad }, { [bad]: bad }] }));
display(new dfd.DataFrame([{ [bad]: bad }, { [bad]: bad }], { index: [bad, bad + 1] }));
display(new dfd.Series([bad, bad]));
display(aq.table({ [bad]: [bad, bad], list: [[bad], [{ [bad]: bad }]] }));
display(new dfd.DataFrame([{ [bad]: bad }, { [bad]: bad }]).groupby([bad]));
display(arrow.vectorFromArray([bad]))`,
  'a hostile picture': `// @ts-nocheck
display(Plot.plot({ document, title: bad, caption: bad, color: { legend: true }, marks: [Plot.text([bad, 'b'], { text: (d) => d, x: (d) => d, href: () => 'javascript:globalThis.pwned=1' })] }));
display(Plot.plot({ document, title: bad, caption: bad, height: 80, color: { legend: true }, ariaLabel: bad, x: { label: bad }, marks: [Plot.dot([bad, 'b'], { x: (d) => d, title: (d) => d, fill: (d) => d, ariaLabel: (d) => d })] }));
const element = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
const withLoad = d3.select(element('svg')).attr('onload', 'globalThis.pwned=1').attr('width', 40).attr('height', 40);
display(withLoad);
const withScript = d3.select(element('svg'));
withScript.append('script').text('globalThis.pwned=1');
display(withScript);
const withHtml = d3.select(element('svg'));
withHtml.append('foreignObject').append('xhtml:div').html(bad);
display(withHtml);
const withLink = d3.select(element('svg'));
withLink.append('a').attr('href', 'javascript:globalThis.pwned=1').append('text').text('a link');
display(withLink);
const withText = d3.select(element('svg')).attr('width', 300).attr('height', 30);
withText.append('text').attr('y', 20).text(bad).append('title').text(bad);
display(withText);
const withStyle = d3.select(element('svg'));
withStyle.append('style').text('</style>' + bad);
display(withStyle);
const html = document.createElement('div');
html.innerHTML = bad;
display(html);
const unquoted = '<img src=x onerror=globalThis.pwned=1>'; // JupyterLab's Vega trips over quotes in titles
display({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', title: bad, data: { values: [{ a: unquoted, link: 'javascript:globalThis.pwned=1' }] }, mark: { type: 'bar', tooltip: { content: 'data' } }, encoding: { x: { field: 'a', title: unquoted }, href: { field: 'link' } } })`,
  'a hostile element': `// @ts-nocheck
display(createElement('p', { dangerouslySetInnerHTML: { __html: bad } }));
display(createElement('p', { title: bad, id: bad }, bad));
display(createElement('a', { href: 'javascript:globalThis.pwned=1' }, 'a link'));
display(createElement('svg', { onLoad: 'globalThis.pwned=1' }));
display(createElement('iframe', { srcDoc: bad }));
display(createElement('style', null, '</style>' + bad));
display(createElement(() => { throw new Error(bad) }));
display(createElement('p', null, 'harmless ', bad))`,
};

/** What is seen of the cells that show a table. */
interface SeenTable {
  readonly caption: string;
  readonly types: readonly string[];
  /** The first row, with its label. */
  readonly first: readonly string[];
  readonly pages: number;
}

export const LIBRARY_TABLES: Readonly<Record<string, SeenTable>> = {
  arrow: {
    caption: 'Arrow table: 60 rows × 6 columns',
    types: [
      'Dictionary<Int32, Utf8> | null',
      'Float32 | null',
      'Date32<DAY> | null',
      'List<Float64> | null',
      'Decimal[10e+2] | null',
      'Struct<{at:Float64, name:Dictionary<Int32, Utf8>}> | null',
    ],
    first: ['0', 'Oslo', '0', '2024-01-01T00:00:00.000Z', '[0, 0]', '0.00', "{at: 0, name: 'Oslo'}"],
    pages: 3,
  },
  vector: { caption: 'Arrow vector: 4 rows × 1 column', types: ['Float32'], first: ['0', '0'], pages: 0 },
  polars: {
    caption: 'Polars DataFrame: 60 rows × 5 columns',
    types: ['String', 'Float64', 'Datetime(ms)', 'Bool', 'List(Float64)'],
    first: ['0', 'Oslo', '0', '2024-01-01T00:00:00.000Z', 'null', '[0, 0]'],
    pages: 3,
  },
  danfo: {
    caption: 'Danfo DataFrame: 30 rows × 4 columns',
    types: ['string', 'float32', 'datetime', 'float32'],
    first: ['day 0', 'Oslo', '0', '2024-01-01T00:00:00.000Z', 'null'],
    pages: 2,
  },
  series: { caption: 'Danfo Series: 3 rows × 1 column', types: ['float32'], first: ['day 0', '0'], pages: 0 },
  arquero: {
    caption: 'Arquero table: 3 rows × 3 columns',
    types: ['string', 'number', 'number'],
    first: ['0', 'Pune', '62.765', '20'],
    pages: 0,
  },
};
