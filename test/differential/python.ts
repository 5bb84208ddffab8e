/** The Python process that runs programs on asyncio: one for all of them. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from '../support/jupyter-home.ts';
import type { Program } from './program.ts';

const SCRIPT = path.join(repository, 'test', 'differential', 'interpreter.py');

interface Waiting {
  resolve(lines: string[]): void;
  reject(error: Error): void;
}

export class PythonInterpreter {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #errors = '';
  /** What its first line says, as `3.11.7`. */
  readonly version: Promise<string>;

  constructor(python: string) {
    this.#process = spawn(python, ['-X', 'utf8', SCRIPT]);
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    const lines = createInterface({ input: this.#process.stdout });
    this.version = new Promise((resolve, reject) => {
      lines.once('line', (first) => {
        resolve((JSON.parse(first) as { version: number[] }).version.join('.'));
        lines.on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line) as string[]));
      });
      const fail = (reason: string): void => {
        const error = new Error(`The Python interpreter ${reason}\n${this.#errors}`);
        reject(error);
        for (const { reject: rejectOne } of this.#waiting.splice(0)) rejectOne(error);
      };
      this.#process.on('error', (error) => fail(`could not be started: ${error.message}`));
      this.#process.on('close', (code) => fail(`has ended (${code}).`));
      // Its end is told by 'close'.
      this.#process.stdin.on('error', () => {});
    });
    this.version.catch(() => {});
  }

  /** Resolves to what the program says. Several may be under way; they are run in order. */
  run(program: Program): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process.stdin.write(`${JSON.stringify(program)}\n`);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#process.exitCode !== null) resolve();
      this.#process.once('close', () => resolve());
      this.#process.stdin.end();
    });
  }
}
