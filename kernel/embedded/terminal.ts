/** Questions of cells that `tsloop run` runs: asked on the terminal that it was started in, if there is one. */
import { readSync, writeSync } from 'node:fs';
import { isatty, ReadStream } from 'node:tty';
import type { Answer, Question } from '../bridge.ts';

const STDIN = 0;

const NOBODY =
  'Nobody can be asked: "tsloop run" was not started in a terminal. ' +
  'Set the value in a cell, or read it from process.env.';

const ENTER = new Set(['\n', '\r']);
const BACKSPACE = new Set(['\b', '\x7f']);
const CTRL_C = '\x03';
const CTRL_D = '\x04';

/** Asks, and blocks until the line has been typed. Without a terminal it is refused. */
export function askTerminal({ id, prompt, password }: Question): Answer {
  if (!isatty(STDIN)) return { id, status: 'refused', reason: NOBODY };
  // Standard output and error lead into the notebook; the terminal's own descriptor can be written to as well.
  writeSync(STDIN, `\r\x1b[K${prompt}`);
  if (!password) return { id, status: 'answered', value: readLine() };
  // Raw: the terminal shows nothing, and hands on each key as it is pressed.
  const terminal = new ReadStream(STDIN);
  terminal.setRawMode(true);
  try {
    const value = readKeys();
    writeSync(STDIN, '\r\n');
    return value === undefined ? { id, status: 'interrupted' } : { id, status: 'answered', value };
  } finally {
    terminal.setRawMode(false);
    terminal.destroy();
  }
}

/** How long (ms) a terminal that Node has made non-blocking is left alone when nothing has been typed. */
const PAUSE = 20;

/** One byte, or none at the end of what there is to read. */
function readByte(): Buffer {
  const byte = Buffer.alloc(1);
  for (;;) {
    try {
      return byte.subarray(0, readSync(STDIN, byte));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows says so at the end of a console's input.
      if (code === 'EOF') return byte.subarray(0, 0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

function readLine(): string {
  const bytes: Buffer[] = [];
  for (;;) {
    const byte = readByte();
    if (byte.length === 0 || byte[0] === 0x0a) break;
    bytes.push(byte);
  }
  return Buffer.concat(bytes).toString('utf8').replace(/\r$/, '');
}

function readKeys(): string | undefined {
  let bytes: Buffer[] = [];
  for (;;) {
    const byte = readByte();
    const key = byte.toString('latin1');
    if (key === CTRL_C) return undefined;
    if (key === '' || key === CTRL_D || ENTER.has(key)) return Buffer.concat(bytes).toString('utf8');
    if (!BACKSPACE.has(key)) bytes.push(byte);
    else bytes = [Buffer.from(Buffer.concat(bytes).toString('utf8').replace(/.$/su, ''))];
  }
}
