/** The error of an imported file that is no TypeScript: it names the file, the line and the column. */
import { createRequire } from 'node:module';
import type { ParseResult } from 'oxc-parser';

/** Loads oxc when it is first needed: most files are fine, and swc alone reads those. */
export function parse(path: string, source: string): ParseResult {
  const { parseSync } = createRequire(import.meta.url)('oxc-parser') as typeof import('oxc-parser');
  return parseSync(path, source, { sourceType: 'unambiguous', showSemanticErrors: true });
}

/** 1-based line and column (in UTF-16 code units) of an offset, and the text of its line. */
function placeOf(source: string, offset: number): { line: number; column: number; text: string } {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', offset);
  const line = source.slice(0, start).split('\n').length;
  return {
    line,
    column: offset - start + 1,
    text: source.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''),
  };
}

/** Spaces up to the column, tabs kept: the caret then stands below its character. */
function indentTo(text: string, column: number): string {
  return text.slice(0, column - 1).replace(/[^\t]/g, ' ');
}

/**
 * oxc is asked for the place, as swc only tells it in prose. Where oxc reads the source without
 * complaint, the compiler's own message stands.
 */
export function syntaxErrorOf(path: string, source: string, failure: unknown): SyntaxError {
  const problem = parse(path, source).errors[0];
  const offset = problem?.labels[0]?.start;
  if (problem === undefined || offset === undefined) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    return new SyntaxError(`${problem?.message ?? reason} (${path})`, { cause: failure });
  }
  return errorAt(path, source, { message: problem.message, offset });
}

/** The error of what is wrong at an offset. */
export function errorAt(
  path: string,
  source: string,
  wrong: { message: string; offset: number },
): SyntaxError {
  const { line, column, text } = placeOf(source, wrong.offset);
  const error = new SyntaxError(`${wrong.message} (${path}:${line}:${column})`);
  // The frames would show the compiler, which is of no use; the line with its caret is.
  const { message } = error;
  error.stack = `SyntaxError: ${message}\n${text}\n${indentTo(text, column)}^\n    at ${path}:${line}:${column}`;
  return error;
}
