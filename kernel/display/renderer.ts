/** What a renderer is: it knows one kind of value. `renderers.ts` lists them. */
import type { JsonObject } from '../protocol/json.ts';
import type { MimeBundle } from '../bridge.ts';

/** How a value looks. Without a text of its own it gets the one that `console.log` prints. */
export interface Rendered {
  readonly html?: string;
  readonly text?: string;
  /** Other forms, by MIME type. */
  readonly data?: MimeBundle;
  readonly metadata?: JsonObject;
}

export interface RenderContext {
  /** The value's text as `console.log` prints it; made when it is first asked for. @throws what its inspection throws */
  text(this: void): string;
  /** `require` as of the notebook, if there is one. @throws when there is no such module */
  readonly load: ((specifier: string) => unknown) | undefined;
  /** `import` as of the notebook, if there is one. */
  readonly importModule: ((specifier: string) => Promise<Record<string, unknown>>) | undefined;
}

/**
 * Undefined for a value of another kind. To find that out, no code of the value may run: see own.ts. Whatever a
 * renderer throws, the value is shown as text.
 */
export type Renderer = (value: object, context: RenderContext) => Rendered | Promise<Rendered> | undefined;
