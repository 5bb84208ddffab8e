/** Values in one line, without running their code: in the cells of tables and the closed branches of trees. */
import { inspect, types } from 'node:util';
import { cut, grouped } from './html.ts';
import {
  ask,
  classNameOf,
  descriptorOf,
  element,
  isArray,
  isOfLoop,
  isPlain,
  isTransparent,
  ownValue,
  countProperties,
  properties,
  written,
} from './own.ts';

/** The colours that pieces have. */
export const PIECE_COLORS = ['key', 'string', 'number', 'keyword', 'dim', 'name'] as const;
export type PieceColor = (typeof PIECE_COLORS)[number];

/** A piece of text and the colour of what it stands for. */
export interface Piece {
  readonly text: string;
  readonly color: PieceColor;
}

/** A preview shows so many elements or properties. */
const FEW = 5;
/** A string inside of a preview is cut to so many characters. */
const SHORT = 40;

/** A value that has no parts, or is shown as if it had none. */
export function preview(value: unknown, length = 80): Piece {
  const piece = pieceOf(value, length);
  return { ...piece, text: cut(piece.text, length) };
}

function pieceOf(value: unknown, length: number): Piece {
  switch (typeof value) {
    case 'string':
      return { text: inspect(cut(value, length)), color: 'string' };
    case 'number':
      return { text: Object.is(value, -0) ? '-0' : String(value), color: 'number' };
    case 'bigint':
      return { text: `${value}n`, color: 'number' };
    case 'boolean':
      return { text: String(value), color: 'keyword' };
    case 'undefined':
      return { text: 'undefined', color: 'dim' };
    case 'symbol':
      return { text: String(value), color: 'string' };
    case 'function':
      return { text: functionText(value), color: 'name' };
    default:
      return typeof value !== 'object' || value === null
        ? { text: 'null', color: 'dim' }
        : { text: objectText(value, true), color: 'dim' };
  }
}

function functionText(value: object): string {
  if (!isTransparent(value)) return 'Proxy';
  const name = ownValue(value, 'name');
  return `ƒ ${typeof name === 'string' && name !== '' ? cut(name, SHORT) : '(anonymous)'}`;
}

/** An object's text; its parts in it only if `deep`. */
function objectText(value: object, deep: boolean): string {
  if (!isTransparent(value)) return 'Proxy';
  if (isArray(value)) {
    if (!deep) return value.length === 0 ? '[]' : `Array(${grouped(value.length)})`;
    const shown = Array.from({ length: Math.min(value.length, FEW) }, (_, i) => part(element(value, i)));
    return `[${listed(shown, value.length)}]`;
  }
  if (isOfLoop(value)) return ask(() => written(value)) ?? classNameOf(value);
  if (types.isDate(value)) return dateText(value);
  if (types.isRegExp(value)) return RegExp.prototype.toString.call(value);
  if (types.isNativeError(value)) return errorText(value);
  const name = classNameOf(value);
  if (types.isMap(value) || types.isSet(value)) return collectionText(value, name, deep);
  if (types.isTypedArray(value)) {
    const elements = value as Uint8Array;
    const shown = Array.from({ length: Math.min(elements.length, FEW) }, (_, i) => String(elements[i]));
    return `${name}(${grouped(elements.length)})${deep ? ` [${listed(shown, elements.length)}]` : ''}`;
  }
  if (!isPlain(value) && (types.isBoxedPrimitive(value) || types.isPromise(value))) return name;
  const prefix = name === 'Object' || name === '' ? '' : `${name} `;
  const count = countProperties(value);
  if (!deep) return count === 0 ? `${prefix}{}` : `${prefix}{…}`;
  const shown = properties(value, FEW).map(
    ([key, { get, value: own }]) => `${cut(key, SHORT)}: ${get ? '[Getter]' : part(own)}`,
  );
  return `${prefix}{${listed(shown, count)}}`;
}

function part(value: unknown): string {
  return typeof value === 'object' && value !== null ? objectText(value, false) : pieceOf(value, SHORT).text;
}

function listed(shown: readonly string[], count: number): string {
  return [...shown, ...(count > shown.length ? ['…'] : [])].join(', ');
}

/** An ISO date; `Invalid Date` for none. */
export function dateText(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
}

/** `RangeError: message`, in the first line. */
export function errorText(error: Error): string {
  const name = descriptorOf(error, 'name')?.value as unknown;
  const message = ownValue(error, 'message');
  const shown = typeof message === 'string' ? message.split('\n')[0] : '';
  return `${typeof name === 'string' ? name : 'Error'}${shown === '' ? '' : `: ${shown}`}`;
}

function collectionText(value: Map<unknown, unknown> | Set<unknown>, name: string, deep: boolean): string {
  const size = sizeOf(value);
  const title = `${name}(${grouped(size)})`;
  if (!deep || size === 0) return title;
  const shown = firstEntries(value, FEW).map(([key, own]) =>
    types.isMap(value) ? `${part(key)} => ${part(own)}` : part(key),
  );
  return `${title} {${listed(shown, size)}}`;
}

/** How many entries a map or a set has, whatever its class makes of `size`. */
export function sizeOf(value: Map<unknown, unknown> | Set<unknown>): number {
  const { prototype } = types.isMap(value) ? Map : Set;
  return Reflect.getOwnPropertyDescriptor(prototype, 'size')?.get?.call(value) as number;
}

/** The first entries of a map, or of a set, where key and value are the same. */
export function firstEntries(
  value: Map<unknown, unknown> | Set<unknown>,
  count: number,
): Array<readonly [key: unknown, value: unknown]> {
  const entries: Iterator<[unknown, unknown]> = types.isMap(value)
    ? Map.prototype.entries.call(value)
    : Set.prototype.entries.call(value);
  const found: Array<readonly [unknown, unknown]> = [];
  while (found.length < count) {
    const { done, value: entry } = entries.next();
    if (done === true) break;
    found.push(entry);
  }
  return found;
}
