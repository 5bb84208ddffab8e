/** What goes on in a soak. Each activity checks its own replies, and throws if one is not what it must be. */
import assert from 'node:assert/strict';
import { shownBy } from '../support/kernel-client.ts';
import type { SoakSession } from './soak-session.ts';

export type Activity = (session: SoakSession) => Promise<void>;

/** Cells that end only when they are interrupted. Each says when it has begun. */
const ENDLESS = [
  'console.log("begun"); for (;;);',
  'await null; console.log("begun"); for (;;);',
  'console.log("begun"); await new Promise(() => {})',
  'console.log("begun"); await sleep(1e6)',
  'await createTask(async () => { console.log("begun"); await sleep(1e6) })',
  'setTimeout(() => { console.log("begun"); for (;;); }, 1); await new Promise(() => {})',
  'loop.callSoon(() => { console.log("begun"); for (;;); }); await sleep(1e6)',
];

const json = JSON.stringify;

export const ACTIVITIES: Readonly<Record<string, Activity>> = {
  declarations: (session) => session.declare(),
  recalls: (session) => session.recall(),

  async counts(session) {
    const n = session.random.between(1, 1000);
    session.total += n;
    await session.gives(`total += ${n}`, String(session.total));
  },

  async prints(session) {
    const [tag, count] = [session.tag(), session.random.between(1, 400)];
    const method = session.random.one(['log', 'error']);
    const gap = session.random.one(['', 'await null;', 'if (i % 20 === 0) await sleep(0.001);']);
    const code = `for (let i = 0; i < ${count}; i++) { ${gap} console.${method}(\`~${tag}:\${i}\`) }`;
    await session.ok(code, { tag, count });
  },

  /** They go on while other activities run, also while those are interrupted. */
  async timers(session) {
    const [tag, count] = [session.tag(), session.random.between(1, 30)];
    await session.ok(`tick('${tag}', ${count}, ${session.random.between(1, 40)})`, { tag, count });
  },

  async tasks(session) {
    const [tag, count] = [session.tag(), session.random.between(1, 20)];
    const body = `for (let i = 0; i < ${count}; i++) { await sleep(0.001); say('${tag}', i) }`;
    await session.ok(`await createTask(async () => { ${body} })`, { tag, count });
  },

  async 'cells in a row'(session) {
    const count = session.random.between(2, 6);
    const ids = Array.from({ length: count }, (_, i) => session.submit(`${i} + 0.5`));
    const ended = await Promise.all(ids.map((id) => session.client.answer(id)));
    const results = ended.map(({ published }) => shownBy(published).result);
    assert.deepEqual(
      results,
      ids.map((_, i) => String(i + 0.5)),
    );
    const numbers = ended.map(({ reply }) => Number(reply['execution_count']));
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => Number(numbers[0]) + i),
    );
  },

  async 'comms of the client'(session) {
    const [id, tag] = [`comm-${session.tag()}`, session.tag()];
    await session.post('comm_open', { comm_id: id, target_name: 'soak', data: {} });
    const bytes = Buffer.from(tag);
    await session.post('comm_msg', { comm_id: id, data: { tag } }, [bytes], tag);
    const echo = await session.client.wait(
      `the echo of ${tag}`,
      ({ type, content }) => type === 'comm_msg' && content['comm_id'] === id,
    );
    assert.deepEqual([echo.content['data'], echo.buffers.map(String)], [{ data: { tag } }, [tag]]);
    await session.post('comm_close', { comm_id: id, data: {} });
  },

  async 'comms of the kernel'(session) {
    const n = session.random.between(1, 1000);
    const { published } = await session.ok(
      "{ const comm = new Comm('client'); comm.onMessage(({ data }) => { total += Number((data as { n?: unknown }).n); comm.close({ total }) }) }",
    );
    const id = published.find(({ type }) => type === 'comm_open')?.content['comm_id'];
    assert.equal(typeof id, 'string', 'a comm was opened');
    session.total += n;
    await session.post('comm_msg', { comm_id: id, data: { n } });
    const closed = await session.client.wait(
      'the end of the comm',
      ({ type, content }) => type === 'comm_close' && content['comm_id'] === id,
    );
    assert.deepEqual(closed.content['data'], { total: session.total });
  },

  async interrupts(session) {
    const id = session.submit(session.random.one(ENDLESS));
    await session.client.printed(id, 'begun');
    await session.interrupt();
    const { reply } = await session.client.answer(id);
    assert.equal(reply['ename'], 'KeyboardInterrupt', json(reply));
  },

  /** What was printed until then must be there. */
  async 'interrupts of what prints'(session) {
    const tag = session.tag();
    const code = `written = 0; for (;;) { if (written % 100 === 0) await sleep(0.001); say('${tag}', written); written++ }`;
    const id = session.submit(code, { tag });
    await session.client.printed(id, `~${tag}:0\n`);
    await session.interrupt();
    const { reply } = await session.client.answer(id);
    assert.equal(reply['ename'], 'KeyboardInterrupt', json(reply));
    const written = Number(shownBy((await session.ok('written')).published).result);
    // It may have been stopped between the line and its count.
    session.lines.settle(id, written, written + 1);
  },

  async 'idle interrupts'(session) {
    await session.interrupt();
    await session.recall();
  },

  async questions(session) {
    const answer = `answer ${session.tag()}`;
    const ask = session.random.one(['prompt("soak?")', 'await input("soak?")']);
    session.cells += 1;
    const { reply, published } = await session.client.runAnswering(ask, [answer]);
    assert.deepEqual([reply['status'], shownBy(published).result], ['ok', `'${answer}'`]);
  },

  async children(session) {
    const [tag, count] = [session.tag(), session.random.between(1, 50)];
    const script = json(`for (let i = 0; i < ${count}; i++) console.log("~${tag}:" + i)`);
    const child = `(process.execPath, ['-e', ${script}], { stdio: 'inherit' })`;
    const code = session.random.one([
      `void execFileSync${child}`,
      `void (await once(spawn${child}, 'close'))`,
    ]);
    await session.ok(code, { tag, count });
  },

  async commands(session) {
    const tag = session.tag();
    await session.ok(`!echo ~${tag}:0`, { tag, count: 1 });
  },

  async subshells(session) {
    const { client } = session;
    const [tag, n] = [session.tag(), session.random.between(1, 1000)];
    const subshell = String((await session.ask('control', 'create_subshell_request'))['subshell_id']);
    const main = session.submit(
      "await new Promise<void>((resolve) => { release = resolve; console.log('begun') }); 'released'",
    );
    await client.printed(main, 'begun');
    session.total += n;
    session.cells += 1;
    const content = { code: `say('${tag}', 0); total += ${n}; release(); total`, silent: false };
    const id = client.send('shell', 'execute_request', content, { header: { subshell_id: subshell } });
    session.lines.expect(id, tag, 1);
    const beside = shownBy((await client.answer(id)).published);
    const ended = shownBy((await client.answer(main)).published);
    assert.deepEqual([beside.result, ended.result], [String(session.total), "'released'"]);
    await session.ask('control', 'delete_subshell_request', { subshell_id: subshell });
    const { subshell_id: left } = await session.ask('control', 'list_subshell_request');
    assert.deepEqual(left, []);
  },

  async 'history requests'(session) {
    const code = `/* ${session.tag()} */ total`;
    await session.gives(code, String(session.total));
    const asked = { hist_access_type: 'tail', n: 1, raw: true, output: false };
    const { history } = await session.ask('shell', 'history_request', asked);
    assert.equal((history as unknown[][])[0]?.[2], code);
  },

  async completions(session) {
    const code = session.random.one(['tota', 'loop.callSo', 'Math.ab', 'releas']);
    const { matches } = await session.ask('shell', 'complete_request', { code, cursor_pos: code.length });
    const isWhole = (match: unknown): boolean =>
      ['total', 'callSoon', 'loop.callSoon', 'abs', 'Math.abs', 'release'].includes(String(match));
    assert.ok((matches as unknown[]).some(isWhole), `${code}: ${json(matches)}`);
  },

  async 'small requests'(session) {
    const whole = { code: 'for (const a of [1]) {}' };
    const [, , , complete] = await Promise.all([
      session.ask('shell', 'kernel_info_request'),
      session.ask('control', 'kernel_info_request'),
      session.ask('shell', 'inspect_request', { code: 'total', cursor_pos: 2, detail_level: 0 }),
      session.client.request('shell', 'is_complete_request', whole),
      session.ask('shell', 'comm_info_request'),
    ]);
    assert.equal(complete.reply['status'], 'complete');
  },

  async errors(session) {
    const text = `wrong ${session.tag()}`;
    const id = session.submit(`throw new RangeError('${text}')`);
    const { reply } = await session.client.answer(id);
    assert.deepEqual([reply['ename'], reply['evalue']], ['RangeError', text]);
  },

  async 'errors of types'(session) {
    if (!session.checked) return;
    const { reply } = await session.client.answer(session.submit('total = `text`'));
    assert.equal(reply['ename'], 'TypeScriptError', json(reply));
    await session.gives('total', String(session.total));
  },

  async 'unhandled rejections'(session) {
    const text = `unhandled ${session.tag()}`;
    const { id } = await session.ok(`void Promise.reject(new Error('${text}'))`);
    await session.client.wait(
      `the error ${text}`,
      ({ type, parent, content }) => type === 'error' && parent === id && content['evalue'] === text,
    );
  },
};
