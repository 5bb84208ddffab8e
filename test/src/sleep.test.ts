import assert from 'node:assert/strict';
import { getEventLoop, newEventLoop, setEventLoop, sleep, type EventLoop } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

describe('sleep', () => {
  let loop: EventLoop;
  beforeEach(() => {
    loop = newEventLoop(virtualTime());
  });
  afterEach(() => loop.close());

  it('takes its time on the clock of the loop, and gives its result', async () => {
    assert.equal(await loop.runUntilComplete(() => sleep(3600, 'an hour later')), 'an hour later');
    assert.equal(loop.time(), 3600);
  });

  for (const delay of [0, -1, -Infinity]) {
    it(`gives way for exactly one iteration with a delay of ${delay} (rule 100)`, async () => {
      const log: string[] = [];
      const note = (text: string): void => void log.push(text);
      await loop.runUntilComplete(async () => {
        loop.callSoon(() => {
          note('first iteration');
          loop.callSoon(note, 'second iteration');
        });
        await sleep(delay);
        note('slept');
        await sleep(delay);
        note('slept again');
      });
      assert.deepEqual(log, ['first iteration', 'slept', 'second iteration', 'slept again']);
      assert.equal(loop.time(), 0);
    });
  }

  it('takes its place in the queue with a delay of zero, as no timer does (rule 100)', async () => {
    const log: string[] = [];
    await loop.runUntilComplete(async () => {
      const slept = sleep(0).then(() => log.push('slept'));
      loop.callSoon(() => log.push('scheduled after it'));
      await slept;
    });
    assert.deepEqual(log, ['slept', 'scheduled after it']);
  });

  it('goes on after all callbacks that are due at the same time, as in asyncio', async () => {
    const log: string[] = [];
    await loop.runUntilComplete(async () => {
      const slept = sleep(1).then(() => log.push('slept'));
      loop.callAt(1, () => log.push('due'));
      await slept;
    });
    assert.deepEqual(log, ['due', 'slept']);
  });

  for (const delay of [0, 10]) {
    it(`of ${delay} seconds ends when a signal is aborted, with its reason`, async () => {
      await loop.runUntilComplete(async () => {
        const abort = new AbortController();
        loop.callSoon(() => abort.abort(new RangeError('stop')));
        const rejection = { name: 'RangeError', message: 'stop' };
        await assert.rejects(sleep(10, null, { signal: abort.signal }), rejection);
        await assert.rejects(sleep(delay, null, { signal: abort.signal }), rejection);
        assert.equal(await sleep(delay, 'slept', { signal: new AbortController().signal }), 'slept');
      });
      assert.equal(loop.time(), delay);
    });
  }

  it('refuses what is no number of seconds (rule 102)', async () => {
    await assert.rejects(sleep(NaN), { name: 'TypeError', message: /a number of seconds, not NaN/ });
    await assert.rejects(sleep('1' as never), { name: 'TypeError' });
  });

  it('belongs to the loop that is run next, when called before', async () => {
    async function main(): Promise<number> {
      await sleep(1);
      await sleep(1);
      return loop.time();
    }
    assert.equal(await loop.runUntilComplete(main()), 2);
  });

  it('keeps the order with what was scheduled before the run', async () => {
    const log: string[] = [];
    async function main(): Promise<void> {
      loop.callSoon(() => log.push('soon'));
      await sleep(0);
      log.push('slept');
    }
    await loop.runUntilComplete(main());
    assert.deepEqual(log, ['soon', 'slept']);
  });

  it('belongs to the default loop when none is run', async () => {
    setEventLoop(loop);
    try {
      const slept = sleep(2, 'result');
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(getEventLoop(), loop);
      assert.equal(await loop.runUntilComplete(slept), 'result');
      assert.equal(loop.time(), 2);
      loop.close();
      await assert.rejects(sleep(1), { name: 'RuntimeError', message: 'Event loop is closed' });
    } finally {
      setEventLoop(newEventLoop());
    }
  });

  it('sleeps side by side', async () => {
    const woken: string[] = [];
    const sleeper = async (name: string, delay: number): Promise<void> => {
      await sleep(delay);
      woken.push(`${name} at ${loop.time()}`);
    };
    await loop.runUntilComplete(() => Promise.all([sleeper('a', 3), sleeper('b', 1), sleeper('c', 2)]));
    assert.deepEqual(woken, ['b at 1', 'c at 2', 'a at 3']);
  });
});
