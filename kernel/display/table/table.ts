/** What a table is, whatever library made it: rows by number, columns with names and types. Nothing is copied. */

/** A cell for which the row has no value at all. */
export const MISSING: unique symbol = Symbol('missing');
/** A cell whose value a getter would have to make. */
export const GETTER: unique symbol = Symbol('getter');

export interface Column {
  readonly name: string;
  /** As its library calls it, or as TypeScript does: `Float64`, `number | null`. */
  readonly type: string;
  /** The cell in a row, from 0. */
  at(this: void, row: number): unknown;
}

export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** What it is, where that is more than an array: `Arrow table`. */
  readonly title?: string;
  /** The row that is called by a name has it here; all others by their number. */
  readonly label?: (row: number) => string;
  /** False: the value's own text is as good as that of a table. */
  readonly hasText?: boolean;
}

/** Whether the column has numbers, which stand below each other by their last digits. */
export function isNumeric({ type }: Column): boolean {
  return /^(?:number|bigint|u?int\d*|float\d*|f\d+|[iu]\d+|decimal.*)(?: \| (?:null|undefined))*$/i.test(
    type,
  );
}

/** From the values of a column: `number`, `string | null`. */
export function typeOfValues(values: Iterable<unknown>): string {
  const names = new Set<string>();
  for (const value of values) {
    const name = typeName(value);
    if (name !== undefined) names.add(name);
    if (names.size > 4) return 'mixed';
  }
  const nothing = ['null', 'undefined'].filter((name) => names.delete(name));
  return [...names, ...nothing].join(' | ');
}

function typeName(value: unknown): string | undefined {
  if (value === MISSING || value === GETTER) return undefined;
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'array';
  return value instanceof Date ? 'Date' : 'object';
}
