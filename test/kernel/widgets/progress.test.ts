/** Progress bars on a clock of the test's own: what is drawn, and how seldom. */
import assert from 'node:assert/strict';
import type { Box } from '../../../kernel/widgets/box.ts';
import { formatClock, progressLine } from '../../../kernel/widgets/progress-text.ts';
import { progress, ProgressBar } from '../../../kernel/widgets/progress.ts';
import { Throttle, type Timing } from '../../../kernel/widgets/throttle.ts';
import { MemoryClient } from './client.ts';

/** A clock that is moved by hand (milliseconds). */
class ManualTime implements Timing {
  #now = 0;
  #waiting: Array<{ at: number; fn: () => void }> = [];
  now(): number {
    return this.#now;
  }
  after(milliseconds: number, fn: () => void): () => void {
    const entry = { at: this.#now + milliseconds, fn };
    this.#waiting.push(entry);
    return () => void (this.#waiting = this.#waiting.filter((each) => each !== entry));
  }
  get waiting(): number {
    return this.#waiting.length;
  }
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { fn } of due) fn();
  }
}

/** What `run` writes to stdout. */
async function written(run: () => unknown): Promise<string> {
  const { write } = process.stdout;
  let all = '';
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    all += String(chunk);
    return true;
  };
  try {
    await run();
  } finally {
    process.stdout.write = write;
  }
  return all;
}

describe('progress', () => {
  const LINES: ReadonlyArray<readonly [Parameters<typeof progressLine>[0], string]> = [
    [
      { description: '', done: 0, total: 8, elapsed: 0, isClosed: false },
      `|${'░'.repeat(24)}| 0%, 0/8, 00:00`,
    ],
    [
      { description: 'Files', done: 25, total: 100, elapsed: 10, isClosed: false },
      `Files |${'█'.repeat(6)}${'░'.repeat(18)}| 25%, 25/100, 2.5/s, 00:30 left`,
    ],
    [
      { description: '', done: 2, total: 4, elapsed: 7300, isClosed: true },
      `|${'█'.repeat(12)}${'░'.repeat(12)}| 50%, 2/4, 3650.0 s each, took 2:01:40`,
    ],
    [
      { description: '', done: 12_345, total: undefined, elapsed: 3, isClosed: false },
      '12,345, 4,115/s, 00:03',
    ],
    [
      { description: '', done: 9, total: 4, elapsed: 3, isClosed: false },
      `|${'█'.repeat(24)}| 225%, 9/4, 3.0/s, 00:00 left`,
    ],
    [
      { description: '', done: 0, total: 0, elapsed: 1, isClosed: true },
      `|${'█'.repeat(24)}| 100%, 0/0, took 00:01`,
    ],
  ];
  for (const [state, line] of LINES) it(`says ${line}`, () => assert.equal(progressLine(state), line));

  it('tells times', () => {
    assert.deepEqual([0, 59.6, 3599, 3600].map(formatClock), ['00:00', '01:00', '59:59', '1:00:00']);
  });

  it('is one line that is written over, where clients have no widgets', async () => {
    const time = new ManualTime();
    const all = await written(() => {
      const bar = new ProgressBar({ total: 4, description: 'Work' }, time);
      time.pass(50);
      bar.update(1);
      bar.increment();
      time.pass(950);
      bar.close();
      bar.close();
      bar.update(4);
    });
    const empty = `Work |${'░'.repeat(24)}| 0%, 0/4, 00:00`;
    const half = `Work |${'█'.repeat(12)}${'░'.repeat(12)}| 50%, 2/4, `;
    assert.equal(all, `\r${empty}\r${half}2.0/s, 00:01 left\r${half}2.0/s, took 00:01\n`);
  });

  it('is drawn ten times a second at most, and at the end', () => {
    const client = new MemoryClient();
    client.connect();
    try {
      const time = new ManualTime();
      const bar = new ProgressBar({ total: 1000 }, time);
      assert.deepEqual(
        client.shown.map((box) => (box as { text: string }).text.replace(/\(.*/s, '')),
        ['HBox'],
      );
      (client.shown[0] as { bundle(): object }).bundle();
      client.sent();
      for (let i = 0; i < 650; i += 1) {
        bar.increment();
        time.pass(1);
      }
      const values = client
        .sent()
        .map(([, , data]) => (data as { state: Record<string, unknown> }).state['value'])
        .filter((value) => typeof value === 'number');
      assert.ok(values.length >= 4 && values.length <= 7, `${values.length} of 650 were sent`);
      bar.close();
      const last = client.sent().map(([, , data]) => (data as { state: object }).state);
      assert.deepEqual(last, [
        { value: 650, bar_style: 'success' },
        { value: '65% · 650/1,000 · 1,000/s · took 00:01' },
      ]);
      assert.equal(time.waiting, 0);
    } finally {
      client.disconnect();
    }
  });

  const BARS: ReadonlyArray<readonly [total: number | undefined, done: number, bar: object]> = [
    [4, 1, { max: 4, value: 1 }],
    [4, 9, { max: 4, value: 4 }],
    [0, 0, { max: 1, value: 1 }],
    [undefined, 3, { max: 1, value: 1 }],
  ];
  for (const [total, done, bar] of BARS) {
    it(`of ${done} of ${total} is drawn as ${JSON.stringify(bar)}`, () => {
      const client = new MemoryClient();
      client.connect();
      try {
        const made = new ProgressBar(total === undefined ? {} : { total }, new ManualTime());
        made.update(done);
        assert.throws(
          () => made.update(Number.NaN),
          /^TypeError: progressBar: update takes a finite number, not NaN/,
        );
        made.close();
        const model = (client.shown[0] as Box).children[0]?.model;
        assert.deepEqual({ max: model?.get('max'), value: model?.get('value') }, bar);
      } finally {
        client.disconnect();
      }
    });
  }

  it('goes through what it is given, and tells of its end and of what breaks off', async () => {
    async function* letters(): AsyncGenerator<string> {
      yield 'a';
      yield 'b';
    }
    const seen: unknown[] = [];
    const all = await written(async () => {
      for (const each of progress([1, 2])) seen.push(each);
      for (const each of progress(new Set([3]), { description: 'Set' })) seen.push(each);
      for await (const each of progress(letters(), { total: 2 })) seen.push(each);
      for (const each of progress([4, 5])) {
        seen.push(each);
        break;
      }
    });
    assert.deepEqual(seen, [1, 2, 3, 'a', 'b', 4]);
    const ends = all
      .split('\n')
      .map((line) => /[^\r]*$/.exec(line)?.[0].replace(/(?:, [\d.,]+(?:\/s| s each))?, took .*/, ''));
    const bar = (fill: string): string => `|${fill.repeat(24)}|`;
    const [full, empty] = [bar('█'), bar('░')];
    assert.deepEqual(ends, [
      `${full} 100%, 2/2`,
      `Set ${full} 100%, 1/1`,
      `${full} 100%, 2/2`,
      `${empty} 0%, 0/2`,
      '',
    ]);
  });

  it('refuses what cannot be counted', () => {
    assert.throws(
      () => new ProgressBar({ total: -1 }),
      /^RangeError: progressBar: total must be a number of 0 or more/,
    );
    assert.throws(
      () => progress(5 as never),
      /^TypeError: progress takes something to iterate over, not number/,
    );
  });
});

describe('a throttle', () => {
  it('does at once what is asked for after a pause, and later what comes within it', () => {
    const time = new ManualTime();
    const calls: number[] = [];
    const throttle = new Throttle(() => calls.push(time.now()), 0.1, time);
    throttle.request();
    throttle.request();
    time.pass(60);
    throttle.request();
    time.pass(60);
    assert.deepEqual(calls, [0, 120]);
    time.pass(500);
    throttle.request();
    throttle.request();
    throttle.cancel();
    time.pass(500);
    assert.deepEqual(calls, [0, 120, 620]);
  });

  it('may put off the first, too', () => {
    const time = new ManualTime();
    const calls: number[] = [];
    const throttle = new Throttle(() => calls.push(time.now()), 0.1, time, 0.01);
    throttle.request();
    assert.deepEqual(calls, []);
    time.pass(10);
    throttle.request();
    time.pass(100);
    assert.deepEqual(calls, [10, 110]);
  });
});
