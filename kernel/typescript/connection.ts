/**
 * JSON-RPC as language servers speak it: a `Content-Length` header before each message, over two streams.
 * Knows nothing of processes and of TypeScript. (The library for it, vscode-jsonrpc, took 24 ms to load as a
 * bundle, four times as long as an answer to a small cell takes; the protocol is this file.)
 */
import type { Readable, Writable } from 'node:stream';

/** An error that the server answered with: the request failed, the connection is sound. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  /** As in the specification of the protocol, such as -32603 for a failure inside the server. */
  readonly code: number;

  constructor(method: string, code: number, message: string) {
    super(`${method}: ${message}`);
    this.code = code;
  }
}

export interface ConnectionEvents {
  /** Answers a request of the other side. */
  onRequest(method: string, params: unknown): unknown;
  /** What arrives is no message. Nothing that comes later can be understood. */
  onGarbage(reason: string): void;
}

interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Pending {
  readonly method: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Where a message's body begins and ends within the bytes that were received. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

const SEPARATOR = '\r\n\r\n';

/** No header is as long as this many bytes; without a limit, garbage would be collected for ever. */
const MAX_HEADER = 4096;

export class Connection {
  readonly #output: Writable;
  readonly #events: ConnectionEvents;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that are needed before there is anything to do. */
  #needed = 1;
  /** Of the message that arrives, once its header is known. */
  #body: Extent | undefined;
  #closed = false;

  constructor(input: Readable, output: Writable, events: ConnectionEvents) {
    this.#output = output;
    this.#events = events;
    input.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A server that has died closes its pipes before its exit is known; that exit is what counts.
    input.on('error', () => undefined);
    output.on('error', () => undefined);
  }

  /** Resolves with the result; rejects with a {@link ResponseError}, or with the reason given to `close`. */
  request(method: string, params?: object): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      this.#send({ id, method, params });
    });
  }

  notify(method: string, params?: object): void {
    this.#send({ method, params });
  }

  /** Rejects what is pending; nothing is sent or received any more. */
  close(reason: Error): void {
    this.#closed = true;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(reason);
  }

  #send(message: object): void {
    if (this.#closed || !this.#output.writable) return;
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#output.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}${SEPARATOR}`), body]));
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    // Long answers come in many chunks: they are joined once, when all is there.
    if (this.#size < this.#needed) return;
    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    while (!this.#closed) {
      this.#body ??= this.#readHeader(bytes);
      if (!this.#body || bytes.length < this.#body.end) break;
      const text = bytes.toString('utf8', this.#body.start, this.#body.end);
      bytes = bytes.subarray(this.#body.end);
      this.#body = undefined;
      this.#take(text);
    }
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#size = bytes.length;
    this.#needed = this.#body?.end ?? 1;
  }

  #readHeader(bytes: Buffer): Extent | undefined {
    const end = bytes.indexOf(SEPARATOR);
    if (end < 0) {
      if (bytes.length > MAX_HEADER) this.#garbage(`no header in ${bytes.length} bytes`);
      return undefined;
    }
    const header = bytes.toString('latin1', 0, end);
    const length = /^Content-Length: *(\d+)\r?$/im.exec(header)?.[1];
    if (length === undefined) {
      this.#garbage(`no Content-Length in ${JSON.stringify(header.slice(0, 80))}`);
      return undefined;
    }
    const start = end + SEPARATOR.length;
    return { start, end: start + Number(length) };
  }

  #garbage(reason: string): void {
    if (!this.#closed) this.#events.onGarbage(reason);
  }

  #take(text: string): void {
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch {
      this.#garbage(`no JSON: ${JSON.stringify(text.slice(0, 80))}`);
      return;
    }
    if (message.method !== undefined) {
      // Notifications of the other side (logs, progress) say nothing that is needed.
      if (message.id !== undefined) this.#answer(message.id, message.method, message.params);
      return;
    }
    const pending = this.#pending.get(message.id as number);
    if (!pending) return;
    this.#pending.delete(message.id as number);
    const { error } = message;
    if (error) pending.reject(new ResponseError(pending.method, error.code, error.message));
    else pending.resolve(message.result);
  }

  #answer(id: Message['id'], method: string, params: unknown): void {
    // An answer is sent in any case: the server may wait for it, and we would wait for the server.
    this.#send({ id, result: this.#events.onRequest(method, params) ?? null });
  }
}
