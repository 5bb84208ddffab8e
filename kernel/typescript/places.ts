/** Places in a text: offsets in UTF-16 units, and the lines and characters of the language server protocol. */

export interface Position {
  /** From 0. */
  readonly line: number;
  /** In UTF-16 units, from 0. */
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

const lineBreak = /\r\n|\n|\r/g;

export function positionAt(text: string, offset: number): Position {
  let [line, start] = [0, 0];
  for (const { index, 0: found } of text.matchAll(lineBreak)) {
    if (index + found.length > offset) break;
    line += 1;
    start = index + found.length;
  }
  return { line, character: offset - start };
}

/** A place behind the end of the text is its end. */
export function offsetAt(text: string, { line, character }: Position): number {
  let [left, start] = [line, 0];
  for (const { index, 0: found } of text.matchAll(lineBreak)) {
    if (left === 0) break;
    left -= 1;
    start = index + found.length;
  }
  return left > 0 ? text.length : Math.min(start + character, text.length);
}
