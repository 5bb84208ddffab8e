/** Histories that outlive their kernels. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

describe('the history of kernels', () => {
  let folder: string;
  const kernels: TestKernel[] = [];
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tsloop-history-'));
  });
  after(async () => {
    for (const kernel of kernels) await kernel.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const start = async (where: string): Promise<TestKernel> => {
    const kernel = await TestKernel.start({ env: { TSLOOP_HISTORY: where, TSLOOP_TYPECHECK: 'off' } });
    kernels.push(kernel);
    return kernel;
  };
  const ask = async ({ client }: TestKernel, content: object): Promise<unknown> =>
    (await client.request('shell', 'history_request', { raw: true, output: false, ...content })).reply[
      'history'
    ];

  it('holds the very cell that a kernel died of, and those of kernels that run at once', async () => {
    const [first, second] = await Promise.all([start(folder), start(folder)]);
    await first.client.run('let survived = "yes"; survived');
    await second.client.run('// beside it');
    first.client.submit('process.kill(process.pid, "SIGKILL")');
    await first.exit;
    const third = await start(folder);
    const silent = { silent: true, store_history: false };
    await third.client.run('"leaves no trace"', silent);
    assert.deepEqual(await ask(third, { hist_access_type: 'tail', n: 10, output: true }), [
      [1, 1, ['let survived = "yes"; survived', "'yes'"]],
      [1, 2, ['process.kill(process.pid, "SIGKILL")', null]],
      [2, 1, ['// beside it', null]],
    ]);
    await third.client.run('let survived = "again"');
    assert.deepEqual(await ask(third, { hist_access_type: 'search', pattern: '*survived*', n: 1 }), [
      [3, 1, 'let survived = "again"'],
    ]);
    assert.deepEqual(await ask(third, { hist_access_type: 'range', session: -1, start: 1, stop: 9 }), [
      [2, 1, '// beside it'],
    ]);
  });

  it('is kept in memory where it cannot be written, which is said once', async () => {
    const file = path.join(folder, 'a file');
    await writeFile(file, '');
    const kernel = await start(path.join(file, 'history'));
    assert.equal(shownBy((await kernel.client.run('1 + 1')).published).result, '2');
    await kernel.client.run('2');
    assert.deepEqual(await ask(kernel, { hist_access_type: 'tail', n: 9 }), [
      [1, 1, '1 + 1'],
      [1, 2, '2'],
    ]);
    await kernel.said(/The history is not kept on disk/);
    assert.equal(kernel.stderr.split('The history is not kept on disk').length, 2, kernel.stderr);
  });
});
