/** A pair of FIFOs that descriptors 1 and 2 can be led to. POSIX only: Node itself cannot make any. */
import type { ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** See `OpenFifos` in bridge.ts, which is a rank above. */
export interface Fifos {
  readonly readers: readonly [stdout: number, stderr: number];
  readonly paths: readonly [stdout: string, stderr: string];
  readonly folder: string | undefined;
}

/** Linux opens a FIFO also by the descriptors of the process, which needs no file. */
const DESCRIPTORS = '/proc/self/fd';

/**
 * Makes them, says so, and removes them when its input ends: when this process has opened them, or however it
 * has ended by then.
 */
const SCRIPT =
  'trap "" PIPE; mkdir -m 700 "$1" && mkfifo -m 600 "$1/1" "$1/2" && echo made; read -r _; rm -f "$1/1" "$1/2"; rmdir "$1"';

type Spawn = typeof import('node:child_process').spawn;

/** FIFOs that are being made. */
export interface Making {
  readonly folder: string;
  /** Says a line when they are there. */
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
}

/** @param spawn Node's own; to load it takes time, so it is the caller's matter when */
export function startFifos(spawn: Spawn): Making {
  const folder = path.join(tmpdir(), `tsloop-output-${randomUUID()}`);
  // A group of its own: it must outlive this process by a moment.
  const child = spawn('sh', ['-c', SCRIPT, 'sh', folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  // Without it, children of cells print where the kernel does.
  for (const part of [child, child.stdin, child.stdout]) part.on('error', () => {});
  child.unref();
  return { folder, child };
}

/** Whether {@link openFifos} can open them. */
export function areMade({ folder }: Making): boolean {
  return existsSync(path.join(folder, '2'));
}

/**
 * Opens what has been made.
 * @param hasEnd whether reading ends when nobody has them open for writing any more. Until somebody has, it must not begin.
 */
export function openFifos({ folder, child }: Making, hasEnd: boolean = false): Fifos {
  const [first, second] = [path.join(folder, '1'), path.join(folder, '2')];
  const flags = (hasEnd ? constants.O_RDONLY : constants.O_RDWR) | constants.O_NONBLOCK;
  const readers = [openSync(first, flags), openSync(second, flags)] as const;
  child.stdout.destroy();
  // They are still needed; the child waits for the end of this process.
  if (!existsSync(DESCRIPTORS)) return { readers, paths: [first, second], folder };
  removeFifos(folder);
  child.stdin.destroy();
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
