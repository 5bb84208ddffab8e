/** Pure questions about a cell's text that need no session: is it complete, how to show a syntax error. */
import type { CellSyntaxError } from './compile.ts';
import { lexicalState, type LexicalState } from './lexical.ts';
import { type AnyNode } from './node.ts';
import { parseCell, type Parsed } from './parse.ts';

export type Completeness =
  | { readonly status: 'complete' | 'invalid' | 'unknown' }
  | { readonly status: 'incomplete'; readonly indent: string };

/** A line that leaves a bracket open, or whose statement has yet to come, deepens the next by this much. */
const INDENT = '  ';

/** Code whose body, or whose statements, follow in the next line. */
const expectsBody =
  /=>\s*$|^\s*(?:\}\s*)?(?:(?:else\s+)?(?:if|for|while|for\s+await)\s*\(.*\)|else|do)\s*$|^\s*(?:case\b.*|default\s*):\s*$/u;

/** Problems that say that something is missing at the end of what they point at. */
const isMissing = /^(?:Missing initializer|Identifier expected|Dynamic imports can only accept)/;

function lineStart(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1;
}

/** The blanks that the line at the offset begins with. */
function indentAt(source: string, offset: number): string {
  return /^[^\S\r\n]*/.exec(source.slice(lineStart(source, offset)))?.[0] ?? '';
}

/** What the line after the text should begin with. Empty lines at the end do not count. */
function nextIndent(source: string, { context, open, code }: LexicalState): string {
  // What is put into these lines becomes part of a value.
  if (context === 'template' || context === 'string') return '';
  const end = source.trimEnd().length;
  const last = lineStart(source, end);
  const own = indentAt(source, end);
  if (context === 'blockComment') return own;
  const innermost = open.at(-1);
  if (innermost && innermost.offset >= last) return own + INDENT;
  if (expectsBody.test(code.slice(last))) return own + INDENT;
  const before = lexicalState(source, last).open;
  const kept = before.filter((bracket, index) => open[index]?.offset === bracket.offset).length;
  const closed = before[kept];
  // The line has closed what an earlier one opened: the next belongs beside the latter.
  if (closed) return indentAt(source, closed.offset);
  return own;
}

/** `function f()` alone is an overload to the parser; here its body is still to come. */
function endsBeforeBody({ program }: Parsed): boolean {
  let last = program.body.at(-1) as unknown as AnyNode | undefined;
  if (last?.type === 'ExportNamedDeclaration' || last?.type === 'ExportDefaultDeclaration')
    last = last['declaration'] as AnyNode | undefined;
  return last?.type === 'TSDeclareFunction' && last['declare'] !== true;
}

/**
 * Whether a console should run this text or ask for another line: it is incomplete when the only
 * thing wrong with it is that it ends too early.
 */
export function completeness(source: string): Completeness {
  const parsed = parseCell(source);
  const [first] = parsed.problems;
  if (!first && !endsBeforeBody(parsed)) return { status: 'complete' };
  const state = lexicalState(source);
  const incomplete: Completeness = { status: 'incomplete', indent: nextIndent(source, state) };
  if (!first) return incomplete;
  const end = source.trimEnd().length;
  // A number that is broken off, as `0x`, is not continued in another line.
  if (first.start >= end && first.message !== 'Unexpected end of file') return incomplete;
  if (first.end >= end && isMissing.test(first.message)) return incomplete;
  // The parser says where an unfinished comment or template begins, or its last part.
  const isOpen = state.context === 'template' || state.context === 'blockComment';
  // A backslash at the end of a line goes on with the string in the next.
  const goesOn = state.context === 'string' && /\\\r?\n?$/.test(source);
  if (first.message.startsWith('Unterminated') && (isOpen || goesOn)) return incomplete;
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
  const hint = /^\s*!/.test(text)
    ? 'A line with ! is a command at the top level of a cell only; elsewhere write await $`command`.'
    : /^\s*%%?[a-z]/i.test(text) && 'A line with % is a magic at the top level of a cell only.';
  return hint ? [...lines, `    ${hint}`] : lines;
}
