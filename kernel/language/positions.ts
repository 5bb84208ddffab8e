/** The way back through one or two source maps. The libraries are loaded with the first error that needs them. */
import { createRequire } from 'node:module';

type TraceMapping = typeof import('@jridgewell/trace-mapping');
type Remapping = (typeof import('@jridgewell/remapping'))['default'];

// Stacks are written synchronously, in the middle of the code that failed.
const require = createRequire(import.meta.url);

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** From a place in generated code to the place in the source; what was added in front of a piece of the source
 * stands for that piece, what was added elsewhere for nothing (undefined). */
export type PositionOf = (place: Position) => Position | undefined;

/** @param maps source maps as JSON: that of the last step first. */
export function positionsOf(maps: readonly string[]): PositionOf {
  const { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } =
    require('@jridgewell/trace-mapping') as TraceMapping;
  // As CommonJS the module is the function itself.
  const remapping = require('@jridgewell/remapping') as Remapping;
  const map = new TraceMap(
    maps.length === 1 ? (maps[0] ?? '{}') : remapping([...maps], () => null).toString(),
  );
  return ({ line, column }) => {
    const needle = { line, column: column - 1 };
    const exact = originalPositionFor(map, needle);
    // What was put in front of a piece of source stands for it.
    const found =
      exact.line === null ? originalPositionFor(map, { ...needle, bias: LEAST_UPPER_BOUND }) : exact;
    return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
  };
}
