/**
 * Globs as sqlite's GLOB, which IPython searches its history with: `*`, `?` and `[...]`, over the whole text. Matched by
 * hand: a regular expression with a dozen stars in it would hold the thread up for ever.
 */
import { ContentError } from '../protocol/content.ts';

const STAR = '*';
const ANY = '?';

/** A star or a question mark, the characters of brackets, or a character that stands for itself. */
type Token = typeof STAR | typeof ANY | RegExp | { readonly char: string };

function parse(glob: string): Token[] {
  return Array.from(glob.matchAll(/\[!?[^\]]+\]|[^]/g), ([text]) => {
    if (text === STAR || text === ANY) return text;
    if (text.length === 1) return { char: text };
    try {
      return new RegExp(text.replace(/^\[!/, '[^').replaceAll('\\', '\\\\'));
    } catch {
      throw new ContentError(`The pattern '${glob}' is no glob: ${text}`);
    }
  });
}

function fits(token: Token, char: string): boolean {
  if (token instanceof RegExp) return token.test(char);
  return token === ANY || (token !== STAR && token.char === char);
}

/** Whether a text is like the glob. @throws ContentError */
export function globMatcher(glob: string): (text: string) => boolean {
  const tokens = parse(glob);
  return (text) => {
    let next = 0;
    // Behind the last star that was passed, and where in the text what it stands for ends so far.
    let behindStar = -1;
    let until = 0;
    for (let at = 0; at < text.length;) {
      const token = tokens[next];
      if (token === STAR) {
        next += 1;
        behindStar = next;
        until = at;
      } else if (token !== undefined && fits(token, text.charAt(at))) {
        next += 1;
        at += 1;
      } else if (behindStar === -1) {
        return false;
      } else {
        // Only the last star need stand for more: what is before it has been found as early as it can be.
        next = behindStar;
        until += 1;
        at = until;
      }
    }
    return tokens.slice(next).every((token) => token === STAR);
  };
}
