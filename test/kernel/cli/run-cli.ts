/** Runs the built `tsloop` as a user does, in a process of its own and with a private home. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From dist/test/kernel/cli. */
const cli: string = fileURLToPath(new URL('../../../kernel/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface RunSettings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function startCli(args: readonly string[], { cwd, env }: RunSettings = {}): Started {
  const child = spawn(process.execPath, [cli, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

export function runCli(args: readonly string[], settings?: RunSettings): Promise<Ended> {
  return startCli(args, settings).ended;
}

/** A temporary folder by its real path: error messages name that one. */
export function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'tsloop-test-')));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
