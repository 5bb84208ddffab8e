/** MIME bundles: what messages can carry, and the plain text that is always in them. */
import { inspect, stripVTControlCharacters } from 'node:util';
import { grouped } from './html.ts';
import { inspectsItself } from './own.ts';
import type { MimeBundle } from '../bridge.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';

/** What is shown: the same thing in several forms, of which a client takes the richest that it knows. */
export interface Shown {
  readonly data: MimeBundle;
  /** By MIME type: the width and height of pictures, for example. */
  readonly metadata: JsonObject;
}

/** Characters of a string, and of a value's whole text: `inspect` limits neither properties nor depth times breadth. */
const LONGEST = 100_000;

/** The plain text of a value, uncoloured: saved notebooks and diffs stay readable. @throws what its own inspection throws */
export function plainText(value: unknown): string {
  const options = { colors: false, depth: 4, maxArrayLength: 100, maxStringLength: LONGEST };
  // Some objects colour their text whatever they are asked for.
  const text = stripVTControlCharacters(inspect(value, options));
  // A string that has been cut says so itself, a little beyond the limit.
  if (text.length <= LONGEST + 100 || typeof value === 'string' || inspectsItself(value)) return text;
  const end = text.lastIndexOf('\n', LONGEST) + 1 || LONGEST;
  return `${text.slice(0, end)}... ${grouped(text.length - end)} more characters`;
}

/** The beginning of a value's plain text, in one line, for messages. Never throws. */
export function brief(value: unknown, length = 80): string {
  try {
    return inspect(value, { colors: false, depth: 1, breakLength: Infinity, maxStringLength: 200 }).slice(
      0,
      length,
    );
  } catch {
    return '<value that cannot be shown>';
  }
}

/** Bytes as base64; undefined for what is no bytes. */
export function base64(content: unknown): string | undefined {
  if (content instanceof Uint8Array) {
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');
  }
  return content instanceof ArrayBuffer ? Buffer.from(content).toString('base64') : undefined;
}

/**
 * Makes sure that a bundle is what a message can carry; anything else would never reach a client.
 * Bytes become base64, as the protocol has it for pictures.
 * @param source whose bundle it is, for the message
 * @throws TypeError that says what is wrong
 */
export function checkedBundle(bundle: unknown, source: string): MimeBundle {
  const isBundle = typeof bundle === 'object' && bundle !== null && !Array.isArray(bundle);
  if (!isBundle || !Object.keys(bundle).every((key) => key.includes('/'))) {
    throw new TypeError(
      `${source} takes an object of MIME types, such as { 'text/html': '<b>hi</b>' }, not ${brief(bundle)}`,
    );
  }
  return Object.fromEntries(
    Object.entries(bundle).map(([type, content]): [string, JsonValue] => [
      type,
      base64(content) ?? checkedJson(content, `${source}: the content of ${type}`),
    ]),
  );
}

/** The value as it is after a journey as JSON. @throws TypeError that says what is wrong, beginning with `what` */
export function checkedJson(value: unknown, what: string): JsonValue {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(`${what} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (json === undefined) throw new TypeError(`${what} is no JSON, but ${brief(value)}`);
  return JSON.parse(json) as JsonValue;
}
