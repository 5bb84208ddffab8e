/** `tsloop uninstall`: removes a kernelspec, if it is tsloop's. */
import { existsSync, rmSync } from 'node:fs';
import { expectNoPositionals, parseOptions } from './arguments.ts';
import { CommandError, type Command } from './command.ts';
import { dataFolders, thisPlatform } from './jupyter-paths.ts';
import { findKernelspecs, isTsloop, readKernelspec } from './kernelspec.ts';
import { kernelspecFolder, scopeHelp, scopeOptions } from './scope.ts';

/** Where else there is one, for whoever looked in the wrong place. */
function elsewhere(): string {
  const found = findKernelspecs(dataFolders(thisPlatform()));
  if (found.length === 0) return ' There is none elsewhere either.';
  return ` There is tsloop's in:\n${found.map(({ folder }) => `  ${folder}`).join('\n')}`;
}

export const command: Command = {
  help: `Usage: tsloop uninstall [OPTIONS]

Removes the kernel from Jupyter. Kernelspecs that are not tsloop's are left alone.

${scopeHelp}`,
  async run(args) {
    const { values, positionals } = parseOptions('uninstall', args, scopeOptions);
    expectNoPositionals('uninstall', positionals);
    const folder = kernelspecFolder(values);
    if (!existsSync(folder)) throw new CommandError(`There is no kernelspec ${folder}.${elsewhere()}`);
    const spec = readKernelspec(folder);
    if (spec === undefined || !isTsloop(spec)) {
      throw new CommandError(`${folder} is not tsloop's, so it is left alone.`);
    }
    try {
      rmSync(folder, { recursive: true });
    } catch (error) {
      throw new CommandError(`Cannot remove ${folder}: ${(error as Error).message}`);
    }
    process.stdout.write(`Removed ${folder}\n`);
    return 0;
  },
};
