/**
 * What completion and inspection know from the live session: names in scope, members of values, a
 * value's type and text. What the TypeScript language service knows joins them here.
 */
import type { MimeBundle } from '../bridge.ts';
import { sessionName, shownName } from '../language/globals.ts';
import type { MainThread, RemoteValue } from './inspector.ts';

const identifier = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*`;
/** `a.b.c` before the cursor, the last name perhaps unfinished or missing. */
const pathBefore = new RegExp(
  `(?<![\\p{ID_Continue}$.)\\]])((?:${identifier}\\s*\\??\\.\\s*)*)(${identifier})?$`,
  'u',
);
const pathAround = new RegExp(`(?<![\\p{ID_Continue}$])${identifier}(?:\\s*\\??\\.\\s*${identifier})*`, 'gu');
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

export interface Inspection {
  readonly found: boolean;
  readonly data: MimeBundle;
}

export class Introspection {
  readonly #main: MainThread;

  constructor(main: MainThread) {
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
    const names = owner ? await this.#main.members(await this.#inSession(owner)) : await this.#names();
    const matches = names.filter(
      (name) => name.startsWith(prefix) && plainName.test(name) && !name.startsWith('__tsloop'),
    );
    return { matches: [...new Set(matches)], start, end: offset };
  }

  /** What the name at the cursor is. @param detail 1 adds a function's source */
  async inspect(code: string, offset: number, detail: number): Promise<Inspection> {
    const path = [...code.matchAll(pathAround)].find(
      ({ index, 0: text }) => index <= offset && offset <= index + text.length,
    );
    const notFound = { found: false, data: {} };
    if (!path) return notFound;
    // Up to the name that the cursor is in: `a` for a cursor in the first name of `a.b`.
    const tail = code.slice(offset, path.index + path[0].length).search(/[.?\s]/);
    const expression = tail === -1 ? path[0] : code.slice(path.index, offset + tail);
    const value = await this.#main.look(await this.#inSession(expression));
    if (!value) return notFound;
    const text = describe(expression, value, detail);
    await this.#main.release();
    return { found: true, data: { 'text/plain': text } };
  }

  /** Names of magics after their percent signs; what follows, and commands, are not TypeScript. */
  async #completeMagic(line: string, offset: number): Promise<Completion> {
    const [, percent, prefix] = /^\s*(%%?)(\w*)$/.exec(line) ?? [];
    if (percent === undefined || prefix === undefined) return { matches: [], start: offset, end: offset };
    // Loaded with the first such request, not with the kernel.
    const { magics } = await import('../magics/registry.ts');
    const kind = percent === '%' ? 'line' : 'cell';
    const names = magics.filter((magic) => kind in magic).map(({ name }) => name);
    const matches = names.filter((name) => name.startsWith(prefix)).sort();
    return { matches, start: offset - prefix.length, end: offset };
  }

  /** A variable that would hide a global has another name in the session. */
  async #inSession(path: string): Promise<string> {
    const [first = ''] = /^[^.?\s]+/.exec(path) ?? [];
    const name = sessionName(first);
    if (name === first || !(await this.#main.scopeNames()).includes(name)) return path;
    return name + path.slice(first.length);
  }

  async #names(): Promise<string[]> {
    const session = (await this.#main.scopeNames()).map(shownName);
    const globals = await this.#main.members('globalThis');
    return [...session.sort(), ...globals.sort(), ...keywords];
  }
}

function typeName({ type, subtype, className }: RemoteValue): string {
  if (subtype === 'null') return 'null';
  return type === 'object' || type === 'function' ? (className ?? type) : type;
}

function describe(expression: string, value: RemoteValue, detail: number): string {
  const type = typeName(value);
  if (value.type === 'function') {
    const source = value.description ?? '';
    const signature = source.split('\n', 1)[0] ?? '';
    return `${expression}: ${type}\n\n${detail > 0 ? source : signature}`;
  }
  const text =
    value.description ??
    value.unserializableValue ??
    (typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value));
  return `${expression}: ${type}\n\n${text}`;
}
