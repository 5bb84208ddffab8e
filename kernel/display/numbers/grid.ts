/** Numbers in rows and columns: typed arrays, matrices, tensors. */
import { types } from 'node:util';
import { COLORS, counted, escapeHtml, FONTS, grouped, styleElement } from '../html.ts';
import { brief } from '../mime.ts';
import { ask, classNameOf, element, hasAll, isArray, ownValue } from '../own.ts';
import type { Rendered } from '../renderer.ts';

type Numeric = number | bigint;
type TypedArray = Float64Array | BigInt64Array;

/** Of a matrix so many rows and columns are shown, most of them from its start. */
const ROWS = 20;
const COLUMNS = 14;
/** Of a typed array so many elements are shown, in rows of ten. */
const ELEMENTS = 200;
const PER_ROW = 10;
/** Smallest, largest and mean value are told of arrays up to this length: a longer one takes too long to go through. */
const SUMMARIZED = 2_000_000;

const STYLE = styleElement(`
.tsloop-grid { color: ${COLORS.text}; font-size: 12px }
.tsloop-grid > div { overflow-x: auto }
.tsloop-grid table { border-collapse: collapse; margin: 4px 0; width: auto }
.tsloop-grid td, .tsloop-grid th { padding: 2px 8px; text-align: right; border: 0; font-family: ${FONTS.code}; font-variant-numeric: tabular-nums; white-space: nowrap }
.tsloop-grid th { color: ${COLORS.dim}; font-weight: normal }
.tsloop-grid p { margin: 0; color: ${COLORS.dim}; font-family: ${FONTS.text} }`);

function numberHtml(value: unknown): string {
  if (typeof value !== 'number') return escapeHtml(brief(value, 40));
  const text = Object.is(value, -0) ? '-0' : String(value);
  if (text.length <= 10) return text;
  return `<span title="${text}">${Number(value.toPrecision(6))}</span>`;
}

function isNumber(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The indexes that are shown of so many; a negative one stands for those between. */
function shownIndexes(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  const tail = Math.floor(most / 4);
  return [
    ...Array.from({ length: most - tail }, (_, i) => i),
    -1,
    ...Array.from({ length: tail }, (_, i) => count - tail + i),
  ];
}

/** A matrix: its shape, and its numbers with the indexes of their rows and columns. */
function matrixHtml(
  rows: number,
  columns: number,
  at: (row: number, column: number) => unknown,
  title: string,
): string {
  const rowIndexes = shownIndexes(rows, ROWS);
  const columnIndexes = shownIndexes(columns, COLUMNS);
  const head = columnIndexes.map((column) => `<th>${column < 0 ? '…' : column}</th>`).join('');
  const body = rowIndexes.map((row) => {
    const cells = columnIndexes.map(
      (column) => `<td>${row < 0 || column < 0 ? '…' : numberHtml(at(row, column))}</td>`,
    );
    return `<tr><th>${row < 0 ? '…' : row}</th>${cells.join('')}</tr>`;
  });
  return `<div class="tsloop-grid">${STYLE}<p>${escapeHtml(title)}</p><div><table><thead><tr><th></th>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div></div>`;
}

function summaryOf(array: TypedArray): string {
  if (array.length === 0 || array.length > SUMMARIZED) return '';
  let least: Numeric = array[0] ?? 0;
  let most: Numeric = least;
  let sum = Number(least);
  // By index: an iterator takes several times as long.
  for (let i = 1; i < array.length; i += 1) {
    const value: Numeric = array[i] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
    sum += Number(value);
  }
  const [shortLeast, shortMost, mean] = [least, most, sum / array.length].map(short);
  return `, least ${shortLeast}, most ${shortMost}, mean ${mean}`;
}

function short(value: Numeric): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

/** `Float64Array` and its like; not bytes, which have a form of their own. */
export function renderTypedArray(value: object): Rendered | undefined {
  if (!types.isTypedArray(value) || Buffer.isBuffer(value)) return undefined;
  const array = value as unknown as TypedArray;
  if (array.length <= PER_ROW) return undefined;
  const name = classNameOf(value) || 'TypedArray';
  const title = `${name}, ${counted(array.length, 'element')}${summaryOf(array)}`;
  const rows: string[] = [];
  for (let from = 0; from < Math.min(array.length, ELEMENTS); from += PER_ROW) {
    const cells = Array.from(
      array.subarray(from, from + PER_ROW) as Float64Array,
      (each) => `<td>${numberHtml(each)}</td>`,
    );
    rows.push(`<tr><th>${grouped(from)}</th>${cells.join('')}</tr>`);
  }
  const left = array.length - ELEMENTS;
  const more = left > 0 ? `<p>… ${grouped(left)} more</p>` : '';
  return {
    html: `<div class="tsloop-grid">${STYLE}<p>${escapeHtml(title)}</p><div><table><tbody>${rows.join('')}</tbody></table></div>${more}</div>`,
  };
}

/** Arrays of equally long arrays of numbers. */
export function renderMatrix(value: object): Rendered | undefined {
  if (!isArray(value) || value.length < 2) return undefined;
  const width = rowLength(element(value, 0));
  if (width === undefined || width === 0) return undefined;
  const isMatrix = (row: number): boolean => {
    const cells = element(value, row);
    if (rowLength(cells) !== width) return false;
    const few = Math.min(width, 100);
    return Array.from({ length: few }, (_, i) => element(cells as unknown[], i)).every(isNumber);
  };
  const checked = shownIndexes(value.length, 100).filter((row) => row >= 0);
  if (!checked.every(isMatrix)) return undefined;
  const at = (row: number, column: number): unknown => element(element(value, row) as unknown[], column);
  return {
    html: matrixHtml(value.length, width, at, `Matrix, ${grouped(value.length)} × ${grouped(width)}`),
  };
}

function rowLength(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return isArray(value) || types.isTypedArray(value) ? (value as readonly unknown[]).length : undefined;
}

/** What is used of ml-matrix: https://mljs.github.io/matrix/classes/AbstractMatrix.html */
interface MlMatrix {
  readonly rows: number;
  readonly columns: number;
  get(row: number, column: number): unknown;
}

/** A matrix of ml-matrix, or one of its views of another. */
export function renderMlMatrix(value: object): Rendered | undefined {
  if (!hasAll(value, ['rows', 'columns', 'get', 'to2DArray', 'mmul'])) return undefined;
  return ask(() => {
    const matrix = value as MlMatrix;
    const { rows, columns } = matrix;
    if (!isSize(rows) || !isSize(columns)) return undefined;
    const title = `${classNameOf(value)}, ${grouped(rows)} × ${grouped(columns)}`;
    return { html: matrixHtml(rows, columns, (row, column) => matrix.get(row, column), title) };
  });
}

/** Arrays of any number of dimensions over one typed array, as of the package `ndarray`: data, shape, stride, offset. */
export function renderTensor(value: object): Rendered | undefined {
  const [data, shape, stride] = ['data', 'shape', 'stride'].map((key) => ownValue(value, key));
  const offset = ownValue(value, 'offset') ?? 0;
  if (!types.isTypedArray(data) && !isArray(data)) return undefined;
  if (!isArray(shape) || !shape.every(isSize) || shape.length === 0) return undefined;
  const strides = isArray(stride) && stride.length === shape.length ? stride : rowMajor(shape as number[]);
  if (!strides.every((each) => typeof each === 'number') || typeof offset !== 'number') return undefined;
  const sizes = shape as readonly number[];
  const steps: readonly number[] = strides;
  const [rowStep = 0, columnStep = 0] = sizes.length === 1 ? [0, steps[0]] : steps.slice(-2);
  const [rows = 1, columns = 0] = sizes.length === 1 ? [1, sizes[0]] : sizes.slice(-2);
  if (sizes.some((size) => size === 0)) return undefined;
  const at = (row: number, column: number): unknown => {
    const cell = element(data as readonly unknown[], offset + row * rowStep + column * columnStep);
    return isNumber(cell) ? cell : '?';
  };
  const outer = sizes.slice(0, -2);
  const slice = outer.length === 0 ? '' : `; shown is [${[...outer.map(() => '0'), '…', '…'].join(', ')}]`;
  const kind = classNameOf(data)
    .replace(/Array$/, '')
    .toLowerCase();
  return {
    html: matrixHtml(rows, columns, at, `Tensor of ${kind}, ${sizes.map(grouped).join(' × ')}${slice}`),
  };
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * size, 1));
}
