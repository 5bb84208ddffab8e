/**
 * A message of the Jupyter protocol, decoded.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html (version 5.5)
 */
import type { JsonObject } from './json.ts';

/** The version of the protocol that the kernel speaks. */
export const PROTOCOL_VERSION = '5.5';

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601 with a time zone. */
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
  /** The subshell that the request is for; none is the main shell. */
  readonly subshell_id?: string;
}

/** The sockets that requests arrive on and replies leave by. */
export type RequestChannel = 'shell' | 'control';

export interface Message<Content extends object = JsonObject> {
  readonly header: Header;
  /** Empty for a message that nothing asked for. */
  readonly parent: Header | Record<string, never>;
  readonly metadata: JsonObject;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** A request, with the routing identities that its reply must carry: bytes, never text. */
export interface Request<Content extends object = JsonObject> extends Message<Content> {
  readonly identities: readonly Uint8Array[];
  readonly channel: RequestChannel;
}
