#!/usr/bin/env node
/** `tsloop`: arguments → a subcommand. Everything but this table is loaded by the command that needs it. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { CommandError, UsageError, type Command } from './commands/command.ts';

const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  run: () => import('./commands/run.ts'),
  install: () => import('./commands/install.ts'),
  uninstall: () => import('./commands/uninstall.ts'),
  kernel: () => import('./commands/kernel.ts'),
  doctor: () => import('./commands/doctor.ts'),
};

const help = `tsloop: TypeScript on one persistent, asyncio-style event loop, for Jupyter and the shell

Usage:
  tsloop FILE.ts [ARGUMENTS]     run a TypeScript or JavaScript file
  tsloop FILE.ipynb [OPTIONS]    run a notebook, without Jupyter
  tsloop COMMAND [OPTIONS]

Commands:
  run FILE          the same as above, in full
  install           make the kernel known to Jupyter
  uninstall         remove it from Jupyter
  doctor            show what is installed, and test that a cell runs
  kernel FILE       start the kernel on a connection file (Jupyter does this)

Options:
  -h, --help        show this help; tsloop COMMAND --help shows a command's
  -v, --version     show the version
`;

/** A word that is meant as a file, whether it is there or not. */
function namesFile(word: string): boolean {
  return extname(word) !== '' || /[\\/]/.test(word) || existsSync(word);
}

async function find(args: readonly string[]): Promise<{ command: Command; rest: readonly string[] }> {
  const [word = '', ...rest] = args;
  const load = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (load !== undefined) return { ...(await load()), rest };
  if (namesFile(word)) return { ...(await import('./commands/run.ts')), rest: args };
  const { nearest } = await import('./magics/nearest.ts');
  if (word.startsWith('-')) throw new UsageError(`Unknown option ${word}.\nSee: tsloop --help`);
  const [meant] = nearest(word, Object.keys(commands));
  throw new UsageError(
    `"${word}" is neither a command nor a file.${meant === undefined ? '' : ` Did you mean "${meant}"?`}\nSee: tsloop --help`,
  );
}

async function main(args: readonly string[]): Promise<number | undefined> {
  const [word] = args;
  if (word === '--version' || word === '-v') {
    const { packageVersion } = await import('./commands/package-info.ts');
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  if (word === undefined) {
    process.stderr.write(help);
    return 2;
  }
  if (word === '--help' || word === '-h' || (word === 'help' && args.length === 1)) {
    process.stdout.write(help);
    return 0;
  }
  if (word === 'help') return main([args[1] as string, '--help']);
  const { command, rest } = await find(args);
  if (rest[0] === '--help' || rest[0] === '-h') {
    process.stdout.write(command.help);
    return 0;
  }
  return command.run(rest);
}

// Not awaited: a script that never settles ends the process as Node ends it, without a word on this file.
main(process.argv.slice(2)).then(
  (exitCode) => {
    if (exitCode !== undefined) process.exitCode = exitCode;
  },
  (error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`tsloop: ${error.message}\n`);
    process.exitCode = error.exitCode;
  },
);
