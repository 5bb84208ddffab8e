/** Runs one command to its end, its output streamed into the cell. */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { errorCode } from './arguments.ts';
import { commandVariables } from './environment.ts';
import { exitCodeOf, forgetIfEnded, graceSeconds, interruptGroup, track } from './groups.ts';
import { UsageError, type MagicContext } from './magic.ts';

/** What running a command needs of the cell. */
export type OutputContext = Pick<MagicContext, 'print' | 'signal'>;

/**
 * A background job may hold the pipe open for ever; so much silence (s) after the shell's end is the end. And if a
 * background job never falls silent, so long after it is.
 */
interface Drain {
  readonly silence: number;
  readonly limit: number;
}
/** Pipes hold at most 1 MiB, read long before. */
const drain: Drain = { silence: 0.2, limit: 1 };
/** Of a command that the user has stopped: what its children say to the signal comes at once. */
const stoppedDrain: Drain = { silence: 0.05, limit: 0.1 };

/** @throws UsageError when the current folder has been removed. */
export function spawnOptions(): SpawnOptions {
  return {
    cwd: currentFolder(),
    env: { ...process.env, ...commandVariables() },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own on POSIX; on Windows it would open a console window.
    detached: process.platform !== 'win32',
    windowsHide: true,
  };
}

/**
 * Resolves to the exit code (128 + signal for one that a signal ended) when all output has been
 * printed; what background jobs write later is printed then. An abort of `context.signal` interrupts
 * the command with its children.
 * @param name the program, for the error
 * @param spawn starts it with `spawnOptions()`
 * @throws UsageError when the program cannot be started
 */
export function runProcess(
  name: string,
  spawn: () => ChildProcess,
  context: OutputContext,
  grace: number = graceSeconds,
): Promise<number> {
  if (context.signal.aborted) return Promise.resolve(exitCodeOf(null, 'SIGINT'));
  return new Promise((resolve, reject) => {
    let child: ChildProcess;
    try {
      child = spawn();
    } catch (error) {
      reject(startError(name, error));
      return;
    }
    const { pid } = child;
    child.on('error', (error) => {
      if (pid === undefined) reject(startError(name, error));
    });
    if (pid === undefined) return;
    track(pid);
    const interrupt = (): void => interruptGroup(pid, grace);
    context.signal.addEventListener('abort', interrupt, { once: true });

    let chunks = 0;
    const pipes = [child.stdout, child.stderr];
    pipes.forEach((pipe, index) => {
      // The stream's own decoder joins characters that were split over two chunks.
      pipe?.setEncoding('utf8').on('data', (text: string) => {
        chunks++;
        context.print(text, index === 0 ? 'stdout' : 'stderr');
      });
    });

    const finish = (exitCode: number): void => {
      context.signal.removeEventListener('abort', interrupt);
      // A pipe that a background job holds open must not keep this process from ending.
      for (const pipe of pipes) (pipe as Socket | null)?.unref();
      resolve(exitCode);
    };
    let draining: NodeJS.Timeout | undefined;
    child.once('exit', (code, signal) => {
      const exited = performance.now();
      const { silence, limit } = context.signal.aborted ? stoppedDrain : drain;
      const waitForSilence = (): void => {
        const before = chunks;
        const check = (): void => {
          if (chunks !== before && performance.now() < exited + limit * 1000) waitForSilence();
          else finish(exitCodeOf(code, signal));
        };
        // Between a timer and an immediate the pipes are read: a thread that was blocked loses nothing.
        draining = setTimeout(() => setImmediate(check), silence * 1000);
      };
      waitForSilence();
    });
    child.once('close', (code, signal) => {
      clearTimeout(draining);
      forgetIfEnded(pid);
      finish(exitCodeOf(code, signal));
    });
  });
}

/** @throws UsageError when it has been removed */
export function currentFolder(): string {
  try {
    // Node remembers what it was called.
    if (existsSync(process.cwd())) return process.cwd();
  } catch {
    // It had not been asked yet.
  }
  throw new UsageError('The current folder does not exist any more. Go to another one with %cd.');
}

function startError(name: string, error: unknown): Error {
  if (error instanceof UsageError) return error;
  const reason: Record<string, string> = {
    ENOENT: 'it was not found on PATH',
    EACCES: 'it may not be executed',
    E2BIG: 'the command is too long for the system. Write it to a file with %%writefile and run that',
  };
  const message = error instanceof Error ? error.message : String(error);
  return new UsageError(`Cannot start ${name}: ${reason[errorCode(error) ?? ''] ?? message}.`);
}
