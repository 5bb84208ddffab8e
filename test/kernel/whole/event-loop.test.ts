/** The session's one loop, as cells see it. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

const setUp = [
  'import { getEventLoop, newEventLoop, setEventLoop, sleep, partial, EventLoop } from "tsloop"\nconst loop = getEventLoop()',
] as const;

describeCells('the persistent loop', {
  'is the same in all cells, in functions and in callbacks': [
    [...setUp],
    ['getEventLoop() === loop && loop instanceof EventLoop', 'true'],
    ['await new Promise((resolve) => loop.callSoon(() => resolve(getEventLoop() === loop)))', 'true'],
    ['await new Promise((resolve) => setTimeout(() => resolve(getEventLoop() === loop), 1))', 'true'],
  ],
  'runs, though nobody has asked it to': [
    [...setUp],
    ['[loop.isRunning(), loop.isClosed()]', '[ true, false ]'],
  ],
  'calls what is scheduled without being run': [
    [...setUp],
    ['await new Promise<number>((resolve) => loop.callLater(0.001, resolve, 7))', '7'],
  ],
  'is waited for by runUntilComplete': [
    [...setUp],
    [
      'async function main(l: EventLoop) { l.callSoon(() => console.log("soon")); await sleep(0.01); return "done" }\nawait loop.runUntilComplete(main(loop))',
      { stdout: 'soon\n', result: "'done'" },
    ],
    ['await loop.runUntilComplete(Promise.reject(new Error("inner")))', { error: 'Error: inner' }],
  ],
  'runForever waits until stop': [
    [...setUp],
    [
      'loop.callLater(0.01, () => { console.log("stopping"); loop.stop() })\nawait loop.runForever()\nconsole.log("stopped")',
      { stdout: 'stopping\nstopped\n' },
    ],
  ],
  'calls in the order of time': [
    [...setUp],
    [
      'const now = loop.time()\nloop.callAt(now + 0.02, console.log, "late"); loop.callLater(0.005, console.log, "early"); loop.callSoon(console.log, "soon")\nawait sleep(0.04)',
      { stdout: 'soon\nearly\nlate\n' },
    ],
  ],
  'gives a fresh one when it was closed, and timers of the old one do not fire': [
    [...setUp],
    ['loop.callLater(0.001, console.log, "never"); loop.close()'],
    [
      '[loop.isClosed(), getEventLoop() === loop, getEventLoop() === getEventLoop()]',
      '[ true, false, true ]',
    ],
    ['loop.callSoon(() => {})', { error: /^RuntimeError: Event loop is closed/ }],
    ['await getEventLoop().runUntilComplete(sleep(0.01, "fresh"))', "'fresh'"],
  ],
  'may be left by finally, as in the first notebook': [
    [
      'import { getEventLoop, partial, sleep, type EventLoop } from "tsloop"\nfunction callback(arg: string, { kw = "default" } = {}) { console.log(arg, kw) }\nasync function main(l: EventLoop) { l.callSoon(callback, "one"); l.callSoon(partial(callback, "two", { kw: "bound" })); await sleep(0.01) }\nconst event = getEventLoop()\ntry { console.log("entering"); await event.runUntilComplete(main(event)) } finally { console.log("closing"); event.close() }',
      { stdout: 'entering\none default\ntwo bound\nclosing\n' },
    ],
  ],
  'stands beside strict loops of newEventLoop': [
    [...setUp],
    [
      'const strict = newEventLoop()\nlet fired = false\nstrict.callSoon(() => { fired = true })\nawait sleep(0.01)\n[fired, strict.isRunning()]'.replace(
        '\n[',
        ';\n[',
      ),
      '[ false, false ]',
    ],
    ['await strict.runUntilComplete(sleep(0.001, "ran"))', "'ran'"],
    ['fired', 'true'],
    [
      'const first = strict.runForever()\nawait strict.runForever()',
      { error: /^RuntimeError: .*already running/ },
    ],
    ['strict.stop(); await first; strict.close()'],
    ['await loop.runUntilComplete(sleep(0.001, "still"))', "'still'"],
  ],
  'is replaced by setEventLoop, and comes back': [
    [...setUp],
    ['const mine = newEventLoop(); setEventLoop(mine); getEventLoop() === mine', 'true'],
    ['setEventLoop(null); getEventLoop() === loop', 'true'],
  ],
  'an error in a callback is shown and ends nothing': [
    [...setUp],
    [
      'loop.callSoon(() => { throw new Error("in a callback") }); loop.callSoon(console.log, "goes on"); await sleep(0.01); "lives"',
      { stdout: 'goes on\n', stderr: /in a callback/, result: "'lives'" },
    ],
    ['1', '1'],
  ],
});

describe('callbacks of the persistent loop', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.client.run(setUp[0]);
  });
  after(() => kernel.stop());

  it('fire during a later cell and between cells, and print under the cell that scheduled them', async () => {
    const first = await kernel.client.run(
      'let ticks = 0; let ticking = true\nfunction tick() { console.log("tick", ++ticks); if (ticking) loop.callLater(0.002, tick) }\nloop.callSoon(tick); 0',
    );
    const second = await kernel.client.run(
      'const before = ticks; while (ticks < before + 3) await sleep(0.001)\nconsole.log("second")',
    );
    const seen = shownBy(kernel.client.published(second.id)).stdout;
    assert.equal(seen, 'second\n');
    // Between cells: more of them come while no cell runs.
    const count = shownBy(kernel.client.published(first.id)).stdout.split('\n').length;
    await kernel.client.printed(first.id, `tick ${count + 3}\n`);
    await kernel.client.run('ticking = false');
    assert.deepEqual(shownBy(kernel.client.published(first.id)).errors, []);
  });

  it('fire while another cell waits in runUntilComplete, each under its own cell', async () => {
    const one = await kernel.client.run('loop.callLater(0.005, console.log, "of one"); 0');
    const two = await kernel.client.run(
      'loop.callLater(0.005, console.log, "of two"); await loop.runUntilComplete(sleep(0.02))',
    );
    await kernel.client.printed(one.id, 'of one\n');
    assert.equal(shownBy(kernel.client.published(one.id)).stdout, 'of one\n');
    assert.equal(shownBy(two.published).stdout, 'of two\n');
  });
});
