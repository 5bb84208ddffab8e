/**
 * Values → MIME bundles. An object that says itself how it looks is asked. For all others there is a list of
 * renderers, each of which knows one kind of value and tells it without running any code of the value's.
 */
import type { MimeBundle } from '../bridge.ts';
import { isTransparent } from './own.ts';
import { checkedBundle, plainText, type Shown } from './mime.ts';
import type { Rendered, RenderContext } from './renderer.ts';
import { RENDERERS } from './renderers.ts';
import { polarsTable } from './table/frames.ts';
import { renderTable } from './table/render.ts';

/** The method by which an object says how it looks, shared with other TypeScript kernels. */
export const displaySymbol: symbol = Symbol.for('Jupyter.display');

/** What rendering may ask its surroundings for. */
export interface Surroundings {
  /** `require` as of the notebook. @throws when there is no such module */
  readonly load?: (specifier: string) => unknown;
  /** `import` as of the notebook. */
  readonly importModule?: (specifier: string) => Promise<Record<string, unknown>>;
}

function displayMethod(value: unknown): unknown {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return undefined;
  try {
    return (value as Record<symbol, unknown>)[displaySymbol];
  } catch {
    // A proxy that does not know the symbol; its plain text can be shown all the same.
    return undefined;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/**
 * How a value looks: what the object itself says, or what a renderer makes of it, with its plain text. Only what
 * takes time makes a promise: the kernel's own steps stay synchronous where they can, because an interrupt may
 * throw queued promise reactions away.
 * @throws what the value's own methods throw: its `Jupyter.display`, its `nodejs.util.inspect.custom`
 */
export function shownAs(value: unknown, surroundings: Surroundings = {}): Shown | Promise<Shown> {
  const method = displayMethod(value);
  if (typeof method !== 'function') return rendered(value, surroundings);
  const complete = (made: unknown): Shown => {
    const data = checkedBundle(made, "[Symbol.for('Jupyter.display')]()");
    return { data: 'text/plain' in data ? data : { ...data, 'text/plain': plainText(value) }, metadata: {} };
  };
  const frame = polarsTable(value);
  if (frame) return completed(renderTable(frame), () => plainText(value));
  const made: unknown = method.call(value);
  return isThenable(made) ? Promise.resolve(made).then(complete) : complete(made);
}

/** The part of {@link shownAs} that clients show: its MIME bundle. */
export function mimeBundle(value: unknown, surroundings?: Surroundings): MimeBundle | Promise<MimeBundle> {
  const shown = shownAs(value, surroundings);
  return shown instanceof Promise ? shown.then(({ data }) => data) : shown.data;
}

function completed({ data = {}, html, text, metadata = {} }: Rendered, textOf: () => string): Shown {
  return {
    data: { ...data, ...(html === undefined ? {} : { 'text/html': html }), 'text/plain': text ?? textOf() },
    metadata,
  };
}

function rendered(value: unknown, { load, importModule }: Surroundings): Shown | Promise<Shown> {
  let text: string | undefined;
  const context: RenderContext = { text: () => (text ??= plainText(value)), load, importModule };
  if (!isTransparent(value)) return completed({}, context.text);
  for (const render of RENDERERS) {
    const made = attempt(() => render(value, context));
    if (made instanceof Promise) {
      return made.then(
        (ready) => completed(ready, context.text),
        () => completed({}, context.text),
      );
    }
    if (made) return completed(made, context.text);
  }
  return completed({}, context.text);
}

/** A value that defies its renderer is still shown as text. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
