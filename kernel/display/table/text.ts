/** Tables as plain text: for consoles, and for what is made of notebooks. */
import { counted, cut, grouped } from '../html.ts';
import { cellText } from './cell.ts';
import { GETTER, type Column, isNumeric, type Table } from './table.ts';

/** So many rows from the start and from the end. */
const HEAD = 10;
const TAIL = 5;
/** In characters. */
const WIDTH = 110;
const CELL = 32;

/**
 * The first and last rows, columns as far as there is room for:
 * ```text
 *    name  born
 * 0  Ada   1815
 * 1  Alan  1912
 * 2 rows × 2 columns
 * ```
 */
export function tableText(
  table: Table,
  { all = false }: { /** All rows. */ readonly all?: boolean } = {},
): string {
  const rows = all ? Array.from({ length: table.rows }, (_, i) => i) : shownRows(table.rows);
  const labels = ['', ...rows.map((row) => (row < 0 ? '…' : (table.label?.(row) ?? String(row))))];
  const lines = padded(labels, true);
  let width = lines[0]?.length ?? 0;
  let shown = 0;
  for (const column of table.columns) {
    const cells = columnTexts(column, rows);
    const texts = padded([cut(flat(column.name), CELL), ...cells], isNumeric(column));
    width += 2 + (texts[0]?.length ?? 0);
    if (shown > 0 && width > WIDTH) break;
    texts.forEach((text, i) => {
      lines[i] = `${lines[i]}  ${text}`;
    });
    shown += 1;
  }
  const left = table.columns.length - shown;
  const shape = `${counted(table.rows, 'row')} × ${counted(table.columns.length, 'column')}`;
  const note = `${table.title === undefined ? '' : `${table.title}: `}${shape}${left > 0 ? `, ${grouped(left)} of them not shown` : ''}`;
  return [...lines.map((line) => line.trimEnd()), note].join('\n');
}

/** A negative number stands for those between. */
function shownRows(count: number): number[] {
  if (count <= HEAD + TAIL) return Array.from({ length: count }, (_, i) => i);
  return [
    ...Array.from({ length: HEAD }, (_, i) => i),
    -1,
    ...Array.from({ length: TAIL }, (_, i) => count - TAIL + i),
  ];
}

function columnTexts(column: Column, rows: readonly number[]): string[] {
  return rows.map((row) => {
    if (row < 0) return '…';
    let value: unknown = GETTER;
    try {
      value = column.at(row);
    } catch {
      // Shown like a getter: what it would be is not known.
    }
    return cut(flat(cellText(value).text), CELL);
  });
}

/** In one line, without what would move the cursor. */
function flat(text: string): string {
  return text.replaceAll(/\s+|[\0-\x1F\x7F]+/g, ' ');
}

function padded(texts: readonly string[], right: boolean): string[] {
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => (right ? text.padStart(width) : text.padEnd(width)));
}
