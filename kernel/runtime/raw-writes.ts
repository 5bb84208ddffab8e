/**
 * JavaScript that writes to descriptors 1 and 2 by their numbers, or past the streams: put into the cell's
 * output as if it had written to process.stdout, in order with it.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { format } from 'node:util';
import type { Output } from './output.ts';

const NAMES: Readonly<Record<number, 'stdout' | 'stderr'>> = { 1: 'stdout', 2: 'stderr' };

type Data = string | NodeJS.ArrayBufferView;

function bytesOf(data: Data, args: readonly unknown[]): Buffer {
  if (typeof data === 'string') return Buffer.from(data, (args[1] as BufferEncoding | undefined) ?? 'utf8');
  const [first] = args;
  const options = (typeof first === 'object' && first !== null ? first : {}) as Record<string, number>;
  const offset = options['offset'] ?? (typeof first === 'number' ? first : 0);
  const length = options['length'] ?? (typeof args[1] === 'number' ? args[1] : data.byteLength - offset);
  return Buffer.from(data.buffer, data.byteOffset + offset, length);
}

const isStandard = (fd: unknown): boolean => fd === 0 || fd === 1 || fd === 2;

function isData(data: unknown): data is Data {
  return typeof data === 'string' || ArrayBuffer.isView(data);
}

/**
 * Takes over `fs.writeSync`, `fs.write`, `fs.writeFileSync` and `fs.appendFileSync` where they get a 1 or 2, and `process._rawDebug`.
 * Descriptors 0 to 2 are not closed any more, as process.stdout never is.
 */
export function captureRawWrites(output: Output): void {
  const { writeSync, write, writeFileSync, appendFileSync } = fs;
  const print = (fd: unknown, data: unknown, args: readonly unknown[]): number | undefined => {
    const name = typeof fd === 'number' ? NAMES[fd] : undefined;
    if (name === undefined || !isData(data)) return undefined;
    const bytes = bytesOf(data, args);
    output.write(name, bytes);
    return bytes.length;
  };
  const replace = (
    key: 'writeSync' | 'write' | 'writeFileSync' | 'appendFileSync',
    fn: (...args: never[]) => unknown,
  ): void => {
    // What promisify() needs to know of a function is among its properties.
    Object.defineProperties(fn, Object.getOwnPropertyDescriptors(fs[key]));
    Object.assign(fs, { [key]: fn });
  };
  replace('writeSync', (fd: number, data: string, ...args: never[]) => {
    return print(fd, data, args) ?? writeSync(fd, data, ...args);
  });
  replace('write', (fd: number, data: string, ...args: never[]) => {
    const written = print(fd, data, args);
    if (written === undefined) return (write as (...all: unknown[]) => void)(fd, data, ...args);
    const done: unknown = args.at(-1);
    if (typeof done === 'function') process.nextTick(done, null, written, data);
  });
  replace('writeFileSync', (file: number, data: string, ...args: never[]) => {
    if (print(file, data, []) === undefined) writeFileSync(file, data, ...args);
  });
  replace('appendFileSync', (file: number, data: string, ...args: never[]) => {
    if (print(file, data, []) === undefined) appendFileSync(file, data, ...args);
  });
  const { close, closeSync } = fs;
  // Whatever is opened next would take their numbers, and Node gives up the process when it closes that.
  Object.assign(fs, {
    closeSync: (fd: number) => (isStandard(fd) ? undefined : closeSync(fd)),
    close: (fd: number, done?: (error: Error | null) => void) => {
      if (!isStandard(fd)) close(fd, done);
      else if (done) process.nextTick(done, null);
    },
  });
  Object.assign(process, {
    _rawDebug: (...args: unknown[]) => output.write('stderr', `${format(...args)}\n`),
  });
  syncBuiltinESMExports();
}
