/**
 * The session as the language service sees it: one module per cell, which imports what it mentions from the
 * cells that declared it last. However many cells there are, each is checked against those it uses only.
 */
import { parseCell } from '../language/parse.ts';
import type { DeclarationKind } from '../language/syntax.ts';
import { type Declarations, declarationsOf, mentionedWords } from './declarations.ts';
import { type Suffix, type SuffixOptions, suffixOf } from './document.ts';
import { type Diagnostic, linesOf } from './report.ts';
import { type Document, Scope, type Stretch } from './scope.ts';
import { Resting, type RestLimits } from './resting.ts';
import { Slots } from './slots.ts';
import type { Gate } from './first-check.ts';
import { withLabels } from './labels.ts';
import { withModuleNames } from './own-modules.ts';
import { withBareNames } from './packages.ts';
import type { Workspace } from './workspace.ts';

/** Every so many cells, those that nothing refers to any more are let go of. */
const SWEEP_INTERVAL = 64;

/** What TypeScript says of an assignment to these where they are declared. */
const CONSTANTS: Readonly<Partial<Record<DeclarationKind, { code: number; what: string }>>> = {
  const: { code: 2588, what: 'a constant' },
  function: { code: 2630, what: 'a function' },
  class: { code: 2629, what: 'a class' },
  enum: { code: 2628, what: 'an enum' },
  namespace: { code: 2631, what: 'a namespace' },
};

/** So many cells stay open; the others the server knows from its disk. */
const RECENT = 8;

type TextOptions = Omit<SuffixOptions, 'slot'>;

const nothing: Declarations = {
  names: new Map(),
  exported: new Set(),
  globalBlocks: [],
  ambientModules: [],
  globalAssignments: new Map(),
  jsx: false,
};

export class TypeScriptSession {
  readonly #server: Gate;
  readonly #workspace: Workspace;
  readonly #scope = new Scope();
  /** Cells that stay: with declarations that later cells may use. */
  readonly #kept = new Set<Document>();
  /** Open documents that are used again and again, by name. */
  readonly #reused = new Map<string, Document>();
  readonly #slots: Slots;
  readonly #resting: Resting;
  /** Cells that the server still has open. */
  readonly #recent: Document[] = [];
  /** What a cell took the place of, until it is known whether it is run. */
  readonly #hiddenBy = new Map<string, Array<[Document, Stretch]>>();
  /** The documents of `declare module 'name'`, by name. */
  readonly #ambient = new Map<string, string>();
  /** Names that functions mention, and that no cell has declared yet. */
  readonly #awaited = new Set<string>();
  #count = 0;
  #untilSweep = SWEEP_INTERVAL;

  /** @param limits of the cells that the service sees, for tests */
  constructor(server: Gate, workspace: Workspace, limits?: RestLimits) {
    this.#server = server;
    this.#workspace = workspace;
    this.#slots = new Slots(server, workspace);
    const show = (texts: ReadonlyMap<string, string>): void => server.changeAll(texts);
    this.#resting = new Resting(show, (document) => this.#text(document), limits);
  }

  get scope(): Scope {
    return this.#scope;
  }

  /** To be called when there is time: what the next cells need is made ready. */
  prepare(): void {
    this.#slots.prepare();
    this.#resting.rest();
  }

  /**
   * Opens the cell as a module. It declares nothing yet.
   * @param source the cell's TypeScript
   * @param label `In [3]`
   * @returns undefined for what is no TypeScript: the compiler says what is wrong with it
   */
  open(source: string, label?: string): Document | undefined {
    const parsed = parseCell(source);
    if (parsed.problems.length > 0) return undefined;
    const declarations = declarationsOf(parsed.program);
    const { names, globalBlocks, globalAssignments, ambientModules } = declarations;
    const declares = names.size + globalAssignments.size + globalBlocks.length + ambientModules.length > 0;
    const document = declares
      ? this.#place(source, declarations, { label })
      : this.#reuse('tsloop-scratch', source, declarations);
    this.#hideGlobals(document);
    return document;
  }

  /** @param untyped names that exist at run time, though no cell's text declares them */
  retype(old: Document, untyped: ReadonlySet<string>): Document {
    const document: Document = { ...old, ...this.#connect(old, { untyped }) };
    if (!old.slot) this.#reused.set(old.uri, document);
    this.#server.change(old.uri, this.#text(document));
    return document;
  }

  /**
   * `declare module 'name'` in a module adds to a module that there is. For one that there is not, it has to stand
   * outside of all modules.
   * @param lines of the source, from 0, where the service says that there is no such module
   */
  makeAmbient(document: Document, lines: ReadonlySet<number>): void {
    for (const block of document.declarations.ambientModules) {
      if (!lines.has(linesOf(document.source.slice(0, block.start)).length - 1)) continue;
      document.hidden.add(block);
      const old = this.#ambient.get(block.name);
      if (old !== undefined) this.#server.close(old);
      const uri = this.#workspace.uriOf(`tsloop-ambient-${(this.#count += 1)}.d.ts`);
      this.#ambient.set(block.name, uri);
      this.#server.open(uri, 'typescript', document.source.slice(block.start, block.end));
    }
    this.#server.change(document.uri, this.#text(document));
  }

  /**
   * Opens text that may not be finished, for questions about it.
   * @param jsx whether the text has JSX, if that is known better than from tags that are closed
   */
  draft(text: string, { jsx = /<\/|\/>/.test(text) }: { readonly jsx?: boolean } = {}): Document {
    const parsed = parseCell(text);
    const declared = new Map(
      [
        ...text.matchAll(
          /\b(?:let|const|var|function\s*\*?|class|enum|namespace|interface|type)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu,
        ),
      ].map(({ 1: name = '', index }) => [
        name,
        { value: 'let', type: 'type', isFunction: false, start: index, end: index } as const,
      ]),
    );
    const declarations: Declarations =
      parsed.problems.length === 0
        ? declarationsOf(parsed.program)
        : { ...nothing, names: declared, exported: new Set(declared.keys()), jsx };
    return this.#reuse('tsloop-draft', text, declarations);
  }

  /** The document of that URI, if later cells may refer to it. */
  document(uri: string): Document | undefined {
    return [...this.#kept].find((document) => document.uri === uri);
  }

  /** @throws ServerUnavailable */
  async diagnose(document: Document): Promise<Diagnostic[]> {
    const report = await this.#server.request<{ items?: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: document.uri },
    });
    return (report.items ?? []).flatMap((diagnostic) => this.#inWordsOf(document, diagnostic));
  }

  /** A text of the service with modules as the user knows them: cells, and what is imported from `tsloop`. */
  inWords(text: string, ...documents: readonly Document[]): string {
    return withLabels(withModuleNames(text), [...documents, ...this.#kept]);
  }

  /** That a name comes from another cell's module is our doing, not the user's. */
  #inWordsOf(document: Document, { message: original, ...rest }: Diagnostic): Diagnostic[] {
    const { declarations } = document;
    const message = this.inWords(original, document);
    const diagnostic = { ...rest, message };
    const { code } = rest;
    const name = /'([^']+)'/.exec(message)?.[1] ?? '';
    if (declarations.names.has(name)) return [diagnostic];
    // "Variable 'list' implicitly has type 'any[]'": of `const list = []` in a cell before.
    if (code === 7005) return [];
    const kind = this.#scope.get(name)?.value?.kind;
    const assigned = kind === undefined ? undefined : CONSTANTS[kind];
    // "Cannot assign to 'name' because it is an import."
    if (code !== 2632 || !assigned) return [diagnostic];
    return [
      {
        ...diagnostic,
        code: assigned.code,
        message: `Cannot assign to '${name}' because it is ${assigned.what}.`,
      },
    ];
  }

  /** The cell was not run: it is as if it had never been there. */
  discard(document: Document): void {
    for (const [old, block] of this.#hiddenBy.get(document.uri) ?? []) {
      old.hidden.delete(block);
      this.#server.change(old.uri, this.#text(old));
    }
    this.#hiddenBy.delete(document.uri);
    const { slot, uri, declarations } = document;
    if (!slot) return;
    // What is declared for all must not stay behind; all else can wait for the next cell in this place.
    if (declarations.globalBlocks.length + declarations.ambientModules.length > 0) this.#clear(document);
    this.#slots.giveBack(slot);
    if (declarations.jsx) this.#server.close(uri);
  }

  #clear(document: Document): void {
    const { suffix } = this.#connect({ ...document, source: '', declarations: nothing });
    this.#server.change(document.uri, suffix);
  }

  /**
   * The cell was run: what it declares is in scope from now on.
   * @param unreached what it did not get to, because it failed before
   * @param awaited names that its functions mention, and that nothing has declared yet
   */
  commit(document: Document, unreached: readonly string[] = [], awaited: readonly string[] = []): void {
    if (!document.slot) return;
    this.#hiddenBy.delete(document.uri);
    this.#keep(document);
    // Running it has installed what it imports: from now on its types are known.
    if (document.source.includes('npm:')) this.#server.change(document.uri, this.#text(document));
    const changed = this.#scope.declare(document, new Set(unreached));
    for (const name of this.#awaited)
      if (this.#scope.get(name) && this.#awaited.delete(name)) changed.add(name);
    for (const name of awaited) if (!this.#scope.get(name)) this.#awaited.add(name);
    if (changed.size > 0) this.#refreshFunctions(changed, document);
    this.#untilSweep -= 1;
    if (this.#untilSweep <= 0) this.#sweep();
  }

  /** Later cells can import it. */
  #keep(document: Document): void {
    this.#kept.add(document);
    this.#resting.add(document);
    this.#recent.push(document);
    const old = this.#recent.length > RECENT ? this.#recent.shift() : undefined;
    if (old && this.#kept.has(old)) this.#server.park(old.uri);
    // When the cell has been answered.
    setImmediate(() => this.prepare());
  }

  /** What the service gets to see of it. */
  #text({ source, hidden, suffix }: Pick<Document, 'source' | 'hidden' | 'suffix'>): string {
    const shown = [...hidden].reduce(
      (text, { start, end }) =>
        text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end),
      withBareNames(source, this.#workspace.cwd),
    );
    return shown + suffix;
  }

  /** To the session as it is now. What it mentions is awake from now on. */
  #connect(
    { source, declarations, slot }: Pick<Document, 'source' | 'declarations' | 'slot'>,
    options: TextOptions = {},
  ): Suffix {
    const { jsxNames } = this.#workspace;
    const suffix = suffixOf(source, declarations, this.#scope, { ...options, jsxNames, slot: slot?.number });
    this.#resting.use(suffix.imports);
    return suffix;
  }

  /** A document that stays. */
  #place(
    source: string,
    declarations: Declarations,
    { label, ...options }: TextOptions & { readonly label?: string | undefined } = {},
  ): Document {
    let slot = this.#slots.take();
    if (declarations.jsx) slot = this.#slots.replace(slot, `tsloop-cell-${slot.number}-jsx.tsx`);
    const part = { uri: slot.uri, slot, source, declarations, ...(label === undefined ? {} : { label }) };
    return this.#write(part, options);
  }

  /** A document of which there is one. */
  #reuse(name: string, source: string, declarations: Declarations, options: TextOptions = {}): Document {
    // Of `name.ts` and `name.tsx` in one folder, a project takes the first alone.
    const uri = this.#workspace.uriOf(declarations.jsx ? `${name}-jsx.tsx` : `${name}.ts`);
    const document = this.#write({ uri, source, declarations }, options);
    this.#reused.set(uri, document);
    return document;
  }

  #write(
    part: Pick<Document, 'uri' | 'slot' | 'source' | 'label' | 'declarations'>,
    options: TextOptions,
  ): Document {
    const languageId = part.declarations.jsx ? 'typescriptreact' : 'typescript';
    const unconnected = { ...part, languageId, hidden: new Set<Stretch>() } as const;
    const document: Document = { ...unconnected, ...this.#connect(unconnected, options) };
    this.#server.open(part.uri, languageId, this.#text(document));
    return document;
  }

  /**
   * Functions see what the session's names mean when they are called, not when they were written: those
   * that mention a name which has changed are looked at anew, and so are those that mention them.
   */
  #refreshFunctions(changed: Set<string>, by: Document): void {
    const all = new Map(
      [...this.#scope.names].flatMap(([name, { value }]) => {
        const declaration = value?.document.declarations.names.get(name);
        if (!value || !declaration?.isFunction || value.document === by) return [];
        const text = value.document.source.slice(declaration.start, declaration.end);
        const { label } = value.document;
        return [
          [name, { text, words: mentionedWords(text), types: typesSeenBy(value.document), label }] as const,
        ];
      }),
    );
    const affected: typeof all = new Map();
    for (const changedName of changed) {
      // A set may grow while it is walked.
      for (const [name, seen] of all) {
        if (!seen.words.has(changedName) || name === changedName || affected.has(name)) continue;
        affected.set(name, seen);
        changed.add(name);
      }
    }
    const refresh = (name: string): void => {
      const seen = affected.get(name);
      if (!seen || !affected.delete(name)) return;
      // First those that it mentions: it must not see them as they were.
      seen.words.forEach(refresh);
      const parsed = parseCell(seen.text);
      if (parsed.problems.length > 0) return;
      const { types, label } = seen;
      const document = this.#place(seen.text, declarationsOf(parsed.program), { types, label });
      this.#keep(document);
      this.#scope.move(name, document);
    };
    for (const name of affected.keys()) refresh(name);
  }

  /** A global that is declared anew takes the place of the older declaration, with which it would clash. */
  #hideGlobals({ uri, declarations: { globalBlocks } }: Document): void {
    const names = new Set(globalBlocks.flatMap((block) => block.names));
    if (names.size === 0) return;
    const hidden: Array<[Document, Stretch]> = [];
    for (const document of this.#kept) {
      const old = document.declarations.globalBlocks.filter(
        (block) => !document.hidden.has(block) && block.names.some((name) => names.has(name)),
      );
      if (old.length === 0) continue;
      for (const block of old) {
        document.hidden.add(block);
        hidden.push([document, block]);
      }
      this.#server.change(document.uri, this.#text(document));
    }
    this.#hiddenBy.set(uri, hidden);
  }

  #sweep(): void {
    this.#untilSweep = SWEEP_INTERVAL;
    // Global declarations are in force wherever they stand.
    const global = [...this.#kept].filter(({ declarations: { globalBlocks, ambientModules }, hidden }) =>
      [...globalBlocks, ...ambientModules].some((block) => !hidden.has(block)),
    );
    const needed = this.#scope.reachable(global);
    for (const document of this.#kept) {
      if (!document.slot || needed.has(document)) continue;
      this.#kept.delete(document);
      this.#resting.delete(document);
      this.#clear(document);
      this.#server.park(document.uri);
      this.#slots.giveBack(document.slot);
    }
  }
}

/** Types have no call time: what a function means by them is what they were where it stands. */
function typesSeenBy(document: Document): Map<string, Document> {
  const types = new Map(document.types);
  for (const [name, { type }] of document.declarations.names)
    if (type === 'interface' || type === 'type') types.set(name, document);
  return types;
}
