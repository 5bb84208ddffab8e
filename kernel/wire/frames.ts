/**
 * Messages ↔ the frames of the wire.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../protocol/json.ts';
import type { Header, Message } from '../protocol/message.ts';

/** More than any client's identities and buffers. */
const MOST_FRAMES = 10_000;

/** Stands between the routing identities and the message. */
export const DELIMITER: Buffer = Buffer.from('<IDS|MSG>');

/** Frames that are no message of this session. They are dropped; the reason goes to the log. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Signs and verifies the four JSON frames of a message. An empty key turns both off, as the protocol says. */
export class Signer {
  readonly #key: string;
  readonly #hash: string;

  constructor(key: string, hash: string) {
    this.#key = key;
    this.#hash = hash;
    if (key !== '') {
      try {
        createHmac(hash, key);
      } catch {
        throw new WireError(`This Node has no hash '${hash}' to sign messages with`);
      }
    }
  }

  /** The signature as hexadecimal digits. */
  sign(frames: readonly Uint8Array[]): string {
    if (this.#key === '') return '';
    const hmac = createHmac(this.#hash, this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest('hex');
  }

  /** Takes the same time however much of a forged signature is right. */
  verify(signature: Uint8Array, frames: readonly Uint8Array[]): boolean {
    if (this.#key === '') return true;
    const expected = Buffer.from(this.sign(frames));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
}

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

/** A message as frames; `prefix` is the routing identities of the client, or the topic on iopub. */
export function encode(
  message: Message<object>,
  signer: Signer,
  prefix: readonly Uint8Array[],
): Uint8Array[] {
  const parts = [json(message.header), json(message.parent), json(message.metadata), json(message.content)];
  return [...prefix, DELIMITER, Buffer.from(signer.sign(parts)), ...parts, ...message.buffers];
}

function parseObject(frame: Uint8Array, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('utf8'));
  } catch {
    throw new WireError(`The ${what} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireError(`The ${what} is not a JSON object`);
  }
  return value as JsonObject;
}

/** Of a header's fields (characters): they are kept, and sent with all that belongs to the request. */
const LONGEST_FIELD = 1000;

const headerFields = ['msg_id', 'session', 'username', 'date', 'msg_type', 'version'] as const;

function parseHeader(frame: Uint8Array): Header {
  const value = parseObject(frame, 'header');
  const header: Record<string, string> = {};
  for (const name of headerFields) {
    const entry = value[name];
    if (typeof entry === 'string' && entry.length > LONGEST_FIELD)
      throw new WireError(`The header's ${name} is too long`);
    if (typeof entry === 'string') header[name] = entry;
    // Old clients leave out date and version; a message without id or type cannot be answered.
    else if (name === 'msg_id' || name === 'msg_type') throw new WireError(`The header has no ${name}`);
    else header[name] = '';
  }
  const subshell = value['subshell_id'];
  // Clients may name the main shell by null.
  if (typeof subshell === 'string' && subshell.length <= LONGEST_FIELD) header['subshell_id'] = subshell;
  return header as unknown as Header;
}

/** How many signatures are remembered: as many as jupyter_client does (its `digest_history_size`). */
const REMEMBERED = 65_536;

/** The signatures that there have been: a message that is recorded and sent again is another's. */
export class Replays {
  /** In the order in which they came. */
  readonly #seen = new Set<string>();

  /** Whether a signature has been here before; from now on it has. */
  isKnown(signature: Uint8Array): boolean {
    // 96 bits tell messages apart, and take a fifth of the memory.
    const digest = Buffer.from(signature.buffer, signature.byteOffset, Math.min(24, signature.byteLength));
    const id = digest.toString('latin1');
    if (this.#seen.has(id)) return true;
    this.#seen.add(id);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(oldest);
    }
    return false;
  }
}

/**
 * Frames as a message. The signature is checked over the raw bytes before anything is parsed.
 * @param replays what was here before, so that nothing is taken twice
 * @throws WireError when the frames are not a message signed with this session's key
 */
export function decode(
  frames: readonly Uint8Array[],
  signer: Signer,
  replays?: Replays,
): { message: Message; identities: Uint8Array[] } {
  if (frames.length > MOST_FRAMES) throw new WireError(`${frames.length} frames are too many`);
  const at = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (at === -1) throw new WireError('No <IDS|MSG> delimiter');
  const [signature, header, parent, metadata, content] = frames.slice(at + 1, at + 6);
  if (!signature || !header || !parent || !metadata || !content) throw new WireError('Too few frames');
  if (!signer.verify(signature, [header, parent, metadata, content])) throw new WireError('Wrong signature');
  // Without a key there is no signature to know a message by.
  if (signature.length > 0 && replays?.isKnown(signature))
    throw new WireError('The message has been here before');
  return {
    identities: frames.slice(0, at),
    message: {
      header: parseHeader(header),
      parent: parseObject(parent, 'parent header') as unknown as Header,
      metadata: parseObject(metadata, 'metadata'),
      content: parseObject(content, 'content'),
      buffers: frames.slice(at + 6),
    },
  };
}
