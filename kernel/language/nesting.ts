/** Text that is nested deeper than the native parsers can take: they would not fail, but end the process. */
import { lexicalState } from './lexical.ts';

/** Brackets in one another. The parsers are lost from 4,000 on, in the smallest stack that they run on. */
export const DEEPEST = 1000;

/** The deepest that brackets are open in one another, and where that begins to be too deep. */
function depthOf(code: string): { deepest: number; offset: number } {
  let depth = 0;
  let deepest = 0;
  let offset = 0;
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at];
    if (character === '(' || character === '[' || character === '{') {
      depth += 1;
      if (depth <= deepest) continue;
      deepest = depth;
      if (depth === DEEPEST + 1) offset = at;
    } else if (character === ')' || character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return { deepest, offset };
}

/** Where the source is nested too deeply to be parsed; undefined where it is not. */
export function tooDeepAt(source: string): number | undefined {
  // Whatever is too deep has as many brackets, in strings and comments or not.
  if (depthOf(source).deepest <= DEEPEST) return undefined;
  const { deepest, offset } = depthOf(lexicalState(source).code);
  return deepest <= DEEPEST ? undefined : offset;
}
