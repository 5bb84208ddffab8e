/** `%%bash` and `%%sh`: a cell of shell script. */
import { spawn } from 'node:child_process';
import { splitWords } from './arguments.ts';
import type { CellMagic } from './magic.ts';
import { runProcess, spawnOptions } from './process.ts';

/** A script that ended with another exit code than 0. What it had to say stands in the output. */
export class ExitCodeError extends Error {
  override readonly name = 'ExitCodeError';
  readonly exitCode: number;

  constructor(program: string, exitCode: number) {
    super(`The ${program} script ended with exit code ${exitCode}.`);
    this.exitCode = exitCode;
    // The frames of the kernel say nothing about the script.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function scriptMagic(program: string): CellMagic {
  return {
    name: program,
    usage: `${program} [ARGUMENT...]`,
    summary: `Runs the rest of the cell by ${program}; the arguments are its $1, $2, ...`,
    async cell(args, body, context) {
      // As an argument and not by stdin, where a command such as ssh or cat would eat the script's rest.
      const words = ['-c', body.replaceAll('\r\n', '\n'), program, ...splitWords(args)];
      const exitCode = await runProcess(program, () => spawn(program, words, spawnOptions()), context);
      context.signal.throwIfAborted();
      if (exitCode !== 0) throw new ExitCodeError(program, exitCode);
    },
  };
}

export const bash: CellMagic = scriptMagic('bash');
export const sh: CellMagic = scriptMagic('sh');
