/**
 * The user's tsconfig.json as far as cells need it: which file it is, the files that it extends, and those options
 * that cannot simply be inherited, because the kernel has something to add to them. All else is left to the
 * compiler, which reads the same files.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ParseError } from 'jsonc-parser';
import { firstProject } from '../language/solution.ts';

type Jsonc = typeof import('jsonc-parser');

let loaded: Jsonc | undefined;

/** Loads the parser with the first tsconfig.json: most notebooks have none. */
function jsonc(): Jsonc {
  loaded ??= createRequire(import.meta.url)('jsonc-parser') as Jsonc;
  return loaded;
}

/** The options that are read here. Paths in them are absolute. */
export interface UserOptions {
  types?: readonly string[];
  typeRoots?: readonly string[];
  rootDirs?: readonly string[];
  customConditions?: readonly string[];
  paths?: Readonly<Record<string, readonly string[]>>;
  baseUrl?: string;
  lib?: readonly string[];
  target?: string;
  jsx?: string;
  jsxImportSource?: string;
  jsxFactory?: string;
  jsxFragmentFactory?: string;
}

export interface UserConfig {
  /** The tsconfig.json, or the first project that it lists. */
  readonly file: string;
  /** Whether it can be extended: it exists and is JSON. */
  readonly usable: boolean;
  /** All files that were read or looked for, the tsconfig.json among them: when one changes, so may this. */
  readonly files: readonly string[];
  readonly options: UserOptions;
  /** What is wrong with them: sentences for the user. */
  readonly problems: readonly string[];
}

/** The nearest tsconfig.json, from a folder upwards, or undefined. */
export function findUserConfig(folder: string): string | undefined {
  for (const level of upwards(folder)) {
    const file = path.join(level, 'tsconfig.json');
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  }
  return undefined;
}

/** A folder and all above it, the root last. */
export function upwards(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

export function readUserConfig(file: string): UserConfig {
  const reader = new Reader(file);
  const options = reader.read(file);
  return {
    file: reader.project,
    usable: options !== undefined,
    files: [...reader.files],
    options: options ?? {},
    problems: reader.problems,
  };
}

/** Reads one tsconfig.json and what it extends. */
class Reader {
  readonly files: Set<string> = new Set();
  readonly problems: string[] = [];
  /** The file whose options count. */
  project: string;

  constructor(file: string) {
    this.project = file;
  }

  /** What `${configDir}` stands for, in all of the files. */
  get #configDir(): string {
    return path.dirname(this.project);
  }

  /** The options of a file, those that it extends included; undefined when it cannot be used. */
  read(file: string): UserOptions | undefined {
    this.files.add(file);
    let text: string;
    try {
      text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    } catch (error) {
      this.problems.push(`${file} cannot be read: ${(error as Error).message}.`);
      return undefined;
    }
    const { parse, printParseErrorCode } = jsonc();
    const errors: ParseError[] = [];
    const json = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true }) as unknown;
    const [error] = errors;
    if (error) {
      const what = printParseErrorCode(error.error)
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
        .toLowerCase();
      this.problems.push(`${file} is no JSON (line ${lineOf(text, error.offset)}: ${what}).`);
      return undefined;
    }
    if (!isObject(json)) {
      if (json === undefined) return {};
      this.problems.push(`${file} does not hold an object.`);
      return undefined;
    }
    const project = this.files.size === 1 ? firstProject(json, path.dirname(file)) : undefined;
    if (project !== undefined) return this.read((this.project = project));
    const inherited = stringsOf(json['extends']).map((specifier) => this.#readExtended(specifier, file));
    return Object.assign({}, ...inherited, this.#optionsOf(json, path.dirname(file))) as UserOptions;
  }

  #readExtended(specifier: string, from: string): UserOptions {
    const file = this.#locate(specifier, from);
    if (file === undefined) {
      this.problems.push(`${from} extends ${JSON.stringify(specifier)}, which cannot be found.`);
      return {};
    }
    // A circle is the compiler's to complain about.
    return this.files.has(file) ? {} : (this.read(file) ?? {});
  }

  #locate(specifier: string, from: string): string | undefined {
    const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
    if (/^\.{0,2}[/\\]|^\.{1,2}$/.test(specifier) || path.isAbsolute(specifier)) {
      const file = path.resolve(path.dirname(from), specifier);
      const found = [file, `${file}.json`].find(isFile);
      // That it appears is a change as well.
      if (found === undefined) this.files.add(file);
      return found;
    }
    const require = createRequire(from);
    for (const candidate of [specifier, `${specifier}.json`, `${specifier}/tsconfig.json`]) {
      try {
        const file = require.resolve(candidate);
        if (file.endsWith('.json')) return file;
      } catch {
        // Not this one.
      }
    }
    return undefined;
  }

  #optionsOf(json: Record<string, unknown>, folder: string): UserOptions {
    const given = json['compilerOptions'];
    if (!isObject(given)) return {};
    const substitute = (text: string): string => text.replace(/^\$\{configDir\}/i, this.#configDir);
    const resolve = (text: string): string => path.resolve(folder, substitute(text));
    const options: UserOptions = {};
    for (const key of ['typeRoots', 'rootDirs'] as const)
      if (Array.isArray(given[key])) options[key] = stringsOf(given[key]).map(resolve);
    for (const key of ['lib', 'customConditions'] as const)
      if (Array.isArray(given[key])) options[key] = stringsOf(given[key]);
    for (const key of ['target', 'jsx', 'jsxImportSource', 'jsxFactory', 'jsxFragmentFactory'] as const)
      if (typeof given[key] === 'string') options[key] = given[key];
    if (Array.isArray(given['types'])) {
      options.types = stringsOf(given['types']).map((name) =>
        /^(?:\.|\$\{)/.test(name) ? resolve(name) : name,
      );
    }
    if (typeof given['baseUrl'] === 'string') options.baseUrl = resolve(given['baseUrl']);
    if (isObject(given['paths'])) {
      const base = options.baseUrl ?? folder;
      options.paths = Object.fromEntries(
        Object.entries(given['paths']).map(([pattern, targets]) => [
          pattern,
          stringsOf(targets).map((target) => path.resolve(base, substitute(target))),
        ]),
      );
    }
    return options;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringsOf(value: unknown): string[] {
  return [value].flat().filter((each) => typeof each === 'string');
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
