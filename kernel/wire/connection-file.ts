/**
 * The connection file: where the sockets are and with which key messages are signed; or a registration file, which
 * says where a kernel that chooses its ports itself is to tell them (registration.ts).
 * Sources: https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files,
 * https://jupyter.org/enhancement-proposals/66-jupyter-handshaking/jupyter-handshaking.html, and ipykernel 7.3 for
 * the keys of CurveZMQ.
 */
import { readFileSync, statSync } from 'node:fs';

export type Socket = 'shell' | 'iopub' | 'stdin' | 'control' | 'hb';

/** A key pair of CurveZMQ, in its text form (Z85). */
export interface CurveKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Where to tell which ports were chosen. */
export interface Registration {
  readonly endpoint: string;
  /** The name that the launcher knows the kernel by, where the messages of the handshake are xeus's. */
  readonly kernelId: string | undefined;
}

export interface Connection {
  /** The address to bind each socket to, for ZeroMQ. With a registration, the ports are to be chosen. */
  readonly endpoints: Readonly<Record<Socket, string>>;
  /** Empty: messages are not signed. */
  readonly key: string;
  /** A hash that node:crypto knows: `sha256`. */
  readonly hash: string;
  /** With them, what goes over the sockets is encrypted, and only who knows the public key gets through. */
  readonly curve?: CurveKeys;
  readonly registration?: Registration;
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
  const problem = (what: string): ConnectionFileError =>
    new ConnectionFileError(`The connection file ${file} ${what}`);
  const textField = (name: string, fallback: string): string => {
    const value = fields[name] ?? fallback;
    if (typeof value === 'string') return value;
    throw problem(`must give '${name}' as a string`);
  };
  const transport = textField('transport', 'tcp');
  if (transport !== 'tcp' && transport !== 'ipc')
    throw problem(`asks for the transport '${transport}'; 'tcp' and 'ipc' exist`);
  const ip = textField('ip', '127.0.0.1');
  const scheme = textField('signature_scheme', 'hmac-sha256');
  const hash = /^hmac-([a-z0-9-]+)$/.exec(scheme)?.[1];
  if (hash === undefined) throw problem(`asks for the signature scheme '${scheme}'; 'hmac-sha256' is usual`);
  const portField = (name: string): number => {
    const port = fields[name];
    if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65535) return port;
    throw problem(`must give '${name}' as a port number`);
  };
  const isRegistration = fields['registration_port'] !== undefined;
  if (isRegistration && transport === 'ipc')
    throw problem('asks for a registration, which there is over tcp only');
  const endpoint = (socket: Socket): string => {
    const port = isRegistration ? '*' : portField(`${socket}_port`);
    // An IPC endpoint is a path; the "port" is its suffix, as in jupyter_client.
    return transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${host(ip)}:${port}`;
  };
  const curve = curveKeys(textField('curve_publickey', ''), textField('curve_secretkey', ''));
  if (curve === 'broken')
    throw problem(
      `must give 'curve_publickey' and 'curve_secretkey' as 40 characters of Z85 each, or neither`,
    );
  return {
    endpoints: Object.fromEntries(sockets.map((socket) => [socket, endpoint(socket)])) as Record<
      Socket,
      string
    >,
    key: textField('key', ''),
    hash,
    ...(curve && { curve }),
    ...(isRegistration && {
      registration: {
        endpoint: `tcp://${host(textField('registration_ip', ip))}:${portField('registration_port')}`,
        kernelId: fields['kernel_id'] === undefined ? undefined : textField('kernel_id', ''),
      },
    }),
  };
}

/** An address of IPv6 has colons of its own; and ZeroMQ binds to addresses, not to names. */
function host(ip: string): string {
  if (ip === 'localhost') return '127.0.0.1';
  return ip.includes(':') ? `[${ip}]` : ip;
}

/** 32 bytes as ZeroMQ writes them: https://rfc.zeromq.org/spec/32/ */
const Z85 = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

function curveKeys(publicKey: string, secretKey: string): CurveKeys | 'broken' | undefined {
  if (publicKey === '' && secretKey === '') return undefined;
  return Z85.test(publicKey) && Z85.test(secretKey) ? { publicKey, secretKey } : 'broken';
}

/** What is unsafe about a connection, as sentences for whoever started the kernel. */
export function warnings(file: string, { key, endpoints, curve }: Connection): string[] {
  const found: string[] = [];
  if (key === '') {
    const who = endpoints.shell.startsWith('ipc:') ? 'can open its sockets' : 'can connect to its ports';
    found.push(`The connection file ${file} has no key: whoever ${who} can run code in this kernel`);
  }
  if (!curve && !/^(?:ipc:|tcp:\/\/(?:127\.|\[::1\]))/.test(endpoints.shell))
    found.push(
      `Code and output go over ${endpoints.shell} unencrypted. CurveZMQ keys in the connection file encrypt them`,
    );
  // On Windows the mode says nothing of who may read.
  if (process.platform !== 'win32' && key !== '' && (modeOf(file) & 0o077) !== 0)
    found.push(
      `The connection file ${file} can be read by other users, who can run code in this kernel with its key: chmod 600 ${file}`,
    );
  return found;
}

function modeOf(file: string): number {
  try {
    return statSync(file).mode;
  } catch {
    // It has been removed since: nobody can read it.
    return 0;
  }
}
