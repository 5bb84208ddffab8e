/** The Python environment of the tests, and how a test runs a program of it. */
import { spawn } from 'node:child_process';
import path from 'node:path';

/** How a program ended; `code` is null when a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to the program's standard input, which is then closed; without it there is none. */
  readonly input?: string;
}

/** The path of the Python that has Jupyter's clients; test/run.mjs sets it up. */
export function python(): string {
  const found = process.env['TSLOOP_TEST_PYTHON'];
  if (found === undefined) {
    throw new Error(
      'TSLOOP_TEST_PYTHON is not set: run the tests with `npm test`, or set it to what `node kernel/dev/python.mjs test` prints',
    );
  }
  return found;
}

/** Runs the environment's Python with these arguments until it ends. */
export function runPython(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return runProgram(python(), args, options);
}

/** Runs one of Jupyter's commands, `jupyter('kernelspec', 'list')`, as a module of the environment. */
export function runJupyter(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const programs = path.dirname(python());
  const PATH = `${programs}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return runPython(['-m', 'jupyter', ...args], { ...options, env: { PATH, ...options.env } });
}

/** Runs a program until it ends; rejects only when it cannot be started. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
    child.stdin?.on('error', () => {}); // It may end without reading: its exit code tells more.
    child.stdin?.end(options.input);
  });
}
