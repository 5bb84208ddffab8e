/** Pure questions about a cell's text that need no session: is it complete, how to show a syntax error. */
import type { CellSyntaxError } from './compile.ts';
import { parseCell } from './parse.ts';

export type Completeness =
  | { readonly status: 'complete' | 'invalid' | 'unknown' }
  | { readonly status: 'incomplete'; readonly indent: string };

/** Brackets that a line leaves open deepen the next line by this much. */
const INDENT = '  ';

function openBrackets(source: string): number {
  // Only for the width of an indent: brackets in strings and comments may mislead it, and do no harm.
  let depth = 0;
  for (const character of source) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
  }
  return depth;
}

/**
 * Whether a console should run this text or ask for another line: it is incomplete when the only
 * thing wrong with it is that it ends too early.
 */
export function completeness(source: string): Completeness {
  const [first] = parseCell(source).problems;
  if (!first) return { status: 'complete' };
  const reachesTheEnd = first.start >= source.trimEnd().length;
  // The parser says where an unfinished comment or template begins, not where the text ends.
  const openText = first.message.startsWith('Unterminated') && /^(?:`|\/\*)/.test(source.slice(first.start));
  if (reachesTheEnd || openText) return { status: 'incomplete', indent: INDENT.repeat(openBrackets(source)) };
  return { status: 'invalid' };
}

/** Line and column of an offset, both from 1; columns count UTF-16 code units. */
function placeOf(source: string, offset: number): { line: number; column: number; text: string } {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', offset);
  return {
    line: source.slice(0, offset).split('\n').length,
    column: offset - start + 1,
    text: source.slice(start, end === -1 ? undefined : end).replace(/\r$/, ''),
  };
}

/** A syntax error as its place, the source line, and a caret under each character that it covers. */
export function syntaxErrorLines(error: CellSyntaxError, label: string): string[] {
  const [problem] = error.problems;
  if (!problem) return [error.message];
  const { line, column, text } = placeOf(error.source, problem.start);
  const width = Math.max(1, Math.min(problem.end - problem.start, text.length - column + 1));
  // Tabs stay tabs, so that the caret stands under its character however wide they are shown.
  const padding = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const lines = [`${label}:${line}:${column}`, `    ${text}`, `    ${padding}${'^'.repeat(width)}`];
  const hint =
    '    A line with ! is a command at the top level of a cell only; elsewhere write await $`command`.';
  return /^\s*!/.test(text) ? [...lines, hint] : lines;
}
