/**
 * Peers that speak ZeroMQ's protocol badly, or something else: what anybody can do to a port without a key.
 * Source of the protocol: https://rfc.zeromq.org/spec/23/
 */
import { connect } from 'node:net';
import { randomNumbers } from './wire-messages.ts';

/** A peer hears of what became of its connection, or leaves, after so long (ms). */
const STAY = 30;
/** So many are connected at a time. */
const AT_ONCE = 10;

/** What a peer of version 3.0 without encryption begins with. */
const GREETING = Buffer.concat([
  Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]),
  Buffer.from('NULL'.padEnd(20, '\0')),
  Buffer.alloc(32),
]);

const MORE = 1;
const LONG = 2;
const COMMAND = 4;

function frame(flags: number, body: Buffer): Buffer {
  if (body.length < 256) return Buffer.concat([Buffer.from([flags, body.length]), body]);
  const head = Buffer.alloc(9);
  head[0] = flags | LONG;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

function command(name: string, body: Buffer): Buffer {
  return frame(COMMAND, Buffer.concat([Buffer.from([name.length]), Buffer.from(name), body]));
}

function property(name: string, value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, value]);
}

const socketTypes = ['DEALER', 'REQ', 'SUB', 'XSUB', 'ROUTER', 'PUB', 'PAIR', '', 'X'.repeat(50)];
const commands = ['PING', 'PONG', 'SUBSCRIBE', 'CANCEL', 'ERROR', 'HELLO', 'JOIN', 'LEAVE', ''];

class BadPeers {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  /** All that one of them says. */
  next(): Buffer {
    if (this.#below(10) === 0) return this.#bytes(10_000);
    const identity = this.#below(5) === 0 ? this.#bytes(300) : Buffer.alloc(0);
    const parts = [
      GREETING,
      command(
        'READY',
        Buffer.concat([
          property('Socket-Type', Buffer.from(this.#pick(socketTypes))),
          property('Identity', identity),
        ]),
      ),
    ];
    for (let left = this.#below(8); left > 0; left -= 1) parts.push(this.#part());
    const all = Buffer.concat(parts);
    if (this.#below(2) === 0)
      for (let left = this.#below(6); left > 0; left -= 1) all[this.#below(all.length)] = this.#below(256);
    return this.#below(3) === 0 ? all.subarray(0, this.#below(all.length)) : all;
  }

  #part(): Buffer {
    switch (this.#below(6)) {
      case 0:
        return command(this.#pick(commands), this.#bytes(100));
      case 1:
        return this.#bytes(50);
      case 2:
        // Longer than any memory.
        return Buffer.from([this.#below(256), ...Array<number>(8).fill(0xff)]);
      case 3:
        // To a publisher: a subscription, or the end of one.
        return frame(0, Buffer.concat([Buffer.from([this.#below(3)]), this.#bytes(40)]));
      default:
        return frame(this.#below(10) < 7 ? MORE : 0, this.#bytes(600));
    }
  }

  #bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.#below(most) }, () => this.#below(256)));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }
}

/** Writes bytes to a port of this machine and leaves, whatever becomes of them. */
export function say(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const timer = setTimeout(() => socket.destroy(), STAY);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    // It may be closed from the other side meanwhile.
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.once('connect', () => socket.write(bytes));
  });
}

/** So many peers connect to the ports, some at a time. */
export async function sendBadPeers(ports: readonly number[], count: number, seed: number): Promise<void> {
  const peers = new BadPeers(seed);
  for (let left = count; left > 0; left -= AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, left) }, (_, index) => {
      const port = ports[(left + index) % ports.length] ?? 0;
      return say(port, peers.next());
    });
    await Promise.all(some);
  }
}
