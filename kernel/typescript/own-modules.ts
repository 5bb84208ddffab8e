/**
 * TypeScript names a type that is not in scope by the file that it is from, which for the kernel's own is one that
 * no reader knows: `import("/…/dist/src/task").Task` is `import("tsloop").Task` to those who import it.
 */
import { fileURLToPath } from 'node:url';
import { dist } from '../home.ts';

/** What is imported by which name; the more special folder first. */
const MODULES: ReadonlyArray<readonly [folder: string, name: string]> = [
  ['src/testing/', 'tsloop/testing'],
  ['src/', 'tsloop'],
  ['kernel/widgets/', 'tsloop/widgets'],
  ['kernel/runtime/', 'tsloop/comms'],
];

/** TypeScript writes all paths with slashes. */
const folder = fileURLToPath(dist).replaceAll('\\', '/');
const modules = new RegExp(
  `import\\("${folder.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}([^"]*)"\\)(\\.)?`,
  // The letter of a drive may be small or large.
  process.platform === 'win32' ? 'gi' : 'g',
);

/** The text with the names that the user imports. Types of globals, which nobody imports, have a name alone. */
export function withModuleNames(text: string): string {
  if (!text.includes('import("')) return text;
  return text.replaceAll(modules, (all, file: string, dot = '') => {
    const [, name] = MODULES.find(([start]) => file.startsWith(start)) ?? [];
    if (name !== undefined) return `import("${name}")${dot}`;
    return dot === '' ? all : '';
  });
}
