/** Runs programs on both sides, and makes what differs small. */
import { generate } from './generate.ts';
import { interpret } from './interpreter.ts';
import type { Program } from './program.ts';
import type { PythonInterpreter } from './python.ts';
import { shrink } from './shrink.ts';

export interface Difference {
  readonly program: Program;
  readonly asyncio: readonly string[];
  readonly tsloop: readonly string[];
}

/** Runs the program on both; null if they say the same. */
export async function compare(program: Program, python: PythonInterpreter): Promise<Difference | null> {
  const [asyncio, tsloop] = await Promise.all([python.run(program), interpret(program)]);
  return isSame(asyncio, tsloop) ? null : { program, asyncio, tsloop };
}

/** The smallest program that can be found which still differs. */
export async function smallest(difference: Difference, python: PythonInterpreter): Promise<Difference> {
  let best = difference;
  await shrink(difference.program, async (program) => {
    const found = await compare(program, python);
    if (found !== null) best = found;
    return found !== null;
  });
  return best;
}

/** How many programs are given to Python ahead of ours. */
const AHEAD = 200;

/**
 * Compares the programs with the numbers from `first` up to, and without, `end`; resolves to those that
 * differ, at most `most` of them, with their numbers.
 */
export async function compareSeries(
  python: PythonInterpreter,
  seed: number,
  first: number,
  end: number,
  most = 1,
): Promise<Array<Difference & { readonly number: number }>> {
  const found: Array<Difference & { readonly number: number }> = [];
  for (let start = first; start < end && found.length < most; start += AHEAD) {
    const numbers = Array.from({ length: Math.min(AHEAD, end - start) }, (_, index) => start + index);
    const programs = numbers.map((number) => generate(seed, number));
    const theirs = programs.map((program) => python.run(program));
    for (const [index, program] of programs.entries()) {
      const tsloop = await interpret(program);
      const asyncio = (await theirs[index]) ?? [];
      if (!isSame(asyncio, tsloop)) found.push({ number: numbers[index] ?? 0, program, asyncio, tsloop });
    }
  }
  return found.slice(0, most);
}

/** The message of a cancellation, as traces show it. */
const MESSAGE = /(?<=Cancelled)\(\d+\)/g;

/**
 * Line by line, but that we may know the message of a cancellation that CPython has lost: it gives the
 * error of a cancelled task out once, and makes another one without message for all who ask later.
 */
function isSame(asyncio: readonly string[], tsloop: readonly string[]): boolean {
  return (
    asyncio.length === tsloop.length &&
    asyncio.every((line, index) => {
      const ours = tsloop[index] ?? '';
      if (line === ours) return true;
      return (
        line.replace(MESSAGE, '') === ours.replace(MESSAGE, '') &&
        (line.match(MESSAGE) ?? []).every((message) => ours.includes(message))
      );
    })
  );
}

/** Both traces side by side from where they part, and the program. */
export function describeDifference({ program, asyncio, tsloop }: Difference): string {
  let same = 0;
  while (same < asyncio.length && asyncio[same] === tsloop[same]) same++;
  const rest = (lines: readonly string[]): string => lines.slice(same, same + 5).join('\n  ');
  return [
    `program: ${JSON.stringify(program)}`,
    `both say:\n  ${asyncio.slice(Math.max(0, same - 10), same).join('\n  ')}`,
    `then asyncio:\n  ${rest(asyncio)}`,
    `then tsloop:\n  ${rest(tsloop)}`,
  ].join('\n');
}
