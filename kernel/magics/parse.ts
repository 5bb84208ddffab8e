/** The one question that the splitters ask of a parser: is this text whole and well formed? */
import { createRequire } from 'node:module';
import { tooDeepAt } from '../language/nesting.ts';

type Oxc = typeof import('oxc-parser');

let loaded: Oxc | undefined;

/** Loads the parser when it is first needed: 50 ms that a cell without `!` and `%` does not pay here. */
function oxc(): Oxc {
  loaded ??= createRequire(import.meta.url)('oxc-parser') as Oxc;
  return loaded;
}

export type SourceLanguage = 'ts' | 'tsx';

/**
 * Whether the text is a complete module; an open bracket, literal or comment makes it none, and so does what is nested
 * too deeply for the parser.
 */
export function isCompleteProgram(text: string, lang: SourceLanguage): boolean {
  if (tooDeepAt(text, lang === 'tsx')) return false;
  const { errors } = oxc().parseSync(`cell.${lang}`, text, { lang, sourceType: 'module' });
  return errors.every((error) => (error.severity as string) !== 'Error');
}

/** The node type of the text if it is exactly one expression, as `Identifier`; else undefined. */
export function expressionType(text: string): string | undefined {
  // The parentheses make `{…}` an object and not a block; `a)(b` must not slip through them.
  const wrapped = `(${text})`;
  if (tooDeepAt(wrapped, false)) return undefined;
  const { errors, program } = oxc().parseSync('expression.ts', wrapped, { lang: 'ts', sourceType: 'module' });
  const [statement, ...others] = program.body;
  if (errors.length > 0 || others.length > 0 || statement?.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  if (expression.type !== 'ParenthesizedExpression' || expression.end !== wrapped.length) return undefined;
  return expression.expression.type;
}
