/**
 * Comms as code on the main thread sees them. This module imports nothing of the kernel and stays as the
 * compiler wrote it (kernel/dev/bundle.mjs): cells, the files that they import and the kernel share one.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
import { randomUUID } from 'node:crypto';
import type { CommMessage, ToFront } from '../bridge.ts';
import type { JsonObject } from '../protocol/json.ts';

/** What can be sent beside a message as it is, uncopied into JSON. */
export type CommBuffer = ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** What came from the other side. */
export interface CommEvent {
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** Called with each message; what it throws, or rejects with, is shown as an error. */
export type CommHandler = (event: CommEvent) => unknown;

/** Called when a client opens a comm of the target; registers the handlers that the comm needs. */
export type CommTarget = (comm: Comm, open: CommEvent) => unknown;

/** The kernel's side: where messages go, and errors of handlers. */
export interface CommLink {
  send(message: CommMessage): void;
  /** An error of a handler, called on behalf of the message that it handled. */
  failed(error: unknown): void;
  /** Shows a value under the running cell, as `display` does. */
  show(value: unknown): void;
  /** Returns what calls functions so that all that they print and show, also later, goes to `take` instead. */
  divert(take: (output: Diverted) => void): <T>(run: () => T) => T;
}

/** What code prints and shows. */
export type Diverted = Extract<ToFront, { type: 'stream' | 'display' | 'clear' | 'error' }>;

function toBytes(buffer: CommBuffer): Uint8Array {
  const view = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  // A copy: what is sent is what was there at the time, and nothing of the memory around it.
  return Uint8Array.from(view);
}

/** @throws TypeError when it is no JSON object: it would never reach a client */
function toJson(value: object, what: string): JsonObject {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(value) ?? 'null');
  } catch (error) {
    throw new TypeError(`The ${what} of a comm's message must be JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) return copy as JsonObject;
  throw new TypeError(`The ${what} of a comm's message must be an object, such as { value: 1 }`);
}

/** Where a client that is loaded anew asks for the widgets that are there. */
export const WIDGETS_TARGET = 'jupyter.widget.control';

/** The comms of this process, and the targets that clients may open. There is one: {@link comms}. */
export class CommRegistry {
  readonly #targets = new Map<string, CommTarget>();
  readonly #open = new Map<string, Comm>();
  #link: CommLink | undefined;

  /**
   * From now on clients can open comms of this name. A target that was there under it is replaced.
   * @param target is called with each comm that is opened
   */
  registerTarget(name: string, target: CommTarget): void {
    this.#targets.set(name, target);
  }

  /** Comms of this name are refused from now on; those that are open stay open. */
  unregisterTarget(name: string): void {
    this.#targets.delete(name);
  }

  /** The comm of this id while it is open. */
  get(id: string): Comm | undefined {
    return this.#open.get(id);
  }

  /** Whether there is a kernel around. */
  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  /** For the kernel: comms work from now on; with undefined, no more. */
  connect(link: CommLink | undefined): void {
    this.#link = link;
  }

  /** For the kernel: a message from a client. Never throws. */
  receive(message: CommMessage): void {
    const { action, comm: id, target: name = '', data, metadata, buffers } = message;
    const event: CommEvent = { data, metadata, buffers };
    if (action !== 'open') {
      const comm = this.#open.get(id);
      if (action === 'close') this.#open.delete(id);
      comm?.take(action, event);
      return;
    }
    const target = this.#targets.get(name);
    if (!target) {
      this.send({ action: 'close', comm: id, data: {}, metadata: {}, buffers: [] });
      // Pages ask for widgets before any cell has made some.
      if (name === WIDGETS_TARGET) return;
      this.#link?.failed(
        new Error(`No target '${name}' is registered: comms.registerTarget('${name}', …) does it`),
      );
      return;
    }
    const comm = new Comm({ id, target: name });
    this.call(
      () => target(comm, event),
      () => comm.close(),
    );
  }

  /** @throws Error outside of a kernel */
  send(message: CommMessage): void {
    this.#connected().send(message);
  }

  /** For widgets: shows a value under the running cell. @throws Error outside of a kernel */
  show(value: unknown): void {
    this.#connected().show(value);
  }

  /** For widgets: see {@link CommLink.divert}. @throws Error outside of a kernel */
  divert(take: (output: Diverted) => void): <T>(run: () => T) => T {
    return this.#connected().divert(take);
  }

  #connected(): CommLink {
    if (!this.#link) throw new Error('Comms need a kernel: this process has no Jupyter client');
    return this.#link;
  }

  /** For comms and widgets: calls a handler, and tells of its failure. @throws what it throws, outside of a kernel */
  call(handler: () => unknown, after?: () => void): void {
    const failed = (error: unknown): void => {
      if (!this.#link) throw error;
      this.#link.failed(error);
      after?.();
    };
    try {
      const result = handler();
      if (result instanceof Promise) result.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  }

  /** For comms. */
  add(comm: Comm): void {
    this.#open.set(comm.id, comm);
  }

  /** For comms. */
  remove(comm: Comm): void {
    this.#open.delete(comm.id);
  }
}

/** The comms of this process. */
export const comms: CommRegistry = new CommRegistry();

/** A comm that a client has opened. */
interface Opened {
  readonly id: string;
  readonly target: string;
}

/** A way for messages between this process and the clients, open until one side closes it. */
export class Comm {
  readonly id: string;
  /** Who answers on the other side. */
  readonly target: string;
  #isClosed = false;
  readonly #handlers = { message: new Set<CommHandler>(), close: new Set<CommHandler>() };

  /**
   * Opens a comm in the clients.
   * @param target the name that a client has registered, such as `jupyter.widget`
   * @param data a JSON object
   * @param metadata a JSON object
   * @throws TypeError when data or metadata are no JSON objects; Error outside of a kernel
   */
  constructor(
    target: string | Opened,
    data: object = {},
    metadata: object = {},
    buffers: readonly CommBuffer[] = [],
  ) {
    if (typeof target === 'string') {
      this.id = randomUUID();
      this.target = target;
      this.#send('open', data, metadata, buffers);
    } else {
      this.id = target.id;
      this.target = target.target;
    }
    comms.add(this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Sends a message to the clients.
   * @throws TypeError when data or metadata are no JSON objects; Error when the comm is closed
   */
  send(data: object = {}, metadata: object = {}, buffers: readonly CommBuffer[] = []): void {
    if (this.#isClosed) throw new Error(`The comm ${this.id} (${this.target}) is closed`);
    this.#send('message', data, metadata, buffers);
  }

  /** From now on the handler gets what clients send. Returns what ends that. */
  onMessage(handler: CommHandler): () => void {
    return this.#on('message', handler);
  }

  /** The handler is called when a client closes the comm, not when this side does. Returns what ends that. */
  onClose(handler: CommHandler): () => void {
    return this.#on('close', handler);
  }

  /** Closes it on both sides. Harmless when it is closed. */
  close(data: object = {}, metadata: object = {}, buffers: readonly CommBuffer[] = []): void {
    if (this.#isClosed) return;
    this.#send('close', data, metadata, buffers);
    this.#isClosed = true;
    comms.remove(this);
  }

  /** For the registry: something from a client. */
  take(action: 'message' | 'close', event: CommEvent): void {
    if (action === 'close') this.#isClosed = true;
    // A handler may add and remove some.
    for (const handler of Array.from(this.#handlers[action])) comms.call(() => handler(event));
  }

  #on(action: 'message' | 'close', handler: CommHandler): () => void {
    const handlers = this.#handlers[action];
    handlers.add(handler);
    return () => void handlers.delete(handler);
  }

  #send(action: CommMessage['action'], data: object, metadata: object, buffers: readonly CommBuffer[]): void {
    comms.send({
      action,
      comm: this.id,
      ...(action === 'open' ? { target: this.target } : {}),
      data: toJson(data, 'data'),
      metadata: toJson(metadata, 'metadata'),
      buffers: buffers.map(toBytes),
    });
  }
}
