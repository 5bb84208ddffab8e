/** What cells show: forms of `display`, objects that say how they look, and what other kernels' notebooks use. */
import assert from 'node:assert/strict';
import { TestKernel } from '../../support/kernel-client.ts';

type Data = Record<string, unknown>;

describe('what cells show', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'off' } });
  });
  after(() => kernel.stop());

  /** The messages that show something, each as its type and its data. */
  async function shown(code: string): Promise<Array<[type: string, data: Data, id: unknown]>> {
    const { published, reply } = await kernel.client.run(code);
    assert.equal(reply['status'], 'ok', `${code}\n${String(reply['evalue'])}`);
    return published
      .filter(({ type }) => /display_data$|execute_result|clear_output/.test(type))
      .map(({ type, content }) => [
        type,
        content['data'] as Data,
        (content['transient'] as { display_id?: string } | undefined)?.display_id,
      ]);
  }

  /** What one cell shows in one message: its data. */
  async function data(code: string): Promise<Data> {
    const messages = await shown(code);
    assert.equal(messages.length, 1, `one message of ${code}`);
    return messages[0]?.[1] ?? {};
  }

  const forms: ReadonlyArray<readonly [call: string, bundle: Data]> = [
    ["display.html('<b>a</b> &lt;')", { 'text/html': '<b>a</b> &lt;', 'text/plain': 'a <' }],
    ["display.markdown('# a')", { 'text/markdown': '# a', 'text/plain': '# a' }],
    [
      'display.svg(\'<svg width="2" height="3"/>\')',
      { 'image/svg+xml': '<svg width="2" height="3"/>', 'text/plain': '[SVG picture: 2 × 3]' },
    ],
    ["display.latex('x^2')", { 'text/latex': '$$x^2$$', 'text/plain': '$$x^2$$' }],
    ["display.latex('$x$')", { 'text/latex': '$x$', 'text/plain': '$x$' }],
    [
      'display.json({ a: [1] })',
      { 'application/json': { a: [1] }, 'text/plain': '{\n  "a": [\n    1\n  ]\n}' },
    ],
    ["display.javascript('1')", { 'application/javascript': '1', 'text/plain': '1' }],
    ["display.text('a\\nb')", { 'text/plain': 'a\nb' }],
    ['display.png(new Uint8Array([1, 2, 3]))', { 'image/png': 'AQID', 'text/plain': '[PNG picture]' }],
    ["display.jpeg('AQID', { alt: 'a dot' })", { 'image/jpeg': 'AQID', 'text/plain': 'a dot' }],
    ['display.gif(new Uint8Array([1]).buffer)', { 'image/gif': 'AQ==', 'text/plain': '[GIF picture]' }],
    ["display.webp('data:image/webp;base64,AQID')", { 'image/webp': 'AQID', 'text/plain': '[WebP picture]' }],
    ['display.pdf(Buffer.from([1, 2, 3]))', { 'application/pdf': 'AQID', 'text/plain': '[PDF document]' }],
    ["display.mime({ 'text/x-own': 'a', 'text/plain': 'b' })", { 'text/x-own': 'a', 'text/plain': 'b' }],
    ['display(5)', { 'text/plain': '5' }],
  ];
  for (const [call, bundle] of forms) {
    it(`${call} is shown once, and its handle is no result`, async () => {
      assert.deepEqual(await data(call), bundle);
    });
  }

  it('a handle changes what it has shown, in the form that it was shown in', async () => {
    const messages = await shown(
      "const bold = display.html('<b>1</b>'); bold.update('<b>2</b>'); bold.update('<b>3</b>')",
    );
    assert.deepEqual(
      messages.map(([type, { 'text/html': html }]) => [type, html]),
      [
        ['display_data', '<b>1</b>'],
        ['update_display_data', '<b>2</b>'],
        ['update_display_data', '<b>3</b>'],
      ],
    );
    assert.equal(new Set(messages.map(([, , id]) => id)).size, 1);
  });

  it('a later cell changes it too', async () => {
    const [[, , id] = []] = await shown('const counter = display(1)');
    assert.deepEqual(await shown('counter.update(2)'), [['update_display_data', { 'text/plain': '2' }, id]]);
  });

  it('updates wait for what takes time', async () => {
    const messages = await shown(
      `const slow = (n) => ({ [display.symbol]: () => new Promise((resolve) => setTimeout(resolve, 30 - n * 10, { 'text/plain': String(n) })) });
       const turn = display(slow(0)); turn.update(slow(1)); turn.update(2);
       await new Promise((resolve) => setTimeout(resolve, 100));`,
    );
    assert.deepEqual(
      messages.map(([type, { 'text/plain': text }]) => [type, text]),
      [
        ['display_data', '0'],
        ['update_display_data', '1'],
        ['update_display_data', '2'],
      ],
    );
  });

  it('width and height of a picture are metadata', async () => {
    const { published } = await kernel.client.run("display.png('AQID', { width: 20, height: 10 })");
    const message = published.find(({ type }) => type === 'display_data');
    assert.deepEqual(message?.content['metadata'], { 'image/png': { width: 20, height: 10 } });
  });

  it('what cannot be shown is an error that says why', async () => {
    const calls: ReadonlyArray<readonly [string, RegExp]> = [
      ['display.html(5 as any)', /display\.html takes a string, not 5/],
      ["display.png('no base64!')", /takes a Uint8Array, an ArrayBuffer or a string of base64/],
      ['const loop: any = {}; loop.loop = loop; display.json(loop)', /display\.json: the value is no JSON/],
      ['display.mime({ html: 1 } as any)', /display\.mime takes an object of MIME types/],
      ['display(1, { update: true })', /needs a displayId/],
    ];
    for (const [code, message] of calls) {
      const { reply } = await kernel.client.run(code);
      assert.equal(reply['status'], 'error', code);
      assert.match(String(reply['evalue']), message, code);
    }
  });

  it('an object says how it looks by display.symbol', async () => {
    const code = "({ [display.symbol]: () => ({ 'text/html': '<i>me</i>', 'text/plain': 'me' }) })";
    assert.deepEqual(await data(code), { 'text/html': '<i>me</i>', 'text/plain': 'me' });
  });

  it('nodejs.util.inspect.custom is the plain text, and all there is', async () => {
    assert.deepEqual(await data("({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'own text' })"), {
      'text/plain': 'own text',
    });
  });

  it('the outputs of a cell are cleared', async () => {
    assert.deepEqual(
      (await shown('clearOutput({ wait: true }); display(1); clearOutput()')).map(([type]) => type),
      ['clear_output', 'display_data', 'clear_output'],
    );
  });

  it('a result is a table, a tree, or both of its texts where that is better', async () => {
    const table = await data("[{ name: 'Ada', born: 1815 }, { name: 'Alan', born: 1912 }]");
    assert.match(String(table['text/html']), /<th>name<br><small>string<\/small><\/th>/);
    assert.equal(table['text/plain'], "[ { name: 'Ada', born: 1815 }, { name: 'Alan', born: 1912 } ]");
    assert.match(String((await data('({ a: { b: 1 } })'))['text/html']), /<details open><summary>/);
    assert.deepEqual(Object.keys(await data('({ a: 1 })')), ['text/plain']);
  });

  describe('of Deno', () => {
    it('display shows a value or a bundle, by id', async () => {
      const messages = await shown(
        `await Deno.jupyter.display({ 'text/plain': 'raw' }, { raw: true, display_id: 'deno' });
         await Deno.jupyter.display(6, { display_id: 'deno', update: true });`,
      );
      assert.deepEqual(messages, [
        ['display_data', { 'text/plain': 'raw' }, 'deno'],
        ['update_display_data', { 'text/plain': '6' }, 'deno'],
      ]);
    });

    const results: ReadonlyArray<readonly [code: string, bundle: Data]> = [
      ['Deno.jupyter.html`<b>${1 + 1}</b>`', { 'text/html': '<b>2</b>', 'text/plain': '2' }],
      ['Deno.jupyter.md`# ${"a"}`', { 'text/markdown': '# a', 'text/plain': '# a' }],
      ['Deno.jupyter.svg`<svg/>`', { 'image/svg+xml': '<svg/>', 'text/plain': '[SVG picture]' }],
      [
        "Deno.jupyter.image(Buffer.from('GIF89a\\x01\\0\\x01\\0', 'latin1'))",
        { 'image/gif': 'R0lGODlhAQABAA==', 'text/plain': '[GIF picture]' },
      ],
      ['await Deno.jupyter.format(7)', { 'text/plain': "{ 'text/plain': '7' }" }],
      ["({ [Deno.jupyter.$display]: () => ({ 'text/plain': 'asked' }) })", { 'text/plain': 'asked' }],
    ];
    for (const [code, bundle] of results) {
      it(code, async () => {
        assert.deepEqual(await data(code), bundle);
      });
    }

    it('broadcast publishes any message', async () => {
      const { published } = await kernel.client.run(
        "await Deno.jupyter.broadcast('own_message', { a: 1 }, { metadata: { b: 2 }, buffers: [new Uint8Array([3])] })",
      );
      const message = published.find(({ type }) => type === 'own_message');
      assert.deepEqual(message?.content, { a: 1 });
    });

    it('broadcast of a display is one', async () => {
      assert.deepEqual(
        await shown(
          "await Deno.jupyter.broadcast('display_data', { data: { 'text/plain': 'sent' }, metadata: {}, transient: { display_id: 'sent' } })",
        ),
        [['display_data', { 'text/plain': 'sent' }, 'sent']],
      );
    });

    it('packages and evaluated code see no Deno', async () => {
      assert.deepEqual(
        await data('[typeof Deno, typeof (globalThis as any).Deno, new Function("return typeof Deno")()]'),
        {
          'text/plain': "[ 'object', 'undefined', 'undefined' ]",
        },
      );
    });

    it('a variable of the name is the user’s', async () => {
      assert.deepEqual(await data('{ const Deno = 1; display(Deno) }'), { 'text/plain': '1' });
    });
  });

  describe('of tslab', () => {
    it('display shows by type', async () => {
      const messages = await shown(
        `import * as tslab from 'tslab';
         tslab.display.html('<b>a</b>'); tslab.display.png(new Uint8Array([1, 2, 3])); tslab.display.raw('text/x-own', 'b');`,
      );
      assert.deepEqual(
        messages.map(([, bundle]) => bundle),
        [
          { 'text/html': '<b>a</b>', 'text/plain': 'a' },
          { 'image/png': 'AQID', 'text/plain': '[PNG picture]' },
          { 'text/x-own': 'b', 'text/plain': '[text/x-own]' },
        ],
      );
    });

    it('newDisplay changes what it has shown', async () => {
      const messages = await shown(
        "const { newDisplay } = require('tslab'); const own = newDisplay(); own.text('1'); own.markdown('2')",
      );
      assert.deepEqual(
        messages.map(([type, bundle]) => [type, bundle]),
        [
          ['display_data', { 'text/plain': '1' }],
          ['update_display_data', { 'text/markdown': '2', 'text/plain': '2' }],
        ],
      );
    });
  });

  it('JSX is HTML without any package', async () => {
    const bundle = await data(
      'const Item = ({ n }) => <li className="x">{n}</li>; <><ul><Item n={1} /><Item n="<2>" /></ul></>',
    );
    assert.match(String(bundle['text/html']), /<ul><li class="x">1<\/li><li class="x">&lt;2&gt;<\/li><\/ul>/);
    assert.equal(bundle['text/plain'], '1\n<2>');
  });
});
