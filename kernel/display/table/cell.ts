/** What stands in a cell of a table. */
import { cut } from '../html.ts';
import { type PieceColor, preview } from '../preview.ts';
import { GETTER, MISSING } from './table.ts';

export interface CellText {
  readonly text: string;
  /** All of it, where the text says less. */
  readonly whole?: string;
  /** Left out for plain text. */
  readonly color?: PieceColor;
}

/** Longer texts are cut. */
const LONG = 120;
/** Numbers with more characters are rounded to so many digits; the whole one is shown when pointed at. */
const WIDE_NUMBER = 14;
const DIGITS = 8;
/** What a 32-bit float can tell apart: 24.7 is 24.700000762939453 in one. */
const SINGLE_DIGITS = 7;

export function cellText(value: unknown): CellText {
  if (value === MISSING) return { text: '' };
  if (value === GETTER) return { text: '[Getter]', color: 'dim' };
  if (typeof value === 'string') {
    return value.length > LONG ? { text: cut(value, LONG), whole: cut(value, 3 * LONG) } : { text: value };
  }
  const { text, color } = preview(value, LONG);
  if (typeof value === 'number' && text.length > WIDE_NUMBER) {
    const digits = Math.fround(value) === value ? SINGLE_DIGITS : DIGITS;
    return { text: String(Number(value.toPrecision(digits))), whole: text };
  }
  if (typeof value === 'bigint') return { text: cut(String(value), LONG) };
  return typeof value === 'number' || value instanceof Date ? { text } : { text, color };
}
