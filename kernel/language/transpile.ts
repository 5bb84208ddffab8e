/**
 * TypeScript module text → JavaScript module text, by swc. Nothing is checked here and nothing but
 * syntax is changed: imports stay imports, top-level await stays where it is.
 */
import { existsSync } from 'node:fs';
import type { JscConfig, Options, Output } from '@swc/core';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { type JsxOptions, reactConfig } from './jsx.ts';
import { loadWhole } from '../shared/loading.ts';

type Swc = typeof import('@swc/core');

let loaded: Swc | undefined;

/** Loads swc when it is first needed: 20 ms that plain JavaScript cells never pay. @throws Error with what can be done */
function swc(): Swc {
  try {
    loaded ??= loadWhole(() => createRequire(import.meta.url)('@swc/core') as Swc);
  } catch (cause) {
    // It comes packed, and unpacks itself into the user's cache, or else the folder for temporary files.
    const text =
      'The TypeScript compiler swc, which this code needs, cannot be loaded. It needs 31 MB of room where it may ' +
      `write: in ${path.join(homedir(), '.cache')}, ${tmpdir()}, or the folder that the environment variable ` +
      'SWC_NATIVE_BINDING_CACHE names.';
    throw new Error(text, { cause });
  }
  return loaded;
}

export interface TranspileOptions {
  /** JSX is only read where `<` cannot start a type assertion: in `.tsx` and `.jsx` files and in cells with JSX. */
  readonly jsx: boolean;
  /** What JSX becomes; `React.createElement` if left out. */
  readonly jsxOptions?: JsxOptions | undefined;
  /** The name in the source map and in error messages. Its extension must agree with `jsx`: swc goes by both. */
  readonly fileName: string;
  /** The map is returned apart, or appended to the code as a comment. It is a tenth of the work. */
  readonly sourceMap: 'none' | 'separate' | 'inline';
}

const jsc: JscConfig = {
  // es2022 keeps let, const and class as they are; the default would turn every let into var.
  target: 'es2022',
  experimental: { keepImportAttributes: true },
  transform: {
    // Keeps imports that this text itself does not use: a later cell may.
    verbatimModuleSyntax: true,
    decoratorVersion: '2022-03',
  },
};

const SOURCE_MAPS = { none: false, separate: true, inline: 'inline' } as const;

function hasCurrentFolder(): boolean {
  try {
    // Node remembers what it was called.
    return existsSync(process.cwd());
  } catch {
    return false;
  }
}

/**
 * @throws Error when the current folder has been deleted, or with swc's message when the source is no TypeScript;
 * parse with oxc first for a message that has a position.
 */
export function transpile(
  source: string,
  options: TranspileOptions,
): { code: string; map: string | undefined } {
  const config: Options = {
    filename: options.fileName,
    swcrc: false,
    configFile: false,
    isModule: true,
    sourceMaps: SOURCE_MAPS[options.sourceMap],
    inlineSourcesContent: true,
    jsc: {
      ...jsc,
      transform: { ...jsc.transform, react: reactConfig(source, options.jsxOptions) },
      parser: { syntax: 'typescript', tsx: options.jsx, decorators: true },
    },
  };
  // swc asks for it, and ends the process when there is none.
  if (!hasCurrentFolder())
    throw new Error('The current folder does not exist any more. Go to another one with %cd.');
  const output: Output = swc().transformSync(source, config);
  return { code: output.code, map: output.map };
}
