/** The targets that tsloop sets itself, each judged from the same run's figures. */
import { type Answers, ends, median, quantile, windowCells, worst, type Samples } from './figures.ts';

export interface Verdict {
  readonly target: string;
  /** undefined: not judged, because a figure is missing. */
  readonly pass: boolean | undefined;
  readonly figure: string;
}

export type Results = ReadonlyMap<string, Samples>;

/** Milliseconds within which an answer comes along with the typing. */
const promptly = 15;

/** @param cells of the long session */
export function verdicts(results: Results, plainLoop: readonly number[], cells: number): Verdict[] {
  const own = results.get('tsloop');
  const warn = results.get('tsloop-warn');
  const deno = results.get('deno');
  const tslab = results.get('tslab');
  return [
    ratio('spawn to the result of 1+1, checked, ≤ 1.3 × Deno', median(own?.first), median(deno?.first), 1.3),
    ratio('declaring cell p50, checked, ≤ 0.6 × tslab', p50(own?.declare), p50(tslab?.declare), 0.6),
    ratio('trivial cell p50, `warn`, ≤ 1.2 × Deno', p50(warn?.trivial), p50(deno?.trivial), 1.2),
    ratio('declaring cell p50, `warn`, ≤ 1.2 × Deno', p50(warn?.declare), p50(deno?.declare), 1.2),
    steady(own, cells),
    longMemory(own, tslab, cells),
    prompt('completion, young session', own?.complete.young),
    prompt('inspection, young session', own?.inspect.young),
    prompt(`completion after ${cells.toLocaleString('en')} cells`, own?.complete.long),
    prompt(`inspection after ${cells.toLocaleString('en')} cells`, own?.inspect.long),
    prompt('completion while a cell blocks', own?.complete.blocked),
    prompt('inspection while a cell blocks', own?.inspect.blocked),
    nothingLost(own),
    ratio(
      'printed lines at least as fast as ipykernel (its lines/s ÷ tsloop’s ≤ 1)',
      median(results.get('ipykernel')?.linesPerSecond),
      median(own?.linesPerSecond),
      1,
    ),
    ratio('1e8 loop over a top-level let ≤ 1.1 × a plain module', median(own?.loop), median(plainLoop), 1.1),
    interrupts(own),
    ratio('memory after the first cell ≤ tslab', median(own?.memoryFirst), median(tslab?.memoryFirst), 1),
  ];
}

const p50 = (samples?: readonly number[]): number | undefined => samples && quantile(samples, 0.5);

function ratio(target: string, own: number | undefined, other: number | undefined, limit: number): Verdict {
  if (own === undefined || other === undefined) return missing(target);
  return {
    target,
    pass: own / other <= limit,
    figure: `${(own / other).toFixed(2)} (${short(own)} / ${short(other)})`,
  };
}

const missing = (target: string): Verdict => ({ target, pass: undefined, figure: 'not measured' });

const short = (n: number): string => (n < 100 ? n.toFixed(1) : Math.round(n).toLocaleString('en'));

/** A session must not slow down as it grows. */
function steady(own: Samples | undefined, cells: number): Verdict {
  const target = `${cells.toLocaleString('en')} declaring cells: p50 of the last ${windowCells} ≤ 1.3 × the first ${windowCells}`;
  const done = own?.long.milliseconds.length ?? 0;
  // Where it got stuck on the way, that is the finding.
  if (own && done > 0 && done < cells) return { target, pass: false, figure: `only ${done} were done` };
  const both = own && ends(own.long);
  return ratio(target, both?.last, both?.first, 1.3);
}

/** Compared after the same cells: those that the slower of the two got to. */
function longMemory(own: Samples | undefined, tslab: Samples | undefined, cells: number): Verdict {
  const common = own?.long.memory.findLast((at) =>
    tslab?.long.memory.some((peer) => peer.cells === at.cells),
  );
  const peer = tslab?.long.memory.find((at) => at.cells === common?.cells);
  const after = common && common.cells < cells ? `${common.cells} (not all were done)` : String(cells);
  return ratio(
    `memory of all processes after ${after} declaring cells ≤ 0.7 × tslab`,
    common?.megabytes,
    peer?.megabytes,
    0.7,
  );
}

/** Fast answers that say nothing do not count. */
function prompt(what: string, answers: Answers | undefined): Verdict {
  const target = `${what}: p50 ≤ ${promptly} ms, all right`;
  const middle = p50(answers?.milliseconds);
  if (!answers || middle === undefined) return missing(target);
  const asked = answers.milliseconds.length;
  return {
    target,
    pass: middle <= promptly && answers.right === asked,
    figure: `${middle.toFixed(1)} ms, ${answers.right} of ${asked}`,
  };
}

function nothingLost(own: Samples | undefined): Verdict {
  const target = 'printed lines: none lost, none after idle';
  const lost = own && worst(own.lost);
  const late = own && worst(own.late);
  if (lost === undefined || late === undefined) return missing(target);
  return { target, pass: lost === 0 && late === 0, figure: `${lost} lost, ${late} late` };
}

function interrupts(own: Samples | undefined): Verdict {
  const target = 'interrupt of for(;;){} < 100 ms (the worst), state kept';
  const slowest = own && worst(own.interrupt);
  // Without a sample, what happened to the session says why.
  if (!own || (slowest === undefined && own.afterInterrupt === 'not measured')) return missing(target);
  return {
    target,
    pass: own.afterInterrupt === 'kept' && slowest !== undefined && slowest < 100,
    figure: `${slowest?.toFixed(1) ?? '–'} ms, ${own.afterInterrupt}`,
  };
}
