/**
 * Tables as HTML: names, types and shape, and the first rows in pages, with the last ones on a page of their own.
 * Turning pages takes no script: they are chosen by radio buttons, and CSS shows the one that is.
 */
import { colorRules, COLORS, counted, cut, escapeHtml, FONTS, grouped, styleElement } from '../html.ts';
import { PIECE_COLORS } from '../preview.ts';
import type { Rendered } from '../renderer.ts';
import { cellText } from './cell.ts';
import { type Column, GETTER, isNumeric, type Table } from './table.ts';
import { tableText } from './text.ts';

/** Rows of a page. */
const PAGE = 20;
/** Pages from the start; one of the last rows comes in addition. */
const PAGES = 10;
/** Fewer pages where rows are wide: about so many characters of HTML for those from the start. */
const SIZE = 50_000;
/** Of more columns the first and the last ones are shown. */
const COLUMNS = 50;

/** The columns that are shown; a number stands for so many that are not. */
function shownColumns({ columns }: Table): Array<Column | number> {
  if (columns.length <= COLUMNS) return [...columns];
  const first = COLUMNS - 10;
  return [...columns.slice(0, first), columns.length - COLUMNS, ...columns.slice(-10)];
}

function headerHtml(columns: ReadonlyArray<Column | number>): string {
  const cells = columns.map((column) =>
    typeof column === 'number'
      ? `<th class="tsloop-more">… ${grouped(column)} more</th>`
      : `<th${isNumeric(column) ? ' class="tsloop-n"' : ''}>${escapeHtml(cut(column.name, 100))}<br><small>${escapeHtml(cut(column.type, 60))}</small></th>`,
  );
  return `<thead><tr><th></th>${cells.join('')}</tr></thead>`;
}

function rowHtml(table: Table, columns: ReadonlyArray<Column | number>, row: number): string {
  const cells = columns.map((column) => {
    if (typeof column === 'number') return '<td></td>';
    const { text, whole, color } = cellText(safely(() => column.at(row)));
    const classes = [isNumeric(column) ? 'tsloop-n' : '', color ? `tsloop-c-${color}` : ''].join(' ').trim();
    const attributes = [
      classes === '' ? '' : ` class="${classes}"`,
      whole === undefined ? '' : ` title="${escapeHtml(whole)}"`,
    ].join('');
    return `<td${attributes}>${escapeHtml(text)}</td>`;
  });
  const label = table.label?.(row) ?? String(row);
  return `<tr><th>${escapeHtml(cut(label, 100))}</th>${cells.join('')}</tr>`;
}

function safely(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return GETTER;
  }
}

interface Page {
  /** The first row and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly html: string;
}

/** Rows from `from` on, as many as there is room for, but one in any case. */
function pageOf(rowAt: (row: number) => string, from: number, to: number, room: number): Page {
  let html = '';
  let row = from;
  for (; row < to && (row === from || html.length < room); row += 1) html += rowAt(row);
  return { from, to: row, html };
}

/** The pages from the start, as many as there is room for, and the last rows. */
function pagesOf(table: Table, columns: ReadonlyArray<Column | number>): Page[] {
  const pages: Page[] = [];
  const rowAt = (row: number): string => rowHtml(table, columns, row);
  let room = SIZE;
  let at = 0;
  while (at < table.rows && pages.length < PAGES && room > 0) {
    const page = pageOf(rowAt, at, Math.min(at + PAGE, table.rows), room);
    pages.push(page);
    room -= page.html.length;
    at = page.to;
  }
  if (at < table.rows) {
    // Wide rows: no more of them than on the first page.
    const rows = Math.min(PAGE, pages[0]?.to ?? PAGE);
    pages.push(pageOf(rowAt, Math.max(at, table.rows - rows), table.rows, SIZE / 3));
  }
  return pages;
}

function pagerHtml(pages: readonly Page[], rows: number): string {
  const buttons = pages.map(({ from, to }, i) => {
    const skipped = from > (pages[i - 1]?.to ?? 0) ? '<span>…</span>' : '';
    const checked = i === 0 ? ' checked' : '';
    return `${skipped}<label><input type="radio" name="page"${checked}>${grouped(from)}–${grouped(to - 1)}</label>`;
  });
  const last = pages.at(-2);
  const isWhole = last === undefined || pages.at(-1)?.from === last.to;
  const note = isWhole ? '' : `<span>of ${counted(rows, 'row')}; the rest is not in the page</span>`;
  return `<nav>${buttons.join('')}${note}</nav>`;
}

const style = (pages: number): string =>
  styleElement(`
.tsloop-table { margin: 0; font-family: ${FONTS.text}; color: ${COLORS.text} }
.tsloop-table > div { overflow-x: auto; max-width: 100% }
.tsloop-table table { border-collapse: collapse; margin: 0; font-size: 12px; width: auto }
.tsloop-table th, .tsloop-table td { padding: 3px 10px; text-align: left; white-space: pre; border: 0; font-variant-numeric: tabular-nums; vertical-align: top }
.tsloop-table thead th { border-bottom: 1px solid ${COLORS.border}; vertical-align: bottom }
.tsloop-table tbody th { color: ${COLORS.dim}; font-weight: normal; text-align: right }
.tsloop-table .tsloop-n { text-align: right }
.tsloop-table small { font-weight: normal; color: ${COLORS.dim} }
.tsloop-table .tsloop-more { color: ${COLORS.dim}; font-weight: normal }
.tsloop-table tbody tr:hover { background: ${COLORS.hover} }
.tsloop-table p, .tsloop-table nav { margin: 4px 0 0; font-size: 12px; color: ${COLORS.dim} }
.tsloop-table nav { display: flex; flex-wrap: wrap; gap: 4px; align-items: center }
.tsloop-table nav label { border: 1px solid ${COLORS.border}; border-radius: 3px; padding: 1px 7px; cursor: pointer }
.tsloop-table nav label:has(:checked) { color: ${COLORS.text}; border-color: ${COLORS.accent} }
.tsloop-table nav label:has(:focus-visible) { outline: 2px solid ${COLORS.accent} }
.tsloop-table nav input { position: absolute; opacity: 0; width: 1px; height: 1px; margin: 0 }
${colorRules('.tsloop-table', PIECE_COLORS)}
${Array.from({ length: pages }, (_, i) => `.tsloop-table:has(nav label:nth-of-type(${i + 1}) :checked) tbody:not(:nth-of-type(${i + 1})) { display: none }`).join('\n')}`);

/**
 * The table as HTML. The buttons of one table are a group because a form is around them; `dialog` is the method of
 * a form that sends nothing anywhere.
 */
function tableHtml(table: Table): string {
  const columns = shownColumns(table);
  const pages = pagesOf(table, columns);
  const shape = `${counted(table.rows, 'row')} × ${counted(table.columns.length, 'column')}`;
  const caption = table.title === undefined ? shape : `${cut(table.title, 100)}: ${shape}`;
  const bodies = pages.map(({ html }) => `<tbody>${html}</tbody>`);
  return (
    `<form method="dialog" class="tsloop-table">${style(pages.length > 1 ? pages.length : 0)}` +
    `<div><table>${headerHtml(columns)}${bodies.join('')}</table></div>` +
    `${pages.length > 1 ? pagerHtml(pages, table.rows) : ''}<p>${escapeHtml(caption)}</p></form>`
  );
}

export function renderTable(table: Table): Rendered {
  return { html: tableHtml(table), ...(table.hasText === false ? {} : { text: tableText(table) }) };
}
