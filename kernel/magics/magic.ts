/** What a magic is. One magic is one file; `registry.ts` lists them. */
import type { MimeBundle, Payload, TypecheckMode } from '../bridge.ts';

/** What a widget is made of, as `anywidget` of tsloop/widgets takes it. */
export interface FrontEnd {
  /** Source of an ES module. */
  readonly esm: string;
  readonly css: string;
  /** Values that the page and this side share: JSON. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** A widget as a magic sees it. */
export interface PageWidget {
  /** What a MIME bundle has that shows it. */
  readonly view: MimeBundle;
  /** Changes values, here and in the page. */
  set(values: Readonly<Record<string, unknown>>): void;
  /** Called with each message of the page's. */
  onMessage(handler: (content: unknown) => void): void;
  /** Called with a value that the page has changed. */
  onChange(name: string, handler: (value: unknown) => void): void;
  /** Called when the page has closed it: nobody sees it any more. */
  onClose(handler: () => void): void;
  /** Takes it away from the page. */
  close(): void;
}

/** Undefined where clients are known to have no widgets. */
export type MakeWidget = (frontEnd: FrontEnd) => Promise<PageWidget | undefined>;

/** What a magic may do to the session that it runs in. */
export interface MagicContext {
  /** Writes to the cell's output. */
  print(text: string, stream?: 'stdout' | 'stderr'): void;
  /** Shows a MIME bundle, with a `text/plain`, under the cell. */
  show(data: MimeBundle): void;
  /** The same; what is returned changes it, also after the cell has ended. */
  showLive(data: MimeBundle): (data: MimeBundle) => void;
  /**
   * The listener is called with true when a cell begins to run, and with false when none runs any more. Returns what
   * ends that.
   */
  watchCells(listener: (isRunning: boolean) => void): () => void;
  /**
   * A widget with a front end of tsloop's own, if clients can have one; it is not shown yet. Whether the page has what
   * it takes, its front end must tell.
   */
  readonly makeWidget: MakeWidget;
  /** Adds an entry to the payload of the cell's execute_reply. */
  addPayload(payload: Payload): void;
  /**
   * Runs TypeScript in the session, as if it stood in a cell of its own (for a `%%` magic with `!` and `%` lines), and resolves to the value
   * of its last expression (undefined without one). Rejects with the very error that it throws.
   */
  evaluate(code: string): Promise<unknown>;
  /**
   * Calls `run` while the time of the notebook's loops is virtual: it jumps to the next deadline when nothing
   * else is to be done. What the cell waits for ends with an error if nothing can bring it any more.
   */
  virtually<T>(run: () => Promise<T>): Promise<T>;
  /** The names that cells have declared, each with its current value, sorted by name. */
  variables(): Promise<Array<{ name: string; value: unknown }>>;
  /** The types that TypeScript gives these names; those that it does not know, or takes for `any`, are left out. */
  types(names: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** What is done with the type errors of cells; a new mode is given to have it from the next cell on. */
  typecheck(mode?: TypecheckMode): TypecheckMode;
  /** Aborted when the user interrupts the cell. */
  readonly signal: AbortSignal;
}

/** A user's mistake in calling a magic: shown as its message alone, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * What can be completed in a magic's arguments: one of some words, or what there is of a kind. A function is given the
 * arguments in front of the one that is being typed.
 */
export type ArgumentKind =
  | 'file'
  | 'folder'
  | 'environment'
  | readonly string[]
  | ((before: readonly string[]) => readonly string[]);

/** `%name arguments`: runs where its line stands, between the lines around it. */
export interface LineMagic {
  readonly name: string;
  /** One line for `%lsmagic`, after the usage: what it does. */
  readonly summary: string;
  /** How it is called, without the leading percent sign: `load [-r RANGES] FILE`. */
  readonly usage: string;
  readonly completes?: ArgumentKind;
  /** `args` is the rest of the line, trimmed. What it gives, or resolves to, is the value of the line. */
  line(args: string, context: MagicContext): unknown;
}

/** `%%name arguments` in a cell's first line: takes the rest of the cell as its body. */
export interface CellMagic {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly completes?: ArgumentKind;
  /** What it gives, or resolves to, is the cell's result; undefined shows none. */
  cell(args: string, body: string, context: MagicContext): unknown;
}

export type Magic = LineMagic | CellMagic | (LineMagic & CellMagic);
