/**
 * TypeScript names a type that is not in scope by the file that it is from, which for the kernel's own is one that
 * no reader knows: `import("/…/dist/src/task").Task` is `import("tsloop").Task` to those who import it.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dist } from '../home.ts';

/** By what each is called here: the name that is imported, and where it is. */
const OWN = {
  tsloop: ['tsloop', 'src/index.js'],
  comms: ['tsloop/comms', 'kernel/runtime/comms.js'],
  testing: ['tsloop/testing', 'src/testing/index.js'],
  widgets: ['tsloop/widgets', 'kernel/widgets/index.js'],
} as const;

type Own = keyof typeof OWN;

/** The files that declare the kernel's own modules. */
export type OwnDeclarations = Readonly<Record<Own, string>>;

/**
 * Writes them into a folder. Their ending says that they are ES modules; TypeScript takes others, whose package it does
 * not look for, for ones that may have a default export.
 */
export function declareOwnModules(root: string): OwnDeclarations {
  const declare = (name: Own): string => {
    const file = path.join(root, `own-${name}.d.mts`);
    const target = fileURLToPath(new URL(OWN[name][1], dist)).replaceAll('\\', '/');
    writeFileSync(file, `export * from ${JSON.stringify(target)};\n`);
    return file;
  };
  return {
    tsloop: declare('tsloop'),
    comms: declare('comms'),
    testing: declare('testing'),
    widgets: declare('widgets'),
  };
}

/** How TypeScript names those files. */
const declared = new RegExp(String.raw`"[^"\n]*/own-(${Object.keys(OWN).join('|')})"`, 'g');

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
  const named = text.replaceAll(declared, (_, name: Own) => `"${OWN[name][0]}"`);
  if (!named.includes('import("')) return named;
  return named.replaceAll(modules, (all, file: string, dot = '') => {
    const [, name] = MODULES.find(([start]) => file.startsWith(start)) ?? [];
    if (name !== undefined) return `import("${name}")${dot}`;
    return dot === '' ? all : '';
  });
}
