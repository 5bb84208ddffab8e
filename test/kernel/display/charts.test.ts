/** Charts and elements: what stands in for those of Observable Plot, D3, vega-lite-api and React has what they have. */
import assert from 'node:assert/strict';
import { createElement, Fragment } from '../../../kernel/display/jsx/elements.ts';
import { shownAs } from '../../../kernel/display/rich.ts';
import { look } from './shown.ts';

/** An element of a DOM, whose markup is made by a getter. */
class FakeElement {
  readonly nodeType = 1;
  readonly tagName: string;
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
    this.tagName = /<(\w+)/.exec(markup)?.[1] ?? '';
  }

  get outerHTML(): string {
    return this.#markup;
  }
}

const svg = '<svg width="20" height="10"><g><path d="M0,0"/></g><text>5</text></svg>';

describe('a chart', () => {
  it('that is an SVG element is shown in the page, and as a picture where there is none', () => {
    const { html, text, data } = look(new FakeElement(svg));
    assert.equal(html, `<div class="tsloop-markup">${svg}</div>`);
    assert.equal(data['image/svg+xml'], svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'));
    assert.equal(text, '[SVG picture: 20 × 10]');
  });

  it('that is a figure has its caption in the text, and its largest picture', () => {
    const figure = `<figure><h2>Heights</h2><svg width="1" height="1"/>${svg.replace('<svg', '<svg xmlns="x" aria-label="chart"')}<figcaption>in m</figcaption></figure>`;
    const { text, data } = look(new FakeElement(figure));
    assert.match(String(data['image/svg+xml']), /^<svg xmlns="x" aria-label="chart".*<\/svg>$/);
    assert.equal(text, '[SVG picture: chart]\nHeights\nin m');
  });

  it('with a title is called by it', () => {
    assert.equal(
      look(new FakeElement('<svg><title>Speed &amp; time</title></svg>')).text,
      '[SVG picture: Speed & time]',
    );
  });

  it('is a well-formed document as a picture', () => {
    const html = '<svg class="a > b" title="<b>"><text>a&nbsp;b</text><use xlink:href="#a"/></svg>';
    assert.equal(
      look(new FakeElement(html)).data['image/svg+xml'],
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="a > b" title="&lt;b>"><text>a&#160;b</text><use xlink:href="#a"/></svg>',
    );
  });

  it('of D3 is what the selection has selected first', () => {
    class Selection {
      readonly _groups = [[new FakeElement(svg)]];
      node(): unknown {
        return this._groups[0]?.[0];
      }
      selectAll(): void {}
    }
    assert.match(look(new Selection()).html, /<path d="M0,0"\/>/);
  });

  it('that is HTML is shown as such', () => {
    const { html, text, data } = look(new FakeElement('<p>one <b>two</b></p>'));
    assert.match(html, /<p>one <b>two<\/b><\/p>/);
    assert.equal(text, 'one two');
    assert.equal('image/svg+xml' in data, false);
  });

  it('whose markup cannot be had is shown as text', () => {
    class Broken extends FakeElement {
      override get outerHTML(): string {
        throw new Error('broken');
      }
    }
    assert.doesNotMatch(look(new Broken('<p>')).html, /tsloop-markup/);
  });

  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.20.1.json',
    title: 'T',
    mark: 'bar',
    data: { values: [{ a: 1 }] },
  };
  it('of Vega-Lite has its own MIME type and a text', () => {
    const { text, data } = look(spec);
    assert.deepEqual(data['application/vnd.vegalite.v5+json'], spec);
    assert.equal('text/html' in data, false, 'JupyterLab would take that');
    assert.equal(text, '[Vega-Lite chart: T, bar, 1 row]');
  });

  it('of Vega-Lite tells in its text what it shows', () => {
    const encoding = {
      x: { field: 'rain', aggregate: 'mean' },
      y: { aggregate: 'count' },
      color: { value: 'red' },
    };
    assert.equal(
      look({ ...spec, encoding }).text,
      '[Vega-Lite chart: T, bar, x: mean of rain, y: count, 1 row]',
    );
  });

  it('of another version or language has the type that clients know as well', () => {
    const types = (address: string): string[] =>
      Object.keys(look({ ...spec, $schema: address }).data).filter((type) => type.includes('vnd'));
    assert.deepEqual(types('https://vega.github.io/schema/vega-lite/v6.json'), [
      'application/vnd.vegalite.v6+json',
      'application/vnd.vegalite.v5+json',
    ]);
    assert.deepEqual(types('https://vega.github.io/schema/vega/v5.json'), ['application/vnd.vega.v5+json']);
    assert.deepEqual(types('https://a.example/schema/vega/v5.json'), []);
  });

  it('of vega-lite-api is asked for its specification', () => {
    class Mark {
      toSpec(): object {
        return spec;
      }
      toObject(): object {
        return spec;
      }
    }
    assert.deepEqual(look(new Mark()).data['application/vnd.vegalite.v5+json'], spec);
  });

  describe('of Vega where the notebook has Vega', () => {
    class View {
      readonly #loader: { load(address: string): Promise<string> };
      readonly #runtime: { mark?: string; url?: string };
      constructor(runtime: object, { loader }: { loader: { load(address: string): Promise<string> } }) {
        this.#runtime = runtime;
        this.#loader = loader;
      }
      async toSVG(): Promise<string> {
        const { mark = '', url } = this.#runtime;
        if (url !== undefined) await this.#loader.load(url).catch(() => '');
        if (mark === 'fail') throw new Error('cannot draw');
        return `<svg>${mark}</svg>`;
      }
      finalize(): void {}
    }
    const modules: Record<string, unknown> = {
      vega: { parse: (each: object) => each, View },
      'vega-lite': { compile: (each: object) => ({ spec: each }) },
    };
    const picture = async (changes: object, has = modules): Promise<unknown> => {
      const importModule = async (name: string): Promise<Record<string, unknown>> => {
        if (!(name in has)) throw new Error(`no ${name}`);
        return has[name] as Record<string, unknown>;
      };
      const { data } = await shownAs({ ...spec, ...changes }, { importModule });
      assert.deepEqual(data['application/vnd.vegalite.v5+json'], { ...spec, ...changes });
      return data['image/svg+xml'];
    };

    it('has a picture', async () => assert.equal(await picture({}), '<svg>bar</svg>'));
    it('has none where there is no Vega', async () => assert.equal(await picture({}, {}), undefined));
    it('has none where Vega cannot draw it', async () =>
      assert.equal(await picture({ mark: 'fail' }), undefined));
    it('has none that loads data', async () =>
      assert.equal(await picture({ url: 'file:///etc/passwd' }), undefined));
    it('has none that may run scripts', async () =>
      assert.equal(await picture({ mark: '<script>x</script>' }), undefined));
  });

  it('of Plotly has its own MIME type', () => {
    const plot = { data: [{ x: [1, 2], y: [3, 4], type: 'bar' }, { y: [1] }], layout: {} };
    const { text, data } = look(plot);
    assert.deepEqual(data['application/vnd.plotly.v1+json'], plot);
    assert.equal(text, '[Plotly chart: bar, scatter]');
    for (const other of [{ data: [], layout: {} }, { data: [{ a: 1 }], layout: {} }, { data: [{ x: [1] }] }])
      assert.equal('application/vnd.plotly.v1+json' in look(other).data, false);
  });
});

describe('an element of JSX', () => {
  const h = createElement;
  const markup = (element: unknown): string =>
    /<div class="tsloop-markup">(.*)<\/div>$/s.exec(look(element).html)?.[1] ?? '';

  class Greeting {
    readonly #name: string;
    constructor({ name }: { name: string }) {
      this.#name = name;
    }
    render(): unknown {
      return h('i', null, this.#name);
    }
  }
  const Twice = ({ children }: { children?: unknown }): unknown => [children, children];

  const elements: ReadonlyArray<readonly [what: string, element: unknown, html: string]> = [
    ['text, escaped', h('p', null, '<b> & "', 5, 6n), '<p>&lt;b&gt; &amp; &quot;56</p>'],
    ['nothing', h('p', null, null, undefined, true, false), '<p></p>'],
    [
      'lists',
      h(
        'ul',
        null,
        [1, 2].map((n) => h('li', { key: n }, n)),
      ),
      '<ul><li>1</li><li>2</li></ul>',
    ],
    ['sets', h('p', null, new Set(['a', 'b'])), '<p>ab</p>'],
    ['fragments', h(Fragment, null, h('b', null), 'x'), '<b></b>x'],
    [
      'void elements',
      h(
        'p',
        null,
        h('br', null),
        h('input', { type: 'text', defaultValue: 'a', disabled: true, checked: false }),
      ),
      '<p><br><input type="text" value="a" disabled=""></p>',
    ],
    [
      'attributes by React’s names',
      h('label', { className: 'a', htmlFor: 'b', tabIndex: 1, 'data-x': true, 'aria-hidden': false }),
      '<label class="a" for="b" tabIndex="1" data-x="true" aria-hidden="false"></label>',
    ],
    [
      'styles',
      h('p', {
        style: { marginTop: 4, lineHeight: 2, color: 'red', '--own': 1, WebkitMask: 'x', width: 0, bad: {} },
      }),
      '<p style="margin-top:4px;line-height:2;color:red;--own:1;-webkit-mask:x;width:0"></p>',
    ],
    [
      'SVG',
      h(
        'svg',
        { viewBox: '0 0 1 1', preserveAspectRatio: 'none' },
        h('path', { strokeWidth: 2, fillOpacity: 0.5, markerEnd: 'url(#a)', textLength: 3 }),
      ),
      '<svg viewBox="0 0 1 1" preserveAspectRatio="none"><path stroke-width="2" fill-opacity="0.5" marker-end="url(#a)" textLength="3"></path></svg>',
    ],
    ['no listeners', h('button', { onClick: () => 1, onclick: 'x' }, 'a'), '<button>a</button>'],
    ['functions', h(Twice, null, h('b', null, 1)), '<b>1</b><b>1</b>'],
    ['classes', h(Greeting, { name: 'Ada' }), '<i>Ada</i>'],
    ['memo', h({ $$typeof: Symbol.for('react.memo'), type: Twice }, null, 'x'), 'xx'],
    ['forwardRef', h({ $$typeof: Symbol.for('react.forward_ref'), render: Twice }, null, 'y'), 'yy'],
    [
      'inner HTML that runs nothing',
      h('p', { dangerouslySetInnerHTML: { __html: '<b>1</b>' } }),
      '<p><b>1</b></p>',
    ],
    [
      'elements of React 19',
      { ...h('b', null, 1), $$typeof: Symbol.for('react.transitional.element') },
      '<b>1</b>',
    ],
  ];
  for (const [what, element, html] of elements) {
    it(`is HTML: ${what}`, () => {
      assert.equal(markup(element), html);
    });
  }

  it('has a text', () => {
    assert.equal(look(h('div', null, h('h1', null, 'Title'), h('p', null, 'a & b'))).text, 'Title\na & b');
  });

  it('that may run scripts, or cannot be rendered, is no HTML', () => {
    const endless = (): unknown => h(endless, null);
    const broken = (): never => {
      throw new Error('broken');
    };
    const others = [
      h('script', null, 'x'),
      h('p', { dangerouslySetInnerHTML: { __html: '<img src=x onerror=x>' } }),
      h('a', { href: 'javascript:x' }),
      h('p', null, { an: 'object' }),
      h('p onclick=x', null),
      h(undefined, null),
      h(endless, null),
      h(broken, null),
    ];
    for (const element of others) assert.equal(markup(element), '');
  });

  it('is rendered by React where the notebook has it', async () => {
    const element = h('b', null);
    const load = (name: string): unknown => ({
      renderToStaticMarkup: (given: unknown) =>
        given === element && name === 'react-dom/server' ? '<i>by React</i>' : '',
    });
    assert.match((await shownAs(element, { load })).data['text/html'] as string, /<i>by React<\/i>/);
  });
});
