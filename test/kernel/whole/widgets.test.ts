/** Widgets, interact and the live loop in a whole kernel: what a client without a page sees of them. */
import assert from 'node:assert/strict';
import { type Received, shownBy, TestKernel } from '../../support/kernel-client.ts';

type Content = Readonly<Record<string, unknown>>;

const stateOf = ({ content }: Received): Content => (content['data'] as { state?: Content }).state ?? {};

describe('widgets in a kernel', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await run("import { interact, output, progress, progressBar, slider, anywidget } from 'tsloop/widgets';");
  });
  after(() => kernel.stop());

  const run = async (code: string): Promise<Received[]> => {
    const { reply, published } = await kernel.client.run(code);
    assert.equal(reply['status'], 'ok', JSON.stringify(reply));
    return [...published];
  };
  /** What a page sends, and what is published for it until idle. */
  const post = async (comm: string, data: object): Promise<Received[]> => {
    const id = kernel.client.send('shell', 'comm_msg', { comm_id: comm, data });
    await kernel.client.wait(
      'idle after comm_msg',
      ({ parent, content }) => parent === id && content['execution_state'] === 'idle',
    );
    return kernel.client.published(id);
  };
  const change = (comm: string, state: object): Promise<Received[]> =>
    post(comm, { method: 'update', state, buffer_paths: [] });
  const isLastTable = ({ type, content }: Received): boolean => {
    if (type !== 'update_display_data') return false;
    const data = content['data'] as Content;
    return (
      String(data['text/html']).includes('no longer live') &&
      !('application/vnd.jupyter.widget-view+json' in data)
    );
  };
  /** The MIME bundle of the first message of a type. */
  const shownIn = (published: readonly Received[], wanted: string): Content => {
    const found = published.find(({ type }) => type === wanted);
    assert.ok(found, `${wanted} in ${published.map(({ type }) => type).join()}`);
    return found.content['data'] as Content;
  };
  /** The comms that were opened, by the name of the model. */
  const opened = (published: readonly Received[]): Record<string, string> =>
    Object.fromEntries(
      published
        .filter(({ type }) => type === 'comm_open')
        .map((message) => [String(stateOf(message)['_model_name']), String(message.content['comm_id'])]),
    );

  it('are results that name their model, and take what a page sends', async () => {
    const published = await run(
      "const level = slider(0, 10); level.onChange((v) => console.log('now', v)); level",
    );
    const { IntSliderModel: id = '' } = opened(published);
    const result = published.find(({ type }) => type === 'execute_result');
    assert.deepEqual(result?.content['data'], {
      'text/plain': 'IntSlider(0)',
      'application/vnd.jupyter.widget-view+json': { version_major: 2, version_minor: 0, model_id: id },
    });
    const answer = await change(id, { value: 4 });
    assert.equal(shownBy(answer).stdout, 'now 4\n');
    assert.deepEqual(
      answer.filter(({ type }) => type === 'comm_msg').map(({ content }) => content['data']),
      [{ method: 'echo_update', state: { value: 4 }, buffer_paths: [] }],
    );
    assert.equal(shownBy(await run('level.value')).result, '4');
    const { reply } = await kernel.client.request('shell', 'comm_info_request', {
      target_name: 'jupyter.widget',
    });
    assert.deepEqual((reply['comms'] as Content)[id], { target_name: 'jupyter.widget' });
  });

  it('are typed', async () => {
    for (const [code, error] of [
      ["slider(0, 10).value = 'x'", /not assignable to type 'number'/],
      ["anywidget({ esm: '', state: { count: 1 } }).set('count', 'x')", /not assignable|No overload/],
      [
        'interact(({ x }) => x.toUpperCase(), { x: slider(0, 1) })',
        /'toUpperCase' does not exist on type 'number'/,
      ],
    ] as const) {
      const { reply } = await kernel.client.run(code);
      assert.match(String(reply['evalue']), error, code);
    }
  });

  it('show progress, and what a loop breaks off with', async () => {
    const published = await run(
      "for (const x of progress([1, 2, 3], { description: 'Three' })) await Promise.resolve(x)",
    );
    assert.deepEqual(shownBy(published).stdout, '');
    const shown = published.filter(({ type }) => type === 'display_data');
    assert.equal(shown.length, 1);
    const { FloatProgressModel: bar } = opened(published);
    const states = published.filter(({ content }) => content['comm_id'] === bar).map(stateOf);
    assert.deepEqual([states[0]?.['description'], states[0]?.['max']], ['Three', 3]);
    assert.deepEqual([states.at(-1)?.['value'], states.at(-1)?.['bar_style']], [3, 'success']);
    const failed = await kernel.client.run(
      'for (const x of progress([1, 2])) throw new RangeError(String(x))',
    );
    assert.equal(
      failed.published
        .filter(({ type }) => type === 'comm_msg')
        .map(stateOf)
        .some((state) => state['bar_style'] === 'danger'),
      true,
    );
  });

  it('hold what a function prints, shows, gives and throws, also later', async () => {
    const published = await run(`interact(({ x }) => {
      console.log('x is', x);
      if (x === 2) throw new RangeError('too far');
      setTimeout(() => console.log('later', x), 1);
      display.markdown('*shown*');
      return { x };
    }, { x: slider(0, 10) })`);
    assert.equal(shownBy(published).stdout, '');
    const { OutputModel: place = '', IntSliderModel: x = '' } = opened(published);
    const holds = async (what: string, wanted: RegExp): Promise<void> => {
      await kernel.client.wait(what, (message) => {
        if (message.content['comm_id'] !== place) return false;
        return wanted.test(JSON.stringify(stateOf(message)['outputs'] ?? []));
      });
    };
    await holds('all of the first call', /x is 0\\n.*text\/markdown":"\*shown\*".*\{ x: 0 \}.*later 0\\n/);
    await change(x, { value: 2 });
    await holds(
      'the error',
      /^\[\{"output_type":"stream","name":"stdout","text":"x is 2\\n"\},\{"output_type":"error","ename":"RangeError","evalue":"too far"/,
    );
  });

  it('are lines of text when TSLOOP_WIDGETS is off', async () => {
    const published = await run(`process.env.TSLOOP_WIDGETS = 'off';
      const bar = progressBar({ total: 2 }); bar.update(1); bar.close(); slider(0, 3)`);
    await run('delete process.env.TSLOOP_WIDGETS');
    assert.match(shownBy(published).stdout, /^\r\|░+\| 0%, 0\/2, 00:00\r.*50%, 1\/2, .*took 00:00 *\n$/s);
    assert.equal(shownBy(published).result, 'IntSlider(0)');
    assert.deepEqual(opened(published), {});
  });

  it('show the loop live when the page has what it takes, take a click, and leave a table', async () => {
    await run('import { createTask as make, sleep as nap } from "tsloop";');
    const first = await run('%loop live');
    const { AnyModel: id = '' } = opened(first);
    assert.deepEqual(Object.keys(shownIn(first, 'display_data')), ['text/html', 'text/plain']);
    const picture = kernel.client.wait('the widget', ({ type }) => type === 'update_display_data');
    await post(id, { method: 'custom', content: { type: 'here' } });
    const { 'application/vnd.jupyter.widget-view+json': view, ...others } = (await picture).content[
      'data'
    ] as Content;
    assert.equal((view as Content)['model_id'], id);
    assert.deepEqual(Object.keys(others), ['text/html', 'text/plain']);
    const cell = kernel.client.submit(
      "const clicked = make(async function endless() { await nap(1000) }); try { await clicked } catch {}; 'ended'",
    );
    const { content } = await kernel.client.wait(
      'a picture with the task',
      (message) =>
        message.content['comm_id'] === id && JSON.stringify(stateOf(message)).includes('endless()'),
    );
    const { loops } = ((content['data'] as Content)['state'] ?? {}) as {
      loops: Array<{ tasks: Array<{ id: number; place: string }> }>;
    };
    const [task] = loops[0]?.tasks ?? [];
    assert.match(task?.place ?? '', /^In \[\d+\]:1$/);
    kernel.client.send('shell', 'comm_msg', {
      comm_id: id,
      data: { method: 'custom', content: { type: 'cancel', task: task?.id } },
    });
    const { published } = await kernel.client.answer(cell);
    assert.equal(shownBy(published).result, "'ended'");
    await run('%loop live off');
    await kernel.client.wait('the table', isLastTable);
    await kernel.client.wait(
      'the end of the comm',
      (message) => message.type === 'comm_close' && message.content['comm_id'] === id,
    );
  });

  it('leave a table of the loop when their kernel ends in good order', async () => {
    const own = await TestKernel.start();
    const { published } = await own.client.run('%loop live');
    const { AnyModel: id = '' } = opened(published);
    own.client.send('shell', 'comm_msg', {
      comm_id: id,
      data: { method: 'custom', content: { type: 'here' } },
    });
    await own.client.wait('the widget', ({ type }) => type === 'update_display_data');
    own.client.send('control', 'shutdown_request', { restart: true });
    await own.client.wait('the table', isLastTable);
    await own.stop();
  });

  it('are not needed to see the loop live', async () => {
    const first = await run('%loop live\nimport { sleep } from "tsloop";');
    const shown = first.find(({ type }) => type === 'display_data');
    assert.match(JSON.stringify(shown?.content['data']), /PersistentLoop: running/);
    const { transient = {} } = shown?.content ?? {};
    const { display_id: id } = transient as Content;
    const cell = kernel.client.submit(
      "const { createTask } = await import('tsloop'); const worker = createTask(async function worker() { await sleep(1000) }); await sleep(1000)",
    );
    await kernel.client.wait(
      'a picture with the task',
      ({ type, content }) =>
        type === 'update_display_data' &&
        (content['transient'] as Content)['display_id'] === id &&
        /tasks: 1\n.*worker/.test(String((content['data'] as Content)['text/plain'])),
    );
    await kernel.client.request('control', 'interrupt_request');
    await kernel.client.answer(cell);
    await run('worker.cancel();\n%loop live off');
    await kernel.client.wait(
      'the last picture',
      ({ type, content }) =>
        type === 'update_display_data' &&
        String((content['data'] as Content)['text/html']).includes('no longer live'),
    );
    const wrong = await kernel.client.run('%loop alive');
    assert.match(String(wrong.reply['evalue']), /%loop \[live \[off\]\]/);
  });
});
