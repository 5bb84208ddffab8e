/**
 * The history on disk: one file for each session, a line for each cell and one for each output. Kernels that run
 * at once write different files. Whatever goes wrong here costs the history and nothing else.
 */
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A cell that was run. */
export interface Entry {
  /** The n of `In [n]`. */
  readonly line: number;
  readonly input: string;
  /** The plain text of its result. */
  output: string | undefined;
}

/** A line of a file. */
type Stored =
  | { readonly line: number; readonly in: string }
  | { readonly line: number; readonly out: string };

/** Of so many sessions, and so many bytes, the latest are kept. */
const SESSIONS = 1000;
const BYTES = 64_000_000;
/** A session that has written so many bytes is not written any further. */
const SESSION_BYTES = 8_000_000;
/** A cell or output of more characters is not written: nobody looks for it in a list. */
const LONGEST = 1_000_000;

/** `12.jsonl`: the twelfth session. */
const FILE = /^(\d{1,12})\.jsonl$/;

/**
 * The user's folder, by the custom of the system: `~/.local/share/tsloop/history` or below `XDG_DATA_HOME`,
 * `~/Library/Application Support/tsloop/history` on macOS, `%LOCALAPPDATA%\tsloop\history` on Windows.
 * `TSLOOP_HISTORY` names another one, or says `off`: undefined.
 */
export function historyFolder(): string | undefined {
  const { TSLOOP_HISTORY: own, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (own === 'off') return undefined;
  if (own !== undefined && isAbsolute(own)) return own;
  const inHome = (...names: string[]): string => join(homedir(), ...names, 'tsloop', 'history');
  if (process.platform === 'darwin') return inHome('Library', 'Application Support');
  if (process.platform === 'win32')
    return local === undefined ? inHome('AppData', 'Local') : join(local, 'tsloop', 'history');
  // The specification wants a relative path to be ignored.
  return xdg !== undefined && isAbsolute(xdg) ? join(xdg, 'tsloop', 'history') : inHome('.local', 'share');
}

function sessionsOf(names: readonly string[]): number[] {
  return names.flatMap((name) => FILE.exec(name)?.[1] ?? []).map(Number);
}

function parse(text: string): Entry[] {
  const entries = new Map<number, Entry>();
  for (const line of text.split('\n')) {
    let stored: Partial<Record<'line' | 'in' | 'out', unknown>> | null;
    try {
      stored = JSON.parse(line) as typeof stored;
    } catch {
      // Cut off by a full disk, or by the end of its kernel.
      continue;
    }
    const number = stored?.line;
    if (typeof number !== 'number') continue;
    if (typeof stored?.in === 'string')
      entries.set(number, { line: number, input: stored.in, output: undefined });
    const entry = entries.get(number);
    if (entry && typeof stored?.out === 'string') entry.output = stored.out;
  }
  return [...entries.values()];
}

export class HistoryFiles {
  readonly #folder: string;
  /** Told once when the history cannot be kept. */
  readonly #failed: (error: Error) => void;
  #session: number | undefined;
  /** Undefined before the first cell. */
  #file: number | undefined;
  /** How long all is that this session has kept, in characters. */
  #size = 0;
  /** Lines that there was no room for, and a new one perhaps: they are tried again with the next. */
  #unwritten: string[] = [];
  /** What was written last may have been cut off. */
  #isTorn = false;
  #hasFailed = false;

  constructor(folder: string, failed: (error: Error) => void) {
    this.#folder = folder;
    this.#failed = failed;
  }

  /** The number of this session; of one without a cell the next free one. */
  get session(): number {
    if (this.#session !== undefined) return this.#session;
    try {
      return Math.max(0, ...sessionsOf(readdirSync(this.#folder))) + 1;
    } catch {
      return 1;
    }
  }

  /** Writes at once: what has been added survives the process. Never throws. */
  add(stored: Stored): void {
    if (('in' in stored ? stored.in : stored.out).length > LONGEST || this.#size > SESSION_BYTES) return;
    const line = `${JSON.stringify(stored)}\n`;
    this.#size += line.length;
    this.#unwritten.push(line);
    this.#write();
  }

  #write(): void {
    try {
      this.#file ??= this.#create();
      for (let line = this.#unwritten[0]; line !== undefined; line = this.#unwritten[0]) {
        const text = `${this.#isTorn ? '\n' : ''}${line}`;
        this.#isTorn = true;
        writeFileSync(this.#file, text);
        this.#isTorn = false;
        this.#unwritten.shift();
      }
    } catch (error) {
      this.#session ??= this.session;
      if (!this.#hasFailed) this.#failed(error as Error);
      this.#hasFailed = true;
    }
  }

  /** The cells of a session; none when there is no such session. */
  async read(session: number): Promise<Entry[]> {
    try {
      return parse(await readFile(join(this.#folder, `${session}.jsonl`), 'utf8'));
    } catch {
      return [];
    }
  }

  /** The numbers of the other sessions, latest first. */
  async others(): Promise<number[]> {
    try {
      const sessions = sessionsOf(await readdir(this.#folder));
      return sessions.filter((session) => session !== this.#session).sort((a, b) => b - a);
    } catch {
      return [];
    }
  }

  /** Removes the oldest sessions where there are too many. Never rejects. */
  async prune(): Promise<void> {
    let bytes = 0;
    let count = 0;
    for (const session of await this.others()) {
      const file = join(this.#folder, `${session}.jsonl`);
      count += 1;
      try {
        bytes += (await stat(file)).size;
        if (count >= SESSIONS || bytes > BYTES) await rm(file, { force: true });
      } catch {
        // Another kernel was faster, or has it open (Windows).
      }
    }
  }

  close(): void {
    if (this.#unwritten.length > 0) this.#write();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Makes the session's file. Its number is taken by nobody else: the file must not exist. */
  #create(): number {
    // What cells contain is for their user alone.
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    // One that could not be begun has its number already.
    for (let session = this.session; ; session += 1) {
      try {
        const file = openSync(join(this.#folder, `${session}.jsonl`), 'ax', 0o600);
        this.#session = session;
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}
