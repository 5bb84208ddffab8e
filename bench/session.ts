/** A kernel process for the length of one round, and its start, which every round begins with. */
import { Kernel } from './kernel.ts';
import type { Candidate } from './kernels.ts';
import type { Samples } from './figures.ts';

const running = new Set<Kernel>();
process.on('exit', () => running.forEach((kernel) => kernel.killNow()));

/** The kernel is ended with the body, or with the harness. */
export async function withKernel(
  candidate: Candidate,
  cwd: string,
  body: (kernel: Kernel) => Promise<void>,
): Promise<void> {
  const kernel = await Kernel.start(candidate.spec, cwd);
  running.add(kernel);
  try {
    await body(kernel);
  } finally {
    await kernel.stop();
    running.delete(kernel);
  }
}

/** To the result of the first cell. */
export async function start(kernel: Kernel, samples: Samples): Promise<void> {
  const info = await kernel.ready();
  await kernel.execute('1+1');
  samples.first.push(kernel.age);
  samples.info.push(info);
}

/** Runs each; one that fails is noted, and the rest goes on where the kernel still lives. */
export async function inParts(
  samples: Samples,
  parts: readonly (readonly [string, () => Promise<void>])[],
): Promise<void> {
  for (const [name, part] of parts) {
    try {
      await part();
    } catch (error) {
      samples.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
