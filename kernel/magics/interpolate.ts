/**
 * `{expression}` in a `!` line. Braces mean much to a shell too, so only what is surely meant for
 * TypeScript is taken; all else reaches the shell as it was typed:
 * - `{name}`, `{rows.length + 1}`: one expression, replaced by its value;
 * - `{{x}}`: the shell's `{x}` (what stands within is read by these same rules);
 * - `{a,b}`, `{1..5}`, `${VAR}`, `{}`, `awk '{print $1}'`: the shell's;
 * - a literal or an object literal alone (`a{3}`, `stash@{0}`): the shell's, for there is nothing to compute.
 */
import { expressionType } from './parse.ts';

export interface ShellExpression {
  readonly expr: string;
  /** Where `expr` begins in the command. */
  readonly start: number;
}

export type ShellPart = string | ShellExpression;

const shellsOwn: ReadonlySet<string> = new Set(['SequenceExpression', 'Literal', 'ObjectExpression']);

/** The command's parts in order; neighbouring texts are joined, empty ones left out. */
export function splitShell(command: string): ShellPart[] {
  const parts: ShellPart[] = [];
  if (!command.includes('{')) return command === '' ? parts : [command];
  scan(command, 0, command.length, parts);
  return parts;
}

function scan(command: string, from: number, to: number, parts: ShellPart[]): void {
  let at = from;
  while (at < to) {
    const open = command.indexOf('{', at);
    if (open === -1 || open >= to) break;
    addText(parts, command.slice(at, open));
    at = brace(command, open, to, parts);
  }
  addText(parts, command.slice(at, to));
}

/** Reads what the brace at `open` begins; returns where to go on. */
function brace(command: string, open: number, to: number, parts: ShellPart[]): number {
  const close = matchingBrace(command, open, to);
  if (command[open - 1] === '$' && close !== -1) {
    addText(parts, command.slice(open, close + 1));
    return close + 1;
  }
  if (command[open + 1] === '{') {
    const inner = matchingBrace(command, open + 1, to);
    if (inner !== -1 && inner + 1 < to && command[inner + 1] === '}') {
      addText(parts, '{');
      scan(command, open + 2, inner, parts);
      addText(parts, '}');
      return inner + 2;
    }
  }
  // The first closing brace that makes an expression: those in its strings and blocks make none.
  for (let end = command.indexOf('}', open); end !== -1 && end < to; end = command.indexOf('}', end + 1)) {
    const expr = command.slice(open + 1, end);
    const type = expressionType(expr);
    if (type === undefined) continue;
    if (shellsOwn.has(type)) break;
    parts.push({ expr, start: open + 1 });
    return end + 1;
  }
  addText(parts, '{');
  return open + 1;
}

/** The brace that closes the one at `open`, or -1. Braces in quotes do not count, if the quotes are closed. */
function matchingBrace(command: string, open: number, to: number): number {
  const quoted = closingBrace(command, open, to, true);
  return quoted === -1 ? closingBrace(command, open, to, false) : quoted;
}

function closingBrace(command: string, open: number, to: number, skipQuoted: boolean): number {
  let depth = 0;
  for (let at = open; at < to; at++) {
    const char = command[at];
    if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at;
    else if (skipQuoted && (char === '"' || char === "'")) {
      at = command.indexOf(char, at + 1);
      if (at === -1) return -1;
    }
  }
  return -1;
}

function addText(parts: ShellPart[], text: string): void {
  if (text === '') return;
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else parts.push(text);
}

/**
 * A value's text in a `!` line: strings as they are, arrays with a space between their elements,
 * all else by String(). As in IPython nothing is quoted: a path with spaces is written `"{path}"`.
 */
export function shellText(value: unknown): string {
  return Array.isArray(value) ? value.map(shellText).join(' ') : String(value);
}
