/** The variables of a session as a table that a click on a heading orders: by CSS, without a script. */
import { types } from 'node:util';
import { colorRules, COLORS, counted, cut, escapeHtml, FONTS, grouped, styleElement } from './html.ts';
import { classNameOf, countProperties, inspectsItself, isArray, isTransparent } from './own.ts';
import { PIECE_COLORS, preview, sizeOf } from './preview.ts';
import type { Rendered } from './renderer.ts';
import { frameTable } from './table/frames.ts';
import type { Column } from './table/table.ts';
import { tableText } from './table/text.ts';

export interface Variable {
  readonly name: string;
  readonly value: unknown;
  /** As TypeScript sees it, where it does. */
  readonly type?: string | undefined;
}

/** How large a value is: in words, and as the number that it is ordered by. */
interface Size {
  readonly text: string;
  readonly count: number;
}

function size(count: number, text: string): Size {
  return { text, count };
}

function sizeOfValue(value: unknown): Size {
  if (typeof value === 'string') return size(value.length, counted(value.length, 'character'));
  if (typeof value !== 'object' || value === null || !isTransparent(value)) return size(0, '');
  const frame = frameTable(value);
  if (frame) return size(frame.rows, `${grouped(frame.rows)} × ${grouped(frame.columns.length)}`);
  if (isArray(value)) return size(value.length, counted(value.length, 'element'));
  if (types.isMap(value) || types.isSet(value)) {
    const entries = sizeOf(value);
    return size(entries, entries === 1 ? '1 entry' : `${grouped(entries)} entries`);
  }
  if (types.isArrayBufferView(value) || types.isAnyArrayBuffer(value)) {
    return size(value.byteLength, counted(value.byteLength, 'byte'));
  }
  // Its properties are not what it is about.
  if (inspectsItself(value)) return size(0, '');
  const count = countProperties(value);
  return count === 0 ? size(0, '') : size(count, count === 1 ? '1 property' : `${grouped(count)} properties`);
}

/** What the value is when it runs: where TypeScript does not know the name, or takes it for `any`. */
function runtimeType(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? classNameOf(value) || 'object' : typeof value;
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly size: Size;
  readonly value: ReturnType<typeof preview>;
}

function rowOf({ name, value, type }: Variable): Row {
  return { name, type: type ?? runtimeType(value), size: sizeOfValue(value), value: preview(value, 100) };
}

const COLUMNS = ['name', 'type', 'size', 'value'] as const;
/** The place of a row in each order is a variable of its own. */
const ORDERS: ReadonlyArray<
  readonly [column: (typeof COLUMNS)[number], compare: (a: Row, b: Row) => number]
> = [
  ['name', (a, b) => compareTexts(a.name, b.name)],
  ['type', (a, b) => compareTexts(a.type, b.type) || compareTexts(a.name, b.name)],
  ['size', (a, b) => b.size.count - a.size.count || compareTexts(a.name, b.name)],
];

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const STYLE = styleElement(`
.tsloop-variables { margin: 0; font-family: ${FONTS.text}; color: ${COLORS.text} }
.tsloop-variables table { display: grid; grid-template-columns: repeat(3, auto) minmax(0, 1fr); margin: 0; font-size: 12px; width: auto; max-width: 100%; overflow-x: auto }
.tsloop-variables thead, .tsloop-variables tbody, .tsloop-variables tr { display: contents }
.tsloop-variables th, .tsloop-variables td { padding: 3px 10px; text-align: left; border: 0; overflow-wrap: anywhere; font-family: ${FONTS.code} }
.tsloop-variables th { order: -1; border-bottom: 1px solid ${COLORS.border}; font-family: inherit }
.tsloop-variables td:nth-child(3) { text-align: right; color: ${COLORS.dim}; font-family: inherit; white-space: nowrap }
.tsloop-variables td:nth-child(2) { color: ${COLORS.keyword}; max-width: 40ch }
.tsloop-variables td:nth-child(4) { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.tsloop-variables tr:hover td { background: ${COLORS.hover} }
.tsloop-variables th label { cursor: pointer }
.tsloop-variables th label:has(:checked) { color: ${COLORS.accent} }
.tsloop-variables th label:has(:checked)::after { content: ' ▾' }
.tsloop-variables th label:has(:focus-visible) { outline: 2px solid ${COLORS.accent} }
.tsloop-variables input { position: absolute; opacity: 0; width: 1px; height: 1px; margin: 0 }
${ORDERS.map(([name], i) => `.tsloop-variables:has(th:nth-child(${i + 1}) :checked) td { order: var(--${name}) }`).join('\n')}
${colorRules('.tsloop-variables', PIECE_COLORS)}`);

function headerHtml(): string {
  const cells = COLUMNS.map((name, i) =>
    ORDERS.some(([column]) => column === name)
      ? `<th><label><input type="radio" name="order"${i === 0 ? ' checked' : ''}>${name}</label></th>`
      : `<th>${name}</th>`,
  );
  return `<thead><tr>${cells.join('')}</tr></thead>`;
}

/** Ordered by name at first. */
export function renderVariables(variables: readonly Variable[]): Rendered {
  const rows = variables.map(rowOf).sort((a, b) => compareTexts(a.name, b.name));
  const places = new Map(rows.map((row) => [row, [] as string[]]));
  for (const [name, compare] of ORDERS) {
    [...rows].sort(compare).forEach((row, place) => places.get(row)?.push(`--${name}:${place}`));
  }
  const body = rows.map((row) => {
    const cells = [
      escapeHtml(row.name),
      escapeHtml(cut(row.type, 200)),
      row.size.text,
      `<span class="tsloop-c-${row.value.color}">${escapeHtml(row.value.text)}</span>`,
    ];
    return `<tr style="${places.get(row)?.join(';')}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const html = `<form method="dialog" class="tsloop-variables">${STYLE}<table>${headerHtml()}<tbody>${body.join('')}</tbody></table></form>`;
  return { html, text: variablesText(rows) };
}

function variablesText(rows: readonly Row[]): string {
  const column = (name: string, text: (row: Row) => string): Column => ({
    name,
    type: '',
    at: (row) => {
      const found = rows[row];
      return found ? text(found) : '';
    },
  });
  const columns = [
    column('type', (row) => row.type),
    column('size', (row) => row.size.text),
    column('value', (row) => row.value.text),
  ];
  const table = { rows: rows.length, columns, label: (row: number) => rows[row]?.name ?? '' };
  return tableText(table, { all: true }).split('\n').slice(0, -1).join('\n');
}
