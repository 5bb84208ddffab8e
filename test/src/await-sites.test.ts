import assert from 'node:assert/strict';
import { setAwaitSites } from '../../src/await-sites.ts';
import { CancelledError, createTask, getRunningLoop, run, sleep } from '../../src/index.ts';

/** Three tasks whose waits are cancelled, beside callbacks that note each iteration of the loop. */
async function program(): Promise<string[]> {
  const lines: string[] = [];
  const loop = getRunningLoop();
  const tick = (n: number): void => {
    lines.push(`iteration ${n}`);
    if (n < 6) loop.callSoon(tick, n + 1);
  };
  loop.callSoon(tick, 0);
  const tasks = ['a', 'b', 'c'].map((name) =>
    createTask(async () => {
      try {
        await sleep(60);
      } catch (error) {
        lines.push(`${name} got ${String(error)}`);
        await sleep(0);
        lines.push(`${name} goes on`);
        throw error;
      }
    }),
  );
  await sleep(0);
  for (const task of tasks) task.cancel();
  for (const task of tasks) await task.catch(() => lines.push('ended'));
  const done = loop.createFuture();
  done.cancel();
  // A done one takes no iteration.
  await assert.rejects(async () => done, CancelledError);
  lines.push('end');
  return lines;
}

describe('an error that is shown on its way to the code that awaits', () => {
  afterEach(() => setAwaitSites(null));

  it('comes in the same iteration of the loop as without', async () => {
    const without = await run(program);
    const noted: unknown[] = [];
    setAwaitSites({ wants: () => true, note: (error) => noted.push(error) });
    assert.deepEqual(await run(program), without);
    assert.ok(noted.length >= 7, `${noted.length} errors were noted`);
    assert.ok(noted.every((error) => error instanceof CancelledError));
  });

  it('is shown where the stack leads to that code', async () => {
    const stacks: string[] = [];
    setAwaitSites({
      wants: (_error, isInTask) => !isInTask,
      note: () => stacks.push(new Error().stack ?? ''),
    });
    async function waiting(): Promise<void> {
      await run(async function cancelled() {
        throw new CancelledError();
      });
    }
    await assert.rejects(waiting, CancelledError);
    assert.match(stacks.at(-1) ?? '', /async waiting/);
  });
});
