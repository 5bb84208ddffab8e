/** Short texts for people: how callbacks and values look in the text of a handle or in a message. */
import { inspect } from 'node:util';
import { boundParts } from './partial.ts';

/** Longer values are cut, so that one handle stays one line. */
const MAX_VALUE_LENGTH = 60;

/** One value on one line, cut where it gets long. Never throws, whatever the value does. */
export function formatValue(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, {
      depth: 1,
      breakLength: Infinity,
      maxArrayLength: 6,
      maxStringLength: 40,
    }).replace(/\s*\n\s*/g, ' ');
  } catch {
    text = `<${typeof value} that cannot be shown>`;
  }
  return text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH - 3)}...`;
}

/** A string itself, anything else as formatValue shows it. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : formatValue(value);
}

/** @internal The `inspect.custom` method of those that are shown as their `toString()`. */
export function textOf(this: { toString(): string }): string {
  // oxlint-disable-next-line oxc/no-this-in-exported-function -- a method that several classes get
  return this.toString();
}

/** Lets console.log and the like show the instances of a class as their `toString()`. */
export function inspectAsText(shown: { readonly prototype: object }): void {
  Object.defineProperty(shown.prototype, inspect.custom, { value: textOf });
}

/** `name(arguments)`; a partial shows what it has bound first: `name(bound)(arguments)`. */
export function formatCallback(callback: unknown, args: readonly unknown[]): string {
  const bound = boundParts(callback);
  if (bound === undefined) return `${nameOf(callback)}(${args.map(formatValue).join(', ')})`;
  const parts: unknown[] = bound.keywords === undefined ? [...bound.args] : [...bound.args, bound.keywords];
  return `${formatCallback(bound.func, parts)}(${args.map(formatValue).join(', ')})`;
}

/** A function's name, or what stands for one. */
export function nameOf(callback: unknown): string {
  if (typeof callback !== 'function') return formatValue(callback);
  return typeof callback.name === 'string' && callback.name !== '' ? callback.name : '<anonymous>';
}

/** `RangeError('too far')`: an error in few words, without its stack. */
export function formatError(error: unknown): string {
  return error instanceof Error
    ? `${error.name}(${error.message === '' ? '' : formatValue(error.message)})`
    : formatValue(error);
}
