import { parseArgs } from 'node:util';

/** What one run of the benchmark measures. */
export interface Options {
  /** Names of the kernels, in the order of the table's columns. */
  readonly kernels: readonly string[];
  /** Rounds that only start a kernel and run its first cell. */
  readonly starts: number;
  /** Rounds that measure everything, each in a fresh kernel. */
  readonly rounds: number;
  /** Lines printed by the output measurement. */
  readonly lines: number;
  /** Turns of the loop measurement. */
  readonly turns: number;
  /** Declaring cells of the long session. */
  readonly cells: number;
  /** Only starts and short cells: many of them in little time. */
  readonly short: boolean;
  /** Extrapolate slow loops from fewer turns rather than wait for them. */
  readonly quick: boolean;
}

export const usage = `usage: npm run bench -- [options]
  --kernels A,B   of tsloop, tsloop-warn, tsloop-off, deno, tslab, ipykernel (default: all)
  --starts N      rounds of start-up alone (default 10)
  --rounds N      rounds of everything else (default 3)
  --lines N       lines printed in one cell (default 100000)
  --cells N       declaring cells of the one long session (default 1000)
  --short         only starts, trivial and declaring cells: --short --starts 1 --rounds 10 for many of them
  --quick         3 starts, 1 round, a long session of 100 cells, loops slower than 10 s extrapolated`;

const allKernels: readonly string[] = ['tsloop', 'tsloop-warn', 'tsloop-off', 'deno', 'tslab', 'ipykernel'];

/** @throws {TypeError} naming the option that cannot be understood. */
export function readOptions(argv: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kernels: { type: 'string' },
      starts: { type: 'string' },
      rounds: { type: 'string' },
      lines: { type: 'string' },
      cells: { type: 'string' },
      short: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const kernels = values.kernels?.split(',').map((name) => name.trim()) ?? allKernels;
  const unknown = kernels.find((name) => !allKernels.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`--kernels: no kernel is called '${unknown}'; there are ${allKernels.join(', ')}`);
  }
  return {
    kernels,
    starts: count('--starts', values.starts, values.quick ? 3 : 10),
    rounds: count('--rounds', values.rounds, values.quick ? 1 : 3),
    lines: count('--lines', values.lines, 100_000),
    cells: count('--cells', values.cells, values.quick ? 100 : 1000),
    turns: 1e8,
    short: values.short,
    quick: values.quick,
  };
}

function count(option: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1)
    throw new TypeError(`${option} takes a whole number of at least 1, not '${text}'`);
  return n;
}
