/** Tasks in cells: which one runs, and what an interrupt does to those that a cell waits for. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

const setUp = [
  'import { allTasks, currentTask, fromPromise, gather, getEventLoop, newEventLoop, run, sleep } from "tsloop"\nconst loop = getEventLoop()',
] as const;

describeCells('tasks', {
  'run on the session’s loop, across cells': [
    [...setUp],
    [
      'const task = loop.createTask(async () => { await sleep(0.01); return "result" }, { name: "t" }); task.getName()',
      "'t'",
    ],
    ['await task', "'result'"],
    ['String(task)', `"<Task finished name='t' coro=<<anonymous>()> result='result'>"`],
  ],
  'rule 80: know themselves also behind what is not of the loop, where others have resumed them': [
    [...setUp],
    [
      'let go = () => {}; const names: unknown[] = []\n' +
        'const a = loop.createTask(async () => { await new Promise<void>((resolve) => { go = resolve }); names.push(currentTask()?.getName()); await sleep(1e6) }, { name: "a" })\n' +
        'const b = loop.createTask(async () => { await sleep(0); go(); names.push(currentTask()?.getName()); await new Promise((resolve) => setTimeout(resolve, 1)); names.push(currentTask()?.getName()); await sleep(0.01) }, { name: "b" })\n' +
        'await b; names',
      "[ 'b', 'a', 'b' ]",
    ],
    // Also who is cancelled: what `a` waits for is a's, though b's step has resumed it.
    ['a.cancel(); try { await a } catch (error) { (error as Error).name }', ''],
    ['[a.cancelled(), b.cancelled(), currentTask()]', '[ true, false, null ]'],
  ],
  'that fail belong to the cell that waits for them': [
    [...setUp],
    ['const failing = loop.createTask(async () => { await sleep(0); throw new RangeError("in a task") })'],
    ['await failing', { error: 'RangeError: in a task' }],
  ],
  'may call functions in other threads': [
    [...setUp],
    [
      'const square = (n: number): number => n * n\nasync function where() { const { isMainThread } = await import("node:worker_threads"); return isMainThread }\n[await loop.runInExecutor(null, square, 12), await loop.runInExecutor(null, where)]',
      '[ 144, false ]',
    ],
    [
      'function outside() { return loop }\nawait loop.runInExecutor(null, outside)',
      { error: /^ReferenceError: loop is not defined/ },
    ],
  ],
  'rule 60: run() makes a strict loop of its own': [
    [...setUp],
    ['await run(async () => { const t = loop === getEventLoop(); await sleep(0.001); return t })', 'false'],
    ['await sleep(0.001, "still")', "'still'"],
  ],
});

/** Cells that wait for a task which takes its time to end; each shows "begun" when it can be stopped. */
const waiting: Readonly<Record<string, string>> = {
  'a task': 'await loop.createTask(work)',
  'a function in runUntilComplete': 'await loop.runUntilComplete(work)',
  'a task in a task': 'await loop.createTask(async () => { await loop.createTask(work) })',
  'a task of a strict loop': 'await newEventLoop().runUntilComplete(work)',
  'the program of run()': 'await run(work)',
};

/** Tasks that no cancel can end. */
const unreachable: Readonly<Record<string, string>> = {
  'a foreign promise':
    'await loop.createTask(async () => { console.log("begun"); await new Promise(() => {}) })',
  'a foreign promise of a task in a task':
    'await gather(async () => { await loop.createTask(async () => { console.log("begun"); await new Promise(() => {}) }) })',
  'a loop without awaits':
    'await loop.createTask(async () => { await sleep(0); console.log("begun"); for (;;); })',
};

describe('an interrupt of a cell that waits for a task', function () {
  this.timeout(60_000);
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    const { published } = await kernel.client.run(
      `${setUp[0]}
      async function work() {
        try {
          console.log('begun');
          await sleep(1e6);
        } finally {
          await sleep(0.3);
          console.log('cleaned up');
        }
      }
      async function stubborn() {
        console.log('begun');
        for (;;) {
          try {
            await sleep(1e6);
          } catch {
            console.log('caught');
          }
        }
      }`,
    );
    assert.deepEqual(shownBy(published).errors, []);
  });
  after(() => kernel.stop());

  const stop = async (): Promise<void> => {
    const { reply } = await kernel.client.request('control', 'interrupt_request');
    assert.equal(reply['status'], 'ok');
  };

  for (const [what, code] of Object.entries(waiting)) {
    it(`lets the finally blocks of ${what} run, as long as they take`, async () => {
      const { client } = kernel;
      const id = client.submit(code);
      await client.printed(id, 'begun');
      await stop();
      const { published, reply } = await client.answer(id);
      assert.equal(reply['ename'], 'KeyboardInterrupt');
      assert.equal(shownBy(published).stdout, 'begun\ncleaned up\n');
      assert.deepEqual(shownBy(published).errors, ['KeyboardInterrupt: The cell was interrupted']);
    });
  }

  it('ends the cell at the second time, when the task goes on', async () => {
    const { client } = kernel;
    const id = client.submit('await loop.createTask(stubborn)');
    await client.printed(id, 'begun');
    await stop();
    await client.printed(id, 'caught');
    await stop();
    const { reply } = await client.answer(id);
    assert.equal(reply['ename'], 'KeyboardInterrupt');
    const { published } = await client.run('await sleep(0.001, "goes on")');
    assert.equal(shownBy(published).result, "'goes on'");
  });

  for (const [what, code] of Object.entries(unreachable)) {
    it(`ends the cell soon where a cancel does not reach ${what}`, async () => {
      const { client } = kernel;
      const id = client.submit(code);
      await client.printed(id, 'begun');
      await stop();
      const { reply } = await client.answer(id);
      assert.equal(reply['ename'], 'KeyboardInterrupt');
      const { published } = await client.run('await sleep(0.001, "goes on")');
      assert.equal(shownBy(published).result, "'goes on'");
    });
  }

  it('leaves tasks alone that it does not wait for', async () => {
    const { client } = kernel;
    await client.run('const background = loop.createTask(() => sleep(0.5, "undisturbed"))');
    const id = client.submit(
      'const own = loop.createTask(() => sleep(0.5, "own")); console.log("begun"); await new Promise(() => {})',
    );
    await client.printed(id, 'begun');
    await stop();
    assert.equal((await client.answer(id)).reply['ename'], 'KeyboardInterrupt');
    const { published } = await client.run('[await background, await own]');
    assert.equal(shownBy(published).result, "[ 'undisturbed', 'own' ]");
  });
});
