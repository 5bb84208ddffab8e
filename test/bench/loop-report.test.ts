import assert from 'node:assert/strict';
import { report, type Series } from '../../bench/loop/report.ts';

function series(contestant: Series['contestant'], name: string, ...rounds: Series['rounds']): Series {
  return { contestant, name, rounds };
}

/** The cells of the row with this label. */
function row(text: string, label: string): string[] {
  const line = text.split('\n').find((each) => each.startsWith(`| ${label} |`)) ?? assert.fail(text);
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('the table of npm run bench:loop', () => {
  it('shows medians, how many times as long the others take, and what is asked', () => {
    const text = report(
      [
        series('tsloop', 'batch', { ns: 100 }, { ns: 900 }, { ns: 120 }),
        series('asyncio', 'batch', { ns: 600 }, { ns: 600 }, { ns: 50 }),
      ],
      3,
    );
    assert.deepEqual(row(text, 'callSoon, 1e6 at once'), ['120 ns', '600 ns, 5.00 ×', '–', '≥ 4 × asyncio']);
    assert.match(text, /All that is asked for was reached\./);
  });

  it('says what was not reached', () => {
    const text = report(
      [
        series('tsloop', 'batch', { ns: 100 }),
        series('asyncio', 'batch', { ns: 399 }),
        series('tsloop', 'timerMemory', { bytes: 131 }),
        series('tsloop', 'lateness', { p50: 2, p99: 3, early: 1, cpu: 0 }),
      ],
      1,
    );
    assert.equal(row(text, 'callSoon, 1e6 at once').at(-1), '**≥ 4 × asyncio**');
    assert.equal(row(text, 'memory of a timer').at(-1), '**≤ 130 bytes**');
    assert.match(
      text,
      /Not reached: callSoon, 1e6 at once: .*; memory of a timer: .*; too early, of 200: ≤ 0\.$/,
    );
  });

  it('compares a timer among many with one among few', () => {
    const text = report([series('tsloop', 'timers', { ns: 400, few: 100 })], 1);
    assert.deepEqual(row(text, 'a timer among 1e6, compared with 1e4'), ['4.00 ×', '–', '–', '**≤ 3 ×**']);
  });

  it('leaves out what was not measured', () => {
    assert.doesNotMatch(report([series('tsloop', 'echo', { p99: 1 })], 1), /chain, microtasks/);
  });
});
