/**
 * What was run in this session, and in earlier ones.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
 */
import type { JsonObject } from '../protocol/json.ts';
import { ContentError, flag, integer, text } from '../protocol/content.ts';
import { globMatcher } from './glob.ts';
import type { Entry, HistoryFiles } from './history-files.ts';

/** A session keeps this many cells in memory; older ones are forgotten, so that a kernel that runs for months stays small. */
const LIMIT = 10_000;
/** Of an output this many characters are kept. */
const OUTPUT_LIMIT = 100_000;
/** A new session's file is made while its client waits for a result; those that are too many can wait (ms). */
const PRUNE_DELAY = 5000;

/** `[session, line, input]`, or `[session, line, [input, output]]`. */
export type Found = [session: number, line: number, cell: string | [input: string, output: string | null]];

interface Session {
  readonly number: number;
  readonly entries: readonly Entry[];
}

export class History {
  readonly #files: HistoryFiles | undefined;
  #entries: Entry[] = [];

  /** @param files where histories are kept; undefined: nowhere */
  constructor(files?: HistoryFiles) {
    this.#files = files;
  }

  /** To be called before the cell begins: by whatever it ends the process, it can be found again. */
  add(line: number, input: string): void {
    if (this.#entries.length === 0 && this.#files)
      setTimeout(() => void this.#files?.prune(), PRUNE_DELAY).unref();
    this.#files?.add({ line, in: input });
    this.#entries.push({ line, input, output: undefined });
    if (this.#entries.length > LIMIT) this.#entries.splice(0, this.#entries.length - LIMIT);
  }

  /** The plain text of the result of the cell with that number. */
  setOutput(line: number, output: string): void {
    const entry = this.#entries.findLast((candidate) => candidate.line === line);
    if (!entry) return;
    entry.output = output.slice(0, OUTPUT_LIMIT);
    this.#files?.add({ line, out: entry.output });
  }

  /** Answers a history_request. */
  async query(content: JsonObject): Promise<Found[]> {
    const withOutput = flag(content, 'output', false);
    const found: Found[] = [];
    for (const { number, entries } of await this.#select(content)) {
      for (const { line, input, output } of entries)
        found.push([number, line, withOutput ? [input, output ?? null] : input]);
    }
    return found;
  }

  get #session(): number {
    return this.#files?.session ?? 1;
  }

  async #select(content: JsonObject): Promise<Session[]> {
    const type = text(content, 'hist_access_type', 'tail');
    if (type === 'range') return [await this.#range(content)];
    if (type !== 'tail' && type !== 'search') {
      throw new ContentError(
        `The field 'hist_access_type' must be 'range', 'tail' or 'search', not '${type}'`,
      );
    }
    const count = integer(content, 'n', type === 'tail' ? 10 : LIMIT);
    const isLike = globMatcher(type === 'tail' ? '*' : text(content, 'pattern', '*'));
    const isUnique = type === 'search' && flag(content, 'unique', false);
    const seen = new Set<string>();
    const isWanted = ({ input }: Entry): boolean => {
      if (!isLike(input) || (isUnique && seen.has(input))) return false;
      seen.add(input);
      return true;
    };
    return this.#latest(count, isWanted);
  }

  async #range(content: JsonObject): Promise<Session> {
    const wanted = integer(content, 'session', 0);
    // 0 is this session, -1 the one before.
    const number = wanted > 0 ? wanted : this.#session + wanted;
    const entries = number === this.#session ? this.#entries : ((await this.#files?.read(number)) ?? []);
    const start = integer(content, 'start', 1);
    const stop = integer(content, 'stop', Number.MAX_SAFE_INTEGER);
    return { number, entries: entries.filter(({ line }) => line >= start && line < stop) };
  }

  /** The last cells that are wanted, in their order; those of this session are the last. Asked from the last on. */
  async #latest(count: number, isWanted: (entry: Entry) => boolean): Promise<Session[]> {
    const sessions: Session[] = [];
    let left = count;
    const take = (number: number, entries: readonly Entry[]): void => {
      const found: Entry[] = [];
      for (let at = entries.length - 1; at >= 0 && found.length < left; at -= 1) {
        const entry = entries[at];
        if (entry && isWanted(entry)) found.push(entry);
      }
      left -= found.length;
      sessions.unshift({ number, entries: found.toReversed() });
    };
    take(this.#session, this.#entries);
    if (left <= 0 || !this.#files) return sessions;
    for (const number of await this.#files.others()) {
      if (left <= 0) break;
      take(number, await this.#files.read(number));
    }
    return sessions;
  }
}
