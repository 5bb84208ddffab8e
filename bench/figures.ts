/** What is measured of one kernel, and the statistics over its rounds. */

/** Answers to questions of one kind, asked in one situation. */
export interface Answers {
  milliseconds: number[];
  /** How many of them said what they should. */
  right: number;
  /** The kernel kept a client waiting until it gave up. */
  unanswered: boolean;
}

/** In a session of few cells; after all the cells of the long session; while a cell blocks. */
export type Situation = 'young' | 'long' | 'blocked';

/** A long session of declaring cells, after warm-up. */
export interface LongSession {
  /** One for each cell. */
  milliseconds: number[];
  /** Cells run so far, and the memory (megabytes) that the kernel's processes hold together then. */
  memory: { cells: number; megabytes: number }[];
}

/** All samples of one kernel. Times in milliseconds, memory in megabytes (2^20 bytes). */
export interface Samples {
  /** spawn → kernel_info reply */
  info: number[];
  /** spawn → result of 1+1 */
  first: number[];
  trivial: number[];
  declare: number[];
  linesPerSecond: number[];
  /** Lines of the printing cell that never came. */
  lost: number[];
  /** Lines of the printing cell that came after its `idle`. */
  late: number[];
  loop: number[];
  /** True when `loop` is scaled up from fewer turns. */
  loopIsEstimate: boolean;
  interrupt: number[];
  /** How interrupts went: 'kept', or what happened to the state instead. */
  afterInterrupt: string;
  memoryFirst: number[];
  memoryEnd: number[];
  complete: Record<Situation, Answers>;
  inspect: Record<Situation, Answers>;
  long: LongSession;
  /** What could not be measured, and why. */
  failures: string[];
}

export function noSamples(): Samples {
  return {
    info: [],
    first: [],
    trivial: [],
    declare: [],
    linesPerSecond: [],
    lost: [],
    late: [],
    loop: [],
    loopIsEstimate: false,
    interrupt: [],
    afterInterrupt: 'not measured',
    memoryFirst: [],
    memoryEnd: [],
    complete: noAnswers(),
    inspect: noAnswers(),
    long: { milliseconds: [], memory: [] },
    failures: [],
  };
}

function noAnswers(): Record<Situation, Answers> {
  const none = (): Answers => ({ milliseconds: [], right: 0, unanswered: false });
  return { young: none(), long: none(), blocked: none() };
}

/** The q-quantile by nearest rank; undefined without samples. */
export function quantile(samples: readonly number[], q: number): number | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

/** Undefined without samples. */
export function median(samples: readonly number[] = []): number | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

export function worst(samples: readonly number[]): number | undefined {
  return samples.length === 0 ? undefined : Math.max(...samples);
}

/** Cells at each end of a long session that are compared with each other. */
export const windowCells = 50;

/** p50 of the first and of the last cells of a long session; undefined when it was too short to tell them apart. */
export function ends({ milliseconds }: LongSession): { first: number; last: number } | undefined {
  if (milliseconds.length < 2 * windowCells) return undefined;
  const first = quantile(milliseconds.slice(0, windowCells), 0.5);
  const last = quantile(milliseconds.slice(-windowCells), 0.5);
  return first === undefined || last === undefined ? undefined : { first, last };
}
