/**
 * The handshake: a kernel that has chosen its ports itself tells whoever launched it which they are.
 * Source: https://jupyter.org/enhancement-proposals/66-jupyter-handshaking/jupyter-handshaking.html, which fixes no
 * messages. There are two forms:
 * - Positron's and ark's: a request of the usual shape, `handshake_request`, answered by `handshake_reply`;
 * - xeus's: one frame of JSON and its signature, answered by `ACK`. Its file gives a `kernel_id`.
 */
import { v4 as uuid } from 'uuid';
import type * as zmq from 'zeromq';
import { PROTOCOL_VERSION } from '../protocol/message.ts';
import type { Connection, Socket } from './connection-file.ts';
import { decode, DELIMITER, encode, Signer, WireError } from './frames.ts';

/** A launcher that does not answer for so long (ms) has gone, or does not want this kernel. */
const PATIENCE = 30_000;

/** Nobody knows where this kernel is. */
class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
}

function request(ports: Readonly<Record<Socket, number>>, signer: Signer): Uint8Array[] {
  const header = {
    msg_id: uuid(),
    session: uuid(),
    username: 'kernel',
    date: new Date().toISOString(),
    msg_type: 'handshake_request',
    version: PROTOCOL_VERSION,
  };
  const content = Object.fromEntries(Object.entries(ports).map(([name, port]) => [`${name}_port`, port]));
  return encode({ header, parent: {}, metadata: {}, content, buffers: [] }, signer, []);
}

/** xeus writes ports as texts. */
function xeusRequest(
  ports: Readonly<Record<Socket, number>>,
  kernelId: string,
  signer: Signer,
): Uint8Array[] {
  const fields = Object.entries(ports).map(([name, port]) => [`${name}_port`, String(port)]);
  const content = Buffer.from(JSON.stringify({ kernel_id: kernelId, ...Object.fromEntries(fields) }));
  return [DELIMITER, Buffer.from(signer.sign([content])), content];
}

/** @throws WireError when it is no answer, or not signed; RegistrationError when it is a refusal */
function checkReply(frames: readonly Uint8Array[], signer: Signer): void {
  const { header, content } = decode(frames, signer).message;
  if (header.msg_type !== 'handshake_reply') throw new WireError(`Unexpected ${header.msg_type}`);
  if (content['status'] === 'ok') return;
  const reason = content['error'] ?? content['status'];
  throw new RegistrationError(`The launcher refuses this kernel: ${JSON.stringify(reason)}`);
}

function checkXeusReply(frames: readonly Uint8Array[], signer: Signer): void {
  const at = frames.findIndex((frame) => DELIMITER.equals(frame));
  const [signature, content] = frames.slice(at + 1);
  if (!signature || !content || !signer.verify(signature, [content])) throw new WireError('Wrong signature');
  if (Buffer.from(content).toString() !== 'ACK') throw new WireError('No acknowledgement');
}

/**
 * Tells the launcher that the connection file names which ports are bound; resolves when it has heard.
 * @throws RegistrationError when it does not answer, or refuses; WireError when the answer is not the launcher's
 */
export async function register(
  { Dealer, Request }: typeof zmq,
  { registration, key, hash }: Connection,
  ports: Readonly<Record<Socket, number>>,
): Promise<void> {
  if (!registration) return;
  const { endpoint, kernelId } = registration;
  const signer = new Signer(key, hash);
  const options = { linger: 0, receiveTimeout: PATIENCE, sendTimeout: PATIENCE };
  const socket = kernelId === undefined ? new Request(options) : new Dealer(options);
  try {
    socket.connect(endpoint);
    const frames = kernelId === undefined ? request(ports, signer) : xeusRequest(ports, kernelId, signer);
    await socket.send(frames.map((frame) => Buffer.from(frame)));
    const reply = await socket.receive();
    (kernelId === undefined ? checkReply : checkXeusReply)(reply, signer);
  } catch (error) {
    if (error instanceof RegistrationError || error instanceof WireError) throw error;
    throw new RegistrationError(
      `The launcher at ${endpoint} does not answer this kernel: ${(error as Error).message}`,
    );
  } finally {
    socket.close();
  }
}
