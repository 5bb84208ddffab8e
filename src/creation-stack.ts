/** Debug mode: where handles, futures and tasks were made. */

/** As asyncio: enough to see who, and not whole histories. */
const MAX_FRAMES = 10;

/** How many frames of this library may lie above those of its caller. */
const OWN_FRAMES = 12;

/** The folder of this library, as it stands in a stack. Its own frames never tell the user anything. */
const OWN_FOLDER = new URL('.', import.meta.url).href;

/** A place in code, lines and columns counted from 1. */
export interface Site {
  /** As the stack names it: a path, a file: address, or in a notebook the cell. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The callers of the code that makes something, nearest first, without this library and Node's own code. */
export class CreationStack {
  readonly #holder: { stack?: string } = {};
  #frames: readonly string[] | null = null;

  /**
   * @param isLazy V8 keeps the frames as they are, and with them what their functions belong to, and writes them
   * when somebody asks: for what is read soon or never. Otherwise they are written at once, which takes longer.
   */
  constructor(isLazy: boolean = false) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = MAX_FRAMES + OWN_FRAMES;
    Error.captureStackTrace(this.#holder, CreationStack);
    Error.stackTraceLimit = stackTraceLimit;
    if (!isLazy) void this.#holder.stack;
  }

  /** At most 10, as V8 writes them: `main (file:///…/main.ts:3:5)`. */
  frames(): readonly string[] {
    return (this.#frames ??= String(this.#holder.stack)
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim().replace(/^at /, ''))
      .filter((frame) => !frame.includes(OWN_FOLDER) && !/(?:^|\()node:/.test(frame))
      .slice(0, MAX_FRAMES));
  }

  /** The nearest caller that stands in code; null if the stack shows none. */
  site(): Site | null {
    for (const frame of this.frames()) {
      const found = /\(?((?:file:\/\/|\/|[A-Za-z]:[\\/]|\w)[^()]*):(\d+):(\d+)\)?$/.exec(frame);
      if (found === null) continue;
      const [, file = '', line, column] = found;
      const place = file.replace(/^.* (?=file:\/\/|\/|[A-Za-z]:[\\/])/, '');
      return { file: place, line: Number(line), column: Number(column) };
    }
    return null;
  }

  /** One frame a line, as in the stack of an error. */
  toString(): string {
    return this.frames()
      .map((frame) => `    at ${frame}`)
      .join('\n');
  }
}

/** `created at file:line`, for the text of what was made there; empty without a stack. */
export function createdAt(stack: CreationStack | null): string[] {
  const site = stack?.site() ?? null;
  return site === null ? [] : [`created at ${site.file}:${site.line}`];
}
