/** Widgets against a client in memory: the messages of the widget protocol, as ipywidgets 8 sends them. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { comms } from '../../../kernel/runtime/comm-registry.ts';
import * as widgets from '../../../kernel/widgets/index.ts';
import { MemoryClient } from './client.ts';

const { anywidget, box, button, checkbox, dropdown, hbox, interact, output, slider, text, vbox } = widgets;

const BASE = { _model_module: '@jupyter-widgets/base', _model_module_version: '2.0.0' };
const BASE_VIEW = { _view_module: '@jupyter-widgets/base', _view_module_version: '2.0.0' };
const LAYOUT = { ...BASE, _model_name: 'LayoutModel', ...BASE_VIEW, _view_name: 'LayoutView' };

function control(name: string, view: string = name): object {
  return {
    _model_module: '@jupyter-widgets/controls',
    _model_module_version: '2.0.0',
    _model_name: `${name}Model`,
    _view_module: '@jupyter-widgets/controls',
    _view_module_version: '2.0.0',
    _view_name: `${view}View`,
  };
}

const style = (name: string): object => ({
  ...control(`${name}Style`),
  ...BASE_VIEW,
  _view_name: 'StyleView',
});

describe('widgets', () => {
  let client: MemoryClient;
  let before: string | undefined;

  beforeEach(() => {
    before = process.env['TSLOOP_WIDGETS'];
    delete process.env['TSLOOP_WIDGETS'];
    client = new MemoryClient();
    client.connect();
  });
  afterEach(() => {
    client.disconnect();
    if (before === undefined) delete process.env['TSLOOP_WIDGETS'];
    else process.env['TSLOOP_WIDGETS'] = before;
  });

  const CONTROLS: ReadonlyArray<
    readonly [widget: () => widgets.Widget, name: string, style: string, state: object]
  > = [
    [() => slider(0, 10), 'IntSlider', 'Slider', { min: 0, max: 10, step: 1, value: 0 }],
    [
      () => slider(0, 10, { step: 5, value: 5 }),
      'IntSlider',
      'Slider',
      { min: 0, max: 10, step: 5, value: 5 },
    ],
    [() => slider(-1, 1, { step: 0.5 }), 'FloatSlider', 'Slider', { min: -1, max: 1, step: 0.5, value: -1 }],
    [
      () => slider(0, 1, { value: 0.25, orientation: 'vertical', continuous: false }),
      'FloatSlider',
      'Slider',
      { min: 0, max: 1, step: 0.01, value: 0.25, orientation: 'vertical', continuous_update: false },
    ],
    [
      () => checkbox({ value: true, description: 'on' }),
      'Checkbox',
      'Checkbox',
      { value: true, indent: false, description: 'on' },
    ],
    [() => text({ value: 'a', placeholder: 'b' }), 'Text', 'Text', { value: 'a', placeholder: 'b' }],
    [() => text({ rows: 3, disabled: true }), 'Textarea', 'Text', { value: '', rows: 3, disabled: true }],
    [
      () => dropdown(['a', 'b'], { value: 'b' }),
      'Dropdown',
      'Description',
      { _options_labels: ['a', 'b'], index: 1 },
    ],
    [
      () => dropdown({ one: 1, two: 2 }),
      'Dropdown',
      'Description',
      { _options_labels: ['one', 'two'], index: 0 },
    ],
    [
      () => button('Go', { icon: 'play', kind: 'info', tooltip: 'now' }),
      'Button',
      'Button',
      { description: 'Go', icon: 'play', button_style: 'info', tooltip: 'now' },
    ],
  ];
  for (const [make, name, styleName, state] of CONTROLS) {
    it(`opens ${name} with ${JSON.stringify(state)}, its layout and its style`, () => {
      const widget = make();
      assert.deepEqual(client.sent(), [], 'not before it is shown');
      const bundle = widget.bundle();
      assert.deepEqual(bundle['application/vnd.jupyter.widget-view+json'], {
        version_major: 2,
        version_minor: 0,
        model_id: widget.model.id,
      });
      assert.match(String(bundle['text/plain']), new RegExp(`^${name}\\(`));
      const open = (model: string, its: object): unknown[] => [
        'open',
        model,
        { state: its, buffer_paths: [] },
      ];
      assert.deepEqual(client.sent(), [
        open('#1', LAYOUT),
        open('#2', style(styleName)),
        open('#3', { ...control(name), ...state, layout: 'IPY_MODEL_#1', style: 'IPY_MODEL_#2' }),
      ]);
      widget.bundle();
      assert.deepEqual(client.sent(), [], 'once');
      widget.close();
      assert.deepEqual(
        client.sent().map(([action]) => action),
        ['close', 'close', 'close'],
      );
    });
  }

  it('names target, protocol and kernel-side look as ipywidgets does', () => {
    const widget = slider(0, 10, { layout: { maxWidth: '9em' }, style: { handleColor: 'red' } });
    assert.ok(Symbol.for('Jupyter.display') in widget);
    widget.bundle();
    assert.deepEqual(
      client.messages.map(({ target, metadata }) => [target, metadata]),
      [1, 2, 3].map(() => ['jupyter.widget', { version: '2.1.0' }]),
    );
    const [layout, its] = client
      .sent()
      .map(([, , data]) => (data as { state: Record<string, unknown> }).state);
    assert.equal(layout?.['max_width'], '9em');
    assert.equal(its?.['handle_color'], 'red');
    assert.equal(inspect(widget), 'IntSlider(0)');
  });

  it('keeps values the same on both sides, and tells of changes once', () => {
    const widget = slider(0, 10);
    const changes: unknown[] = [];
    const stop = widget.onChange((value, last) => changes.push([value, last]));
    widget.value = 3;
    widget.bundle();
    assert.equal(client.sent().length, 3);
    widget.value = 3;
    assert.deepEqual(client.sent(), []);
    widget.value = 4;
    assert.deepEqual(client.sent(), [
      ['message', '#3', { method: 'update', state: { value: 4 }, buffer_paths: [] }],
    ]);
    client.change(widget.model, { value: 7 });
    assert.equal(widget.value, 7);
    // What other pages learn it by, and what this one waits for.
    assert.deepEqual(client.sent(), [
      ['message', '#3', { method: 'echo_update', state: { value: 7 }, buffer_paths: [] }],
    ]);
    client.change(widget.model, { value: 7 });
    stop();
    client.change(widget.model, { value: 8 });
    assert.deepEqual(changes, [[3, 0], [4, 3], [7, 4]]); // prettier-ignore
  });

  it('maps a choice to its value, and a click to its handlers', () => {
    const choice = dropdown({ one: 1, two: 2 });
    const press = button('Go');
    const seen: unknown[] = [];
    choice.onChange((value) => seen.push(value));
    press.onClick(() => seen.push('click'));
    press.onClick(() => {
      throw new TypeError('no');
    });
    vbox([choice, press]).bundle();
    client.change(choice.model, { index: 1 });
    client.change(choice.model, { index: null });
    client.post(press.model, { method: 'custom', content: { event: 'click' } });
    client.post(press.model, { method: 'custom', content: { event: 'other' } });
    assert.deepEqual(seen, [2, 1, 'click']);
    assert.deepEqual(client.errors, ['TypeError: no']);
  });

  it('holds other widgets in boxes, which open them', () => {
    const [a, b] = [checkbox(), checkbox()];
    const outer = box([a]);
    for (const make of [hbox, vbox]) assert.equal(make([a, b]).children.length, 2);
    outer.bundle();
    const opened = client.sent().map(([, , data]) => (data as { state: Record<string, unknown> }).state);
    assert.deepEqual(
      opened.map((state) => state['_model_name']),
      ['LayoutModel', 'LayoutModel', 'CheckboxStyleModel', 'CheckboxModel', 'BoxModel'],
    );
    assert.deepEqual(opened.at(-1)?.['children'], ['IPY_MODEL_#4']);
    outer.children = [b, a];
    assert.deepEqual(client.sent().at(-1), [
      'message',
      '#5',
      { method: 'update', state: { children: ['IPY_MODEL_#8', 'IPY_MODEL_#4'] }, buffer_paths: [] },
    ]);
  });

  it('answers pages that ask for the state of one, or of all', () => {
    const front = anywidget({
      esm: 'export default {}',
      state: { list: [1, new Uint8Array([7, 8])], deep: { bytes: new Uint8Array([9]) } },
    });
    front.bundle();
    client.sent();
    client.post(front.model, { method: 'request_state' });
    const [[action, , data, ...buffers] = []] = client.sent();
    const { method, state, buffer_paths: paths } = data as Record<string, unknown>;
    assert.deepEqual(
      [action, method, paths, buffers],
      [
        'message',
        'update',
        [
          ['list', 1],
          ['deep', 'bytes'],
        ],
        ['0708', '09'],
      ],
    );
    const { list, deep, _esm: esm, _model_module_version: version } = state as Record<string, unknown>;
    assert.deepEqual([list, deep, esm, version], [[1, null], {}, 'export default {}', '*']);

    comms.receive({
      action: 'open',
      comm: 'asks',
      target: 'jupyter.widget.control',
      data: {},
      metadata: {},
      buffers: [],
    });
    comms.receive({
      action: 'message',
      comm: 'asks',
      data: { method: 'request_states' },
      metadata: {},
      buffers: [],
    });
    const [reply] = client.messages.splice(0);
    const { method: said, states, buffer_paths: places } = reply?.data ?? {};
    assert.equal(said, 'update_states');
    const mine = (states as unknown as Record<string, Record<string, unknown>>)[front.model.id];
    assert.deepEqual(mine && [mine['model_name'], mine['model_module'], mine['model_module_version']], [
      'AnyModel',
      'anywidget',
      '*',
    ]);
    const at = (places as unknown as unknown[][]).findIndex(([id]) => id === front.model.id);
    assert.deepEqual((places as unknown as unknown[][])[at], [front.model.id, 'list', 1]);
    assert.deepEqual([...(reply?.buffers[at] ?? [])], [7, 8]);
    front.close();
  });

  it('shares state, messages and bytes with a front end of one’s own', () => {
    const front = anywidget({ esm: 'x', css: 'y', state: { count: 1, bytes: new Uint8Array() } });
    const seen: unknown[] = [];
    front.on('change:count', (value, last) => seen.push(['count', value, last]));
    front.on('change', (changed) => seen.push(Object.keys(changed)));
    front.on('msg:custom', (content, buffers) => seen.push([content, buffers.map((each) => [...each])]));
    front.bundle();
    client.sent();
    client.post(
      front.model,
      {
        method: 'update',
        state: { count: 2 },
        buffer_paths: [['bytes'], ['no', 'where'], ['__proto__', 'x'], 5],
      },
      [Uint8Array.of(1, 2), Uint8Array.of(3), Uint8Array.of(4)],
    );
    assert.deepEqual([front.get('count'), [...front.get('bytes')]], [2, [1, 2]]);
    assert.equal('x' in {}, false);
    assert.deepEqual(client.sent(), [
      ['message', '#2', { method: 'echo_update', state: { count: 2 }, buffer_paths: [['bytes']] }, '0102'],
    ]);
    client.post(front.model, { method: 'custom', content: 'hi' }, [Uint8Array.of(5)]);
    front.set({ count: 3 });
    front.send({ a: 1 }, [Uint16Array.of(0x4142)]);
    assert.deepEqual(client.sent(), [
      ['message', '#2', { method: 'update', state: { count: 3 }, buffer_paths: [] }],
      ['message', '#2', { method: 'custom', content: { a: 1 } }, '4241'],
    ]);
    assert.deepEqual(seen, [['count', 2, 1], ['count', 'bytes'], ['hi', [[5]]], ['count', 3, 2], ['count']]);
  });

  const MISTAKES: ReadonlyArray<readonly [what: string, run: () => unknown, error: RegExp]> = [
    [
      'a slider whose ends are the wrong way round',
      () => slider(5, 1),
      /^RangeError: slider: max \(1\) is below min \(5\)/,
    ],
    [
      'a slider of no numbers',
      () => slider(0, Number.NaN),
      /^TypeError: slider: max must be a finite number, not NaN/,
    ],
    ['a step of 0', () => slider(0, 1, { step: 0 }), /^RangeError: slider: step must be above 0/],
    [
      'a value beside the slider',
      () => void (slider(0, 1).value = 2),
      /^RangeError: .* 2 is not between 0 and 1/,
    ],
    [
      'a half on a slider of whole numbers',
      () => void (slider(0, 1).value = 0.5),
      /^RangeError: .* no whole number/,
    ],
    ['nothing to choose from', () => dropdown([]), /^RangeError: dropdown: there is nothing/],
    [
      'a choice that there is not',
      () => dropdown(['a' as string], { value: 'b' }),
      /^RangeError: dropdown: b is none/,
    ],
    [
      'a name of the widget’s own',
      () => anywidget({ esm: '', state: { _esm: 1 } }),
      /^TypeError: anywidget: .*'_esm'/,
    ],
    [
      'a name not in the state',
      () => anywidget({ esm: '', state: { a: 1 } }).set({ b: 1 } as object),
      /no 'b' in the state, which has a$/,
    ],
    [
      'an event that there is not',
      () => anywidget({ esm: '', state: { a: 1 } }).on('change:b' as 'change:a', () => 0),
      /no event 'change:b'/,
    ],
  ];
  for (const [what, run, error] of MISTAKES)
    it(`refuses ${what}`, () => assert.throws(run, (thrown) => error.test(String(thrown))));

  it('are text where clients have none', () => {
    process.env['TSLOOP_WIDGETS'] = 'off';
    const level = slider(0, 10, { description: 'Level' });
    assert.deepEqual(vbox([level, button('Go')]).bundle(), {
      'text/plain': "VBox(IntSlider('Level', 0), Button('Go'))",
    });
    level.value = 2;
    assert.equal(level.value, 2);
    const calls: unknown[] = [];
    interact((values) => void calls.push(values), { level, on: checkbox() });
    assert.deepEqual(calls, [{ level: 2, on: false }]);
    assert.equal(
      output().capture(() => 'given'),
      'given',
    );
    assert.deepEqual(client.sent(), []);
  });

  describe('interact', () => {
    /** What the output widget that was shown last holds. */
    const held = async (widget: unknown, wanted: string): Promise<void> => {
      const place = (widget as widgets.Box).children.at(-1);
      for (const deadline = Date.now() + 20_000; ;) {
        const outputs = place?.model.get('outputs') as Array<Record<string, unknown>>;
        const said = outputs
          .map(({ text: printed, data, evalue }) => printed ?? evalue ?? Object.values(data as object)[0])
          .join('|');
        if (said === wanted) return;
        if (Date.now() > deadline) assert.equal(said, wanted);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };

    it('calls again with each change, and shows what is printed, given and thrown', async () => {
      const x = slider(0, 10);
      interact(
        (values) => {
          client.print(`x is ${values.x}`);
          if (values.x === 9) throw new RangeError('too far');
          return values.x === 5 ? undefined : values.x * 2;
        },
        { x },
      );
      assert.equal(x.model.get('description'), 'x');
      const [shown] = client.shown;
      await held(shown, 'x is 0|0');
      x.value = 3;
      await held(shown, 'x is 3|6');
      x.value = 5;
      await held(shown, 'x is 5');
      x.value = 9;
      await held(shown, 'x is 9|too far');
    });

    it('shows what the last call has promised, however late the others are', async () => {
      const x = slider(0, 10);
      const given: Array<(value: unknown) => void> = [];
      interact(() => new Promise((resolve) => given.push(resolve)), { x });
      x.value = 1;
      given[1]?.('new');
      await Promise.resolve();
      given[0]?.('old');
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(client.shown.slice(1), ['new']);
    });
  });
});
