/**
 * Whether the cursor is in code, in a comment or in a string. The text is seldom finished, so this is no parser:
 * it skips literals from the start of the cell, and guesses from what stands before it whether a slash divides.
 */

export interface Surroundings {
  readonly kind: 'code' | 'comment' | 'string';
  /** Where the string's or comment's content begins; in code, the cursor. */
  readonly start: number;
}

/** Behind these a slash begins a regular expression. */
const beforeRegExp =
  /(?:^|[-+*/%=<>!&|^~?:;,({[]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield|instanceof|new|throw))\s*$/;
const regExp = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/\n[])+\/\w*/y;

/** @param offset the cursor, in UTF-16 code units */
export function surroundings(text: string, offset: number): Surroundings {
  // For each template literal that is open: how many braces are open within its `${…}`.
  const templates: number[] = [];
  let at = 0;
  const code: Surroundings = { kind: 'code', start: offset };
  while (at < offset) {
    const char = text[at] ?? '';
    const two = text.slice(at, at + 2);
    const isClosing = char === '}' && templates.at(-1) === 0;
    if (char === '`' || isClosing) {
      const end = templateEnd(text, at + 1);
      if (isClosing) templates.pop();
      if (offset < end.next || end.kind === 'open') return { kind: 'string', start: at + 1 };
      if (end.kind === 'hole') templates.push(0);
      at = end.next;
      continue;
    }
    if (two === '//' || two === '/*') {
      const close = two === '//' ? '\n' : '*/';
      const end = text.indexOf(close, at + 2);
      // A cursor at the end of a line comment is in it; behind the star and the slash it is not.
      const next = end === -1 ? Infinity : end + (two === '//' ? 1 : 2);
      if (offset < next) return { kind: 'comment', start: at + 2 };
      at = next;
      continue;
    }
    if (char === '"' || char === "'") {
      let end = at + 1;
      while (end < text.length && text[end] !== char && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      if (offset <= end) return { kind: 'string', start: at + 1 };
      at = end + 1;
      continue;
    }
    if (char === '/' && beforeRegExp.test(text.slice(Math.max(0, at - 40), at))) {
      regExp.lastIndex = at;
      const [literal = ''] = regExp.exec(text) ?? [];
      if (literal !== '' && at + literal.length > offset) return { kind: 'string', start: at + 1 };
      at += literal.length || 1;
      continue;
    }
    const depth = templates.length - 1;
    if (depth >= 0 && char === '{') templates[depth] = (templates[depth] ?? 0) + 1;
    if (depth >= 0 && char === '}') templates[depth] = (templates[depth] ?? 0) - 1;
    at += 1;
  }
  return code;
}

/** Where the text of a template literal that begins at `from` ends: at its end, or with the `${` of a hole. */
function templateEnd(text: string, from: number): { kind: 'end' | 'hole' | 'open'; next: number } {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') return { kind: 'end', next: at + 1 };
    else if (text.startsWith('${', at)) return { kind: 'hole', next: at + 2 };
  }
  return { kind: 'open', next: text.length };
}
