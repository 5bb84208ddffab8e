/** The path of names at a place in TypeScript that may not be finished: `a.b[0].c`. */
import { lexicalState } from './lexical.ts';

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*`;
const element = String.raw`\[(?:\d+|"[^"\\\n]*"|'[^'\\\n]*')\]`;

const pathPattern = String.raw`${name}(?:\s*\??\.\s*${name}|${element})*`;

/** Not in the middle of a name, nor behind the dot of something that is no path; `...a` is one. */
const path = new RegExp(String.raw`(?<![\p{ID_Continue}$#])(?<!(?:^|[^.])\.\s*)${pathPattern}`, 'gu');
const tail = /[.?\s[]/;

export interface Path {
  /** Up to the name that the place is in, that included. */
  readonly text: string;
  /** Its first name. */
  readonly root: string;
  readonly start: number;
  readonly end: number;
}

/** Undefined where there is no name, and within strings and comments. A place behind a name's last character is in it. */
export function pathAt(source: string, offset: number): Path | undefined {
  const found = [...source.matchAll(path)].find(
    ({ index, 0: text }) => index <= offset && offset <= index + text.length,
  );
  if (!found || lexicalState(source, offset).context !== 'code') return undefined;
  const start = found.index;
  const rest = source.slice(offset, start + found[0].length).search(tail);
  const end = rest === -1 ? start + found[0].length : offset + rest;
  // Behind a dot there is no name yet.
  if (/[.?\s]$/.test(source.slice(start, end))) return undefined;
  const text = source.slice(start, end);
  const [root = ''] = new RegExp(`^${name}`, 'u').exec(text) ?? [];
  return { text, root, start, end };
}

/** Behind the name in front of the dot that the place is behind, if nothing is written there yet. */
export function beforeDot(text: string, offset: number): number {
  const dot = /\s*\??\.\s*$/.exec(text.slice(0, offset));
  return dot ? dot.index : offset;
}
