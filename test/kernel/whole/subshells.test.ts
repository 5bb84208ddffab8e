/** Subshells: cells beside those of the main shell. */
import assert from 'node:assert/strict';
import { type Exchange, shownBy, TestKernel } from '../../support/kernel-client.ts';

describe('subshells', () => {
  let kernel: TestKernel;

  before(async () => {
    kernel = await TestKernel.start();
  });
  after(() => kernel.stop());

  const ask = async (type: string, content: object = {}): Promise<Exchange['reply']> =>
    (await kernel.client.request('control', type, content)).reply;
  const create = async (): Promise<string> => String((await ask('create_subshell_request'))['subshell_id']);
  const submitTo = (subshell: string, code: string, options: object = {}): string =>
    kernel.client.send(
      'shell',
      'execute_request',
      { code, silent: false, store_history: true, user_expressions: {}, stop_on_error: true, ...options },
      { header: { subshell_id: subshell } },
    );
  const runIn = (subshell: string, code: string): Promise<Exchange> =>
    kernel.client.answer(submitTo(subshell, code));
  /** A cell of the main shell that awaits until `release()` is called. */
  const awaiting = async (): Promise<string> => {
    const cell = kernel.client.submit(
      "console.log('begun'); await new Promise<void>((resolve) => { release = resolve }); 'released'",
    );
    await kernel.client.printed(cell, 'begun');
    return cell;
  };

  it('are a supported feature', async () => {
    const { reply } = await kernel.client.request('control', 'kernel_info_request');
    assert.deepEqual(reply['supported_features'], ['kernel subshells']);
  });

  it('are created, listed and deleted', async () => {
    const [first, second] = [await create(), await create()];
    assert.notEqual(first, second);
    assert.deepEqual(await ask('list_subshell_request'), { status: 'ok', subshell_id: [first, second] });
    assert.deepEqual(await ask('delete_subshell_request', { subshell_id: first }), { status: 'ok' });
    assert.deepEqual(await ask('list_subshell_request'), { status: 'ok', subshell_id: [second] });
    await ask('delete_subshell_request', { subshell_id: second });
    const again = await ask('delete_subshell_request', { subshell_id: second });
    assert.deepEqual([again['status'], again['evalue']], ['error', `There is no subshell '${second}'`]);
  });

  it('run cells while the main shell awaits, in the one scope, checked as all are', async () => {
    const subshell = await create();
    await kernel.client.run('let release = () => {}; let shared = 1;');
    const main = await awaiting();
    const wrong = await runIn(subshell, 'shared = "text"');
    assert.equal(wrong.reply['ename'], 'TypeScriptError');
    const { published } = await runIn(subshell, 'console.log("beside"); let besides = shared += 1; besides');
    assert.deepEqual([shownBy(published).stdout, shownBy(published).result], ['beside\n', '2']);
    await runIn(subshell, 'release()');
    const ended = await kernel.client.answer(main);
    assert.deepEqual(
      [shownBy(ended.published).stdout, shownBy(ended.published).result],
      ['begun\n', "'released'"],
    );
    assert.equal(shownBy((await kernel.client.run('shared + besides')).published).result, '4');
    const types = await kernel.client.run('const text: string = besides');
    assert.match(String(types.reply['evalue']), /'number' is not assignable to type 'string'/);
    await ask('delete_subshell_request', { subshell_id: subshell });
  });

  it('count executions together, and have the kernel busy as long as one runs', async () => {
    const subshell = await create();
    const main = await awaiting();
    const beside = await runIn(subshell, '1');
    await kernel.client.wait('busy again', (message) => {
      const { received } = kernel.client;
      const idle = received.findIndex(
        ({ parent, content }) => parent === beside.id && content['execution_state'] === 'idle',
      );
      return (
        message.parent === main &&
        message.content['execution_state'] === 'busy' &&
        received.indexOf(message) > idle
      );
    });
    await runIn(subshell, 'release()');
    const { reply } = await kernel.client.answer(main);
    assert.equal(Number(beside.reply['execution_count']), Number(reply['execution_count']) + 1);
    await ask('delete_subshell_request', { subshell_id: subshell });
  });

  it('abort what is queued behind an error in them, and nothing else', async () => {
    const subshell = await create();
    const main = await awaiting();
    const behind = kernel.client.submit('"behind the main one"');
    const ids = [submitTo(subshell, 'throw new Error("here")'), submitTo(subshell, '"never"')];
    const replies = await Promise.all(ids.map((id) => kernel.client.answer(id)));
    assert.deepEqual(
      replies.map(({ reply }) => reply['status']),
      ['error', 'aborted'],
    );
    await runIn(subshell, 'release()');
    await kernel.client.answer(main);
    const { published } = await kernel.client.answer(behind);
    assert.equal(shownBy(published).result, "'behind the main one'");
    await ask('delete_subshell_request', { subshell_id: subshell });
  });

  it('and the main shell are interrupted together', async () => {
    const subshell = await create();
    const main = await awaiting();
    const beside = submitTo(subshell, "console.log('spinning'); for (;;);");
    await kernel.client.printed(beside, 'spinning');
    await ask('interrupt_request');
    for (const id of [main, beside])
      assert.equal((await kernel.client.answer(id)).reply['ename'], 'KeyboardInterrupt');
    assert.equal(shownBy((await runIn(subshell, 'typeof besides')).published).result, "'number'");
    await ask('delete_subshell_request', { subshell_id: subshell });
  });

  it('interrupt and abort their cells when they are deleted, and no others', async () => {
    const subshell = await create();
    const main = await awaiting();
    const running = submitTo(subshell, "console.log('waiting'); await new Promise(() => {})");
    const queued = submitTo(subshell, '"never"');
    await kernel.client.printed(running, 'waiting');
    assert.deepEqual(await ask('delete_subshell_request', { subshell_id: subshell }), { status: 'ok' });
    assert.equal((await kernel.client.answer(running)).reply['ename'], 'KeyboardInterrupt');
    assert.equal((await kernel.client.answer(queued)).reply['status'], 'aborted');
    const gone = await runIn(subshell, '1');
    assert.deepEqual(
      [gone.reply['status'], gone.reply['evalue']],
      ['error', `There is no subshell '${subshell}'`],
    );
    const other = await create();
    await runIn(other, 'release()');
    assert.equal((await kernel.client.answer(main)).reply['status'], 'ok');
    await ask('delete_subshell_request', { subshell_id: other });
  });

  it('name themselves in the parent headers of what they answer', async () => {
    const subshell = await create();
    const { id } = await runIn(subshell, '"named"');
    const answers = kernel.client.received.filter(({ parent }) => parent === id);
    assert.ok(answers.length >= 4);
    for (const { parentHeader } of answers) assert.equal(parentHeader['subshell_id'], subshell);
    await ask('delete_subshell_request', { subshell_id: subshell });
  });
});

describe('subshells of a kernel that warns of type errors', () => {
  it('get their warnings while the main shell awaits', async () => {
    const kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'warn' } });
    try {
      const { client } = kernel;
      const created = await client.request('control', 'create_subshell_request');
      const main = client.submit("console.log('begun'); let late = await new Promise<number>(() => {})");
      await client.printed(main, 'begun');
      const content = { silent: false, store_history: true, user_expressions: {}, stop_on_error: true };
      const header = { subshell_id: created.reply['subshell_id'] };
      const run = (code: string): Promise<Exchange> =>
        client.request('shell', 'execute_request', { ...content, code }, { header });
      await run('let amount = 1');
      const { id, reply } = await run('const text: string = amount');
      assert.equal(reply['status'], 'ok');
      await client.printed(id, "Type 'number' is not assignable to type 'string'.");
    } finally {
      await kernel.stop();
    }
  });
});
