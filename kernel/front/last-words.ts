/**
 * V8 gives a process up, without asking any code of it, when one allocation is larger than the room that is left.
 * Node can write a report of that first. Nobody reads it; but the main thread writes it, which takes it some 10 ms to
 * some 100 ms, and this thread still runs: the opening of the file is how it hears of the end.
 */
import { type FSWatcher, closeSync, existsSync, openSync, rmSync, unlinkSync, watch } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { areReportsUnused, DESCRIPTORS, REPORT, type Reports, useReports } from '../shared/reports.ts';
import { makeRoot } from '../typescript/abandoned.ts';
import { LARGER_HEAP } from './heap-guard.ts';

/** An empty file of nobody else's. */
interface ReportFile {
  readonly name: string;
  remove(): void;
}

/** @throws Error when there can be none */
function makeFile(): ReportFile {
  // Elsewhere in a folder that the next kernel removes if this one is killed.
  if (!existsSync(DESCRIPTORS)) {
    const folder = makeRoot();
    const name = path.join(folder, REPORT);
    closeSync(openSync(name, 'wx', 0o600));
    return { name, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }
  // It needs no name, and nothing is left of it.
  const name = path.join(tmpdir(), `tsloop-report-${randomUUID()}`);
  const descriptor = openSync(name, 'wx', 0o600);
  unlinkSync(name);
  return { name: `${DESCRIPTORS}/${descriptor}`, remove: () => closeSync(descriptor) };
}

/**
 * Why the process ends, and what to do, for the user.
 * @param said the last of what it wrote to descriptor 2, where Node says it; before the first cell has ended that is not read
 * @param limit of the heap, in bytes
 */
export function reasonOfEnd(said: string, limit: number): string {
  const reason = /^FATAL ERROR: (.+)$/m.exec(said)?.[1]?.trim();
  const isOther = reason !== undefined && !/out of memory|heap limit/i.test(reason);
  if (isOther) return `Node ends the process of the kernel: ${reason}. Restart the kernel.`;
  const full =
    `the heap is full: the code needed more than what is left of the ${Math.round(limit / 2 ** 20)} MB that ` +
    'there are for values';
  const what = reason === undefined ? `Most likely ${full}` : `T${full.slice(1)}`;
  return `${what}. The process of the kernel ends; restart the kernel. ${LARGER_HEAP}`;
}

/** Hears of the end of the process by a fatal error of Node's or V8's. */
export class LastWords {
  #file: ReportFile | undefined;
  #watcher: FSWatcher | undefined;

  /**
   * From now on; the options of reports are the whole process's. They stay as they are, and nothing is heard, where
   * they are in use already, or no file can be made.
   * @param tell called once, when the process is about to end. There is time to send some messages.
   */
  listen(tell: () => void): void {
    const reports = process.report as Reports | undefined;
    if (!reports || !areReportsUnused(reports)) return;
    try {
      this.#file = makeFile();
      this.#watcher = watch(this.#file.name, { persistent: false }, () => {
        if (!this.#watcher) return;
        this.#watcher.close();
        this.#watcher = undefined;
        tell();
        this.#remove();
      });
      // A file system that has no room for it, or is unmounted, is no reason to do without a kernel.
      this.#watcher.on('error', () => this.close());
    } catch {
      this.close();
      return;
    }
    useReports(reports, this.#file.name);
  }

  /** Hears nothing any more, and leaves nothing. */
  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#remove();
  }

  #remove(): void {
    try {
      this.#file?.remove();
    } catch {
      // Windows: it is being written. The next kernel removes it.
    }
    this.#file = undefined;
  }
}
