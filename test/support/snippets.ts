/** Runs the pieces of code that the documentation shows, as cells would run them. */
import { format } from 'node:util';
import { transformSync } from '@swc/core';
import * as tsloop from '../../src/index.ts';
import { installPersistentLoop } from '../../src/persistent.ts';
import * as testing from '../../src/testing/index.ts';

/** What the documentation imports without a place. */
export const MODULES: Readonly<Record<string, object>> = { tsloop, 'tsloop/testing': testing };

type Code = (load: (name: string) => unknown, shown: Pick<Console, 'log' | 'error'>) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => Code;

/**
 * Runs TypeScript with top-level awaits on a loop that always runs, and returns what it printed. Fails if it
 * fails, or leaves an error to nobody.
 */
export async function runSnippet(source: string): Promise<string> {
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    isModule: true,
  });
  const body = code
    .replace(/^export \{\s*\};?$/gm, '')
    .replace(
      /^import \{([^}]*)\} from ["']([^"']+)["'];?$/gm,
      (_, names: string, name: string) =>
        `const {${names.replaceAll(' as ', ': ')}} = await $load(${JSON.stringify(name)});`,
    );
  const printed: string[] = [];
  const print = (...args: unknown[]): void => void printed.push(`${format(...args)}\n`);
  const errors: unknown[] = [];
  const installed = installPersistentLoop({ exceptionHandler: (_loop, context) => errors.push(context) });
  try {
    const load = (name: string): unknown => MODULES[name] ?? import(name);
    await new AsyncFunction('$load', 'console', body)(load, { log: print, error: print });
  } finally {
    installed.uninstall();
  }
  if (errors.length > 0) throw new Error(format('The code left errors to nobody:', ...errors));
  return printed.join('');
}
