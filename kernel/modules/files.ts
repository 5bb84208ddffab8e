/** How it is noticed that a file has changed: by its time and size first, as those cost nothing to read. */
import { readFileSync, statSync } from 'node:fs';

/** What a file was at one moment. */
export interface FileState {
  /** Equal stamps mean equal contents; undefined for a file too new to rely on that. */
  readonly stamp: string | undefined;
  /** Equal for equal contents. */
  readonly content: string;
}

/** Two writes within a clock tick of the file system have the same time; coarse ones tick every 2 s (ms). */
const TOO_NEW = 2000;
/** Of larger files (bytes) time and size must do: reading data of gigabytes again would be felt. */
const LARGE = 16 * 1024 * 1024;

/**
 * The state of a file, of which `before` was read earlier: the very same object if nothing has changed.
 * Undefined when the file is not there.
 */
export function fileState(path: string, before?: FileState): FileState | undefined {
  try {
    const { mtimeMs, size } = statSync(path);
    const stamp = `${mtimeMs} ${size}`;
    if (before !== undefined && before.stamp === stamp) return before;
    // Loaded when it is needed: it would cost every start of a kernel some milliseconds.
    const { createHash } = process.getBuiltinModule('node:crypto');
    const content = size > LARGE ? stamp : createHash('sha256').update(readFileSync(path)).digest('base64');
    const isNew = Math.abs(Date.now() - mtimeMs) < TOO_NEW;
    return { stamp: isNew && size <= LARGE ? undefined : stamp, content };
  } catch {
    return undefined;
  }
}
