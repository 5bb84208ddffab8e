/** `paths` and `baseUrl` of the nearest tsconfig.json: names of modules that are the project's own. */
import { library, tsconfigOf } from './tsconfig.ts';

export type Matcher = ((specifier: string) => string[]) | undefined;

/** The files that `specifier` may mean in a module of `folder`, without their extensions perhaps; best first. */
export function matchPaths(specifier: string, folder: string, cache: Map<string, Matcher>): string[] {
  if (!cache.has(folder)) cache.set(folder, readMatcher(folder));
  return cache.get(folder)?.(specifier) ?? [];
}

function readMatcher(folder: string): Matcher {
  const config = tsconfigOf(folder);
  try {
    return (config && library().createPathsMatcher(config)) ?? undefined;
  } catch {
    // Imports go on without it.
    return undefined;
  }
}
