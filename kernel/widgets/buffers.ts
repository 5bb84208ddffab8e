/**
 * Binary values of a widget's state travel beside the JSON: their places are told by paths.
 * Source: https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */
import type { CommBuffer } from '../runtime/comm-registry.ts';

/** A place in a state: keys and indices, from its root. */
export type BufferPath = ReadonlyArray<string | number>;

/** A state without its binary values, and these with the places that they were taken from. */
export interface Parted {
  readonly state: Record<string, unknown>;
  readonly paths: BufferPath[];
  readonly buffers: CommBuffer[];
}

function isBinary(value: unknown): value is CommBuffer {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Takes the binary values out. In a list null is left in their place, as the other places must stay. */
export function takeBuffers(state: Readonly<Record<string, unknown>>): Parted {
  const paths: BufferPath[] = [];
  const buffers: CommBuffer[] = [];
  const found = (value: unknown, path: BufferPath): boolean => {
    if (!isBinary(value)) return false;
    paths.push(path);
    buffers.push(value);
    return true;
  };
  const walk = (value: unknown, path: BufferPath): unknown => {
    if (Array.isArray(value)) {
      return value.map((each: unknown, i) => (found(each, [...path, i]) ? null : walk(each, [...path, i])));
    }
    return isPlain(value) ? walkObject(value, path) : value;
  };
  const walkObject = (value: Readonly<Record<string, unknown>>, path: BufferPath): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value)
        .filter(([key, each]) => !found(each, [...path, key]))
        .map(([key, each]) => [key, walk(each, [...path, key])]),
    );
  return { state: walkObject(state, []), paths, buffers };
}

/** Puts buffers back where they were taken from. Paths that lead nowhere are left out. */
export function putBuffers(state: object, paths: unknown, buffers: readonly Uint8Array[]): void {
  if (!Array.isArray(paths)) return;
  for (const [i, path] of paths.entries()) {
    const buffer = buffers[i];
    if (!Array.isArray(path) || buffer === undefined) continue;
    const last: unknown = path.at(-1);
    let at: unknown = state;
    for (const key of path.slice(0, -1)) {
      at =
        typeof at === 'object' && at !== null && Object.hasOwn(at, key as PropertyKey)
          ? (at as Record<PropertyKey, unknown>)[key as PropertyKey]
          : undefined;
    }
    if (typeof at !== 'object' || at === null) continue;
    if (typeof last !== 'string' && typeof last !== 'number') continue;
    // Not by assignment: a client may name `__proto__`.
    Object.defineProperty(at, last, { value: buffer, configurable: true, enumerable: true, writable: true });
  }
}
