/** Arrays of records, `[{ name: 'Ada', born: 1815 }, …]`, as tables. Only some of their rows are looked at. */
import { types } from 'node:util';
import {
  classNameOf,
  element,
  inspectsItself,
  isArray,
  isPlain,
  isTransparent,
  countProperties,
} from '../own.ts';
import { type Column, GETTER, MISSING, type Table, typeOfValues } from './table.ts';

/** So many rows at the start and at the end say what columns there are, of which types. */
const HEAD = 100;
const TAIL = 20;
/** A table this wide is none that anybody could read; nor is one that is mostly empty. */
const MOST_COLUMNS = 1000;
const LEAST_FILLED = 0.3;
/** Few records are as readable as `console.log` prints them. */
const FEW_ROWS = 10;

/** The rows that are looked at. */
export function sampledRows(rows: number): number[] {
  const isWhole = rows <= HEAD + TAIL;
  return Array.from({ length: isWhole ? rows : HEAD + TAIL }, (_, i) =>
    isWhole || i < HEAD ? i : rows - TAIL + i - HEAD,
  );
}

/** The table that the value is; undefined if it is none. */
export function recordTable(value: object): Table | undefined {
  if (!isArray(value) || value.length === 0 || inspectsItself(value)) return undefined;
  const names = new Set<string>();
  const sample = sampledRows(value.length);
  let filled = 0;
  for (const row of sample) {
    const record = element(value, row);
    if (!isRecord(record)) return undefined;
    const keys = Object.keys(record);
    filled += keys.length;
    for (const key of keys) names.add(key);
    if (names.size > MOST_COLUMNS) return undefined;
  }
  if (filled < LEAST_FILLED * sample.length * names.size || names.size === 0) return undefined;
  const columns = [...names].map((name): Column => {
    const at = (row: number): unknown => cell(element(value, row), name);
    return { name, type: typeOfValues(sample.map(at)), at };
  });
  const name = classNameOf(element(value, 0));
  const title = name === 'Object' || name === '' ? {} : { title: `${name}[]` };
  return { rows: value.length, columns, ...title, hasText: value.length > FEW_ROWS };
}

function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || !isTransparent(value) || isArray(value)) return false;
  return isPlain(value) || (!inspectsItself(value) && !isBuiltIn(value) && countProperties(value) > 0);
}

function isBuiltIn(value: object): boolean {
  return (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isNativeError(value) ||
    types.isMap(value) ||
    types.isSet(value) ||
    types.isPromise(value) ||
    types.isTypedArray(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isBoxedPrimitive(value)
  );
}

function cell(record: unknown, name: string): unknown {
  const descriptor = isTransparent(record) ? Reflect.getOwnPropertyDescriptor(record, name) : undefined;
  if (!descriptor) return MISSING;
  return descriptor.get || descriptor.set ? GETTER : descriptor.value;
}
