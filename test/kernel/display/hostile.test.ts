/** Values from anywhere: nothing that is displayed runs a script, runs the value's own code, or fails to be shown. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { runInThisContext } from 'node:vm';
import { isInert } from '../../../kernel/display/charts/inert.ts';
import { plainText } from '../../../kernel/display/mime.ts';
import { renderVariables } from '../../../kernel/display/variables.ts';
import { look, lookLater } from './shown.ts';

const ATTACKS = [
  '<script>pwned()</script>',
  '"><img src=x onerror=pwned()>',
  "'><svg onload=pwned()>",
  '</style><script>pwned()</script>',
  '</summary></details><iframe src="javascript:pwned()">',
  '<!--<script>pwned()</script>-->',
  '&lt;script&gt;pwned()',
  'javascript:pwned()',
  '\u0000<scr\u0000ipt>',
];

/**
 * Whether the markup, read as a browser reads it, has a tag or an attribute that could run something. Escaped text
 * has no `<`, so that all that looks like a tag is one.
 */
function findScript(html: string): string | undefined {
  for (const [tag] of html.matchAll(/<[!/a-z?][^>]*>?/gi)) {
    if (/^<\/?(?:script|iframe|object|embed|img|image|svg|math|base|link|meta|!|\?)/i.test(tag)) return tag;
    // What is in quotes is no attribute.
    if (/[\s/"']on\w+\s*=|javascript:/i.test(tag.replaceAll(/"[^"]*"/g, '""'))) return tag;
    if (/(?:href|src)="(?!https?:|#)/i.test(tag)) return tag;
  }
  return undefined;
}

/** The places where a text of the value's can stand. */
function hidingPlaces(text: string): Record<string, unknown> {
  const Named = { [text]: class extends Object {} }[text] as new () => object;
  const error = new Error(text, { cause: text });
  error.name = text;
  return {
    'a string in a tree': { inner: { text } },
    'a key in a tree': { [text]: { [text]: 1 } },
    'a string in a table': [{ a: text, b: 1 }],
    'the name of a column': [{ [text]: 1 }, { [text]: 2 }],
    'an array of strings': Array.from({ length: 30 }, () => text),
    'the name of a class': Object.assign(new Named(), { a: { b: 1 } }),
    'rows of a class of the name': [Object.assign(new Named(), { a: 1 })],
    'keys and values of a map': new Map([[text, { text }]]),
    'elements of a set': new Set([text]),
    'a symbol': { a: { s: Symbol(text) } },
    'an error': error,
    'a property of an error': Object.assign(new Error('x'), { [text]: text }),
    'an aggregate error': new AggregateError([error, text], text),
    'the name of a function': Object.defineProperty(() => 1, 'name', { value: text }),
    'the source of a function': runInThisContext(`(function () { /* ${text.replaceAll('*/', '')} */ })`),
    'an address': new URL(`https://a.example/?q=${encodeURIComponent(text)}`),
    'the value of a promise': Promise.resolve(text),
    bytes: Buffer.from(text),
    columns: { [text]: [text, text, text], b: [1, 2, 3] },
    'a Vega-Lite chart': {
      $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
      mark: text,
      title: text,
    },
    'a Plotly chart': { data: [{ x: [1], type: text }], layout: { title: text } },
    'a Danfo table': { $columns: [text], $dtypes: [text], $index: [text], $data: [[text]], $isSeries: false },
    'a tensor': { data: [text], shape: [1], stride: [1], offset: 0 },
  };
}

describe('a hostile value', () => {
  for (const attack of ATTACKS) {
    it(`runs no script: ${JSON.stringify(attack)}`, async () => {
      for (const [place, value] of Object.entries(hidingPlaces(attack))) {
        const { html } = await lookLater(value);
        assert.equal(findScript(html), undefined, place);
      }
      const names = [{ name: attack, value: attack, type: attack }];
      assert.equal(findScript(renderVariables(names).html ?? ''), undefined, 'the list of variables');
    });
  }

  it('would be found if it could run one', () => {
    for (const html of [
      '<b onclick=x>',
      '<img/onerror="x">',
      '<script>',
      '<a href="javascript:x">',
      '<a title="a"onclick="b">',
    ])
      assert.notEqual(findScript(html), undefined, html);
    assert.equal(findScript('<td title="&quot; onclick=x">&lt;script&gt;</td>'), undefined);
  });

  it('is shown, whatever its properties and traps throw', () => {
    const boom = (): never => {
      throw new Error('boom');
    };
    const traps = Object.fromEntries(
      Object.getOwnPropertyNames(Reflect).map((trap) => [trap, boom]),
    ) as ProxyHandler<object>;
    const proxy = new Proxy({}, traps);
    const revocable = Proxy.revocable({}, {});
    revocable.revoke();
    const getters = Object.defineProperties(
      {},
      Object.fromEntries(
        [
          'a',
          'then',
          'toJSON',
          'constructor',
          '$$typeof',
          '$schema',
          'outerHTML',
          'data',
          'shape',
          'node',
          '_groups',
          'schema',
        ].map((key) => [key, { get: boom, enumerable: true }]),
      ),
    );
    const values: unknown[] = [
      proxy,
      revocable.proxy,
      getters,
      [getters],
      [proxy],
      { proxy, inner: { getters } },
      [{ proxy }],
      new Map<unknown, unknown>([[proxy, getters]]),
      new Set([proxy]),
      Object.create(proxy) as object,
      Object.setPrototypeOf([], proxy),
      Object.setPrototypeOf(new Map([[1, { a: 1 }]]), null),
      Object.setPrototypeOf(new Date(0), null),
      Object.setPrototypeOf(new Uint8Array(20), null),
      Object.assign(Object.create(Date.prototype) as object, { a: { b: 1 } }),
      Object.assign(Object.create(Map.prototype) as object, { a: { b: 1 } }),
      Object.assign(Object.create(Blob.prototype) as object, { a: { b: 1 } }),
      Object.assign(Object.create(URL.prototype) as object, { a: { b: 1 } }),
      Object.assign(() => 1, { toString: boom }),
      { outerHTML: 5, nodeType: 1, tagName: 'b' },
      { [Symbol.iterator]: boom, a: { b: 1 } },
    ];
    values.forEach((value, i) => {
      try {
        assert.equal(typeof look(value).text, 'string');
      } catch (error) {
        // What Node itself cannot print is an error of its own.
        assert.throws(() => inspect(value, { depth: 4 }), `value ${i}: ${String(error)}`);
      }
    });
  });

  it('runs none of its code but what is there to show it', () => {
    const ran: string[] = [];
    const spy = (name: string): PropertyDescriptor => ({
      enumerable: true,
      configurable: true,
      get: () => {
        ran.push(name);
        return undefined;
      },
    });
    const spies = (...names: string[]): object =>
      Object.defineProperties(
        { inner: { a: 1 } },
        Object.fromEntries(names.map((name) => [name, spy(name)])),
      );
    look(
      spies(
        'a',
        'then',
        'toJSON',
        'data',
        'layout',
        'shape',
        '$schema',
        '$$typeof',
        'type',
        'props',
        'outerHTML',
        '$columns',
        '_groups',
      ),
    );
    look([spies('a', 'b'), spies('a', 'b')]);
    look({ x: [1, 2, 3], y: Object.defineProperty([1, 2, 3], 1, spy('element')) });
    const watched = new Proxy(
      { a: { b: 1 } },
      Object.fromEntries(
        ['ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'has'].map((trap) => [
          trap,
          (...args: Parameters<typeof Reflect.ownKeys>) => {
            ran.push(trap);
            return (Reflect as unknown as Record<string, (...args: unknown[]) => unknown>)[trap]?.(...args);
          },
        ]),
      ),
    );
    look(watched);
    look({ watched, inner: [watched] });
    assert.deepEqual(ran, []);
    // Of errors Node's own inspection asks for more; nothing comes on top of that.
    const errors = [
      Object.defineProperty(new Error('a'), 'stack', spy('stack')),
      new Error('a', { cause: Object.defineProperty(new Error('b'), 'message', spy('message')) }),
    ];
    for (const error of errors) {
      // The first time it asks more often.
      plainText(error);
      ran.length = 0;
      plainText(error);
      const asked: string[] = ran.splice(0);
      look(error);
      assert.deepEqual(ran.splice(0), asked);
    }
  });

  it('that is huge is shown in part', () => {
    const values: unknown[] = [
      Array.from({ length: 1_000_000 }, (_, i) => i),
      Array.from({ length: 200_000 }, (_, i) => ({ i, s: 'x'.repeat(50) })),
      new Map(Array.from({ length: 100_000 }, (_, i) => [i, { i }])),
      Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, { i }])),
      new Float64Array(5_000_000),
      Buffer.alloc(10_000_000),
      { long: { text: 'x'.repeat(5_000_000) } },
      Array.from({ length: 2000 }, () => Array.from({ length: 2000 }, () => 0)),
    ];
    for (const value of values) assert.ok(look(value).html.length < 100_000);
  });
});

describe('markup of a library', () => {
  const inert = [
    '<svg viewBox="0 0 1 1"><path d="M0,0L1,1" fill="none" stroke="currentColor"/><text x="1">a &lt; b</text></svg>',
    '<figure class="plot"><h2>a</h2><svg><style>:where(.plot) { height: auto; }</style><g aria-label="x"></g></svg></figure>',
    '<p style="color: red">a <b>b</b><br/>&amp; 5 &lt; 6</p>',
    '<a href="https://a.example/?q=1">a</a><a href="#here">b</a><a href="local.html">c</a>',
    '<img src="data:image/png;base64,AAAA" alt="x"><use href="#id"></use>',
    '<input type="range" min=0 max=10 disabled><!-- a comment --><table><tr><td colspan=2>x',
    'no markup at all',
    '',
  ];
  const dangerous = [
    ...ATTACKS.slice(0, 5),
    '<svg><script>x</script></svg>',
    '<svg><a href="javascript:x"><text>a</text></a></svg>',
    '<a href=" java\nscript:x">a</a>',
    '<a href="&#106;avascript:x">a</a>',
    '<a href="javascript&colon;x">a</a>',
    '<a href="&#x6A;avascript&#58;x">a</a>',
    '<a href="data:text/html,<script>x</script>">a</a>',
    '<b ONCLICK="x">a</b>',
    '<b/onclick=x>a</b>',
    '<b title="a"onclick="x">a</b>',
    '<b title=`a`onclick=x>a</b>',
    '<svg><set attributeName="href" to="javascript:x"/></svg>',
    '<svg><animate attributeName="href" values="javascript:x"/></svg>',
    '<svg><foreignObject><iframe></iframe></foreignObject></svg>',
    '<svg><use href="data:image/svg+xml;base64,AAAA"/></svg>',
    '<svg><use href="https://a.example/a.svg#a"/></svg>',
    '<svg><style><img src=x onerror=x></style></svg>',
    '<style>@import "//a.example"</style>',
    '<style>a{}</style ><script>x</script>',
    '<p style="background: url(javascript:x)">a</p>',
    '<math><mtext></mtext></math>',
    '<noscript><p title="</noscript><img src=x onerror=x>"></noscript>',
    '<textarea></textarea><script>',
    '<template><script>x</script></template>',
    '<form action="javascript:x"><button>a</button></form>',
    '<button formaction="javascript:x">a</button>',
    '<input type="image" src="x">',
    '<iframe srcdoc="x"></iframe>',
    '<object data="x"></object>',
    '<meta http-equiv="refresh" content="0;javascript:x">',
    '<base href="https://a.example">',
    '<link rel="stylesheet" href="x">',
    '<!--><script>x</script>-->',
    '<!-- --!><script>x</script>',
    '<![CDATA[<script>x</script>]]>',
    '<?xml version="1.0"?>',
    '<',
    'a < b',
    '<b title="unclosed>',
    '<custom-element></custom-element>',
  ];
  for (const markup of inert)
    it(`is shown: ${JSON.stringify(markup)}`, () => assert.equal(isInert(markup), true));
  for (const markup of dangerous)
    it(`is not shown: ${JSON.stringify(markup)}`, () => assert.equal(isInert(markup), false));

  it('that may run scripts is told of, as text', () => {
    const element = { outerHTML: '<b onclick="x">hello</b>', nodeType: 1, tagName: 'B' };
    const { data } = look(element);
    assert.deepEqual(data, {
      'text/plain': '[Markup that may run scripts is not shown; display.html(markup) shows any.]\nhello',
    });
  });
});
