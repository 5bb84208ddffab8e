/** Kernelspec folders: making, recognising and finding those of tsloop. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { CommandError, UsageError } from './command.ts';
import { kernelMain, packageFolder } from './package-info.ts';

/** kernel.json as far as it is looked at here. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly [field: string]: unknown;
}

/** @throws UsageError unless Jupyter takes the name (jupyter_client.kernelspec's own rule). */
export function checkKernelName(name: string): string {
  if (/^[a-z0-9._-]+$/i.test(name) && !/^\.+$/.test(name)) return name;
  throw new UsageError(
    `"${name}" cannot be the name of a kernel: Jupyter takes ASCII letters, digits, ".", "_" and "-".`,
  );
}

/**
 * A kernelspec that starts this very installation, with the Node that runs now: no PATH matters.
 * @param env what the kernel finds in its environment besides what Jupyter's has
 */
export function makeKernelspec(
  displayName: string | undefined,
  env: Readonly<Record<string, string>> = {},
): Kernelspec {
  const template = JSON.parse(readFileSync(join(packageFolder, 'kernel.json'), 'utf8')) as Kernelspec;
  return {
    ...template,
    argv: [process.execPath, kernelMain, '{connection_file}'],
    display_name: displayName ?? template.display_name,
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

/** The logos lie in the sources of a clone, and in the built kernelspec of a published package. */
function logoFolder(): string {
  const folders = [join(packageFolder, 'kernel', 'assets'), join(packageFolder, 'dist', 'kernelspec')];
  const found = folders.find((folder) => existsSync(join(folder, 'logo-svg.svg')));
  if (found === undefined)
    throw new CommandError(`The kernel's logos are in none of ${folders.join(', ')}. Build tsloop anew.`);
  return found;
}

/**
 * Writes the folder whole beside its place, then moves it there: Jupyter never sees half of it.
 * @throws CommandError naming the folder and the system's reason.
 */
export function writeKernelspec(folder: string, spec: Kernelspec): void {
  const fresh = `${folder}.${process.pid}.new`;
  const old = `${folder}.${process.pid}.old`;
  try {
    mkdirSync(fresh, { recursive: true });
    writeFileSync(join(fresh, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
    const logos = logoFolder();
    for (const file of readdirSync(logos)) {
      if (/^logo-.*\.(?:png|svg)$/.test(file)) cpSync(join(logos, file), join(fresh, file));
    }
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder) && existsSync(old)) renameSync(old, folder);
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot write the kernelspec ${folder}: ${(error as Error).message}`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** Undefined when the folder holds no readable kernel.json. */
export function readKernelspec(folder: string): Kernelspec | undefined {
  try {
    const spec = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as Partial<Kernelspec> | null;
    return Array.isArray(spec?.argv) ? (spec as Kernelspec) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a kernelspec starts tsloop, this installation or another: by what it runs, not by its name. */
export function isTsloop({ argv }: Kernelspec): boolean {
  const words = argv.map(String);
  const byProgram = /^tsloop(?:\.cmd)?$/.test(basename(words[0] ?? '')) && words[1] === 'kernel';
  return byProgram || words.some((word) => /[\\/]dist[\\/]kernel[\\/]main\.js$/.test(word));
}

export interface FoundKernelspec {
  readonly name: string;
  readonly folder: string;
  readonly spec: Kernelspec;
  /** Files that its argv names by absolute path and that are not there (any more). */
  readonly missing: readonly string[];
}

/** tsloop's kernelspecs in these Jupyter data folders. */
export function findKernelspecs(dataFolders: readonly string[]): FoundKernelspec[] {
  return dataFolders.flatMap((data) => {
    const kernels = join(data, 'kernels');
    const names = existsSync(kernels) ? readdirSync(kernels) : [];
    return names.flatMap((name): FoundKernelspec[] => {
      const folder = join(kernels, name);
      const spec = readKernelspec(folder);
      if (spec === undefined || !isTsloop(spec)) return [];
      const missing = spec.argv.filter((word) => /^(?:[\\/]|[A-Za-z]:[\\/])/.test(word) && !existsSync(word));
      return [{ name, folder, spec, missing }];
    });
  });
}
