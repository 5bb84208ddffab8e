/**
 * The Jupyter wire protocol, as much as a client needs. Written apart from the kernel's own wire code
 * so that a mistake there cannot hide itself.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID } from 'node:crypto';

const delimiter = '<IDS|MSG>';

export interface Message {
  readonly type: string;
  /** msg_id of the request that this message answers. */
  readonly parent: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Sealed {
  readonly id: string;
  readonly frames: string[];
}

export function seal(key: string, session: string, type: string, content: object): Sealed {
  const id = randomUUID();
  const header = {
    msg_id: id,
    session,
    username: 'bench',
    date: new Date().toISOString(),
    msg_type: type,
    version: '5.4',
  };
  const parts = [JSON.stringify(header), '{}', '{}', JSON.stringify(content)];
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return { id, frames: [delimiter, hmac.digest('hex'), ...parts] };
}

/** @throws {Error} when the frames are no Jupyter message. */
export function open(frames: readonly Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.toString('latin1') === delimiter);
  const header = json(frames[at + 2]);
  const parent = json(frames[at + 3])['msg_id'];
  return {
    type: String(header['msg_type']),
    parent: typeof parent === 'string' ? parent : '',
    content: json(frames[at + 5]),
  };
}

function json(frame: Buffer | undefined): Record<string, unknown> {
  if (frame === undefined) throw new Error('a kernel sent a message with too few frames');
  return JSON.parse(frame.toString('utf8')) as Record<string, unknown>;
}
