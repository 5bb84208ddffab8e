/**
 * What the name at the cursor is: what inspect_request and `name?` answer. The live session says a value's
 * type and text.
 */
import type { MimeBundle } from '../bridge.ts';
import type { Checker } from '../typescript/checker.ts';
import type { MainThread, RemoteValue } from './inspector.ts';
import { identifier, inSession } from './live-session.ts';

const pathAround = new RegExp(`(?<![\\p{ID_Continue}$])${identifier}(?:\\s*\\??\\.\\s*${identifier})*`, 'gu');

export interface Inspection {
  readonly found: boolean;
  readonly data: MimeBundle;
}

export class Introspection {
  readonly #main: MainThread;

  constructor(main: MainThread, _checker?: Checker) {
    this.#main = main;
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
    const value = await this.#main.look(await inSession(expression, this.#main));
    if (!value) return notFound;
    const text = describe(expression, value, detail);
    await this.#main.release();
    return { found: true, data: { 'text/plain': text } };
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
