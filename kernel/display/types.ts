/**
 * The types of `display` as cells see them. The type checker reads the declarations of this file, so it imports
 * nothing: that would be read with every session.
 */

/** MIME type → content: text, something that JSON can carry, or bytes (`image/png`). */
export type MimeContent = Readonly<Record<string, unknown>>;

export interface DisplayOptions {
  /** The value is a MIME bundle already: MIME type → content. */
  readonly raw?: boolean;
  /** Names what is shown, so that a later call can change it. */
  readonly displayId?: string;
  /** Changes what was shown under `displayId`, wherever it stands. */
  readonly update?: boolean;
  /** Metadata of the message, by MIME type: `{ 'image/png': { width: 200 } }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface PictureOptions extends DisplayOptions {
  /** In pixels of the page; the picture's own width if left out. */
  readonly width?: number;
  /** In pixels of the page; the picture's own height if left out. */
  readonly height?: number;
  /** What the picture shows, for those who do not see it. */
  readonly alt?: string;
}

/** A picture's or document's content: bytes, or a string of base64. */
export type Bytes = Uint8Array | ArrayBuffer | string;

/** What stands where something was displayed. */
export interface DisplayHandle {
  /** The display id. */
  readonly id: string;
  /** Shows something else in its place, in the same form: markup after `display.html`, for example. */
  update(value: unknown): void;
}

/** Shows values in the notebook, as the result of a cell is shown, at any time. */
export interface Display {
  /** Shows a value, as the result of a cell is shown. @throws TypeError for a raw bundle that no message can carry */
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  /** Shows HTML. Scripts in it are run. */
  html(markup: string, options?: DisplayOptions): DisplayHandle;
  /** Shows Markdown, with formulas between dollar signs. */
  markdown(text: string, options?: DisplayOptions): DisplayHandle;
  /** Shows a picture of SVG markup. */
  svg(markup: string, options?: DisplayOptions): DisplayHandle;
  /** Shows a formula: LaTeX with its delimiters, `$$x^2$$`. Those are added where there are none. */
  latex(text: string, options?: DisplayOptions): DisplayHandle;
  /** Shows a value as JSON, to be opened and searched where the client can do that. */
  json(
    value: unknown,
    options?: DisplayOptions & { /** Opened at first. */ readonly expanded?: boolean },
  ): DisplayHandle;
  /** Runs JavaScript in the client's page. */
  javascript(code: string, options?: DisplayOptions): DisplayHandle;
  /** Shows text as it is. */
  text(text: string, options?: DisplayOptions): DisplayHandle;
  /** Shows a PNG picture. */
  png(picture: Bytes, options?: PictureOptions): DisplayHandle;
  /** Shows a JPEG picture. */
  jpeg(picture: Bytes, options?: PictureOptions): DisplayHandle;
  /** Shows a GIF picture. */
  gif(picture: Bytes, options?: PictureOptions): DisplayHandle;
  /** Shows a WebP picture. */
  webp(picture: Bytes, options?: PictureOptions): DisplayHandle;
  /** Shows a PDF document. */
  pdf(document: Bytes, options?: DisplayOptions): DisplayHandle;
  /** Shows a MIME bundle: MIME type → content; clients take the richest that they know. */
  mime(bundle: MimeContent, options?: DisplayOptions): DisplayHandle;
  /**
   * The name of the method by which an object says how it looks: it gives, or resolves to, a MIME bundle. The same
   * as `Symbol.for('Jupyter.display')`.
   */
  readonly symbol: unique symbol;
}
