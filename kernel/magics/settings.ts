/** What `%config` changes: settings of the session. */

/** One setting: how it is written, read and explained. */
export interface Setting<T> {
  value: T;
  /** For the list; one line. */
  readonly summary: string;
  /** What may be written; for the error. */
  readonly expected: string;
  /** Undefined for a text that means nothing. */
  parse(text: string): T | undefined;
  show(value: T): string;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** `16MB` → 16777216, units in either case; undefined if it is no size. */
function parseSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return digits === '' || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}

/** 16777216 → `16 MB`: in the largest unit that is no fraction. */
export function showSize(size: number): string {
  const units = Object.entries(UNITS).toReversed();
  const [unit = '', factor = 1] = units.find(([, each]) => size >= each && size % each === 0) ?? [];
  return unit === '' ? `${size} characters` : `${size / factor} ${unit.toUpperCase()}`;
}

/** Less than a message of an error would say nothing; more than V8 can hold in one string would be no limit. */
const SMALLEST_LIMIT = 1000;
const LARGEST_LIMIT = 2 ** 28;

const outputLimit: Setting<number> = {
  // Jupyter's server drops printed text when it is more than 3 MB in 3 s, and with it what says how much is missing.
  value: 2 ** 20,
  summary: 'how much of one text is shown; a character counts as a byte',
  expected: 'a size of 1000 to 256MB, as 64MB',
  parse(text) {
    const size = parseSize(text);
    return size !== undefined && size >= SMALLEST_LIMIT && size <= LARGEST_LIMIT ? size : undefined;
  },
  show: showSize,
};

/** By name. A new one is an entry here. */
export const settings: { readonly 'output.limit': Setting<number> } = { 'output.limit': outputLimit };
