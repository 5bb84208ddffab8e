/** The launcher's side of Positron's handshake: what a kernel that has chosen its ports itself tells, and is answered. */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Reply, Router } from 'zeromq';

const DELIMITER = '<IDS|MSG>';

type Fields = Readonly<Record<string, unknown>>;

export function signature(key: string, parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** Binds the socket that kernels are to register at, and writes the file that names it. */
export async function listen(
  socket: Reply | Router,
  file: string,
  key: string,
  more: object = {},
): Promise<void> {
  await socket.bind('tcp://127.0.0.1:*');
  const port = Number(/\d+$/.exec(socket.lastEndpoint ?? '')?.[0]);
  const fields = { transport: 'tcp', ip: '127.0.0.1', key, signature_scheme: 'hmac-sha256' };
  await writeFile(file, JSON.stringify({ ...fields, registration_port: port, ...more }), { mode: 0o600 });
}

/** The kernel's request. */
export async function receiveHandshake(
  socket: Reply | Router,
  key: string,
): Promise<{ header: Fields; metadata: Fields; content: Fields }> {
  const [delimiter, signed, ...parts] = await socket.receive();
  assert.equal(String(delimiter), DELIMITER);
  assert.equal(String(signed), signature(key, parts));
  const [header = {}, , metadata = {}, content = {}] = parts.map(
    (part) => JSON.parse(String(part)) as Fields,
  );
  return { header, metadata, content };
}

/** The answer to a request with this header. */
export async function answerHandshake(
  socket: Reply | Router,
  parent: object,
  content: object,
  sign: (parts: readonly string[]) => string,
): Promise<void> {
  const header = { msg_id: randomUUID(), session: 's', username: 'u', date: '', version: '5.5' };
  const parts = [{ ...header, msg_type: 'handshake_reply' }, parent, {}, content].map((part) =>
    JSON.stringify(part),
  );
  await socket.send([DELIMITER, sign(parts), ...parts]);
}
