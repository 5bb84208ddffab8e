import assert from 'node:assert/strict';
import { kw, newEventLoop, partial, sleep, type EventLoop } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

/** The three programs of the scheduling tutorial, in virtual time. */
describe('the scheduling tutorial', () => {
  it('prints the five lines of the first cell in order', async () => {
    const lines: string[] = [];
    function callback(arg: number, { kwarg = 'default' }: { kwarg?: string } = {}): void {
      lines.push(`callback invoked with ${arg} and ${kwarg}`);
    }
    async function main(loop: EventLoop): Promise<void> {
      lines.push('registering callbacks');
      loop.callSoon(callback, 1);
      const wrapped = partial(callback, kw({ kwarg: 'not default' }));
      loop.callSoon(wrapped, 2);
      await sleep(0.1);
    }
    const loop = newEventLoop(virtualTime());
    try {
      lines.push('entering event loop');
      // With the function the first part of main runs inside the loop, with main(loop) before it.
      await loop.runUntilComplete(() => main(loop));
    } finally {
      lines.push('closing event loop');
      loop.close();
    }
    assert.deepEqual(lines, [
      'entering event loop',
      'registering callbacks',
      'callback invoked with 1 and default',
      'callback invoked with 2 and not default',
      'closing event loop',
    ]);
  });

  it('prints the same when main has been started before the run', async () => {
    const lines: string[] = [];
    const loop = newEventLoop(virtualTime());
    const main = async (): Promise<void> => {
      lines.push('registering');
      loop.callSoon(() => lines.push('called'));
      await sleep(0.1);
    };
    lines.push('entering');
    await loop.runUntilComplete(main());
    loop.close();
    assert.deepEqual(lines, ['entering', 'registering', 'called']);
  });

  it('calls 3, 2, 1 with callLater', async () => {
    const calls: Array<[number, number]> = [];
    const loop = newEventLoop(virtualTime());
    const callback = (n: number): void => void calls.push([n, loop.time()]);
    async function main(): Promise<void> {
      loop.callLater(0.2, callback, 1);
      loop.callLater(0.1, callback, 2);
      loop.callSoon(callback, 3);
      await sleep(0.4);
    }
    await loop.runUntilComplete(main());
    assert.deepEqual(calls, [
      [3, 0],
      [2, 0.1],
      [1, 0.2],
    ]);
    assert.equal(loop.time(), 0.4);
  });

  it('calls 3, 2, 1 with callAt, at the very times', async () => {
    const calls: Array<[number, number]> = [];
    const loop = newEventLoop(virtualTime({ start: 90646 }));
    const callback = (n: number, on: EventLoop): void => void calls.push([n, on.time()]);
    async function main(): Promise<void> {
      const now = loop.time();
      loop.callAt(now + 0.2, callback, 1, loop);
      loop.callAt(now + 0.1, callback, 2, loop);
      loop.callSoon(callback, 3, loop);
      await sleep(1);
    }
    await loop.runUntilComplete(main());
    assert.deepEqual(calls, [
      [3, 90646],
      [2, 90646.1],
      [1, 90646.2],
    ]);
  });
});
