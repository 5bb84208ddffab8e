/**
 * The connection file: where the sockets are and with which key messages are signed.
 * Source: https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
import { readFileSync } from 'node:fs';

export type Socket = 'shell' | 'iopub' | 'stdin' | 'control' | 'hb';

export interface Connection {
  /** The address to bind each socket to, for ZeroMQ. */
  readonly endpoints: Readonly<Record<Socket, string>>;
  /** Empty: messages are not signed. */
  readonly key: string;
  /** A hash that node:crypto knows: `sha256`. */
  readonly hash: string;
}

/** The connection file cannot be used; the message says what is wrong with which field. */
class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
}

const sockets: readonly Socket[] = ['shell', 'iopub', 'stdin', 'control', 'hb'];

function parse(file: string): Record<string, unknown> {
  let raw: string;
  try {
    raw = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConnectionFileError(`Cannot read the connection file ${file}: ${(error as Error).message}`);
  }
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    throw new ConnectionFileError(`The connection file ${file} is not JSON: ${(error as Error).message}`);
  }
  throw new ConnectionFileError(`The connection file ${file} does not hold a JSON object`);
}

/** @throws ConnectionFileError */
export function readConnectionFile(file: string): Connection {
  const fields = parse(file);
  const textField = (name: string, fallback: string): string => {
    const value = fields[name] ?? fallback;
    if (typeof value === 'string') return value;
    throw new ConnectionFileError(`The connection file ${file} must give '${name}' as a string`);
  };
  const transport = textField('transport', 'tcp');
  if (transport !== 'tcp' && transport !== 'ipc') {
    throw new ConnectionFileError(
      `The connection file ${file} asks for the transport '${transport}'; 'tcp' and 'ipc' exist`,
    );
  }
  const ip = textField('ip', '127.0.0.1');
  const scheme = textField('signature_scheme', 'hmac-sha256');
  const hash = /^hmac-([a-z0-9-]+)$/.exec(scheme)?.[1];
  if (hash === undefined) {
    throw new ConnectionFileError(
      `The connection file ${file} asks for the signature scheme '${scheme}'; 'hmac-sha256' is usual`,
    );
  }
  const endpoint = (socket: Socket): string => {
    const port = fields[`${socket}_port`];
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535) {
      throw new ConnectionFileError(
        `The connection file ${file} must give '${socket}_port' as a port number`,
      );
    }
    // An IPC endpoint is a path; the "port" is its suffix, as in jupyter_client.
    return transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
  };
  return {
    endpoints: Object.fromEntries(sockets.map((socket) => [socket, endpoint(socket)])) as Record<
      Socket,
      string
    >,
    key: textField('key', ''),
    hash,
  };
}
