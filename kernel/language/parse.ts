/** Source text → syntax tree, by oxc. Offsets are UTF-16 code units, as everywhere in JavaScript. */
import { createRequire } from 'node:module';
import type { ParseResult } from 'oxc-parser';
import { loadWhole } from '../shared/loading.ts';
import { tooDeepAt } from './nesting.ts';

type Oxc = typeof import('oxc-parser');

let loaded: Oxc | undefined;

/** Loads the parser (10 ms), which otherwise comes with the first text that is parsed. */
export function loadParser(): Oxc {
  loaded ??= loadWhole(() => createRequire(import.meta.url)('oxc-parser') as Oxc);
  return loaded;
}

export type Program = ParseResult['program'];
export type Statement = Program['body'][number];

/** A syntax error with its place; offsets count UTF-16 code units from the start of the source. */
export interface SyntaxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Parsed {
  readonly program: Program;
  readonly module: ParseResult['module'];
  /** Whether the source was read with JSX; without it, `<T>x` is a type assertion. */
  readonly jsx: boolean;
  readonly problems: readonly SyntaxProblem[];
}

function problemsOf(result: ParseResult, source: string): SyntaxProblem[] {
  return result.errors
    .filter((error) => error.severity === 'Error')
    .map((error) => {
      const label = error.labels[0];
      return {
        message: error.message,
        start: label?.start ?? source.length,
        end: label?.end ?? source.length,
      };
    });
}

/** Text that the parser does not survive has this as its problem, and is not parsed. */
function parseIfNotTooDeep(source: string, lang: 'ts' | 'tsx'): Parsed {
  const deep = tooDeepAt(source, lang === 'tsx');
  if (!deep) return parseAs(source, lang);
  const { message, offset } = deep;
  return { ...parseAs('', lang), problems: [{ message, start: offset, end: offset + 1 }] };
}

function parseAs(source: string, lang: 'js' | 'ts' | 'tsx'): Parsed {
  const result = loadParser().parseSync(`cell.${lang}`, source, {
    lang,
    sourceType: 'module',
    showSemanticErrors: true,
  });
  return {
    program: result.program,
    module: result.module,
    jsx: lang === 'tsx',
    problems: problemsOf(result, source),
  };
}

/**
 * Parses TypeScript as it may stand in a cell: with JSX if it can be read so, else without
 * (`<T>(x: T) => x` and `<T>x` are TypeScript too). When neither works, the problems are those of
 * the reading that got further.
 */
export function parseCell(source: string): Parsed {
  const jsx = parseIfNotTooDeep(source, 'tsx');
  if (jsx.problems.length === 0) return jsx;
  const plain = parseIfNotTooDeep(source, 'ts');
  if (plain.problems.length === 0) return plain;
  const [first, second] = [jsx.problems[0]?.start ?? 0, plain.problems[0]?.start ?? 0];
  return second > first ? plain : jsx;
}

/** Parses JavaScript that a compiler wrote. */
export function parseJavaScript(source: string): Parsed {
  return parseAs(source, 'js');
}
