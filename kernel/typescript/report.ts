/** What the language service finds wrong → what the user reads. */
import { isBuiltin } from 'node:module';
import type { CellError } from '../bridge.ts';
import { isBroughtByCell } from './packages.ts';

/** A place in a document: lines and UTF-16 columns from 0. Source: https://microsoft.github.io/language-server-protocol/ */
interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Diagnostic {
  readonly range: { readonly start: Position; readonly end: Position };
  /** 1 is an error; the others are hints. */
  readonly severity?: number;
  readonly code?: number | string;
  readonly message: string;
}

const ERROR = 1;

/** A value given to, or asked of, `globalThis` under a name that no declaration has: allowed in a session. */
function isUndeclaredGlobal({ code, message }: Diagnostic): boolean {
  return (code === 7017 || code === 2339) && message.includes("'typeof globalThis'");
}

/** Module not found: of a name, of one that could be a package's, of an import for its effects, of one for JSX. */
const missingModule = new Set<unknown>([2307, 2792, 2882, 2875]);
/** A package that consists of JavaScript alone: its values are `any`. */
const NO_TYPES = 7016;

/** A module of the Node that runs, which is newer than the types of Node: its values are `any`. */
function isOfNode(message: string): boolean {
  return isBuiltin(/'([^']+)'/.exec(message)?.[1] ?? '');
}

/** The lines of a document, as the protocol counts them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Those that make the cell wrong: what is said about the text behind the cell's own is none of its business. */
export function errorsIn(source: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  // What is added begins in a line of its own. (A lone \r at the end is one break with the \n that follows.)
  const lines = linesOf(`${source}\n`).length - 1;
  return diagnostics
    .filter(({ severity = ERROR, range }) => severity === ERROR && range.start.line < lines)
    .filter((diagnostic) => !isUndeclaredGlobal(diagnostic))
    .filter(
      ({ code, message }) =>
        code !== NO_TYPES &&
        !(missingModule.has(code) && (isOfNode(message) || isBroughtByCell(source, message))),
    )
    .sort(
      (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
    );
}

/** Made when there is something to report: it takes some milliseconds. */
let made: Intl.Segmenter | undefined;
const segmenter = (): Intl.Segmenter => (made ??= new Intl.Segmenter());
/** Characters that terminals and fixed-width fonts show two columns wide. */
const wide =
  /^[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/u;

/** The text with `mark` in place of every column that it takes. Tabs stay tabs, however wide they are shown. */
function columns(text: string, mark: string): string {
  return [...segmenter().segment(text)]
    .map(({ segment }) => (segment === '\t' ? '\t' : mark.repeat(wide.test(segment) ? 2 : 1)))
    .join('');
}

/**
 * The most characters that are shown of a source line: notebooks wrap longer ones, so that carets would stand
 * below another part of them, and a line of data may have a million.
 */
const LONGEST = 100;
/** The characters before the range that are kept where the beginning of the line has to go. */
const KEPT_BEFORE = 30;

/** The part of a long line that has the range, with `…` where it was cut. @returns the range within it, too */
function excerptOf(line: string, from: number, to: number): { text: string; from: number; to: number } {
  if (line.length <= LONGEST) return { text: line, from, to };
  const segments = segmenter().segment(line);
  const boundary = (at: number): number => segments.containing(at)?.index ?? line.length;
  const start = to <= LONGEST ? 0 : boundary(Math.max(0, from - KEPT_BEFORE));
  const end = boundary(start + LONGEST);
  const before = start > 0 ? '…' : '';
  const after = end < line.length ? '…' : '';
  const within = (at: number): number => Math.min(at, end) - start + before.length;
  return { text: `${before}${line.slice(start, end)}${after}`, from: within(from), to: within(to) };
}

/**
 * One diagnostic as its place, the source line, and a caret under each character that it covers.
 * @param label `In [3]`
 */
export function diagnosticLines(
  source: string,
  diagnostic: Diagnostic,
  label: string,
  severity: 'error' | 'warning' = 'error',
): string[] {
  const { start, end } = diagnostic.range;
  const line = linesOf(source)[start.line] ?? '';
  const until = end.line === start.line ? end.character : line.length;
  const { text, from, to } = excerptOf(line, start.character, until);
  const carets = columns(text.slice(from, to).replaceAll('\t', ' '), '^') || '^';
  const [first = '', ...more] = diagnostic.message.split('\n');
  return [
    `${label}:${start.line + 1}:${start.character + 1} - ${severity} TS${diagnostic.code ?? ''}: ${first}`,
    ...more,
    `    ${text}`,
    `    ${columns(text.slice(0, from), ' ')}${carets}`,
  ];
}

/** What is printed where errors are warnings. */
export function warningText(source: string, errors: readonly Diagnostic[], label: string): string {
  return errors
    .flatMap((error) => diagnosticLines(source, error, label))
    .map((line) => `${line}\n`)
    .join('');
}

/** What is printed of names that functions of a cell mention before anything has declared them; the cell runs. */
export function remarkText(source: string, later: readonly Diagnostic[], label: string): string {
  const lines = later.flatMap((diagnostic) => diagnosticLines(source, diagnostic, label, 'warning'));
  const what = new Set(later.map(({ message }) => message)).size === 1 ? 'It' : 'They';
  return [...lines, `${what} may be declared later, before the function is called.`]
    .map((line) => `${line}\n`)
    .join('');
}

/** The error of a cell that was not run. @param errors at least one */
export function typeScriptError(source: string, errors: readonly Diagnostic[], label: string): CellError {
  const [first = ''] = errors[0]?.message.split('\n') ?? [];
  const evalue = errors.length > 1 ? `${first} (and ${errors.length - 1} more)` : first;
  return {
    ename: 'TypeScriptError',
    evalue,
    traceback: [
      ...errors.map((error) => diagnosticLines(source, error, label).join('\n')),
      `TypeScriptError: ${evalue}`,
    ],
  };
}
