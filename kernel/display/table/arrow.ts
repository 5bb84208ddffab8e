/**
 * Tables and vectors of apache-arrow. Cells of lists, structs and maps are windows into its memory, some of them
 * proxies: what is shown are plain values made of them.
 */
import { ask, hasAll, hasMethod, written } from '../own.ts';
import type { Column, Table } from './table.ts';

/** What is used of its Table: https://arrow.apache.org/js/current/classes/Arrow.dom.Table.html */
interface Arrow {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly Field[] };
  getChildAt(index: number): { get(row: number): unknown } | null;
}

interface Field {
  readonly name: string;
  readonly type: Type;
  readonly nullable?: boolean;
}

/** Of its types these parts are used: of decimals the scale, of those that are nested the fields. */
interface Type {
  readonly scale?: number;
  readonly children?: readonly Field[] | null;
}

/** So many elements of a list are looked at: a cell shows fewer. */
const ELEMENTS = 20;
const DEPTH = 4;

export function arrowTable(value: object): Table | undefined {
  if (!hasAll(value, ['schema', 'batches', 'numRows']) || !hasMethod(value, 'getChildAt')) return undefined;
  return ask(() => {
    const { numRows, schema, getChildAt } = value as Arrow;
    const columns = schema.fields.map(({ name, type, nullable }, i): Column => {
      const vector = getChildAt.call(value, i);
      const typeName = written(type);
      return {
        name,
        type: nullable === true ? `${typeName} | null` : typeName,
        at: (row) => plain(vector?.get(row), type, DEPTH),
      };
    });
    return { rows: numRows, columns, title: 'Arrow table' };
  });
}

/** A column of an Arrow table by itself. */
export function arrowVector(value: object): Table | undefined {
  if (!isVector(value)) return undefined;
  return ask(() => {
    const { type, length } = value;
    const at = (row: number): unknown => plain(value.get(row), type, DEPTH);
    return { rows: length, columns: [{ name: 'value', type: written(type), at }], title: 'Arrow vector' };
  });
}

interface Vector {
  readonly type: Type;
  readonly length: number;
  get(row: number): unknown;
}

function isVector(value: unknown): value is Vector {
  return hasAll(value, ['type', 'length', 'data', 'get', 'toArray', 'getChildAt', 'isValid']);
}

/** A cell of a type, as a value that is no part of the library; `depth` is how far lists and structs are followed. */
function plain(cell: unknown, type: Type, depth: number): unknown {
  const name = written(type);
  if (/^(?:Date|Timestamp)/.test(name)) return typeof cell === 'number' ? new Date(cell) : cell;
  if (name.startsWith('Decimal') && ArrayBuffer.isView(cell)) return decimal(written(cell), type.scale ?? 0);
  const isNested = /^(?:List|FixedSizeList|Struct|Map)\b/.test(name);
  if (!isNested || typeof cell !== 'object' || cell === null || depth === 0) return cell;
  if (isVector(cell)) {
    // So long as the list itself, as the rest is never looked at.
    const elements: unknown[] = [];
    elements.length = cell.length;
    for (let i = 0; i < Math.min(cell.length, ELEMENTS); i += 1)
      elements[i] = plain(cell.get(i), cell.type, depth - 1);
    return elements;
  }
  // A row of a struct, or a map. Both are proxies: a field may be called like a method, but not like the iterator.
  const entries = [...(cell as Iterable<readonly [key: string, value: unknown]>)];
  if (name.startsWith('Map')) {
    const valueType = type.children?.[0]?.type.children?.[1]?.type ?? {};
    return new Map(entries.map(([key, each]) => [key, plain(each, valueType, depth - 1)]));
  }
  const typeOf = (key: string): Type => type.children?.find((field) => field.name === key)?.type ?? {};
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each, typeOf(key), depth - 1)]));
}

/** `-5` with a scale of 2 as `-0.05`: a decimal is a whole number, and how many of its digits are behind the point. */
function decimal(whole: string, scale: number): string {
  if (scale <= 0) return `${whole}${'0'.repeat(-scale)}`;
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = whole.slice(sign.length).padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
