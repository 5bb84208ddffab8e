/**
 * Where in TypeScript a place is, told from the characters alone: in code, a string, a template or a comment,
 * and within which brackets. Unlike the parser it works for text that is not finished, which is what people
 * ask about while they type. Text between JSX tags is taken for code.
 */

export type LexicalContext = 'code' | 'string' | 'template' | 'regex' | 'lineComment' | 'blockComment';

export interface OpenBracket {
  readonly bracket: '(' | '[' | '{' | '${' | '`';
  readonly offset: number;
}

export interface LexicalState {
  /** What a character at the end of the text would belong to. */
  readonly context: LexicalContext;
  /** What is open there, outermost first. */
  readonly open: readonly OpenBracket[];
  /** The text with a blank for each character of comments, strings and regular expressions. Line breaks stay. */
  readonly code: string;
}

/** What is no code. The first group has what closes it; without, it is open at the end of the text. */
export const literals: ReadonlyArray<readonly [context: LexicalContext, pattern: RegExp]> = [
  ['lineComment', /\/\/[^\r\n]*/uy],
  ['blockComment', /\/\*[\s\S]*?(?:(\*\/)|$)/uy],
  // A string that is not closed ends with its line: what follows is read as usual.
  ['string', /"(?:\\(?:\r\n|[\s\S])|[^"\\\r\n])*(?:(")|\\?$|(?=[\r\n]))/uy],
  ['string', /'(?:\\(?:\r\n|[\s\S])|[^'\\\r\n])*(?:(')|\\?$|(?=[\r\n]))/uy],
];
export const regex: RegExp = /\/(?:\\[^\r\n]|\[(?:\\[^\r\n]|[^\]\\\r\n])*\]?|[^/\\[\r\n])+(\/[a-z]*)?/uy;
export const word: RegExp = /[\p{ID_Continue}$#@\u200c\u200d]+/uy;
/** Up to the end of a template, or to an expression in it. */
export const templateText: RegExp = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*\\?/uy;

/** Words that a value follows, so that a slash after them begins a regular expression. */
export const beforeValue: RegExp =
  /^(?:await|case|delete|do|else|in|instanceof|new|of|return|throw|typeof|void|yield)$/;

const closers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** @param end an offset: what stands behind it does not count */
export function lexicalState(source: string, end: number = source.length): LexicalState {
  const text = source.slice(0, end);
  const open: OpenBracket[] = [];
  let code = '';
  let context: LexicalContext = 'code';
  /** Whether what comes next is a value, and not an operator. */
  let valueNext = true;
  /** The last character that is code and no blank. */
  let latest = '';

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = code.length;
    return pattern.exec(text);
  };
  const takeLiteral = (): boolean => {
    for (const [kind, pattern] of valueNext ? [...literals, ['regex', regex] as const] : literals) {
      const found = match(pattern);
      if (!found) continue;
      const [all, closer] = found;
      code += blank(all);
      if (kind === 'string' || kind === 'regex') valueNext = false;
      if (code.length === text.length && closer === undefined) context = kind;
      return true;
    }
    return false;
  };

  while (code.length < text.length) {
    if (open.at(-1)?.bracket === '`') {
      code += blank(match(templateText)?.[0] ?? '');
      if (code.length === text.length) context = 'template';
      else if (text[code.length] === '`') {
        open.pop();
        code += '`';
        valueNext = false;
      } else {
        open.push({ bracket: '${', offset: code.length });
        code += '${';
        valueNext = true;
      }
      continue;
    }
    if (takeLiteral()) continue;
    const name = match(word)?.[0];
    if (name !== undefined) {
      valueNext = beforeValue.test(name) && latest !== '.';
      code += name;
      latest = name;
      continue;
    }
    const character = text[code.length] ?? '';
    if (/[([{`]/.test(character)) {
      open.push({ bracket: character as '(' | '[' | '{' | '`', offset: code.length });
      valueNext = true;
      if (character === '`' && code.length + 1 === text.length) context = 'template';
    } else if (/[)\]}]/.test(character)) {
      const last = open.at(-1)?.bracket;
      if (last === closers[character] || (character === '}' && last === '${')) open.pop();
      // After a block comes a statement; after an object an operator, but a slash there is rare.
      valueNext = character === '}' && last !== '${';
    } else if (!/\s/.test(character)) {
      valueNext = true;
    }
    if (!/\s/.test(character)) latest = character;
    code += character;
  }
  return { context, open, code };
}
