/**
 * The types of what cells find of other kernels: of Deno's, `Deno.jupyter`; of tslab, the module `tslab`. The type
 * checker reads the declarations of this file, so it imports nothing: that would be read with every session.
 */

/** An object that says how it looks. */
export interface Displayable {
  [Symbol.toStringTag]?: string;
  /** The method is called `Symbol.for('Jupyter.display')`. */
  [method: symbol]: unknown;
}

type Bundle = Record<string, unknown>;

/** What Deno's kernel has: https://docs.deno.com/api/deno/~/Deno.jupyter */
export interface DenoJupyter {
  /** The name of the method by which an object says how it looks. */
  readonly $display: unique symbol;
  /** Shows a value, or with `raw` a MIME bundle. */
  display(
    value: unknown,
    options?: { readonly raw?: boolean; readonly update?: boolean; readonly display_id?: string },
  ): Promise<void>;
  /** The MIME bundle that a value is shown as. */
  format(value: unknown): Promise<Bundle>;
  /** HTML, to be the result of a cell: Deno.jupyter.html`<b>hi</b>` */
  html(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
  /** Markdown, to be the result of a cell: Deno.jupyter.md`# Title` */
  md(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
  /** SVG, to be the result of a cell. */
  svg(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
  /** A picture, of its bytes or of a file's path, to be the result of a cell. */
  image(picture: string | Uint8Array): Displayable;
  /** Publishes a message of any type to all clients. */
  broadcast(
    messageType: string,
    content: Bundle,
    extra?: { readonly metadata?: Bundle; readonly buffers?: readonly Uint8Array[] },
  ): Promise<void>;
}

/** The part of Deno's global object that notebooks use for display. */
export interface DenoGlobal {
  readonly jupyter: DenoJupyter;
}

/** What tslab's `display` has: https://github.com/yunabe/tslab */
export interface TslabDisplay {
  javascript(code: string): void;
  html(markup: string): void;
  markdown(text: string): void;
  latex(text: string): void;
  svg(markup: string): void;
  png(picture: Uint8Array): void;
  jpeg(picture: Uint8Array): void;
  gif(picture: Uint8Array): void;
  pdf(document: Uint8Array): void;
  text(text: string): void;
  raw(mimeType: string, content: string | Uint8Array): void;
}

/** The module `tslab`. */
export interface Tslab {
  readonly display: TslabDisplay;
  /** A display that each call shows something else in. */
  newDisplay(): TslabDisplay;
  /** `tslab` is the version of tslab whose module this one stands in for. */
  readonly versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
}

/** As much of React as JSX needs to be shown, for cells that have not imported it. */
export interface JsxFactory {
  createElement(type: unknown, props: object | null, ...children: unknown[]): unknown;
  readonly Fragment: unique symbol;
}
