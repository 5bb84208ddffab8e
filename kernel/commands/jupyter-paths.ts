/**
 * Where Jupyter keeps kernelspecs, by Jupyter's own rules but without Python.
 * Source: jupyter_core.paths and https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 */
import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { CommandError } from './command.ts';

/** What the rules depend on; injected by tests. */
export interface Platform {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

export function thisPlatform(): Platform {
  return { platform: process.platform, env: process.env, home: homedir() };
}

/** jupyter_core's envset: set, and not to one of the words for no. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !['no', 'n', 'false', 'off', '0', '0.0'].includes(value.toLowerCase());
}

/** The user's data folder (`jupyter --data-dir`). */
export function userDataFolder({ platform, env, home }: Platform): string {
  if (env['JUPYTER_DATA_DIR']) return resolve(env['JUPYTER_DATA_DIR']);
  const standard = isOn(env['JUPYTER_PLATFORM_DIRS']);
  if (platform === 'darwin') {
    return standard
      ? join(home, 'Library', 'Application Support', 'Jupyter')
      : join(home, 'Library', 'Jupyter');
  }
  if (platform === 'win32') {
    if (standard) return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Jupyter');
    return env['APPDATA'] ? join(env['APPDATA'], 'jupyter') : join(home, '.jupyter', 'data');
  }
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'jupyter');
}

/** The data folder below a prefix: `/usr/local` → `/usr/local/share/jupyter`. */
export function prefixDataFolder(prefix: string): string {
  return join(resolve(prefix), 'share', 'jupyter');
}

function systemDataFolders({ platform, env }: Platform): string[] {
  if (platform === 'win32') return env['PROGRAMDATA'] ? [join(env['PROGRAMDATA'], 'jupyter')] : [];
  return ['/usr/local/share/jupyter', '/usr/share/jupyter'];
}

/** All folders that Jupyter looks for `kernels` in, first found wins; without a Python's own one. */
export function dataFolders(platform: Platform): string[] {
  const listed = (platform.env['JUPYTER_PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const environment = platform.env['VIRTUAL_ENV'] ?? platform.env['CONDA_PREFIX'];
  return [
    ...new Set([
      ...listed,
      userDataFolder(platform),
      ...(environment ? [prefixDataFolder(environment)] : []),
      ...systemDataFolders(platform),
    ]),
  ];
}

/** `sys.prefix` of the active environment, else of the Python on PATH. */
export function pythonPrefix({ platform, env }: Platform): string {
  const active = env['VIRTUAL_ENV'] || env['CONDA_PREFIX'];
  if (active) return active;
  const candidates = platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];
  for (const python of candidates) {
    try {
      const prefix = execFileSync(python, ['-c', 'import sys; print(sys.prefix)'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...env },
      }).trim();
      if (prefix !== '') return prefix;
    } catch {
      // Not there: the next one.
    }
  }
  throw new CommandError(
    `--sys-prefix needs Python, and there is none: no environment is active, and ${candidates.join(' and ')} cannot be run. Use --user, or --prefix FOLDER.`,
  );
}
