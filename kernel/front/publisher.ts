/** Builds outgoing messages and sends them: replies from their request, publications from their parent. */
import { v4 as uuid } from 'uuid';
import type { JsonObject } from '../protocol/json.ts';
import { type Header, PROTOCOL_VERSION, type Request } from '../protocol/message.ts';
import { encode, type Signer } from '../wire/frames.ts';
import type { Transport } from '../wire/sockets.ts';

/** What few publications have. */
export interface Extras {
  /** What clients may subscribe to; the message's type unless it says otherwise. */
  readonly topic?: Uint8Array;
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
}

const NO_PARENT: Record<string, never> = {};

export class Publisher {
  readonly #transport: Transport;
  readonly #signer: Signer;
  /** Names this run of the kernel in every header. */
  readonly session: string = uuid();
  readonly #username = 'kernel';

  constructor(transport: Transport, signer: Signer) {
    this.#transport = transport;
    this.#signer = signer;
  }

  /** Answers on the channel, and to the client, that the request came from. */
  reply(request: Request, type: string, content: object, metadata: JsonObject = {}): void {
    const message = { header: this.#header(type), parent: request.header, metadata, content, buffers: [] };
    this.#transport.send(request.channel, encode(message, this.#signer, request.identities));
  }

  /** Asks the user of the client that sent the request; returns the message's id, which the answer should name. */
  ask(request: Request, content: { prompt: string; password: boolean }): string {
    const header = this.#header('input_request');
    const message = { header, parent: request.header, metadata: {}, content, buffers: [] };
    this.#transport.send('stdin', encode(message, this.#signer, request.identities));
    return header.msg_id;
  }

  /** Publishes to all clients, in answer to `parent`. */
  publish(
    parent: Header | undefined,
    type: string,
    content: object,
    { topic = Buffer.from(type), metadata = {}, buffers = [] }: Extras = {},
  ): void {
    const message = {
      header: this.#header(type),
      parent: parent ?? NO_PARENT,
      metadata,
      content,
      buffers,
    };
    this.#transport.send('iopub', encode(message, this.#signer, [topic]));
  }

  status(parent: Header | undefined, state: 'starting' | 'busy' | 'idle'): void {
    this.publish(parent, 'status', { execution_state: state });
  }

  #header(type: string): Header {
    return {
      msg_id: uuid(),
      session: this.session,
      username: this.#username,
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
  }
}
