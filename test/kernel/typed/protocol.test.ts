/** Type errors as Jupyter clients see them, message by message. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { printedErrors } from '../../support/type-errors.ts';

const WRONG = 'console.log("ran")\nconst wrong: number = "a"';

describe('a failed type check as messages', () => {
  let kernel: TestKernel;
  beforeEach(async () => {
    kernel = await TestKernel.start();
  });
  afterEach(() => kernel.stop());

  it('is busy, execute_input, one error and idle', async () => {
    const { published, reply } = await kernel.client.run(WRONG);
    const kinds = published.map(({ type, content }) =>
      type === 'status' ? String(content['execution_state']) : type,
    );
    assert.deepEqual(kinds, ['busy', 'execute_input', 'error', 'idle']);
    assert.equal(reply['status'], 'error');
    const error = published.find(({ type }) => type === 'error')?.content ?? {};
    assert.deepEqual(Object.keys(error).toSorted(), ['ename', 'evalue', 'traceback']);
    assert.equal(error['ename'], 'TypeScriptError');
    assert.deepEqual(error['traceback'], reply['traceback']);
  });

  it('counts as an execution, as other errors do', async () => {
    const { client } = kernel;
    assert.equal((await client.run('1')).reply['execution_count'], 1);
    assert.equal((await client.run(WRONG)).reply['execution_count'], 2);
    const { reply, published } = await client.run('2');
    assert.equal(reply['execution_count'], 3);
    assert.equal(published.find(({ type }) => type === 'execute_result')?.content['execution_count'], 3);
  });

  it('stands in the history', async () => {
    const { client } = kernel;
    await client.run(WRONG);
    const content = { output: false, raw: true, hist_access_type: 'tail', n: 1 };
    const { reply } = await client.request('shell', 'history_request', content);
    const entries = reply['history'] as [session: number, line: number, input: string][];
    assert.deepEqual(
      entries.map(([, line, input]) => [line, input]),
      [[1, WRONG]],
    );
  });

  it('aborts the cells that wait behind it', async () => {
    const { client } = kernel;
    const ids = [client.submit(WRONG), client.submit('console.log("behind")')];
    const [first, second] = await Promise.all(ids.map((id) => client.answer(id)));
    assert.equal(first?.reply['status'], 'error');
    assert.equal(second?.reply['status'], 'aborted');
    assert.equal(shownBy(second?.published ?? []).stdout, '');
  });

  it('does not abort them when the client asks for that', async () => {
    const { client } = kernel;
    const ids = [client.submit(WRONG, { stop_on_error: false }), client.submit('const behind = 1\nbehind')];
    const [, second] = await Promise.all(ids.map((id) => client.answer(id)));
    assert.equal(shownBy(second?.published ?? []).result, '1');
  });

  it('of a silent cell is in the reply alone', async () => {
    const { client } = kernel;
    const { published, reply } = await client.run(WRONG, { silent: true });
    assert.deepEqual(
      published.map(({ type }) => type),
      ['status', 'status'],
    );
    assert.equal(reply['status'], 'error');
    assert.equal(reply['ename'], 'TypeScriptError');
    assert.equal((await client.run('1')).reply['execution_count'], 1);
  });

  it('of a cell outside of the history is told, and counts nothing', async () => {
    const { client } = kernel;
    const { published, reply } = await client.run(WRONG, { store_history: false });
    const [printed] = printedErrors(shownBy(published).traceback, WRONG);
    assert.equal(printed?.place, '2322 2:7 wrong');
    assert.equal(reply['ename'], 'TypeScriptError');
    assert.equal((await client.run('1')).reply['execution_count'], 1);
  });

  it('evaluates no user expressions', async () => {
    const { client } = kernel;
    await client.run('globalThis.evaluated = 0');
    const user_expressions = { a: 'globalThis.evaluated = 1' };
    const { reply } = await client.run(WRONG, { user_expressions });
    assert.equal(reply['user_expressions'], undefined);
    assert.equal(shownBy((await client.run('evaluated')).published).result, '0');
  });

  it('is not made of what user expressions say', async () => {
    const { reply } = await kernel.client.run('const known = 1', {
      user_expressions: { value: 'known + 1', odd: 'known.nope', bad: 'nowhere' },
    });
    const expressions = reply['user_expressions'] as Record<string, { status: string; data?: object }>;
    assert.equal(reply['status'], 'ok');
    assert.deepEqual(expressions['value']?.data, { 'text/plain': '2' });
    assert.equal(expressions['odd']?.status, 'ok');
    assert.equal(expressions['bad']?.status, 'error');
  });
});

describe('cells that are no entries of the history', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
  });
  after(() => kernel.stop());

  it('declare typed names when they are silent', async () => {
    const { client } = kernel;
    await client.run('const quiet = { a: 1 }', { silent: true });
    const { published } = await client.run('quiet.a.toFixed(1)');
    assert.equal(shownBy(published).result, "'1.0'");
    assert.equal((await client.run('quiet.b')).reply['ename'], 'TypeScriptError');
  });

  it('declare typed names when they are not stored', async () => {
    const { client } = kernel;
    await client.run('let unstored = "text"', { store_history: false });
    assert.equal(shownBy((await client.run('unstored.length')).published).result, '4');
    await client.run('let unstored = 1', { store_history: false });
    const { reply } = await client.run('unstored.length');
    assert.equal(reply['ename'], 'TypeScriptError');
    assert.equal(reply['evalue'], "Property 'length' does not exist on type 'number'.");
  });

  it('see cells that were sent before them and still ran', async () => {
    const { client } = kernel;
    const ids = [
      client.submit('const slow = await new Promise<number>((done) => setTimeout(done, 50, 7))'),
      client.submit('const faster = slow + 1'),
      client.submit('faster.toFixed()'),
    ];
    const answers = await Promise.all(ids.map((id) => client.answer(id)));
    assert.equal(shownBy(answers[2]?.published ?? []).result, "'8'");
  });
});
