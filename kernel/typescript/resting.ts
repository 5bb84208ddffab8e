/**
 * Cells that have not been used for long rest: the service sees an empty module in their place, until something
 * mentions what they declare. Each check begins with joining what all modules add to the global scope, and each text
 * that changes makes the service look through all files: what rests costs next to nothing in both, and its syntax tree
 * is not kept. So a check in a long session costs what it costs in one that is as long as what is in use.
 *
 * To wake some, or to lay them to rest, is another program for the service, which it puts together from all files: 30 to
 * 40 ms at a thousand. Hence many are laid to rest at once, and only what has long been left alone.
 */
import type { Document } from './scope.ts';

export interface RestLimits {
  /** Of fewer than this many that are awake, none is laid to rest. */
  readonly awake: number;
  /** So many at once, or none. */
  readonly batch: number;
  /** Only those that as many cells since have not used. */
  readonly unused: number;
}

const LIMITS: RestLimits = { awake: 160, batch: 64, unused: 64 };

/** What the service sees of a cell that rests. */
const NOTHING = 'export {};\n';

export class Resting {
  readonly #show: (texts: ReadonlyMap<string, string>) => void;
  readonly #textOf: (document: Document) => string;
  readonly #limits: RestLimits;
  /** How many cells there had been when they were last used. */
  readonly #awake = new Map<Document, number>();
  readonly #resting = new Set<Document>();
  #cells = 0;

  /**
   * @param show gives documents other texts, by URI
   * @param textOf what the service sees of a document that is awake
   */
  constructor(
    show: (texts: ReadonlyMap<string, string>) => void,
    textOf: (document: Document) => string,
    limits: RestLimits = LIMITS,
  ) {
    this.#show = show;
    this.#textOf = textOf;
    this.#limits = limits;
  }

  /** The document stays, and later cells may use it. */
  add(document: Document): void {
    this.#cells += 1;
    this.#awake.set(document, this.#cells);
    this.use(document.imports);
  }

  /** The document does not stay any more. */
  delete(document: Document): void {
    this.#awake.delete(document);
    this.#resting.delete(document);
  }

  /** To be called before the service sees what mentions these: they are awake then, with all that they use themselves. */
  use(documents: Iterable<Document>): void {
    const used = new Set(documents);
    const woken = new Map<string, string>();
    for (const document of used) {
      if (this.#resting.delete(document)) woken.set(document.uri, this.#textOf(document));
      else if (!this.#awake.has(document)) continue;
      this.#awake.set(document, this.#cells);
      // A set may grow while it is walked.
      for (const other of document.imports) used.add(other);
    }
    if (woken.size > 0) this.#show(woken);
  }

  /** To be called when there is time: lays to rest what has long been unused, if there is enough of it. */
  rest(): void {
    const { awake, batch, unused } = this.#limits;
    if (this.#awake.size < awake + batch) return;
    // What uses a document has used it last when it was used itself, or later: nothing that is awake misses it.
    const tired = [...this.#awake].filter(
      ([document, at]) => at <= this.#cells - unused && mayRest(document),
    );
    const needed = new Set([...this.#awake.keys()].filter((document) => !mayRest(document)));
    for (const document of needed) for (const other of document.imports) needed.add(other);
    const chosen = tired.flatMap(([document]) => (needed.has(document) ? [] : [document]));
    if (chosen.length < batch) return;
    for (const document of chosen) {
      this.#awake.delete(document);
      this.#resting.add(document);
    }
    this.#show(new Map(chosen.map(({ uri }) => [uri, NOTHING])));
  }
}

/** What is declared for all is in force though nothing mentions it. */
function mayRest({ declarations: { globalBlocks, ambientModules } }: Document): boolean {
  return globalBlocks.length + ambientModules.length === 0;
}
