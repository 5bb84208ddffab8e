import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import type { CellOutcome, ToFront } from '../../../kernel/bridge.ts';
import { RuntimeProcess } from '../../../kernel/embedded/runtime-process.ts';

describe('the process of the cells', function () {
  // A process and a compiler are started: on a loaded machine that takes seconds.
  this.timeout(60_000);
  let runtime: RuntimeProcess;
  let messages: ToFront[];
  beforeEach(() => {
    runtime = new RuntimeProcess(tmpdir());
    messages = [];
    runtime.port.onMessage((message) => messages.push(message));
  });
  afterEach(() => runtime.close());

  function run(cell: number, code: string): Promise<CellOutcome> {
    return new Promise((resolve, reject) => {
      runtime.port.onMessage((message) => {
        if (message.type === 'done' && message.cell === cell) resolve(message.outcome);
      });
      void runtime.ended.then((reason) => reject(new Error(reason)));
      const request = { cell, code, executionCount: cell, silent: false, userExpressions: {} };
      runtime.port.post({ type: 'execute', request });
    });
  }

  it('keeps state between cells, and says results before it says that a cell is done', async () => {
    assert.equal((await run(1, 'let a: number = 20')).status, 'ok');
    assert.equal((await run(2, 'a + 22')).status, 'ok');
    const types = messages
      .filter((message) => 'cell' in message && message.cell === 2)
      .map(({ type }) => type);
    assert.deepEqual(types, ['result', 'done']);
    const result = messages.find((message) => message.type === 'result');
    assert.deepEqual(result?.data, { 'text/plain': '42' });
  });

  it('looks to the cells like a process that nobody forked', async () => {
    await run(1, 'console.log(typeof process.send)');
    assert.ok(messages.some((message) => message.type === 'stream' && message.text === 'undefined\n'));
  });

  it('shows widgets as text: nobody is there to use them', async () => {
    await run(
      1,
      "import { progressBar } from 'tsloop/widgets'; const bar = progressBar({ total: 1 }); bar.update(1); bar.close();",
    );
    const printed = messages.map((message) => (message.type === 'stream' ? message.text : '')).join('');
    assert.match(printed, /\| 100%, 1\/1, .*\n$/);
    assert.deepEqual(
      messages.filter(({ type }) => type === 'comm'),
      [],
    );
  });

  it('says why it ended, when it is killed', async () => {
    await run(1, '1');
    runtime.kill();
    assert.match(await runtime.ended, /SIGKILL|exit code/);
  });
});
