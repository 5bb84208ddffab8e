/** The targets that tsloop sets itself, each judged from the same run's figures. */
import { median, quantile, worst, type Samples } from './figures.ts';

export interface Verdict {
  readonly target: string;
  /** undefined: not judged, because a figure is missing. */
  readonly pass: boolean | undefined;
  readonly figure: string;
}

export type Results = ReadonlyMap<string, Samples>;

export function verdicts(results: Results, plainLoop: readonly number[]): Verdict[] {
  const own = results.get('tsloop');
  if (own === undefined) return [];
  const deno = results.get('deno');
  const lost = worst(own.lost);
  const late = worst(own.late);
  const interrupted = worst(own.interrupt);
  return [
    ratio('spawn to the result of 1+1 ≤ 1.3 × Deno', median(own.first), median(deno?.first ?? []), 1.3),
    ratio(
      'trivial cell p50 ≤ 1.5 × Deno',
      quantile(own.trivial, 0.5),
      quantile(deno?.trivial ?? [], 0.5),
      1.5,
    ),
    {
      target: 'printed lines: none lost, none after idle',
      pass: lost === undefined || late === undefined ? undefined : lost === 0 && late === 0,
      figure: lost === undefined ? 'not measured' : `${lost} lost, ${late} late`,
    },
    ratio(
      'printed lines at least as fast as ipykernel (its lines/s ÷ tsloop’s ≤ 1)',
      median(results.get('ipykernel')?.linesPerSecond ?? []),
      median(own.linesPerSecond),
      1,
    ),
    ratio('1e8 loop over a top-level let ≤ 1.1 × a plain module', median(own.loop), median(plainLoop), 1.1),
    {
      target: 'interrupt of for(;;){} < 100 ms (the worst), state kept',
      pass: own.afterInterrupt === 'kept' && interrupted !== undefined && interrupted < 100,
      figure: `${interrupted?.toFixed(1) ?? '–'} ms, ${own.afterInterrupt}`,
    },
    ratio(
      'memory after the first cell ≤ tslab',
      median(own.memoryFirst),
      median(results.get('tslab')?.memoryFirst ?? []),
      1,
    ),
  ];
}

function ratio(target: string, own: number | undefined, other: number | undefined, limit: number): Verdict {
  if (own === undefined || other === undefined) return { target, pass: undefined, figure: 'not measured' };
  return { target, pass: own / other <= limit, figure: (own / other).toFixed(2) };
}
