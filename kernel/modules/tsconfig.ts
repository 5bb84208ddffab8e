/** The nearest tsconfig.json of a file, with what it extends. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { TsConfigResult } from 'get-tsconfig';
import { firstProject } from '../language/solution.ts';

type Library = typeof import('get-tsconfig');

/** Loads the library when it is first needed. */
export function library(): Library {
  return createRequire(import.meta.url)('get-tsconfig') as Library;
}

/** @returns undefined where there is none, or a broken one: that is the type checker's to report */
export function tsconfigOf(folder: string): TsConfigResult | undefined {
  try {
    const found = library().getTsconfig(folder) ?? undefined;
    const project = found && firstProject({ ...found.config }, dirname(found.path));
    return project === undefined ? found : { path: project, config: library().parseTsconfig(project) };
  } catch {
    return undefined;
  }
}
