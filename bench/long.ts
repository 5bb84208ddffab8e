/** Many declaring cells in one session: what the thousandth costs, in time and in memory. */
import { ask, introduce } from './asking.ts';
import type { Samples } from './figures.ts';
import type { Kernel } from './kernel.ts';
import type { Candidate } from './kernels.ts';
import { treeMegabytes } from './memory.ts';
import type { Options } from './options.ts';
import { inParts, withKernel } from './session.ts';
import { shapes, typescript } from './snippets.ts';

const warmUp = 2 * shapes;
/** Milliseconds: a kernel that slows down is given up at, and compared at the number of cells that it got to. */
const enough = 300_000;
/** Memory is read every so many cells, so that kernels can be compared after equally many. */
const memoryInterval = 50;

export async function longRound(
  candidate: Candidate,
  samples: Samples,
  cwd: string,
  options: Options,
): Promise<void> {
  if (candidate.extent !== 'all') return;
  await withKernel(candidate, cwd, async (kernel) => {
    await kernel.ready();
    // The questions at the end are about what is as old as the session.
    const answersQuestions = candidate.snippets === typescript;
    if (answersQuestions) await inParts(samples, [['what is asked about', () => introduce(kernel)]]);
    await inParts(samples, [['long session', () => declareMany(kernel, candidate, samples, options.cells)]]);
    if (answersQuestions) {
      await inParts(samples, [['questions in the long session', () => ask(kernel, samples, 'long')]]);
    }
  });
}

async function declareMany(
  kernel: Kernel,
  candidate: Candidate,
  { long }: Samples,
  cells: number,
): Promise<void> {
  const began = performance.now();
  for (let i = 0; i < warmUp + cells; i++) {
    const { milliseconds, status, error } = await kernel.execute(candidate.snippets.declare(i));
    if (status !== 'ok') throw new Error(`cell ${i + 1} ended with ${status}: ${error}`);
    if (i < warmUp) continue;
    long.milliseconds.push(milliseconds);
    const done = long.milliseconds.length;
    if (done % memoryInterval === 0 || done === cells) {
      const megabytes = treeMegabytes(kernel.pid);
      if (megabytes !== undefined) long.memory.push({ cells: done, megabytes });
    }
    if (done < cells && performance.now() - began > enough) {
      throw new Error(`stopped after ${done} of ${cells} cells, which took ${enough / 1000} s`);
    }
  }
}
