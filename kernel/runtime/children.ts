/**
 * Children that inherit the descriptors of the process: before the first one, these are led to the front. Those that
 * run beside their cell get FIFOs of that cell instead, as they may outlive it (channels.ts). Where nothing of that
 * can be (Windows), children get pipes, and what they print is printed for them.
 */
import type { ChildProcess } from 'node:child_process';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { currentCell } from './cells.ts';
import type { Descriptors } from './descriptors.ts';
import { NO_CELL, type Output } from './output.ts';

const NAMES = { 1: 'stdout', 2: 'stderr' } as const;

/** What stands in `stdio` for a descriptor of the parent's. */
type Entry = unknown;

function isInherited(entry: Entry, index: number): entry is 'inherit' | 1 | 2 {
  if (entry === 'inherit') return index === 1 || index === 2;
  const fd = typeof entry === 'object' && entry !== null ? (entry as { fd?: unknown }).fd : entry;
  return fd === 1 || fd === 2;
}

function entriesOf(stdio: unknown): Entry[] {
  if (typeof stdio === 'string') return [stdio, stdio, stdio];
  return Array.isArray(stdio) ? (stdio as Entry[]) : [];
}

/** The descriptor of this process that the child's would be: `['ignore', 2, 2]` has 2 at both places. */
function targetOf(entry: Entry, index: number): 1 | 2 {
  const fd = entry === 'inherit' ? index : typeof entry === 'object' ? (entry as { fd?: unknown }).fd : entry;
  return fd === 2 ? 2 : 1;
}

type ChildProcessModule = typeof import('node:child_process');
type Options = { stdio?: unknown } | undefined;
type Spawn = (this: ChildProcess, options: { stdio?: unknown }) => unknown;
type SyncCall = (...args: unknown[]) => unknown;

let isDone = false;

/** Takes over the ways in which Node starts processes. It loads them, which no start should wait for. */
export function captureChildren(
  output: Output,
  descriptors: Pick<Descriptors, 'capture' | 'isImpossible' | 'lend' | 'giveBack' | 'during'>,
): void {
  if (isDone) return;
  isDone = true;
  const childProcess = createRequire(import.meta.url)('node:child_process') as ChildProcessModule;
  /** The entries that lead to the notebook; to be given pipes if `needsPipes`. */
  const prepare = (stdio: unknown): { inherited: number[]; needsPipes: boolean } => {
    const entries = entriesOf(stdio);
    const inherited = [...entries.keys()].filter((index) => isInherited(entries[index], index));
    if (inherited.length === 0) return { inherited, needsPipes: false };
    descriptors.capture();
    // What has been printed so far stands before what the child prints.
    output.flush();
    return { inherited, needsPipes: descriptors.isImpossible };
  };

  const prototype = childProcess.ChildProcess.prototype as unknown as { spawn: Spawn };
  const { spawn } = prototype;
  prototype.spawn = function (this: ChildProcess, options) {
    const { inherited, needsPipes } = prepare(options?.stdio);
    if (inherited.length === 0) return spawn.call(this, options);
    const entries = entriesOf(options.stdio);
    if (!needsPipes) {
      const channel = descriptors.lend(currentCell()?.id ?? NO_CELL);
      if (!channel) return spawn.call(this, options);
      const stdio = entries.map((entry, index) =>
        inherited.includes(index) ? channel.outputs[targetOf(entry, index) - 1] : entry,
      );
      const end = (): void => descriptors.giveBack(channel);
      this.once('exit', end);
      try {
        return spawn.call(this, { ...options, stdio });
      } finally {
        // Of one that could not be started no end is told.
        if (this.pid === undefined) {
          this.off('exit', end);
          end();
        }
      }
    }
    const stdio = entries.map((entry, index) => (inherited.includes(index) ? 'pipe' : entry));
    const result = spawn.call(this, { ...options, stdio });
    const cell = currentCell()?.id;
    for (const index of inherited) {
      const name = NAMES[targetOf(entries[index], index)];
      const decoder = new StringDecoder('utf8');
      const pipe = this.stdio[index] as Readable | undefined;
      pipe?.on('data', (chunk: Buffer) => output.write(name, decoder.write(chunk), cell));
    }
    return result;
  };

  const replaceSync = (key: 'spawnSync' | 'execFileSync' | 'execSync'): void => {
    const original = childProcess[key] as SyncCall;
    const replaced: SyncCall = (...args) => {
      const at = args.findIndex((arg) => typeof arg === 'object' && arg !== null && !Array.isArray(arg));
      const options = args[at] as Options;
      const { inherited, needsPipes } = prepare(options?.stdio);
      if (inherited.length === 0) return original(...args);
      if (!needsPipes) return descriptors.during(currentCell()?.id, () => original(...args));
      const entries = entriesOf(options?.stdio);
      const stdio = entries.map((entry, index) => (inherited.includes(index) ? 'pipe' : entry));
      const print = (outputs: ReadonlyArray<string | Buffer | null> | null | undefined): void => {
        for (const index of inherited)
          output.write(NAMES[targetOf(entries[index], index)], outputs?.[index] ?? '');
      };
      try {
        const result = original(...args.with(at, { ...options, stdio }));
        if (key === 'spawnSync') {
          print((result as { output?: Array<string | Buffer | null> }).output);
          return result;
        }
        // Of these only what goes to standard output is given back, and here it has gone to the notebook.
        if (inherited.includes(1)) print([null, result as string]);
        return inherited.includes(1) ? null : result;
      } catch (error) {
        print((error as { output?: Array<string | Buffer | null> }).output);
        throw error;
      }
    };
    Object.assign(childProcess, { [key]: replaced });
  };
  replaceSync('spawnSync');
  replaceSync('execFileSync');
  replaceSync('execSync');
  syncBuiltinESMExports();
}
