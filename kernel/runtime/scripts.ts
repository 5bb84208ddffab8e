/** The scripts that cells were compiled to, by the name that V8 knows them by: the way back from a stack to a cell. */
import type { Position, PositionOf } from '../language/positions.ts';

export interface Script {
  /** `In [3]` */
  readonly label: string;
  /** The cell's text as the user wrote it. */
  readonly source: string;
  /** What it was compiled to. Takes as long as compiling. */
  readonly code: () => string;
  readonly positionOf: PositionOf;
  /** How many of the session's lines stand above the text (the line of a `%%magic`). */
  readonly lineOffset: number;
}

const PREFIX = 'tsloop:cell/';

/** As many are remembered as the front remembers cells, so that a kernel that runs for months stays small. */
const REMEMBERED = 20_000;

/** Oldest first. */
const scripts = new Map<string, Script>();

/** Names a script; the name goes into its `//# sourceURL=` (which allows no blank). */
export function scriptName(id: number): string {
  return `${PREFIX}${id}`;
}

export function registerScript(id: number, script: Script): void {
  scripts.set(scriptName(id), script);
  for (const oldest of scripts.keys()) {
    if (scripts.size <= REMEMBERED) break;
    scripts.delete(oldest);
  }
}

/** Words of a function that the cell must have, too: those that compiling may add are none. */
const WORDS = /(?<![\p{ID_Continue}$])[\p{L}\p{N}]{3,}(?![\p{ID_Continue}$])/gu;

/**
 * Where in a cell a place in the text of a function is, lines and columns of that text counted from 1. Undefined if no
 * cell has that text, or if one has it twice.
 */
export function placeInFunction(text: string, line: number, column: number): CellPlace | undefined {
  const words = [...new Set(text.match(WORDS))];
  for (const [name, { source, code }] of [...scripts].toReversed()) {
    if (!words.every((word) => source.includes(word))) continue;
    const compiled = code();
    const start = compiled.indexOf(text);
    if (start === -1) continue;
    if (compiled.includes(text, start + 1)) return undefined;
    const above = compiled.slice(0, start).split('\n');
    const before = line === 1 ? (above.at(-1) ?? '').length : 0;
    return cellPlace(name, above.length + line - 1, before + column);
  }
  return undefined;
}

export interface CellPlace extends Position {
  readonly script: Script;
}

/** The place in a cell that a place in a script stands for. */
export function cellPlace(
  name: string | null | undefined,
  line: number,
  column: number,
): CellPlace | undefined {
  const script = name?.startsWith(PREFIX) ? scripts.get(name) : undefined;
  const position = script?.positionOf({ line, column });
  if (!script || !position) return undefined;
  const shownLine = position.line + script.lineOffset;
  // A line with ! or % was compiled to something else altogether: its beginning is the best place.
  const command = /^\s*(?=[!%])/.exec(script.source.split('\n')[shownLine - 1] ?? '');
  return { script, line: shownLine, column: command ? command[0].length + 1 : position.column };
}

/** Whether the name is a cell's, known or not. */
export function isCellScript(name: string | null | undefined): boolean {
  return name?.startsWith(PREFIX) ?? false;
}
