/** `paths` and `baseUrl` of the nearest tsconfig.json: names of modules that are the project's own. */
import { createRequire } from 'node:module';

export type Matcher = ((specifier: string) => string[]) | undefined;

/** The files that `specifier` may mean in a module of `folder`, without their extensions perhaps; best first. */
export function matchPaths(specifier: string, folder: string, cache: Map<string, Matcher>): string[] {
  if (!cache.has(folder)) cache.set(folder, readMatcher(folder));
  return cache.get(folder)?.(specifier) ?? [];
}

function readMatcher(folder: string): Matcher {
  const { createPathsMatcher, getTsconfig } = createRequire(import.meta.url)(
    'get-tsconfig',
  ) as typeof import('get-tsconfig');
  try {
    const config = getTsconfig(folder);
    return (config && createPathsMatcher(config)) ?? undefined;
  } catch {
    // A broken tsconfig.json is the type checker's to report; imports go on without it.
    return undefined;
  }
}
