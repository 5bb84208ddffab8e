/** The table of `npm run bench:loop`. */
import { cpus } from 'node:os';

type Contestant = 'tsloop' | 'asyncio' | 'uvloop';

/** One measurement of one contestant, and its figures in each round. */
export interface Series {
  readonly contestant: Contestant;
  readonly name: string;
  readonly rounds: Array<Readonly<Record<string, number>>>;
}

/** A row: a figure of each contestant, and what is asked of ours. */
interface Row {
  readonly label: string;
  readonly name: string;
  readonly figure: string;
  readonly unit: string;
  /** Ours may be at most this, in the row's unit. */
  readonly atMost?: number;
  /** How many times as fast as the others it is to be. */
  readonly factors?: Partial<Record<Contestant, number>>;
}

const ROWS: readonly Row[] = [
  {
    label: 'callSoon, a chain, microtasks drained after each',
    name: 'chain',
    figure: 'ns',
    unit: 'ns',
    factors: { asyncio: 4, uvloop: 1.5 },
  },
  { label: 'callSoon, 1e6 at once', name: 'batch', figure: 'ns', unit: 'ns', factors: { asyncio: 4 } },
  { label: 'task + sleep(0)', name: 'tasks', figure: 'ns', unit: 'ns', factors: { asyncio: 3 } },
  { label: 'sleep(0)', name: 'sleeps', figure: 'ns', unit: 'ns' },
  {
    label: '1e6 timers, half cancelled, virtual time: each',
    name: 'timers',
    figure: 'ns',
    unit: 'ns',
    factors: { asyncio: 8 },
  },
  { label: 'memory of a timer', name: 'timerMemory', figure: 'bytes', unit: 'bytes', atMost: 130 },
  { label: 'lateness, p50', name: 'lateness', figure: 'p50', unit: 'µs', atMost: 1200 },
  { label: 'lateness, p99', name: 'lateness', figure: 'p99', unit: 'µs' },
  { label: 'too early, of 200', name: 'lateness', figure: 'early', unit: '', atMost: 0 },
  { label: 'high precision: lateness, p50', name: 'latenessHigh', figure: 'p50', unit: 'µs', atMost: 100 },
  { label: 'high precision: too early, of 200', name: 'latenessHigh', figure: 'early', unit: '', atMost: 0 },
  { label: 'high precision: CPU', name: 'latenessHigh', figure: 'cpu', unit: '%', atMost: 3 },
  { label: 'socket echo beside an endless chain, p99', name: 'echo', figure: 'p99', unit: 'ms', atMost: 10 },
  { label: 'heap after 1e7 handles', name: 'leak', figure: 'handles', unit: 'KiB more', atMost: 1024 },
  { label: 'heap after 1e6 tasks', name: 'leak', figure: 'tasks', unit: 'KiB more', atMost: 1024 },
  { label: 'callSoon, a chain, never traced', name: 'trace', figure: 'never', unit: 'ns' },
  { label: 'the same, after a trace', name: 'trace', figure: 'after', unit: 'ns' },
  { label: 'the same, during a trace', name: 'trace', figure: 'on', unit: 'ns' },
];

const NODE_ROWS: ReadonlyArray<readonly [label: string, name: string, figure: string]> = [
  ['process.nextTick, a chain', 'nodeChain', 'nextTick'],
  ['queueMicrotask, a chain', 'nodeChain', 'queueMicrotask'],
  ['setImmediate, a chain', 'nodeChain', 'setImmediate'],
  ['process.nextTick, 1e6 at once', 'nodeBatch', 'nextTick'],
  ['queueMicrotask, 1e6 at once', 'nodeBatch', 'queueMicrotask'],
  ['setImmediate, 1e6 at once', 'nodeBatch', 'setImmediate'],
  ['setTimeout, to create one', 'nodeTimers', 'create'],
  ['clearTimeout', 'nodeTimers', 'clear'],
];

/** Per timer, at 1e6 of them compared with 1e4. */
const MOST_GROWTH = 3;

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** A Markdown table, and what was not reached. */
export function report(series: readonly Series[], rounds: number): string {
  const valueOf = (contestant: Contestant, name: string, figure: string): number | undefined => {
    const found = series.find((each) => each.contestant === contestant && each.name === name);
    const values = found?.rounds.map((round) => round[figure] ?? Number.NaN) ?? [];
    return values.length === 0 ? undefined : median(values);
  };
  const missed: string[] = [];
  const judge = (label: string, isMet: boolean, text: string): string => {
    if (!isMet) missed.push(`${label}: ${text}`);
    return isMet ? text : `**${text}**`;
  };

  const lines = ['| | tsloop | asyncio | uvloop | asked |', '| --- | --- | --- | --- | --- |'];
  for (const { label, name, figure, unit, atMost, factors = {} } of ROWS) {
    const ours = valueOf('tsloop', name, figure);
    if (ours === undefined) continue;
    const others = (['asyncio', 'uvloop'] as const).map((contestant) => {
      const value = valueOf(contestant, name, figure);
      if (value === undefined) return '–';
      const times = ours > 0 ? `, ${(value / ours).toFixed(2)} ×` : '';
      return `${format(value)} ${unit}`.trim() + times;
    });
    const asked = (['asyncio', 'uvloop'] as const).flatMap((contestant) => {
      const factor = factors[contestant];
      const value = valueOf(contestant, name, figure);
      if (factor === undefined || value === undefined) return [];
      return [judge(label, value / ours >= factor, `≥ ${factor} × ${contestant}`)];
    });
    if (atMost !== undefined) asked.push(judge(label, ours <= atMost, `≤ ${atMost} ${unit}`.trim()));
    lines.push(`| ${[label, `${format(ours)} ${unit}`.trim(), ...others, asked.join(', ')].join(' | ')} |`);
  }
  const [few, many] = [valueOf('tsloop', 'timers', 'few'), valueOf('tsloop', 'timers', 'ns')];
  if (few !== undefined && many !== undefined) {
    const label = 'a timer among 1e6, compared with 1e4';
    const asked = judge(label, many / few <= MOST_GROWTH, `≤ ${MOST_GROWTH} ×`);
    const [theirFew, theirMany] = [valueOf('asyncio', 'timers', 'few'), valueOf('asyncio', 'timers', 'ns')];
    const theirs =
      theirFew === undefined || theirMany === undefined ? '–' : `${(theirMany / theirFew).toFixed(2)} ×`;
    lines.push(`| ${label} | ${(many / few).toFixed(2)} × | ${theirs} | – | ${asked} |`);
  }
  const node = NODE_ROWS.flatMap(([label, name, figure]) => {
    const value = valueOf('tsloop', name, figure);
    return value === undefined ? [] : [`| ${label} | ${format(value)} ns |`];
  });
  if (node.length > 0) lines.push('', "| Node's own | |", '| --- | --- |', ...node);
  lines.push(
    '',
    `Medians of ${rounds} rounds; Node ${process.versions.node}, ${process.platform}, ${cpus().length} cores. ` +
      '× says how many times as long the other takes.',
    missed.length === 0 ? 'All that is asked for was reached.' : `Not reached: ${missed.join('; ')}.`,
  );
  return lines.join('\n');
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
