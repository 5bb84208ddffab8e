/** Whether the cursor is in code, in a comment or in a string, and how text that is not finished could end. */
import { type LexicalContext, lexicalState } from '../../language/lexical.ts';

export interface Surroundings {
  readonly kind: 'code' | 'comment' | 'string';
  /** Where the string's content begins, or its part behind the last `${…}`; otherwise the cursor. */
  readonly start: number;
}

const kinds: Readonly<Record<LexicalContext, Surroundings['kind']>> = {
  code: 'code',
  lineComment: 'comment',
  blockComment: 'comment',
  string: 'string',
  template: 'string',
  regex: 'string',
};

/** Between the last piece of code and the quote of a string: blanks and comments. */
const gap = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;

/** @param offset the cursor, in UTF-16 code units */
export function surroundings(text: string, offset: number): Surroundings {
  const { context, code } = lexicalState(text, offset);
  const kind = kinds[context];
  if (kind !== 'string') return { kind, start: offset };
  // Strings are blank in `code`; of templates the quote, or the brace before them, is left.
  const end = code.trimEnd().length;
  if (context === 'template') return { kind, start: end };
  gap.lastIndex = end;
  return { kind, start: end + (gap.exec(text)?.[0].length ?? 0) + 1 };
}

const closers = { '(': ')', '[': ']', '{': '}', '${': '}', '`': '`' } as const;

/** What closes all that is open at the end of the text. */
export function ending(text: string): string {
  const { context, open } = lexicalState(text);
  const brackets = open.map(({ bracket }) => closers[bracket]).toReversed();
  // In a template a line break would be part of it.
  const first = context === 'template' ? '' : context === 'blockComment' ? '*/\n' : '\n';
  return first + brackets.join('');
}
