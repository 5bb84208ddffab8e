/**
 * A live value as text, looked at from outside: V8's own previews of it. No code of the main thread runs for
 * that, neither getters nor what a class says of how it is to be shown, so it works in the middle of any code.
 */
import type { Runtime } from 'node:inspector';
import { inspect } from 'node:util';
import type { MainThread } from './inspector.ts';

export interface LiveValue {
  /** `number`, `null`, or the name of the class. */
  readonly type: string;
  readonly isFunction: boolean;
  /** It is no object. */
  readonly isPrimitive: boolean;
  /** The value in short; of a function its source. */
  readonly text: string;
}

/** Texts are shown up to this many characters, in short and at length. */
const SHORT_TEXT = 200;
const LONG_TEXT = 10_000;
/** How many properties or elements are shown at length. */
const SHOWN = 100;
/** A value at length is written in one line when it has room there. */
const LINE = 72;

/** What is looked at is let go of at once. */
const GROUP = 'tsloop-look';

const plainName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function keyText(name: string): string {
  return plainName.test(name) ? name : inspect(name);
}

function quoted(text: string, limit: number): string {
  const shown = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return inspect(shown, { maxStringLength: null });
}

function typeOf({ type, subtype, className }: Runtime.RemoteObject): string {
  if (subtype === 'null') return 'null';
  return type === 'object' || type === 'function' ? (className ?? type) : type;
}

/** Of a property in a preview: what V8 has already shortened to one line. */
function previewedText({ type, subtype, value, valuePreview }: Runtime.PropertyPreview): string {
  if (type === 'accessor') return '[Getter]';
  if (valuePreview) return previewText(valuePreview);
  if (type === 'string') return quoted(value ?? '', SHORT_TEXT);
  if (type === 'function') return '[Function]';
  if (type === 'object' && subtype === undefined) return value === 'Object' ? '{…}' : (value ?? '{…}');
  return value ?? type;
}

/** Neither a plain object's class nor an array's needs to be said. */
function classPrefix(description: string | undefined, list: boolean): string {
  if (description === undefined || description === 'Object' || (list && description.startsWith('Array(')))
    return '';
  return `${description} `;
}

/** Objects that are shown as V8 describes them: what is in them is not in their properties. */
const described: ReadonlySet<string> = new Set([
  'regexp',
  'date',
  'error',
  'node',
  'proxy',
  'weakmap',
  'weakset',
  'generator',
]);

function isList(subtype: string | undefined): boolean {
  return subtype === 'array' || subtype === 'typedarray';
}

function bracketed(parts: readonly string[], list: boolean, long: boolean): string {
  const [open, close] = list ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  const line = `${open} ${parts.join(', ')} ${close}`;
  if (!long || (line.length <= LINE && !line.includes('\n'))) return line;
  // Short elements, such as numbers, share lines.
  if (list && parts.every((part) => part.length <= 10 && !part.includes('\n'))) {
    const lines = [''];
    for (const part of parts) {
      const last = lines.at(-1) ?? '';
      if (last.length + part.length + 2 > LINE) lines.push(`${part}, `);
      else lines[lines.length - 1] = `${last}${part}, `;
    }
    return `${open}\n${lines.map((text) => `  ${text.trimEnd()}\n`).join('')}${close}`;
  }
  return `${open}\n${parts.map((part) => `  ${part.replaceAll('\n', '\n  ')},\n`).join('')}${close}`;
}

/** As util.inspect() says it. */
function promiseText(properties: readonly Runtime.PropertyPreview[]): string {
  const find = (name: string): Runtime.PropertyPreview | undefined =>
    properties.find((property) => property.name === name);
  const state = find('[[PromiseState]]')?.value ?? 'pending';
  if (state === 'pending') return 'Promise { <pending> }';
  const result = find('[[PromiseResult]]');
  const text = result ? previewedText(result) : '…';
  return `Promise { ${state === 'rejected' ? `<rejected> ${text}` : text} }`;
}

/** Private and symbols' properties, and V8's own: `[[Prototype]]`. */
const hidden = /^(?:#|\[\[|Symbol\()/;

/** As many as there is room for in short. */
function shortened(parts: readonly string[], overflow: boolean): readonly string[] {
  let length = 0;
  const fit = parts.findIndex((part) => (length += part.length + 2) > SHORT_TEXT);
  if (fit === -1) return overflow ? [...parts, '…'] : parts;
  return [...parts.slice(0, Math.max(1, fit)), '…'];
}

function previewText({
  description,
  subtype,
  properties,
  entries,
  overflow,
  type,
}: Runtime.ObjectPreview): string {
  if (type === 'function') return '[Function]';
  if (type === 'string') return quoted(description ?? '', SHORT_TEXT);
  if (subtype === 'promise') return promiseText(properties);
  if (type !== 'object' || subtype === 'null' || described.has(subtype ?? '')) return description ?? type;
  const list = isList(subtype);
  const parts = entries
    ? entries.map(({ key, value }) => `${key ? `${previewText(key)} => ` : ''}${previewText(value)}`)
    : properties
        .filter(({ name }) => !hidden.test(name))
        .map((property) =>
          list && /^\d+$/.test(property.name)
            ? previewedText(property)
            : `${keyText(property.name)}: ${previewedText(property)}`,
        );
  return classPrefix(description, list) + bracketed(shortened(parts, overflow), list, false);
}

function primitiveText(value: Runtime.RemoteObject, limit: number): string {
  if (typeof value.value === 'string') return quoted(value.value, limit);
  return value.unserializableValue ?? value.description ?? String(value.value);
}

function shortText(value: Runtime.RemoteObject): string {
  if (value.type !== 'object' || value.subtype === 'null') return primitiveText(value, SHORT_TEXT);
  if (value.preview && !described.has(value.subtype ?? '')) return previewText(value.preview);
  // Of an error, what it says.
  const [text = ''] = (value.description ?? value.className ?? 'object').split('\n', 1);
  return text.length > SHORT_TEXT ? `${text.slice(0, SHORT_TEXT)}…` : text;
}

interface Properties {
  readonly result: readonly Runtime.PropertyDescriptor[];
  readonly internalProperties?: readonly Runtime.InternalPropertyDescriptor[];
}

async function propertiesOf(main: MainThread, objectId: string): Promise<Properties> {
  const parameters = { objectId, ownProperties: true, generatePreview: true };
  return (await main.post<Properties>('Runtime.getProperties', parameters)) ?? { result: [] };
}

/** The value with all that it has, one level deep; what is in that, in short. */
async function longText(main: MainThread, value: Runtime.RemoteObject): Promise<string> {
  const { objectId, subtype, description } = value;
  if (value.type !== 'object' || objectId === undefined) return primitiveText(value, LONG_TEXT);
  if (described.has(subtype ?? '')) return description ?? subtype ?? 'object';
  if (subtype === 'promise' && value.preview) return previewText(value.preview);
  const { result, internalProperties = [] } = await propertiesOf(main, objectId);
  const list = isList(subtype);
  const entries = internalProperties.find(({ name }) => name === '[[Entries]]')?.value;
  const parts: string[] = [];
  if (entries?.objectId !== undefined) {
    // Each entry describes itself as `{"key" => value}`, or as the value of a set.
    for (const { name, value: entry } of (await propertiesOf(main, entries.objectId)).result)
      if (/^\d+$/.test(name) && entry) parts.push((entry.description ?? '').replace(/^\{(.*)\}$/s, '$1'));
  }
  for (const { name, value: property, enumerable, symbol } of result) {
    if (!enumerable) continue;
    const text = property ? (property.type === 'function' ? '[Function]' : shortText(property)) : '[Getter]';
    const key = symbol ? `[${symbol.description ?? name}]` : keyText(name);
    parts.push(list && /^\d+$/.test(name) ? text : `${key}: ${text}`);
  }
  const left = parts.length - SHOWN;
  const shown = left > 0 ? [...parts.slice(0, SHOWN), `… ${left} more`] : parts;
  return classPrefix(description, list) + bracketed(shown, list, true);
}

/**
 * Undefined for what cannot be looked at: there is no such name, or looking would run code.
 * @param expression as it is in the session
 * @param detail 1 shows the value at length
 */
export async function lookAt(
  main: MainThread,
  expression: string,
  detail: number,
): Promise<LiveValue | undefined> {
  const reply = await main.post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
    expression,
    throwOnSideEffect: true,
    objectGroup: GROUP,
    replMode: false,
    generatePreview: true,
  });
  if (!reply || reply.exceptionDetails) return undefined;
  const { result } = reply;
  const isFunction = result.type === 'function';
  const text = isFunction
    ? (result.description ?? '')
    : detail > 0
      ? await longText(main, result)
      : shortText(result);
  await main.release();
  return { type: typeOf(result), isFunction, isPrimitive: result.type !== 'object' && !isFunction, text };
}
