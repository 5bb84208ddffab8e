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

/** From a place in generated code to the place in the source; undefined for what was added to it. */
export type PositionOf = (place: Position) => Position | undefined;

/** @param maps source maps as JSON: that of the last step first. */
export function positionsOf(maps: readonly string[]): PositionOf {
  const { originalPositionFor, TraceMap } = require('@jridgewell/trace-mapping') as TraceMapping;
  // As CommonJS the module is the function itself.
  const remapping = require('@jridgewell/remapping') as Remapping;
  const map = new TraceMap(
    maps.length === 1 ? (maps[0] ?? '{}') : remapping([...maps], () => null).toString(),
  );
  return ({ line, column }) => {
    const found = originalPositionFor(map, { line, column: column - 1 });
    return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
  };
}
