/** What could stand at the cursor: what complete_request answers. */
import type { Checker } from '../../typescript/checker.ts';
import type { MainThread } from '../inspector.ts';
import { identifier, inSession, isInternal, namesInScope } from '../live-session.ts';

/** `a.b.c` before the cursor, the last name perhaps unfinished or missing. */
const pathBefore = new RegExp(
  `(?<![\\p{ID_Continue}$.)\\]])((?:${identifier}\\s*\\??\\.\\s*)*)(${identifier})?$`,
  'u',
);
const plainName = new RegExp(`^${identifier}$`, 'u');

const keywords = (
  'abstract any as async await boolean break case catch class const continue debugger declare default delete do ' +
  'else enum export extends false finally for from function if implements import in infer instanceof interface ' +
  'is keyof let namespace never new null number object of private protected public readonly return satisfies ' +
  'static string super switch symbol this throw true try type typeof undefined unknown using var void while yield'
).split(' ');

export interface Completion {
  readonly matches: string[];
  /** Offsets in UTF-16 code units of what a match replaces. */
  readonly start: number;
  readonly end: number;
}

export class Completer {
  readonly #main: MainThread;

  constructor(main: MainThread, _checker?: Checker) {
    this.#main = main;
  }

  /** @param offset the cursor, in UTF-16 code units */
  async complete(code: string, offset: number): Promise<Completion> {
    const line = code.slice(code.lastIndexOf('\n', offset - 1) + 1, offset);
    if (/^\s*[!%]/.test(line)) return this.#completeMagic(line, offset);
    const match = pathBefore.exec(code.slice(0, offset));
    const prefix = match?.[2] ?? '';
    const start = offset - prefix.length;
    const none = { matches: [], start: offset, end: offset };
    if (!match || (match[1] === '' && prefix === '')) return none;
    const owner = match[1]?.replace(/\s*\??\.\s*$/, '');
    const names = owner ? await this.#main.members(await inSession(owner, this.#main)) : await this.#names();
    const matches = names.filter(
      (name) => name.startsWith(prefix) && plainName.test(name) && !isInternal(name),
    );
    return { matches: [...new Set(matches)], start, end: offset };
  }

  /** Names of magics after their percent signs; what follows, and commands, are not TypeScript. */
  async #completeMagic(line: string, offset: number): Promise<Completion> {
    const [, percent, prefix] = /^\s*(%%?)(\w*)$/.exec(line) ?? [];
    if (percent === undefined || prefix === undefined) return { matches: [], start: offset, end: offset };
    // Loaded with the first such request, not with the kernel.
    const { magics } = await import('../../magics/registry.ts');
    const kind = percent === '%' ? 'line' : 'cell';
    const names = magics.filter((magic) => kind in magic).map(({ name }) => name);
    const matches = names.filter((name) => name.startsWith(prefix)).sort();
    return { matches, start: offset - prefix.length, end: offset };
  }

  async #names(): Promise<string[]> {
    const session = await namesInScope(this.#main);
    const globals = await this.#main.members('globalThis');
    return [...session.sort(), ...globals.sort(), ...keywords];
  }
}
