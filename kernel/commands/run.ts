/** `tsloop run FILE`: notebooks and scripts, told apart by their extension. */
import { extname, resolve } from 'node:path';
import { existsSync, statSync } from 'node:fs';
import { CommandError, UsageError, type Command } from './command.ts';
import { parseOptions, typecheckOption } from './arguments.ts';

const notebookOptions = {
  output: { type: 'string', short: 'o' },
  'allow-errors': { type: 'boolean' },
  timeout: { type: 'string' },
  typecheck: { type: 'string' },
} as const;

const scriptExtensions: ReadonlySet<string> = new Set([
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
]);

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`--timeout takes a positive number of seconds, not "${text}".`);
  }
  return value;
}

function checkReadable(file: string): string {
  const path = resolve(file);
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`);
  if (statSync(path).isDirectory()) throw new CommandError(`${path} is a folder; give a file in it.`);
  return path;
}

async function runNotebook(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions('run', args, notebookOptions);
  const [file, surplus] = positionals;
  if (file === undefined) throw new UsageError('tsloop run needs a file.\nSee: tsloop run --help');
  if (surplus !== undefined)
    throw new UsageError(`tsloop run takes one notebook; "${surplus}" is one too many.`);
  const timeout = seconds(values.timeout);
  const typecheck = typecheckOption(values.typecheck);
  const path = checkReadable(file);
  const { runNotebookFile } = await import('./run-notebook.ts');
  return runNotebookFile(path, {
    output: values.output === undefined ? path : resolve(values.output),
    allowErrors: values['allow-errors'] === true,
    ...(timeout === undefined ? {} : { timeout }),
    ...(typecheck === undefined ? {} : { typecheck }),
  });
}

/** The first word that is no option, nor the value of one. */
function fileIndex(args: readonly string[]): number {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] as string;
    if (!word.startsWith('-')) return index;
    if (['--output', '-o', '--timeout', '--typecheck'].includes(word)) index += 1;
  }
  return -1;
}

export const command: Command = {
  help: `Usage: tsloop run SCRIPT [--] [ARGUMENTS]
       tsloop run NOTEBOOK.ipynb [OPTIONS]
("run" may be left out)

A script (.ts, .tsx, .mts, .cts, .js, …) runs in a fresh process as by node, with "tsloop" importable.
A notebook's cells run in order in a fresh process, in the notebook's folder; their outputs are written
into the file. Neither Jupyter nor Python is needed.

Options for notebooks:
  -o, --output FILE    write to FILE, leave the notebook as it is
  --allow-errors       go on after a cell that fails (as do cells tagged raises-exception)
  --timeout SECONDS    stop a cell that runs longer; without it, none is stopped
  --typecheck MODE     what is done with type errors: on (the default), warn or off

Exit code: 0; 1 when a cell or the script fails; 2 on a wrong command line; 130 after Ctrl-C.
`,
  async run(args) {
    const index = fileIndex(args);
    const file = args[index];
    if (file === undefined || extname(file).toLowerCase() === '.ipynb') return runNotebook(args);
    if (index > 0) throw new UsageError(`${args[0]} is an option for notebooks; ${file} is a script.`);
    const [separator, ...rest] = args.slice(1);
    const path = checkReadable(file);
    const extension = extname(path).toLowerCase();
    // Files without one are scripts with a hash-bang.
    if (extension !== '' && !scriptExtensions.has(extension)) {
      throw new UsageError(
        `tsloop run takes notebooks (.ipynb) and scripts (${[...scriptExtensions].join(', ')}); ${file} is neither.`,
      );
    }
    const { runScript } = await import('./run-script.ts');
    runScript(path, separator === undefined ? [] : separator === '--' ? rest : [separator, ...rest]);
    return undefined;
  },
};
