/**
 * What was run in this session.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
 */
import type { JsonObject } from '../protocol/json.ts';
import { ContentError, flag, integer, text } from '../protocol/content.ts';

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | undefined;
}

/** A session's number; there is one until histories are kept across sessions. */
const SESSION = 1;

/** A session keeps this many cells; older ones are forgotten, so that a kernel that runs for months stays small. */
const LIMIT = 10_000;

/** A glob as sqlite's GLOB, which IPython uses: `*`, `?` and `[...]`. */
function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\[!?[^\]]+\]|[*?]|[.+^${}()|[\]\\]/g, (match) => {
    if (match === '*') return '[^]*';
    if (match === '?') return '[^]';
    return match.length > 1 ? match.replace(/^\[!/, '[^') : `\\${match}`;
  });
  try {
    return new RegExp(`^${source}$`);
  } catch {
    throw new ContentError(`The pattern '${glob}' is no glob: ${source}`);
  }
}

export class History {
  #entries: Entry[] = [];

  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: undefined });
    if (this.#entries.length > LIMIT) this.#entries.splice(0, this.#entries.length - LIMIT);
  }

  /** The plain text of the result of the cell with that number. */
  setOutput(line: number, output: string): void {
    const entry = this.#entries.findLast((candidate) => candidate.line === line);
    if (entry) entry.output = output;
  }

  /** Answers a history_request: `[session, line, input]`, or `[session, line, [input, output]]`. */
  query(content: JsonObject): unknown[] {
    const withOutput = flag(content, 'output', false);
    return this.#select(content).map(({ line, input, output }) => [
      SESSION,
      line,
      withOutput ? [input, output ?? null] : input,
    ]);
  }

  #select(content: JsonObject): Entry[] {
    const type = text(content, 'hist_access_type', 'tail');
    if (type === 'range') {
      const session = integer(content, 'session', 0);
      // 0 is this session, -1 the one before; only this one is known.
      if (session !== 0 && session !== SESSION) return [];
      const start = integer(content, 'start', 1);
      const stop = integer(content, 'stop', Number.MAX_SAFE_INTEGER);
      return this.#entries.filter(({ line }) => line >= start && line < stop);
    }
    if (type !== 'tail' && type !== 'search') {
      throw new ContentError(
        `The field 'hist_access_type' must be 'range', 'tail' or 'search', not '${type}'`,
      );
    }
    const count = integer(content, 'n', type === 'tail' ? 10 : LIMIT);
    if (count <= 0) return [];
    if (type === 'tail') return this.#entries.slice(-count);
    const pattern = globToRegExp(text(content, 'pattern', '*'));
    let found = this.#entries.filter(({ input }) => pattern.test(input));
    if (flag(content, 'unique', false)) {
      const last = new Map(found.map((entry) => [entry.input, entry]));
      found = found.filter((entry) => last.get(entry.input) === entry);
    }
    return found.slice(-count);
  }
}
