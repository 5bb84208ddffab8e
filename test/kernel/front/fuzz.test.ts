/** Twenty thousand messages of a broken or hostile client; `npm run fuzz:wire` sends a million. */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FuzzedFront } from '../../fuzz/wire-front.ts';

/** What is held (bytes), after garbage has been collected. */
function held(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('a front that is sent anything', function () {
  // Some seconds; more on a busy machine.
  this.timeout(180_000);

  it('goes on, acts on what is signed alone, logs once a second at most, and does not grow', async () => {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    try {
      const start = performance.now();
      const front = new FuzzedFront(1);
      await front.run(10_000);
      const before = held();
      const { messages, signed, cells, sent, logged, faults } = await front.run(10_000);
      assert.deepEqual([faults, rejections], [[], []]);
      assert.equal(messages, 20_000);
      // It has not dropped all of them.
      assert.ok(signed > 10_000 && cells > 100 && sent > 10_000, `${signed}, ${cells}, ${sent}`);
      const seconds = (performance.now() - start) / 1000;
      // There are three kinds of complaints.
      assert.ok(logged.length <= 3 * (seconds + 1), `${logged.length} lines in ${seconds} s`);
      const grown = held() - before;
      assert.ok(grown < 20_000_000, `${grown} bytes`);
    } finally {
      process.off('unhandledRejection', onRejection);
    }
  });
});
