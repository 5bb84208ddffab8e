/** The Markdown that `npm run bench` prints. */
import { ends, median, quantile, windowCells, worst, type Answers, type Samples } from './figures.ts';
import type { Results, Verdict } from './verdict.ts';
import type { Options } from './options.ts';

type Figure = (samples: Samples) => string;

/** Names the peers' columns stand under. */
export type Versions = ReadonlyMap<string, string>;

export function table(
  results: Results,
  versions: Versions,
  plainLoop: readonly number[],
  options: Options,
): string {
  const rows: [string, Figure][] = [
    ['spawn → kernel_info, ms', (s) => whole(median(s.info))],
    ['spawn → result of `1+1`, ms', (s) => whole(median(s.first))],
    ['trivial cell, ms, p50 / p95', (s) => pair(s.trivial)],
    ['declaring cell, ms, p50 / p95', (s) => pair(s.declare)],
    [`${options.lines.toLocaleString('en')} printed lines, lines/s`, (s) => whole(median(s.linesPerSecond))],
    [
      '… lost / after idle (worst)',
      (s) => (s.lost.length === 0 ? '–' : `${whole(worst(s.lost))} / ${whole(worst(s.late))}`),
    ],
    [
      `1e8 loop over a top-level variable, ms (plain module: ${whole(median(plainLoop))})`,
      (s) => (s.loopIsEstimate ? '≈ ' : '') + whole(median(s.loop)),
    ],
    ['interrupt of an endless loop, ms; state', (s) => `${one(median(s.interrupt))}; ${s.afterInterrupt}`],
    ['completion, ms, p50 / p95; right answers', (s) => questions(s.complete.young)],
    ['inspection', (s) => questions(s.inspect.young)],
    ['completion while a cell blocks', (s) => questions(s.complete.blocked)],
    ['inspection while a cell blocks', (s) => questions(s.inspect.blocked)],
    ['memory after the first cell, MB', (s) => whole(median(s.memoryFirst))],
    ['memory after all cells above, MB', (s) => whole(median(s.memoryEnd))],
    [
      `${options.cells.toLocaleString('en')} declaring cells, ms, p50 of the first / last ${windowCells}`,
      (s) => firstAndLast(s, options),
    ],
    ['… memory then, MB', (s) => whole(s.long.memory.at(-1)?.megabytes)],
    ['… completion then, ms, p50 / p95; right answers', (s) => questions(s.complete.long)],
    ['… inspection then', (s) => questions(s.inspect.long)],
  ];
  const names = [...results.keys()];
  const lines = [
    ['', ...names.map((name) => `${name} ${versions.get(name) ?? ''}`.trim())],
    ['---', ...names.map(() => '---:')],
    ...rows.map(([label, figure]) => [label, ...[...results.values()].map(figure)]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function judgement(verdicts: readonly Verdict[]): string {
  const word = (pass: boolean | undefined): string =>
    pass === undefined ? 'not judged' : pass ? 'pass' : 'FAIL';
  return [
    '| target | figure | verdict |',
    '| --- | ---: | --- |',
    ...verdicts.map(({ target, figure, pass }) => `| ${target} | ${figure} | ${word(pass)} |`),
  ].join('\n');
}

function whole(n: number | undefined): string {
  return n === undefined ? '–' : Math.round(n).toLocaleString('en');
}

function one(n: number | undefined): string {
  return n === undefined ? '–' : n.toFixed(1);
}

function pair(samples: readonly number[]): string {
  return `${one(quantile(samples, 0.5))} / ${one(quantile(samples, 0.95))}`;
}

function questions({ milliseconds, right, unanswered }: Answers): string {
  if (milliseconds.length === 0) return unanswered ? 'no answer' : '–';
  return `${pair(milliseconds)}; ${right} of ${milliseconds.length}`;
}

function firstAndLast({ long }: Samples, { cells }: Options): string {
  const both = ends(long);
  const done = long.milliseconds.length;
  const short = done > 0 && done < cells ? ` (${done} cells)` : '';
  return `${one(both?.first)} / ${one(both?.last)}${short}`;
}
