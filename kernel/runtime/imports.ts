/** `import` and `require` for cells, which the inspector's scripts do not have themselves. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { dist } from '../home.ts';
import { placeAt } from './stack.ts';

type Import = (specifier: string, options?: ImportCallOptions) => Promise<Record<string, unknown>>;

/** The scheduler that cells import: the kernel's own instance, wherever the notebook lies. */
const scheduler = new URL('src/index.js', dist).href;

/** Node says once that the constant below is experimental: nothing that a notebook's reader could act on. */
function hideExperimentalWarning(): void {
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: unknown, ...rest: unknown[]): void => {
    if (!String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) emitWarning(warning, ...rest);
  };
}

function makeImport(directory: string): Import {
  const { USE_MAIN_CONTEXT_DEFAULT_LOADER } = constants as unknown as {
    USE_MAIN_CONTEXT_DEFAULT_LOADER: never;
  };
  return new Script('(specifier, options) => import(specifier, options)', {
    // Relative specifiers are resolved from here: a file that need not exist, beside the notebook.
    filename: join(directory, 'cell.mjs'),
    importModuleDynamically: USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Import;
}

let directory: string | undefined;
let load: Import | undefined;

/**
 * Imports as a module in the working directory would.
 * @param needed names that must be among the exports
 */
export async function importFromCell(
  specifier: unknown,
  options?: ImportCallOptions,
  needed: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const call = new Error('import');
  try {
    const module = await importModule(specifier, options);
    const missing = needed.find((name) => !(name in module));
    if (missing === undefined) return module;
    throw new SyntaxError(`The module '${String(specifier)}' does not provide an export named '${missing}'`);
  } catch (error) {
    placeAt(error, call);
    throw error;
  }
}

async function importModule(
  specifier: unknown,
  options?: ImportCallOptions,
): Promise<Record<string, unknown>> {
  const name = String(specifier);
  if (name === 'tsloop') return (await import(scheduler)) as Record<string, unknown>;
  // Only the user's own files may be TypeScript or import tsloop; packages and node: need no hooks.
  if (/^(?:\.{0,2}\/|file:|tsloop\/|[A-Za-z]:[\\/])/.test(name))
    (await import('../modules/hooks.ts')).installModuleHooks();
  const cwd = process.cwd();
  if (!load) hideExperimentalWarning();
  if (cwd !== directory || !load) {
    load = makeImport(cwd);
    directory = cwd;
  }
  const isJson = name.endsWith('.json') && options === undefined;
  return load(name, isJson ? { with: { type: 'json' } } : options);
}

/** What `import.meta` is in a cell: that of a module in the working directory. */
export const cellMeta = {
  get url(): string {
    return pathToFileURL(join(process.cwd(), 'cell.mjs')).href;
  },
  get dirname(): string {
    return process.cwd();
  },
  get filename(): string {
    return join(process.cwd(), 'cell.mjs');
  },
  resolve(specifier: string): string {
    const local = /^(?:\.{0,2}\/|file:)/.test(specifier);
    return local
      ? new URL(specifier, cellMeta.url).href
      : pathToFileURL(cellRequire().resolve(specifier)).href;
  },
};

/** `require` as of a CommonJS module in the working directory. */
export function cellRequire(): NodeJS.Require {
  return createRequire(join(process.cwd(), 'cell.cjs'));
}
