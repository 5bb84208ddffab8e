/** Code that fills the heap is stopped, the user is told why, and the session lives. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

/** Large enough that the guard sees it coming, small enough to be full soon. */
const HEAP = 600;
/** V8 collects garbage again and again before it gives up; on a busy machine that takes its time (ms). */
const LIMIT = 240_000;

const greedy: Readonly<Record<string, string>> = {
  'a loop': 'const kept: unknown[] = []; for (;;) kept.push(new Array(1000).fill(1))',
  'a loop that awaits':
    'const kept: unknown[] = []; for (;;) { kept.push(new Array(1000).fill(1)); await null }',
  'a timer, while the cell waits':
    'const held: unknown[] = []; setInterval(() => { for (let i = 0; i < 100; i++) held.push(new Array(1000).fill(1)) }, 1); await new Promise(() => {})',
};

describe('a full heap', function () {
  this.timeout(2 * LIMIT);
  for (const [what, code] of Object.entries(greedy)) {
    it(`stops ${what}, and says so, and the variables of earlier cells are there`, async () => {
      const kernel = await TestKernel.start({
        env: { TSLOOP_TYPECHECK: 'off', NODE_OPTIONS: `--max-old-space-size=${HEAP}` },
      });
      try {
        const { client } = kernel;
        await client.run('let earlier = "earlier"');
        const { reply, published } = await client.answer(client.submit(code), LIMIT);
        const full = /^The heap is full: the code has used all of the 6\d\d MB .* NODE_OPTIONS=/;
        assert.equal(reply['ename'], 'RangeError');
        assert.match(String(reply['evalue']), full);
        assert.equal(shownBy(published).errors.length, 1);
        assert.match(shownBy(published).traceback, /^RangeError: The heap is full/);
        const next = await client.answer(
          client.submit('await new Promise((resolve) => setTimeout(resolve, 1)); earlier'),
          LIMIT,
        );
        const { errors, result } = shownBy(next.published);
        assert.deepEqual([errors, result], [[], "'earlier'"]);
      } finally {
        await kernel.stop();
      }
    });
  }
});
