/** How the benchmark judges: a verdict on figures that are missing, wrong or not comparable would be worth nothing. */
import assert from 'node:assert/strict';
import { noSamples, type Samples } from '../../bench/figures.ts';
import { type Verdict, verdicts } from '../../bench/verdict.ts';

const cells = 100;

describe('the verdicts of the benchmark', () => {
  const judge = (target: RegExp, samples: Record<string, Partial<Samples>>): Verdict => {
    const results = new Map(
      Object.entries(samples).map(([name, some]) => [name, { ...noSamples(), ...some }]),
    );
    const found = verdicts(results, [], cells).filter((verdict) => target.test(verdict.target));
    assert.equal(found.length, 1, String(target));
    return found[0] as Verdict;
  };

  const long = (times: readonly number[], memory: Samples['long']['memory'] = []): Partial<Samples> => ({
    long: { milliseconds: [...times], memory },
  });

  const questions = (milliseconds: number[], right: number): Partial<Samples> => {
    const { complete } = noSamples();
    return { complete: { ...complete, young: { milliseconds, right, unanswered: false } } };
  };

  it('compare medians with the limit', () => {
    const first = /1\+1/;
    assert.equal(judge(first, { tsloop: { first: [130] }, deno: { first: [90, 100, 500] } }).pass, true);
    assert.equal(judge(first, { tsloop: { first: [131] }, deno: { first: [100] } }).pass, false);
  });

  it('judge nothing where a kernel was not measured', () => {
    assert.equal(judge(/1\+1/, { tsloop: { first: [130] } }).pass, undefined);
    const nothing = verdicts(new Map(), [], cells);
    assert.deepEqual([...new Set(nothing.map(({ pass }) => pass))], [undefined]);
  });

  it('take the cells of `warn` from the kernel that was started so', () => {
    const samples = { tsloop: { trivial: [9] }, 'tsloop-warn': { trivial: [1] }, deno: { trivial: [1] } };
    assert.equal(judge(/^trivial/, samples).pass, true);
  });

  it('compare the ends of a long session', () => {
    const half = (time: number): number[] => Array.from({ length: 50 }, () => time);
    assert.equal(judge(/p50 of the last/, { tsloop: long([...half(10), ...half(13)]) }).pass, true);
    assert.equal(judge(/p50 of the last/, { tsloop: long([...half(10), ...half(14)]) }).pass, false);
  });

  it('fail a long session that got stuck', () => {
    const { pass, figure } = judge(/p50 of the last/, { tsloop: long([1, 1, 1]) });
    assert.deepEqual([pass, figure], [false, 'only 3 were done']);
  });

  it('compare memory after the cells that both have done', () => {
    const own = [
      { cells: 50, megabytes: 60 },
      { cells: 100, megabytes: 500 },
    ];
    const verdict = judge(/memory of all/, {
      tsloop: long([], own),
      tslab: long([], [{ cells: 50, megabytes: 100 }]),
    });
    assert.equal(verdict.pass, true);
    assert.match(verdict.target, /after 50 \(not all were done\)/);
  });

  it('count fast answers only when they are right', () => {
    const target = /completion, young/;
    assert.equal(judge(target, { tsloop: questions([14, 15, 90], 3) }).pass, true);
    assert.equal(judge(target, { tsloop: questions([1, 1, 1], 2) }).pass, false);
    assert.equal(judge(target, { tsloop: questions([16, 16, 1], 3) }).pass, false);
  });
});
