/** Matrices, canvases, charts and elements as ml-matrix, @napi-rs/canvas, Plot, D3, Vega and React make them. */
import assert from 'node:assert/strict';
import { shownAs } from '../../kernel/display/rich.ts';
import { cellsOf, look } from '../kernel/display/shown.ts';
import { importModule, load } from '../support/packages.ts';

type Loose = Record<string, (...args: unknown[]) => unknown>;
type Classes = Record<string, new (...args: unknown[]) => unknown>;

const document = (): object => {
  const { JSDOM } = load('jsdom') as Classes;
  assert.ok(JSDOM);
  return (new JSDOM('') as { window: { document: object } }).window.document;
};

/** As the kernel shows it in a project that has the packages. */
async function shownInProject(value: unknown): Promise<Record<string, unknown>> {
  return (await shownAs(value, { load, importModule })).data;
}

describe('a matrix of ml-matrix', () => {
  const ml = load('ml-matrix') as Classes & { Matrix: { eye(rows: number, columns: number): object } };
  const make = (name: string, ...args: unknown[]): object => {
    const Class = ml[name] as new (...args: unknown[]) => object;
    return new Class(...args);
  };

  it('has its numbers in rows and columns', () => {
    const { html, text } = look(
      make('Matrix', [
        [1, 0.5],
        [-2, 1 / 3],
      ]),
    );
    assert.match(html, /<p>Matrix, 2 × 2<\/p>/);
    assert.deepEqual(cellsOf(html), [
      ['', '0', '1'],
      ['0', '1', '0.5'],
      ['1', '-2', '0.333333'],
    ]);
    assert.match(text, /^Matrix \{/);
  });

  it('may be a view of another', () => {
    const { html } = look(make('MatrixTransposeView', make('Matrix', [[1, 2]])));
    assert.match(html, /MatrixTransposeView, 2 × 1/);
    assert.deepEqual(cellsOf(html).slice(1), [
      ['0', '1'],
      ['1', '2'],
    ]);
  });

  it('is shown in part when it is large', () => {
    const { html } = look(ml.Matrix.eye(3000, 2000));
    assert.match(html, /Matrix, 3,000 × 2,000/);
    assert.ok(html.length < 20_000);
  });
});

describe('a canvas of @napi-rs/canvas', () => {
  interface Canvas {
    getContext(kind: '2d'): { fillStyle: string; fillRect(...args: number[]): void };
    toBuffer(type: string): Buffer;
  }
  const canvas = (...args: unknown[]): Canvas => {
    const made = (load('@napi-rs/canvas') as Loose)['createCanvas']?.(60, 40, ...args) as Canvas;
    const context = made.getContext('2d');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 30, 20);
    return made;
  };

  it('is a PNG picture', () => {
    const { text, data } = look(canvas());
    assert.equal(data['image/png'], canvas().toBuffer('image/png').toString('base64'));
    assert.equal(text, '[Canvas, 60 × 40]');
  });

  it('that makes SVG is that', () => {
    const { html, text, data } = look(canvas(2));
    assert.match(html, /<svg [^>]*width="60"[^>]*>.*<rect [^>]*width="30"/);
    assert.match(String(data['image/svg+xml']), /^<svg xmlns=/);
    assert.equal(text, '[SVG picture: 60 × 40]');
  });

  for (const type of ['png', 'jpeg', 'webp', 'gif']) {
    it(`makes bytes that are a picture: ${type}`, () => {
      const bytes = canvas().toBuffer(`image/${type}`);
      const { text, data } = look(bytes);
      assert.equal(data[`image/${type}`], bytes.toString('base64'));
      assert.match(text, new RegExp(`^\\[${type} picture, 60 × 40, [\\d,]+ bytes\\]$`, 'i'));
    });
  }
});

describe('a chart of Observable Plot', () => {
  let Plot: Loose;
  before(async () => {
    Plot = (await importModule('@observablehq/plot')) as Loose;
  });
  const points = [
    { at: 1, high: 2, kind: 'a' },
    { at: 2, high: 1, kind: 'b' },
  ];
  const chart = (options: object): unknown =>
    Plot['plot']?.({
      marks: [Plot['dot']?.(points, { x: 'at', y: 'high', fill: 'kind' }), Plot['ruleY']?.([0])],
      ...options,
    });

  it('is its SVG, with marks and axes in the text', () => {
    const { html, text, data } = look(chart({ document: document(), x: { label: 'time <s>' } }));
    assert.match(html, /^<div class="tsloop-markup"><svg class="plot/);
    assert.match(String(data['image/svg+xml']), /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" class="plot/);
    assertIsXml(data['image/svg+xml']);
    assert.equal(text, '[Plot chart: dot, rule; x: time <s>; y: high; 640 × 400]');
  });

  it('with title, caption and legend is a figure, whose chart is the picture', () => {
    const options = { title: 'A & B', subtitle: 'in m', caption: 'made up', color: { legend: true } };
    const { html, text, data } = look(chart({ document: document(), ...options }));
    assert.match(html, /<figure class="plot[^>]*><h2>A &amp; B<\/h2>.*-swatches.*<figcaption>made up/s);
    assert.match(String(data['image/svg+xml']), /aria-label="dot"/);
    assert.equal(text, '[Plot chart: dot, rule; x: at; y: high; 640 × 400]\nA & B\nin m\nmade up');
  });

  it('may be made on a DOM of linkedom', () => {
    const { parseHTML } = load('linkedom') as Record<string, (text: string) => { document: object }>;
    const made = parseHTML?.('<!doctype html><html><body></body></html>');
    const { text, data } = look(chart({ document: made?.document }));
    assert.match(String(data['image/svg+xml']), /^<svg [^>]*>.*aria-label="dot".*<\/svg>$/s);
    assert.equal(text, '[Plot chart: dot, rule; x: at; y: high; 640 × 400]');
  });
});

/** A viewer shows it by itself as XML. */
function assertIsXml(svg: unknown): void {
  const { JSDOM } = load('jsdom') as Classes;
  assert.ok(JSDOM && typeof svg === 'string');
  assert.doesNotThrow(() => new JSDOM(svg, { contentType: 'image/svg+xml' }), svg);
}

describe('what D3 has selected', () => {
  interface Selection {
    append(name: string): Selection;
    attr(name: string, value: unknown): Selection;
    text(value: string): Selection;
  }
  let select: (element: unknown) => Selection;
  before(async () => {
    ({ select } = (await importModule('d3')) as unknown as { select: typeof select });
  });
  const element = (name: string): unknown =>
    (document() as Loose)['createElementNS']?.('http://www.w3.org/2000/svg', name);

  it('is a picture', () => {
    const svg = select(element('svg')).attr('width', 30).attr('height', 10);
    svg.append('circle').attr('r', 4);
    const { html, text } = look(svg);
    assert.match(html, /<svg width="30" height="10"><circle r="4"><\/circle><\/svg>/);
    assert.equal(text, '[SVG picture: 30 × 10]');
  });

  it('is a picture by itself, too, whatever is in its texts', () => {
    const svg = select(element('svg')).attr('aria-label', '"<b/>&\u00A0').attr('width', 5);
    svg.append('text').text('<b>\u00A0&"');
    svg.append('use').attr('xlink:href', '#a');
    svg.append('svg').attr('title', 'a < b > c');
    assertIsXml(look(svg).data['image/svg+xml']);
  });

  it('is the whole picture where it is a part of one', () => {
    for (const make of [
      (): Selection => select(element('svg')).append('g').append('circle').attr('r', 4),
      (): Selection => {
        const { parseHTML } = load('linkedom') as Record<string, (text: string) => { document: Loose }>;
        const made = parseHTML?.('<!doctype html><html><body></body></html>').document;
        const svg = made?.['createElementNS']?.('http://www.w3.org/2000/svg', 'svg');
        return select(svg).append('g').append('circle').attr('r', 4);
      },
    ])
      assert.match(look(make()).html, /<svg><g><circle r="4"(?:><\/circle>| ?\/>)<\/g><\/svg>/);
  });

  it('is no picture by itself: a part of none', () => {
    assert.equal('image/svg+xml' in look(select(element('circle'))).data, false);
    assert.doesNotMatch(look(select(element('circle'))).html, /tsloop-markup/);
  });
});

describe('a chart of Vega-Lite in a project that has Vega', () => {
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: {
      values: [
        { a: 'A <b>', b: 28 },
        { a: 'B', b: 55 },
      ],
    },
    mark: 'bar',
    encoding: { x: { field: 'b', aggregate: 'mean' }, y: { field: 'a' } },
  };

  it('has a picture for viewers that draw none', async () => {
    const data = await shownInProject(spec);
    assert.deepEqual(data['application/vnd.vegalite.v5+json'], spec);
    assert.match(String(data['image/svg+xml']), /^<svg xmlns=.*A &lt;b&gt;.*<\/svg>$/s);
    assert.equal(data['text/plain'], '[Vega-Lite chart: bar, x: mean of b, y: a, 2 rows]');
  });

  it('has none where its data are elsewhere', async () => {
    const data = await shownInProject({ ...spec, data: { url: 'data.csv' } });
    assert.deepEqual(Object.keys(data), [
      'application/vnd.vegalite.v6+json',
      'application/vnd.vegalite.v5+json',
      'text/plain',
    ]);
  });

  it('of the language Vega has one, too', async () => {
    const { compile } = (await importModule('vega-lite')) as unknown as {
      compile(spec: object): { spec: object };
    };
    const data = await shownInProject(compile(spec).spec);
    assert.match(String(data['image/svg+xml']), /A &lt;b&gt;/);
    assert.match(String(data['text/plain']), /^\[Vega chart/);
  });
});

describe('an element of React', () => {
  const React = load('react') as {
    createElement(type: unknown, props?: object | null, ...children: unknown[]): object;
    useState<T>(value: T): [T];
    useId(): string;
    createContext(value: unknown): unknown;
    useContext(context: unknown): string;
  };
  const h = React.createElement;

  it('is rendered by React, with hooks and contexts', async () => {
    const Theme = React.createContext('none');
    const Inner = (): object => h('b', null, React.useContext(Theme), ' <', React.useState(3)[0], '>');
    const data = await shownInProject(h(Theme, { value: 'dark' }, h('p', { id: 'x' }, h(Inner))));
    assert.match(String(data['text/html']), /<p id="x"><b>dark &lt;3&gt;<\/b><\/p>/);
    assert.equal(data['text/plain'], 'dark <3>');
  });

  it('that may run scripts is shown as text', async () => {
    for (const element of [
      h('p', { dangerouslySetInnerHTML: { __html: 'text<img src=x onerror=x>' } }),
      h('a', { href: 'javascript:x' }, 'text'),
      h('div', null, h('script', null, 'x'), 'text'),
      h('iframe', { srcDoc: 'x' }, 'text'),
    ]) {
      const data = await shownInProject(element);
      assert.deepEqual(Object.keys(data), ['text/plain']);
      assert.match(String(data['text/plain']), /^\[Markup that may run scripts is not shown/);
    }
  });
});
