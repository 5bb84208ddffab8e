/** Makes a program smaller while it keeps a property. */
import type { Program } from './program.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Keeps to itself what is no longer tried: each attempt runs the program on both sides. */
const MOST_ATTEMPTS = 3000;

/** Calls `stillFails` with ever smaller programs; resolves to the smallest one for which it is true. */
export async function shrink(
  program: Program,
  stillFails: (program: Program) => Promise<boolean>,
): Promise<Program> {
  let best = program as unknown as Json;
  let attempts = 0;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    // After a success the next candidates are those of the smaller program, from the same place on.
    for (let skip = 0; ; skip++) {
      const candidate = nth(candidates(best, []), skip);
      if (candidate === undefined || attempts >= MOST_ATTEMPTS) break;
      attempts++;
      if (!(await stillFails(candidate as unknown as Program))) continue;
      best = candidate;
      isSmaller = true;
      skip--;
    }
  }
  return best as unknown as Program;
}

function nth<T>(items: Iterable<T>, index: number): T | undefined {
  let at = 0;
  for (const item of items) if (at++ === index) return item;
  return undefined;
}

/** The lists of statements: what may lose its items, or be replaced by what stands inside of one. */
const BLOCKS = new Set(['do', 'handler', 'finally', 'items', 'slots']);

/** All that is one step smaller. */
function* candidates(value: Json, path: ReadonlyArray<string | number>): Generator<Json> {
  const at = path.at(-1);
  const isBody = path.length === 2 && path[0] === 'bodies';
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    if (isBody || BLOCKS.has(String(at))) {
      if (list.length > 1) yield [];
      for (let index = 0; index < list.length; index++) {
        yield [...list.slice(0, index), ...list.slice(index + 1)];
        const inner = (list[index] as { do?: Json } | null)?.do;
        if (Array.isArray(inner))
          yield [...list.slice(0, index), ...(inner as Json[]), ...list.slice(index + 1)];
      }
    }
    for (const [index, item] of list.entries()) {
      for (const smaller of candidates(item, [...path, index])) {
        yield [...list.slice(0, index), smaller, ...list.slice(index + 1)];
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    // How many locks and the like there are makes a program no simpler.
    for (const key of path.length === 0 ? ['bodies'] : Object.keys(value)) {
      const record = value as Readonly<Record<string, Json>>;
      const item = record[key] as Json;
      for (const smaller of candidates(item, [...path, key])) yield { ...record, [key]: smaller };
    }
  } else if (
    typeof value === 'number' &&
    ['for', 'after', 'timeout', 'iterations', 'times'].includes(String(at))
  ) {
    if (value > 1) yield 1;
    if (value > 0 && at !== 'times') yield 0;
  }
}
