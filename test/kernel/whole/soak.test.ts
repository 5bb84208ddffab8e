/** A short soak: random activities of all kinds in one session, and nothing lost. `npm run soak` is the long one. */
import assert from 'node:assert/strict';
import { ACTIVITIES } from '../../fuzz/soak-activities.ts';
import { LineCount } from '../../fuzz/soak-lines.ts';
import { soak } from '../../fuzz/soak-run.ts';
import type { Received } from '../../support/kernel-client.ts';

describe('a soak', () => {
  // It ends by itself after 15 s, but each kind of activity is tried first, however slow the machine is.
  it('loses no reply, no line and no value', async () => {
    const plan = { seed: 20, count: 150, seconds: 15, spread: 0, checked: true };
    const { lost, kinds, lines } = await soak(plan);
    assert.deepEqual(lost, []);
    assert.deepEqual(Object.keys(kinds).sort(), Object.keys(ACTIVITIES).sort());
    assert.ok(lines > 0);
  }).timeout(300_000);

  describe('counts lines', () => {
    const printed = (text: string, parent = 'cell', name = 'stdout'): Received => ({
      channel: 'iopub',
      type: 'stream',
      parent,
      header: {},
      parentHeader: {},
      metadata: {},
      content: { name, text },
      buffers: [],
    });

    /** What a cell of two lines prints, the faults, and what is missing then. */
    const tables: Readonly<Record<string, [messages: Received[], faults: RegExp | null, missing: number]>> = {
      'that are there': [[printed('~a:0\n~a'), printed(':1\nother\n')], null, 0],
      'of which one does not come': [[printed('~a:0\n')], null, 1],
      'that are not ended': [[printed('~a:0\n~a:1')], null, 1],
      'of which one is left out': [[printed('~a:1\n')], /^line 0 of a was ~a:1$/, 1],
      'that come in another order': [[printed('~a:0\n~a:2\n~a:1\n')], /^line 1 of a was ~a:2$/, 0],
      'that are one too many': [[printed('~a:0\n~a:1\n~a:2\n')], /^line 2 of a was ~a:2$/, 0],
      'under another cell': [[printed('~a:0\n', 'other')], /nobody expects, under other: ~a:0$/, 1],
      'that have run into each other': [[printed('~a:0~a:1\n')], /^line 0 of a was ~a:0~a:1$/, 1],
      'that come again after an interrupt': [[printed('~a:0\n~a:0\n~a:1\n')], null, 0],
    };
    for (const [kind, [messages, fault, missing]] of Object.entries(tables)) {
      it(kind, () => {
        const count = new LineCount();
        count.expect('cell', 'a', 2);
        count.take(messages);
        const faults = count.check();
        assert.equal(faults.length, fault ? 1 : 0, faults.join());
        if (fault) assert.match(faults[0]!, fault);
        assert.equal(count.missing.length, missing);
      });
    }

    it('of a cell whose number of lines is known late', () => {
      const count = new LineCount();
      count.expect('cell', 'a');
      count.take([printed('~a:0\n~a:1\n')]);
      assert.deepEqual(count.missing, ['2 of unknown many lines of a came']);
      count.settle('cell', 3, 4);
      assert.deepEqual(count.missing, ['2 of 3 lines of a came']);
      count.settle('cell', 0, 1);
      assert.deepEqual(count.check(), ['2 lines of a came instead of 1']);
    });
  });
});
