/** What is measured of one kernel, and the statistics over its rounds. */

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
    failures: [],
  };
}

/** The q-quantile by nearest rank; undefined without samples. */
export function quantile(samples: readonly number[], q: number): number | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

export function median(samples: readonly number[]): number | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

export function worst(samples: readonly number[]): number | undefined {
  return samples.length === 0 ? undefined : Math.max(...samples);
}
