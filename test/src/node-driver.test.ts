import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { newEventLoop, sleep, type EventLoop } from '../../src/index.ts';

describe('with high precision, a loop', () => {
  const highLoop = (): EventLoop => newEventLoop({ timerPrecision: 'high' });

  it('rule 33: never calls a timer early, whatever the delay', async () => {
    const loop = highLoop();
    const early: number[] = [];
    await loop.runUntilComplete(async () => {
      for (const delay of [0.00001, 0.0003, 0.0011, 0.0023, 0.0049, 0.0111]) {
        const due = loop.time() + delay;
        await new Promise((resolve) => loop.callAt(due, () => resolve(early.push(loop.time() - due))));
      }
    });
    loop.close();
    assert.equal(early.length, 6);
    for (const late of early) assert.ok(late >= -1e-9, `${late}`);
  });

  it('is woken by the host, and by nearer timers, while it waits', async () => {
    const loop = highLoop();
    const log: string[] = [];
    loop.callLater(1000, () => log.push('never'));
    setTimeout(() => {
      loop.callLater(0.001, () => {
        log.push('nearer');
        loop.stop();
      });
    }, 1);
    await loop.runForever();
    assert.deepEqual(log, ['nearer']);
    const woken = new Promise((resolve) =>
      setTimeout(() => loop.callSoon(() => resolve(log.push('woken'))), 1),
    );
    await loop.runUntilComplete(woken);
    assert.deepEqual(log, ['nearer', 'woken']);
    loop.close();
  });
});

describe('on Node itself, a loop', () => {
  it('runs all microtasks of a callback before the next one, and timers never early', async () => {
    const loop = newEventLoop();
    const log: string[] = [];
    const start = loop.time();
    loop.callLater(0.002, () => {
      log.push('timer');
      assert.ok(loop.time() >= start + 0.002 - 1e-9);
      loop.stop();
    });
    for (const name of ['a', 'b', 'c']) {
      loop.callSoon(async () => {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        log.push(name);
      });
    }
    await loop.runForever();
    loop.close();
    assert.deepEqual(log, ['a', 'b', 'c', 'timer']);
  });

  it('lets the host go on under an endless chain of callbacks', async () => {
    const loop = newEventLoop();
    let calls = 0;
    let stopped = false;
    const again = (): void => {
      calls++;
      if (!stopped) loop.callSoon(again);
      else loop.stop();
    };
    loop.callSoon(again);
    const { port1, port2 } = new MessageChannel();
    port2.on('message', () => setTimeout(() => setImmediate(() => (stopped = true)), 1));
    port1.postMessage('through');
    await loop.runForever();
    port1.close();
    loop.close();
    assert.ok(calls > 1);
  });

  it('lets the host go on under endless sleeps of zero', async () => {
    const loop = newEventLoop();
    await loop.runUntilComplete(async () => {
      let message = false;
      setImmediate(() => (message = true));
      while (!message) await sleep(0);
    });
    loop.close();
  });

  it('waits for work of the host while it runs', async () => {
    const loop = newEventLoop();
    const text = await loop.runUntilComplete(() => readFile(new URL(import.meta.url), 'utf8'));
    loop.close();
    assert.ok(text.length > 0);
  });

  it('waits for deadlines beyond what setTimeout takes (rule 34)', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', listen);
    const loop = newEventLoop();
    loop.callLater(1e9, () => warnings.push('called'));
    const run = loop.runForever();
    await new Promise((resolve) => setTimeout(resolve, 5));
    loop.stop();
    await run;
    loop.close();
    process.off('warning', listen);
    assert.deepEqual(warnings, []);
  });

  it('keeps the process alive while it runs, and no longer', async () => {
    const index = new URL('../../src/index.js', import.meta.url).href;
    // The timer that stops the loop keeps nothing alive itself: it fires only if the loop does.
    const script = `
      import { newEventLoop } from ${JSON.stringify(index)};
      const loop = newEventLoop();
      setTimeout(() => loop.stop(), 100).unref();
      await loop.runForever();
      console.log('stopped');
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    assert.equal(stdout, 'stopped\n');
  });

  it('lets the process end while a persistent loop has nothing to do', async () => {
    const module = new URL('../../src/persistent.js', import.meta.url).href;
    const script = `
      import { PersistentLoop } from ${JSON.stringify(module)};
      const loop = new PersistentLoop();
      await loop.runUntilComplete(async () => console.log('ran'));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    assert.equal(stdout, 'ran\n');
  });

  it('counts a sleep from its call, also when the loop is run later', async () => {
    const loop = newEventLoop();
    const start = loop.time();
    const slept = sleep(0.001);
    await loop.runUntilComplete(slept);
    assert.ok(loop.time() >= start + 0.001 - 1e-9);
    loop.close();
  });
});
