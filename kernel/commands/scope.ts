/** The options of install and uninstall that say which of Jupyter's folders is meant. */
import { join } from 'node:path';
import { UsageError } from './command.ts';
import { prefixDataFolder, pythonPrefix, thisPlatform, userDataFolder } from './jupyter-paths.ts';
import { checkKernelName } from './kernelspec.ts';

export const scopeOptions = {
  user: { type: 'boolean' },
  'sys-prefix': { type: 'boolean' },
  prefix: { type: 'string' },
  name: { type: 'string' },
} as const;

export interface Scope {
  readonly user?: boolean | undefined;
  readonly 'sys-prefix'?: boolean | undefined;
  readonly prefix?: string | undefined;
  readonly name?: string | undefined;
}

export const scopeHelp = `  --user               in your own Jupyter folder (the default)
  --sys-prefix         in the active Python environment (virtualenv, conda, else python3's)
  --prefix FOLDER      in FOLDER/share/jupyter
  --name NAME          the kernelspec's name; the default is tsloop
`;

/** The kernelspec folder that the options mean. @throws UsageError */
export function kernelspecFolder(scope: Scope): string {
  const chosen = [scope.user === true, scope['sys-prefix'] === true, scope.prefix !== undefined];
  if (chosen.filter(Boolean).length > 1) {
    throw new UsageError('--user, --sys-prefix and --prefix exclude each other: choose one.');
  }
  // Jupyter compares names without case and stores them in small letters.
  const name = checkKernelName(scope.name ?? 'tsloop').toLowerCase();
  const platform = thisPlatform();
  if (scope.prefix !== undefined) return join(prefixDataFolder(scope.prefix), 'kernels', name);
  if (scope['sys-prefix'] === true) return join(prefixDataFolder(pythonPrefix(platform)), 'kernels', name);
  return join(userDataFolder(platform), 'kernels', name);
}
