/** `tsloop kernel FILE`: what a portable kernelspec starts. */
import { existsSync } from 'node:fs';
import { UsageError, type Command } from './command.ts';

export const command: Command = {
  help: `Usage: tsloop kernel CONNECTION_FILE

Starts the kernel on the ports that the connection file names. Jupyter does this by itself.
`,
  async run(args) {
    const [file, ...rest] = args;
    if (file === undefined || rest.length > 0) {
      throw new UsageError(
        'tsloop kernel takes one argument, the connection file.\nSee: tsloop kernel --help',
      );
    }
    if (!existsSync(file)) throw new UsageError(`There is no connection file ${file}.`);
    const { main } = await import('../main.ts');
    await main(file);
    return undefined;
  },
};
