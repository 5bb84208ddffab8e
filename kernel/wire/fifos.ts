/** A pair of FIFOs that descriptors 1 and 2 can be led to. POSIX only: Node itself cannot make any. */
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** See `OpenFifos` in bridge.ts, which is a rank above. */
export interface Fifos {
  readonly readers: readonly [stdout: number, stderr: number];
  readonly paths: readonly [stdout: string, stderr: string];
  readonly folder: string | undefined;
}

/** Linux opens a FIFO also by the descriptors of the process, which needs no file. */
const DESCRIPTORS = '/proc/self/fd';

/** Where the two are to be made: the arguments of the program `mkfifo`. */
export function fifoArguments(): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsloop-output-'));
  return ['-m', '600', path.join(folder, '1'), path.join(folder, '2')];
}

/** Opens what `mkfifo` has made of these arguments. */
export function openFifos([, , first = '', second = '']: readonly string[]): Fifos {
  const folder = path.dirname(first);
  const flags = constants.O_RDWR | constants.O_NONBLOCK;
  const readers = [openSync(first, flags), openSync(second, flags)] as const;
  if (!existsSync(DESCRIPTORS)) return { readers, paths: [first, second], folder };
  removeFifos(folder);
  return {
    readers,
    paths: [`${DESCRIPTORS}/${readers[0]}`, `${DESCRIPTORS}/${readers[1]}`],
    folder: undefined,
  };
}

/** Not rmSync: it looks at the files, and Node's realpathSync fails after a look at a FIFO. */
export function removeFifos(folder: string | undefined): void {
  if (folder === undefined) return;
  for (const remove of [
    () => unlinkSync(path.join(folder, '1')),
    () => unlinkSync(path.join(folder, '2')),
    () => rmdirSync(folder),
  ]) {
    try {
      remove();
    } catch {
      // Was not made, or is gone.
    }
  }
}

/** Takes back what {@link openFifos} has opened. */
export function closeFifos({ readers, folder }: Fifos): void {
  for (const reader of readers) closeSync(reader);
  removeFifos(folder);
}
