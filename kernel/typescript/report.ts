/** What the language service finds wrong → what the user reads. */
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

/** Module not found: of a name, of one that could be a package's, of an import for its effects. */
const missingModule = new Set<unknown>([2307, 2792, 2882]);
/** A package that consists of JavaScript alone: its values are `any`. */
const NO_TYPES = 7016;

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
        code !== NO_TYPES && !(missingModule.has(code) && isBroughtByCell(source, message)),
    )
    .sort(
      (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
    );
}

const segmenter = new Intl.Segmenter();
/** Characters that terminals and fixed-width fonts show two columns wide. */
const wide =
  /^[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/u;

/** The text with `mark` in place of every column that it takes. Tabs stay tabs, however wide they are shown. */
function columns(text: string, mark: string): string {
  return [...segmenter.segment(text)]
    .map(({ segment }) => (segment === '\t' ? '\t' : mark.repeat(wide.test(segment) ? 2 : 1)))
    .join('');
}

/**
 * One diagnostic as its place, the source line, and a caret under each character that it covers.
 * @param label `In [3]`
 */
export function diagnosticLines(source: string, diagnostic: Diagnostic, label: string): string[] {
  const { start, end } = diagnostic.range;
  const line = linesOf(source)[start.line] ?? '';
  const until = end.line === start.line ? end.character : line.length;
  const carets = columns(line.slice(start.character, until).replaceAll('\t', ' '), '^') || '^';
  const [first = '', ...more] = diagnostic.message.split('\n');
  return [
    `${label}:${start.line + 1}:${start.character + 1} - error TS${diagnostic.code ?? ''}: ${first}`,
    ...more,
    `    ${line}`,
    `    ${columns(line.slice(0, start.character), ' ')}${carets}`,
  ];
}

/** What is printed where errors are warnings. */
export function warningText(source: string, errors: readonly Diagnostic[], label: string): string {
  return errors
    .flatMap((error) => diagnosticLines(source, error, label))
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
