/** Values → what is shown of them. */
import { inspect } from 'node:util';
import type { MimeBundle } from '../bridge.ts';
import type { JsonValue } from '../protocol/json.ts';

/** The plain text of a value, uncoloured: saved notebooks and diffs stay readable. */
function plainText(value: unknown): string {
  return inspect(value, { colors: false, depth: 4, maxArrayLength: 100, maxStringLength: 100_000 });
}

/** The method by which an object says how it looks, shared with other TypeScript kernels. */
const displaySymbol = Symbol.for('Jupyter.display');

function displayMethod(value: unknown): unknown {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return undefined;
  try {
    return (value as Record<symbol, unknown>)[displaySymbol];
  } catch {
    // A proxy that does not know the symbol; its plain text can be shown all the same.
    return undefined;
  }
}

/**
 * Makes sure that a bundle is what a message can carry; anything else would never reach a client.
 * Bytes become base64, as the protocol has it for pictures.
 * @throws TypeError that says what is wrong
 */
function checked(bundle: unknown, source: string): MimeBundle {
  const isBundle = typeof bundle === 'object' && bundle !== null && !Array.isArray(bundle);
  if (!isBundle || !Object.keys(bundle).every((key) => key.includes('/'))) {
    throw new TypeError(
      `${source} takes an object of MIME types, such as { 'text/html': '<b>hi</b>' }, not ${plainText(bundle).slice(0, 80)}`,
    );
  }
  const entries = Object.entries(bundle).map(([type, content]): [string, JsonValue] => {
    if (content instanceof Uint8Array) return [type, Buffer.from(content).toString('base64')];
    let json: string | undefined;
    try {
      json = JSON.stringify(content);
    } catch (error) {
      throw new TypeError(`${source}: the content of ${type} is no JSON: ${(error as Error).message}`, {
        cause: error,
      });
    }
    if (json === undefined)
      throw new TypeError(
        `${source}: the content of ${type} is no JSON, but ${plainText(content).slice(0, 80)}`,
      );
    return [type, JSON.parse(json) as JsonValue];
  });
  return Object.fromEntries(entries);
}

/**
 * A value as a MIME bundle: what the object itself says, or its plain text. Only an object that
 * says so asynchronously makes a promise: the kernel's own steps stay synchronous where they can,
 * because an interrupt may throw queued promise reactions away.
 */
export function mimeBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const method = displayMethod(value);
  if (typeof method !== 'function') return { 'text/plain': plainText(value) };
  const complete = (made: unknown): MimeBundle => {
    const bundle = checked(made, "[Symbol.for('Jupyter.display')]()");
    return 'text/plain' in bundle ? bundle : { ...bundle, 'text/plain': plainText(value) };
  };
  const made: unknown = method.call(value);
  const isThenable = typeof (made as { then?: unknown } | null | undefined)?.then === 'function';
  return isThenable ? Promise.resolve(made).then(complete) : complete(made);
}

export interface DisplayOptions {
  /** The value is a MIME bundle already: MIME type → content. */
  readonly raw?: boolean;
  /** Names what is shown, so that a later call can change it. */
  readonly displayId?: string;
  /** Changes what was shown under `displayId`, wherever it stands. */
  readonly update?: boolean;
}

/** A bundle that the user wrote. @throws TypeError when no message can carry it */
export function rawBundle(value: unknown): MimeBundle {
  return checked(value, 'display(…, { raw: true })');
}
