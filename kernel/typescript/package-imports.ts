/**
 * What `imports` and `exports` of the user's package.json say, `#util` and the package's own name, as `paths` of a
 * compiler whose files lie elsewhere. Node itself reads them when the code runs.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { PathMapping } from './local-files.ts';

/** The conditions that hold where a cell imports, and those of the compiler. */
const CONDITIONS = new Set(['types', 'import', 'module-sync', 'node', 'default']);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The targets that a value may mean: of conditions the first that holds, of a list all. */
function targetsOf(value: unknown, conditions: ReadonlySet<string>): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((each) => targetsOf(each, conditions));
  if (!isObject(value)) return [];
  for (const [condition, target] of Object.entries(value)) {
    const targets = conditions.has(condition) ? targetsOf(target, conditions) : [];
    if (targets.length > 0) return targets;
  }
  return [];
}

/** `exports` may be the target of the package itself, or its conditions. */
function subpathsOf(exports: unknown): Record<string, unknown> {
  if (isObject(exports) && Object.keys(exports).every((key) => key.startsWith('.'))) return exports;
  return exports === undefined ? {} : { '.': exports };
}

/**
 * @param levels folders, from the inside out: the first that has a package.json counts
 * @param custom conditions of the user's
 */
export function packageMapping(levels: readonly string[], custom: readonly string[] = []): PathMapping {
  const folder = levels.find((level) =>
    statSync(path.join(level, 'package.json'), { throwIfNoEntry: false })?.isFile(),
  );
  if (folder === undefined) return {};
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  } catch {
    // Node and npm will say what is wrong with it.
    return {};
  }
  if (!isObject(json)) return {};
  const conditions = new Set([...CONDITIONS, ...custom]);
  const { name, imports, exports } = json;
  const entries = [
    ...Object.entries(isObject(imports) ? imports : {}),
    ...(typeof name === 'string'
      ? Object.entries(subpathsOf(exports)).map(([key, value]) => [name + key.slice(1), value] as const)
      : []),
  ];
  const absolute = (target: string): string =>
    // What is no path is a package.
    /^\.{0,2}\//.test(target) ? path.join(folder, target) : path.join(folder, 'node_modules', target);
  return Object.fromEntries(
    entries
      .map(([key, value]) => [key, targetsOf(value, conditions).map(absolute)] as const)
      .filter(([, targets]) => targets.length > 0),
  );
}
