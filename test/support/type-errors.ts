/**
 * Reads the text of a failed type check, so that tests can state it as a list: `2322 1:7 total` is the error
 * TS2322 at line 1, column 7 (in UTF-16 units, as editors count), with carets under exactly `total`.
 */
import assert from 'node:assert/strict';

/** One diagnostic as it was printed. */
export interface PrintedError {
  /** `In [3]` */
  readonly label: string;
  /** `2322 1:7 total` */
  readonly place: string;
  readonly message: string;
}

const head = /^(In \[\d+\]):(\d+):(\d+) - (?:error|warning) TS(\d+): (.*)$/;
const caretLine = /^ {4}(\s*)(\^+)$/;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many columns of a terminal the character takes: two for emoji and East Asian ones. */
function columnsOf(character: string): number {
  return /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(
    character,
  )
    ? 2
    : 1;
}

function width(text: string): number {
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + columnsOf(segment), 0);
}

/** What of the text stands within so many columns. */
function within(text: string, columns: number): string {
  let taken = '';
  for (const { segment } of graphemes.segment(text)) {
    if (width(taken) >= columns) break;
    taken += segment;
  }
  return taken;
}

/** @throws AssertionError when a source line is not the cell's, or its carets do not begin below the column */
export function printedErrors(text: string, cell: string): PrintedError[] {
  const lines = text.split('\n');
  const cellLines = cell.split(/\r?\n/);
  return lines.flatMap((first, at) => {
    const found = head.exec(first);
    if (!found) return [];
    const [, label = '', line = '', column = '', code = '', message = ''] = found;
    const below = lines.findIndex((other, index) => index > at + 1 && caretLine.test(other));
    assert.notEqual(below, -1, `no line of carets below '${first}' in:\n${text}`);
    const source = cellLines[Number(line) - 1] ?? '';
    assert.equal(lines[below - 1], `    ${source}`, `the source line below '${first}' in:\n${text}`);
    const [, before = '', carets = ''] = caretLine.exec(lines[below] ?? '') ?? [];
    const start = Number(column) - 1;
    assert.equal(before.length, width(source.slice(0, start)), `the blanks below '${first}' in:\n${text}`);
    const underlined = within(source.slice(start), carets.length);
    const more = lines.slice(at + 1, below - 1);
    return [
      { label, place: `${code} ${line}:${column} ${underlined}`, message: [message, ...more].join('\n') },
    ];
  });
}
