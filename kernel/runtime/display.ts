/** Values → what is shown of them. */
import { inspect } from 'node:util';
import type { MimeBundle } from '../bridge.ts';

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
 * A value as a MIME bundle: what the object itself says, or its plain text. Only an object that
 * says so asynchronously makes a promise: the kernel's own steps stay synchronous where they can,
 * because an interrupt may throw queued promise reactions away.
 */
export function mimeBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const method = displayMethod(value);
  if (typeof method !== 'function') return { 'text/plain': plainText(value) };
  const complete = (bundle: MimeBundle): MimeBundle =>
    'text/plain' in bundle ? bundle : { ...bundle, 'text/plain': plainText(value) };
  const made: unknown = method.call(value);
  return made instanceof Promise ? made.then(complete) : complete(made as MimeBundle);
}

export interface DisplayOptions {
  /** The value is a MIME bundle already: MIME type → content. */
  readonly raw?: boolean;
  /** Names what is shown, so that a later call can change it. */
  readonly displayId?: string;
  /** Changes what was shown under `displayId`, wherever it stands. */
  readonly update?: boolean;
}

/** A bundle that the user wrote: checked, because a client that gets anything else shows nothing at all. */
export function rawBundle(value: unknown): MimeBundle {
  const isBundle = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isBundle || !Object.keys(value).every((key) => key.includes('/'))) {
    throw new TypeError(
      `display(…, { raw: true }) takes an object of MIME types, such as { 'text/html': '<b>hi</b>' }, not ${plainText(value).slice(0, 80)}`,
    );
  }
  return value as MimeBundle;
}
