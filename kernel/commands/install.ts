/** `tsloop install`: makes the kernel known to Jupyter. Needs no Python. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expectNoPositionals, parseOptions, typecheckOption } from './arguments.ts';
import { CommandError, type Command } from './command.ts';
import { isTsloop, makeKernelspec, readKernelspec, writeKernelspec } from './kernelspec.ts';
import { kernelMain } from './package-info.ts';
import { kernelspecFolder, scopeHelp, scopeOptions } from './scope.ts';

export const command: Command = {
  help: `Usage: tsloop install [OPTIONS]

Makes the kernel known to Jupyter, so that JupyterLab, the console and nbconvert offer it.

${scopeHelp}  --display-name TEXT  what the launcher shows
  --typecheck MODE     what is done with type errors: on (the default), warn or off
`,
  async run(args) {
    const { values, positionals } = parseOptions('install', args, {
      ...scopeOptions,
      'display-name': { type: 'string' },
      typecheck: { type: 'string' },
    });
    expectNoPositionals('install', positionals);
    const typecheck = typecheckOption(values.typecheck);
    const folder = kernelspecFolder(values);
    if (!existsSync(kernelMain))
      throw new CommandError(`${kernelMain} is missing: build tsloop first (npm run build).`);
    if (existsSync(folder)) {
      const present = readKernelspec(folder);
      if (present !== undefined && !isTsloop(present)) {
        throw new CommandError(
          `${folder} holds another kernel, "${present.display_name}". Choose another name with --name.`,
        );
      }
    }
    try {
      mkdirSync(dirname(folder), { recursive: true });
    } catch (error) {
      throw new CommandError(`Cannot make ${dirname(folder)}: ${(error as Error).message}`);
    }
    const spec = makeKernelspec(
      values['display-name'],
      typecheck === undefined ? {} : { TSLOOP_TYPECHECK: typecheck },
    );
    writeKernelspec(folder, spec);
    process.stdout.write(`Installed the kernel "${spec.display_name}" in ${folder}\n`);
    return 0;
  },
};
