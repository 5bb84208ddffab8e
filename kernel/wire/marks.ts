/**
 * Marks in a stream of bytes that anybody writes to: by them the reader knows what stands before, and what
 * behind a message that has come another way. A mark is smaller than PIPE_BUF, so it is written as a whole.
 */
import type { Buffer as Bytes } from 'node:buffer';

/** Where a message stands in the stream, and whose output follows. */
export interface Mark {
  readonly mark: number;
  readonly cell: number;
}

const DIGITS = 8;
const hex = (value: number): string => value.toString(16).padStart(DIGITS, '0');
const start = (token: string): string => `\0\x1f${token}`;

/** @param token what nobody else writes; known to writer and reader */
export function encodeMark(token: string, { mark, cell }: Mark): string {
  return `${start(token)}${hex(mark)}${hex(cell)}\0`;
}

export class MarkReader {
  readonly #start: Bytes;
  readonly #length: number;
  /** What may be the beginning of a mark. */
  #rest: Bytes = Buffer.alloc(0);

  constructor(token: string) {
    this.#start = Buffer.from(start(token));
    this.#length = this.#start.length + 2 * DIGITS + 1;
  }

  /** The bytes and the marks of this chunk, in order. A mark may be split over two chunks. */
  push(chunk: Bytes): Array<Bytes | Mark> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const found: Array<Bytes | Mark> = [];
    let from = 0;
    const take = (to: number): void => {
      if (to > from) found.push(bytes.subarray(from, to));
    };
    for (;;) {
      const at = bytes.indexOf(this.#start, from);
      if (at === -1 || at + this.#length > bytes.length) {
        const end = at === -1 ? this.#beginningOfStart(bytes, from) : at;
        take(end);
        this.#rest = Buffer.from(bytes.subarray(end));
        return found;
      }
      take(at);
      const digits = at + this.#start.length;
      const number = (offset: number): number =>
        parseInt(bytes.toString('latin1', digits + offset, digits + offset + DIGITS), 16);
      found.push({ mark: number(0), cell: number(DIGITS) });
      from = at + this.#length;
    }
  }

  /** What looked like the beginning of a mark and is none, as nothing follows. */
  flush(): Bytes {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }

  /** Where the last bytes begin that are the first of {@link start}; the end if there are none. */
  #beginningOfStart(bytes: Bytes, from: number): number {
    const last = bytes.lastIndexOf(this.#start[0] ?? 0);
    if (last < from || bytes.length - last >= this.#start.length) return bytes.length;
    const isBeginning = this.#start.subarray(0, bytes.length - last).equals(bytes.subarray(last));
    return isBeginning ? last : bytes.length;
  }
}
