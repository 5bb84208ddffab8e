/** Modules by their specifiers, as `import` and `require` name them, where the language service does not say them. */
import { builtinModules } from 'node:module';
import { byText, type Candidate, type Completion, matching } from './candidate.ts';
import { completePath } from './paths.ts';

/** What can be imported, by its extension. */
const importable = /\.(?:[cm]?[jt]sx?|json|wasm|node)$/;

/** @param before the text up to the opening quote, with it */
export function isSpecifier(before: string): boolean {
  return /(?:\bfrom|\bimport(?:\s+type)?|\bexport\s+\*|\bimport\s*\(|\brequire(?:\.resolve)?\s*\()\s*["'`]$/.test(
    before,
  );
}

/**
 * Files with their extensions, as Node wants them, from the working directory; otherwise Node's own modules.
 * @param typed what the string holds up to the cursor
 */
export async function completeSpecifier(typed: string, offset: number): Promise<Completion> {
  if (/^\.\.?\//.test(typed)) return completePath(typed, offset, { files: (name) => importable.test(name) });
  const names = builtinModules
    .filter((name) => !name.startsWith('_'))
    .map((name) => name.replace(/^(?:node:)?/, 'node:'));
  const candidates = matching(names, typed, (name) => name).map((text): Candidate => ({
    text,
    kind: 'module',
  }));
  return { candidates: candidates.sort(byText), start: offset - typed.length };
}
