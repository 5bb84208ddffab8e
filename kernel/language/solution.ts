/**
 * A tsconfig.json that is nothing but a list of projects, as templates of Vite make it: `"files": []` and
 * `references`. Cells and what they import belong to none of them; the first one says how they are meant.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function isFull(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/**
 * @param config the content of a tsconfig.json in `folder`
 * @returns the file of its first project; undefined when the tsconfig.json is a project itself
 */
export function firstProject(config: Readonly<Record<string, unknown>>, folder: string): string | undefined {
  const { files, include, references } = config;
  if (!Array.isArray(references) || isFull(files) || isFull(include)) return undefined;
  if (!isEmpty(files) && !isEmpty(include)) return undefined;
  const paths = references.map((each: unknown) => (each as { path?: unknown } | null)?.path);
  for (const given of paths) {
    if (typeof given !== 'string') continue;
    const named = path.resolve(folder, given);
    for (const file of [named, path.join(named, 'tsconfig.json')])
      if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  }
  return undefined;
}
