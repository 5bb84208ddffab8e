/** One round of measurements of one kernel, in a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kernel, TimeoutError } from './kernel.ts';
import { treeMegabytes } from './memory.ts';
import { took } from './plain-loop.ts';
import { inParts, start, withKernel } from './session.ts';
import { shapes } from './snippets.ts';
import type { Candidate } from './kernels.ts';
import type { Samples } from './figures.ts';
import type { Options } from './options.ts';

// The first cells compile the kernel's own paths; what a user feels all day is what comes after them.
const warmUp = 10;
const trivialCells = 50;
const declaringCells = 9 * shapes;
/** Of the declaring ones: some of each shape. */
const declaringWarmUp = 2 * shapes;
const interrupts = 3;
/** A loop that would take longer than this is measured once only, or is extrapolated with --quick. */
const slowLoop = 10_000;

/** Start-up alone. */
export async function startRound(candidate: Candidate, samples: Samples, cwd: string): Promise<void> {
  await withKernel(candidate, cwd, (kernel) => start(kernel, samples));
}

/** All but what has sessions of its own: the questions (asking.ts) and the long session (long.ts). */
export async function fullRound(
  candidate: Candidate,
  samples: Samples,
  cwd: string,
  options: Options,
): Promise<void> {
  await withKernel(candidate, cwd, async (kernel) => {
    await start(kernel, samples);
    // What goes on behind the first result, as the reading of types, is part of what it costs.
    await sleep(1000);
    const megabytes = treeMegabytes(kernel.pid);
    if (megabytes !== undefined) samples.memoryFirst.push(megabytes);
    await inParts(samples, [
      ['trivial cells', () => trivial(kernel, samples)],
      ['declaring cells', () => declaring(kernel, candidate, samples)],
    ]);
    if (candidate.extent === 'cells') return;
    await inParts(samples, [
      ['printing', () => printing(kernel, candidate, samples, options.lines)],
      ['loop', () => loop(kernel, candidate, samples, options)],
      ['memory', () => memoryEnd(kernel, samples)],
      ['interrupt', () => interrupt(kernel, candidate, samples)],
    ]);
  });
}

async function trivial(kernel: Kernel, samples: Samples): Promise<void> {
  for (let i = 0; i < warmUp + trivialCells; i++) {
    const { milliseconds } = await kernel.execute(`${i}+1`);
    if (i >= warmUp) samples.trivial.push(milliseconds);
  }
}

async function declaring(kernel: Kernel, candidate: Candidate, samples: Samples): Promise<void> {
  for (let i = 0; i < declaringWarmUp + declaringCells; i++) {
    const { milliseconds, status, error } = await kernel.execute(candidate.snippets.declare(i));
    if (status !== 'ok') throw new Error(`cell ${i} ended with ${status}: ${error}`);
    if (i >= declaringWarmUp) samples.declare.push(milliseconds);
  }
}

async function printing(
  kernel: Kernel,
  candidate: Candidate,
  samples: Samples,
  lines: number,
): Promise<void> {
  let seen = 0;
  const stop = kernel.onStream((text) => (seen += newlines(text)));
  try {
    const { milliseconds, output } = await kernel.execute(candidate.snippets.print(lines), 60_000);
    const inTime = newlines(output);
    // What still comes after idle, under whichever cell: wait until a second passes without any.
    for (let before = -1; seen < lines && before < seen;) {
      before = seen;
      await sleep(1000);
    }
    samples.linesPerSecond.push((lines / milliseconds) * 1000);
    samples.late.push(Math.max(0, seen - inTime));
    samples.lost.push(Math.max(0, lines - seen));
  } finally {
    stop();
  }
}

function newlines(text: string): number {
  let n = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) n++;
  return n;
}

async function loop(kernel: Kernel, candidate: Candidate, samples: Samples, options: Options): Promise<void> {
  if (samples.loop.some((time) => time > slowLoop)) return;
  // A hundredth tells whether the whole is worth waiting for.
  const part = took((await kernel.execute(candidate.snippets.loop(options.turns / 100))).output) * 100;
  if (options.quick && part > slowLoop) {
    samples.loopIsEstimate = true;
    samples.loop.push(part);
    return;
  }
  const whole = took((await kernel.execute(candidate.snippets.loop(options.turns), 240_000)).output);
  if (Number.isNaN(whole)) throw new Error('the cell printed no time');
  samples.loop.push(whole);
}

async function memoryEnd(kernel: Kernel, samples: Samples): Promise<void> {
  const megabytes = treeMegabytes(kernel.pid);
  if (megabytes !== undefined) samples.memoryEnd.push(megabytes);
}

async function interrupt(kernel: Kernel, candidate: Candidate, samples: Samples): Promise<void> {
  await kernel.execute(candidate.snippets.keep);
  for (let i = 0; i < interrupts; i++) {
    const { ended } = await kernel.executeEndless(candidate.snippets.spin);
    // The kernel has said that it took the cell; this lets it compile it and enter the loop.
    await sleep(300);
    const began = performance.now();
    kernel.interrupt();
    try {
      await ended;
    } catch (error) {
      samples.afterInterrupt = error instanceof TimeoutError ? 'not interrupted' : 'kernel died';
      return;
    }
    const milliseconds = performance.now() - began;
    const { status, error, result, output } = await kernel.execute(candidate.snippets.kept, 10_000);
    // tslab prints results as stream output.
    const kept = `${result ?? ''}${output}`.replaceAll(/\x1b\[[0-9;]*m/g, '').trim() === '42';
    // One failure of many counts: a later success does not wipe it out.
    if (!kept) samples.afterInterrupt = 'lost';
    else if (samples.afterInterrupt === 'not measured') samples.afterInterrupt = 'kept';
    if (!kept)
      throw new Error(`no. ${i + 1}: the next cell ended with ${status}: ${error ?? result ?? output}`);
    samples.interrupt.push(milliseconds);
  }
}
