/**
 * Column tables of libraries: nodejs-polars, Danfo, Arquero, and plain objects of columns; Arrow has a file of its
 * own. Which it is shows in what it has; its cells are then asked from the library, one by one.
 */
import {
  ask,
  element,
  hasMethod,
  isArray,
  isPlain,
  isTransparent,
  ownValue,
  properties,
  written,
} from '../own.ts';
import { arrowTable, arrowVector } from './arrow.ts';
import { type Column, type Table, typeOfValues } from './table.ts';
import { sampledRows } from './records.ts';

/** The table that the value is; undefined if it is none that is known here. */
export function frameTable(value: object): Table | undefined {
  return (
    arrowTable(value) ?? arrowVector(value) ?? danfoTable(value) ?? arqueroTable(value) ?? columnsTable(value)
  );
}

/** What is used of nodejs-polars' DataFrame: https://pola-rs.github.io/nodejs-polars/interfaces/pl.DataFrame.html */
interface Polars {
  readonly height: number;
  readonly columns: readonly string[];
  readonly dtypes: readonly unknown[];
  /** Its cells, in the order of the columns. */
  row(index: number): readonly unknown[];
}

/**
 * A DataFrame of nodejs-polars is a proxy, which tells nothing of itself to those who run no code. So this is only to
 * be asked of objects whose own code is to be run anyway, as they have a `Jupyter.display` method.
 */
export function polarsTable(value: unknown): Table | undefined {
  return ask(() => {
    const frame = value as Polars;
    const { height, columns, dtypes } = frame;
    const isFrame =
      typeof height === 'number' &&
      Array.isArray(columns) &&
      Array.isArray(dtypes) &&
      typeof frame.row === 'function';
    if (!isFrame) return undefined;
    let latest = -1;
    let cells: readonly unknown[] = [];
    // Asked for one row after the other, as tables are drawn.
    const cellsOf = (row: number): readonly unknown[] => {
      if (row !== latest) cells = frame.row((latest = row));
      return cells;
    };
    return {
      rows: height,
      title: 'Polars DataFrame',
      columns: columns.map((name, i): Column => {
        return { name, type: polarsType(dtypes[i]), at: (row) => cellsOf(row)[i] };
      }),
    };
  });
}

/** `DataType(List(DataType(Float64)))` as `List(Float64)`, `Field("a", DataType(String))` as `a: String`. */
function polarsType(type: unknown): string {
  const isDropped: boolean[] = [];
  return written(type)
    .replaceAll(/\b(DataType|Field)?\(|\)/g, (parenthesis, wrapper?: string) => {
      if (parenthesis === ')') return isDropped.pop() === true ? '' : ')';
      isDropped.push(wrapper !== undefined);
      return wrapper === undefined ? '(' : '';
    })
    .replaceAll(/"([^"]*)", /g, '$1: ')
    .replaceAll(/,(?=\)|$)/g, '')
    .replaceAll(/,(?=\S)/g, ', ');
}

/** Danfo keeps all in properties of its own: https://danfo.jsdata.org/api-reference/dataframe */
function danfoTable(value: object): Table | undefined {
  const [names, types, rows, index] = ['$columns', '$dtypes', '$data', '$index'].map((key) =>
    ownValue(value, key),
  );
  if (!isArray(names) || !isArray(types) || !isArray(rows) || !isArray(index)) return undefined;
  const isSeries = ownValue(value, '$isSeries') === true;
  return {
    rows: index.length,
    title: isSeries ? 'Danfo Series' : 'Danfo DataFrame',
    label: (row) => String(element(index, row)),
    columns: names.map((name, i): Column => {
      const at = (row: number): unknown => {
        const cells = element(rows, row);
        return isSeries ? cells : isArray(cells) ? element(cells, i) : undefined;
      };
      return { name: String(name), type: types[i] === undefined ? '' : written(types[i]), at };
    }),
  };
}

/** What is used of Arquero's ColumnTable: https://idl.uw.edu/arquero/api/table */
interface Arquero {
  numRows(): number;
  columnNames(): string[];
  /** Filters and orders are taken into account. */
  get(name: string, row: number): unknown;
}

function arqueroTable(value: object): Table | undefined {
  const methods = ['numRows', 'columnNames', 'get', 'scan', 'objects'];
  if (!methods.every((name) => hasMethod(value, name))) return undefined;
  return ask(() => {
    const table = value as Arquero;
    const rows = table.numRows();
    const sample = sampledRows(rows);
    const columns = table.columnNames().map((name): Column => {
      const at = (row: number): unknown => table.get(name, row);
      return { name, type: typeOfValues(sample.map(at)), at };
    });
    return { rows, columns, title: 'Arquero table' };
  });
}

/** Fewer rows than these, and an object of arrays is better read as such. */
const LEAST_ROWS = 3;

/** `{ name: ['Ada', 'Alan', 'Grace'], born: [1815, 1912, 1906] }`: arrays of one length, of values that are no objects. */
function columnsTable(value: object): Table | undefined {
  if (!isPlain(value)) return undefined;
  const entries = properties(value);
  const arrays = entries.map(([, descriptor]) => descriptor.value as unknown);
  const rows = lengthOf(arrays[0]);
  if (entries.length < 2 || rows === undefined || rows < LEAST_ROWS) return undefined;
  if (!arrays.every((array) => lengthOf(array) === rows)) return undefined;
  const sample = sampledRows(rows);
  const columns = entries.map(([name], i): Column => {
    const at = (row: number): unknown => element(arrays[i] as unknown[], row);
    return { name, type: typeOfValues(sample.map(at)), at };
  });
  const isFlat = sample.every((row) => columns.every((column) => isFlatValue(column.at(row))));
  return isFlat ? { rows, columns, title: 'columns', hasText: rows > 10 } : undefined;
}

function lengthOf(value: unknown): number | undefined {
  if (!isTransparent(value)) return undefined;
  if (Array.isArray(value)) return value.length;
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? (value as Uint8Array).length : undefined;
}

function isFlatValue(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date;
}
