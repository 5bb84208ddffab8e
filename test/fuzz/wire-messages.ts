/** Messages as a broken, careless or hostile client would send them, the same ones for the same seed. */
import { createHmac } from 'node:crypto';

/** What a front can be sent. */
export interface Fuzzed {
  readonly socket: 'shell' | 'control' | 'stdin';
  readonly frames: Buffer[];
  /** Whether a kernel may act on it: signed with its key, and not sent before. */
  readonly isSigned: boolean;
}

/** Code of messages that no kernel may act on. It must never be seen by the runtime. */
export const CANARY = 'globalThis.tsloopCanary = 1';

const DELIMITER = Buffer.from('<IDS|MSG>');

/** mulberry32: small, fast, and good enough to choose by. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Content = { [key: string]: Json };

/** Right requests, to be made wrong. */
const requests: ReadonlyArray<readonly [type: string, content: Content]> = [
  [
    'execute_request',
    {
      code: '1 + 1',
      silent: false,
      store_history: true,
      user_expressions: { a: '1' },
      allow_stdin: false,
      stop_on_error: true,
    },
  ],
  [
    'execute_request',
    { code: 'x?', silent: true, store_history: false, user_expressions: {}, stop_on_error: false },
  ],
  ['kernel_info_request', {}],
  ['complete_request', { code: 'abc.', cursor_pos: 4 }],
  ['inspect_request', { code: 'abc', cursor_pos: 1, detail_level: 1 }],
  ['is_complete_request', { code: 'for (;;) {' }],
  [
    'history_request',
    { hist_access_type: 'search', pattern: 'a*[bc]?', n: 5, output: true, raw: true, unique: true },
  ],
  ['history_request', { hist_access_type: 'range', session: 0, start: 1, stop: 5, output: false, raw: true }],
  ['comm_info_request', { target_name: 'x' }],
  ['comm_open', { comm_id: 'c', target_name: 'x', data: { a: [1] } }],
  ['comm_msg', { comm_id: 'c', data: { a: [1] } }],
  ['comm_close', { comm_id: 'c', data: {} }],
  ['interrupt_request', {}],
  ['create_subshell_request', {}],
  ['list_subshell_request', {}],
  ['delete_subshell_request', { subshell_id: 'none' }],
  ['usage_request', {}],
  ['input_reply', { value: 'text' }],
  ['debug_request', { type: 'request', command: 'initialize', seq: 1, arguments: {} }],
  ['nonsense', { constructor: null }],
];

const texts = [
  '',
  'a',
  '\u0000',
  '\ud800',
  '😀'.repeat(50),
  '__proto__',
  'constructor',
  '%',
  '../'.repeat(30),
  'x'.repeat(5000),
];
const values: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  [],
  {},
  [[]],
  { a: { b: {} } },
  ...texts,
];

export class WireFuzzer {
  readonly #random: () => number;
  readonly #key: string;
  /** For messages that were right: they are sent again. */
  #recorded: Buffer[][] = [];
  #count = 0;
  /** Types that are left out. */
  readonly #without: ReadonlySet<string>;

  constructor(seed: number, key: string, without: readonly string[] = []) {
    this.#random = randomNumbers(seed);
    this.#key = key;
    this.#without = new Set(without);
  }

  next(): Fuzzed {
    this.#count += 1;
    const socket = this.#pick(['shell', 'shell', 'shell', 'control', 'control', 'stdin'] as const);
    const choice = this.#random();
    const recorded = this.#recorded.length > 0 ? this.#pick(this.#recorded) : undefined;
    if (choice < 0.05 && recorded) return { socket, frames: recorded, isSigned: false };
    if (choice < 0.3) return { socket, frames: this.#unsigned(), isSigned: false };
    if (choice < 0.4) return { socket, frames: this.#noise(), isSigned: false };
    const frames = this.#message(choice < 0.9);
    if (choice > 0.95) {
      if (this.#recorded.length > 100) this.#recorded = [];
      this.#recorded.push(frames);
    }
    return { socket, frames, isSigned: true };
  }

  /** A message with the right signature; its parts may be anything. */
  #message(isMutated: boolean): Buffer[] {
    const [type, content] = this.#request();
    const header: Content = this.#header(type);
    const parts = [header, {}, {}, structuredClone(content)].map((part) => {
      const changed = isMutated && this.#random() < 0.4 ? this.#mutate(part) : part;
      const bytes = Buffer.from(JSON.stringify(changed));
      return isMutated && this.#random() < 0.05 ? this.#spoil(bytes) : bytes;
    });
    if (isMutated && this.#random() < 0.02) parts[this.#below(4)] = this.#deep();
    const identities = this.#random() < 0.1 ? [this.#bytes(20), this.#bytes(300)] : [Buffer.from('client')];
    const buffers = this.#random() < 0.1 ? [this.#bytes(1000), Buffer.alloc(0)] : [];
    return [...identities, DELIMITER, Buffer.from(this.#sign(parts)), ...parts, ...buffers];
  }

  /** A message whose signature is missing, wrong, or of something else. */
  #unsigned(): Buffer[] {
    const type = this.#random() < 0.7 ? 'execute_request' : this.#request()[0];
    const content = { code: CANARY, silent: true, comm_id: CANARY, target_name: CANARY };
    const parts = [this.#header(type), {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    const right = this.#sign(parts);
    const signature = this.#pick([
      '',
      '0'.repeat(64),
      right.slice(0, -1),
      `${right}0`,
      right.toUpperCase().replace(/^./, 'X'),
      Array.from(right, (_, at) => right.at(-1 - at)).join(''),
      createHmac('sha256', '').update(Buffer.concat(parts)).digest('hex'),
      createHmac('sha256', this.#key).update(this.#bytes(10)).digest('hex'),
    ]);
    return [Buffer.from('client'), DELIMITER, Buffer.from(signature), ...parts];
  }

  /** Frames that are no message. */
  #noise(): Buffer[] {
    const frames = this.#unsigned();
    const at = this.#below(frames.length);
    switch (this.#below(7)) {
      case 0:
        return frames.slice(0, at);
      case 1:
        return frames.filter((_, index) => index !== at);
      case 2:
        return [...frames.slice(0, at), this.#bytes(2000), ...frames.slice(at)];
      case 3:
        return frames.map((frame) => frame.subarray(0, this.#below(frame.length + 1)));
      case 4:
        return Array.from({ length: this.#below(50) }, () => this.#bytes(30));
      case 5:
        return [...frames, ...frames];
      default:
        return frames.toReversed();
    }
  }

  #header(type: string): Content {
    return {
      msg_id: `message-${this.#count}`,
      session: 'fuzz',
      username: 'fuzz',
      date: '2026-01-01T00:00:00Z',
      msg_type: type,
      version: '5.5',
      ...(this.#random() < 0.05 ? { subshell_id: this.#pick(values) } : {}),
    };
  }

  #request(): readonly [string, Content] {
    for (;;) {
      const request = this.#pick(requests);
      if (!this.#without.has(request[0])) return request;
    }
  }

  /** Something of the value is something else, is gone, or is new. */
  #mutate(value: Json): Json {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || this.#random() < 0.1)
      return this.#pick(values);
    const keys = Object.keys(value);
    const key = keys.length > 0 && this.#random() < 0.8 ? this.#pick(keys) : this.#pick(texts);
    const copy: Content = { ...value };
    if (this.#random() < 0.3) delete copy[key];
    else
      Object.defineProperty(copy, key, {
        value: this.#random() < 0.7 ? this.#pick(values) : this.#mutate(copy[key] ?? null),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return copy;
  }

  /** Bytes that are no JSON any more, or no UTF-8. */
  #spoil(bytes: Buffer): Buffer {
    const spoilt = Buffer.from(bytes);
    const at = this.#below(spoilt.length);
    if (this.#random() < 0.5) return spoilt.subarray(0, at);
    spoilt[at] = this.#below(256);
    return spoilt;
  }

  /** JSON that is nested far deeper than any stack. */
  #deep(): Buffer {
    const depth = this.#pick([10, 1000, 20_000]);
    return this.#random() < 0.5
      ? Buffer.from(`{"code":${'['.repeat(depth)}${']'.repeat(depth)}}`)
      : Buffer.from(`${'{"data":'.repeat(depth)}1${'}'.repeat(depth)}`);
  }

  #sign(parts: readonly Buffer[]): string {
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  #bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.#below(most) }, () => this.#below(256)));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }
}
