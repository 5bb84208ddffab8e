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
import type { Gate } from './first-check.ts';
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
  /** What a cell took the place of, until it is known whether it is run. */
  readonly #hiddenBy = new Map<string, Array<[Document, Stretch]>>();
  /** The documents of `declare module 'name'`, by name. */
  readonly #ambient = new Map<string, string>();
  #count = 0;
  #untilSweep = SWEEP_INTERVAL;

  constructor(server: Gate, workspace: Workspace) {
    this.#server = server;
    this.#workspace = workspace;
  }

  get scope(): Scope {
    return this.#scope;
  }

  /**
   * Opens the cell as a module. It declares nothing yet.
   * @param source the cell's TypeScript
   * @returns undefined for what is no TypeScript: the compiler says what is wrong with it
   */
  open(source: string): Document | undefined {
    const parsed = parseCell(source);
    if (parsed.problems.length > 0) return undefined;
    const declarations = declarationsOf(parsed.program);
    const { names, globalBlocks, globalAssignments, ambientModules } = declarations;
    const declares = names.size + globalAssignments.size + globalBlocks.length + ambientModules.length > 0;
    // An edit of an open document costs less than a new one.
    const document = this.#show(declares ? `cell-${(this.#count += 1)}` : 'scratch', source, declarations);
    this.#hideGlobals(document);
    return document;
  }

  /** @param untyped names that exist at run time, though no cell's text declares them */
  retype(old: Document, untyped: ReadonlySet<string>): Document {
    const { text, ...links } = this.#text(old, { untyped });
    const document: Document = { ...old, ...links };
    if (this.#isReused(old)) this.#reused.set(old.uri, document);
    this.#server.change(old.uri, text);
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
      const uri = this.#workspace.uriOf(`ambient-${(this.#count += 1)}.d.ts`);
      this.#ambient.set(block.name, uri);
      this.#server.open(uri, 'typescript', document.source.slice(block.start, block.end));
    }
    this.#server.change(document.uri, this.#text(document).text);
  }

  /**
   * Opens text that may not be finished, for questions about it.
   * @param also names to have in scope besides those mentioned
   * @param jsx whether the text has JSX, if that is known better than from tags that are closed
   */
  draft(
    text: string,
    also: Iterable<string> = [],
    { jsx = /<\/|\/>/.test(text) }: { readonly jsx?: boolean } = {},
  ): Document {
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
    return this.#show('draft', text, declarations, { also });
  }

  /** @throws ServerUnavailable */
  async diagnose(document: Document): Promise<Diagnostic[]> {
    const report = await this.#server.request<{ items?: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: document.uri },
    });
    return (report.items ?? []).flatMap((diagnostic) => this.#inWordsOf(document, diagnostic));
  }

  /** That a name comes from another cell's module is our doing, not the user's. */
  #inWordsOf({ declarations }: Document, diagnostic: Diagnostic): Diagnostic[] {
    const { code, message } = diagnostic;
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
      this.#server.change(old.uri, this.#text(old).text);
    }
    this.#hiddenBy.delete(document.uri);
    if (!this.#isReused(document)) this.#server.close(document.uri);
  }

  /**
   * The cell was run: what it declares is in scope from now on.
   * @param unreached what it did not get to, because it failed before
   */
  commit(document: Document, unreached: readonly string[] = []): void {
    if (this.#isReused(document)) return;
    this.#hiddenBy.delete(document.uri);
    this.#kept.add(document);
    // Running it has installed what it imports: from now on its types are known.
    if (document.source.includes('npm:')) this.#server.change(document.uri, this.#text(document).text);
    const replaced = this.#scope.declare(document, new Set(unreached));
    if (replaced.size > 0) this.#refreshFunctions(replaced, document);
    this.#untilSweep -= 1;
    if (this.#untilSweep <= 0) this.#sweep();
  }

  #isReused(document: Document): boolean {
    return [...this.#reused.values()].includes(document);
  }

  #text(
    { uri, source, declarations, hidden }: Omit<Document, keyof Suffix>,
    options: Omit<SuffixOptions, 'specifier'> = {},
  ): Suffix {
    const shown = [...hidden].reduce(
      (text, { start, end }) =>
        text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end),
      withBareNames(source, this.#workspace.cwd),
    );
    const suffix = suffixOf(source, declarations, this.#scope, {
      ...options,
      specifier: (to) => specifier(uri, to.uri),
    });
    return { ...suffix, text: shown + suffix.text };
  }

  #show(
    name: string,
    source: string,
    declarations: Declarations,
    options: Omit<SuffixOptions, 'specifier'> = {},
  ): Document {
    const languageId = declarations.jsx ? 'typescriptreact' : 'typescript';
    // Of `name.ts` and `name.tsx` in one folder, a project takes the first alone.
    const uri = this.#workspace.uriOf(declarations.jsx ? `${name}-jsx.tsx` : `${name}.ts`);
    const unconnected = { uri, languageId, source, declarations, hidden: new Set<Stretch>() } as const;
    const { text, ...links } = this.#text(unconnected, options);
    const document: Document = { ...unconnected, ...links };
    if (/^(?:scratch|draft)$/.test(name)) {
      const isOpen = this.#reused.has(uri);
      this.#reused.set(uri, document);
      if (isOpen) {
        this.#server.change(uri, text);
        return document;
      }
    }
    this.#server.open(uri, languageId, text);
    return document;
  }

  /**
   * Functions see what the session's names mean when they are called, not when they were written: those
   * that mention a name which has changed are looked at anew, and so are those that mention them.
   */
  #refreshFunctions(changed: Set<string>, by: Document): void {
    const left = new Map(
      [...this.#scope.names].flatMap(([name, { value }]) => {
        const declaration = value?.document.declarations.names.get(name);
        if (!value || !declaration?.isFunction || value.document === by) return [];
        const text = value.document.source.slice(declaration.start, declaration.end);
        return [[name, { text, words: mentionedWords(text), types: typesSeenBy(value.document) }] as const];
      }),
    );
    for (const changedName of changed) {
      // A set may grow while it is walked.
      for (const [functionName, { text, words, types }] of left) {
        if (!words.has(changedName) || functionName === changedName) continue;
        left.delete(functionName);
        const parsed = parseCell(text);
        if (parsed.problems.length > 0) continue;
        const name = `function-${(this.#count += 1)}`;
        const document = this.#show(name, text, declarationsOf(parsed.program), { types });
        this.#kept.add(document);
        this.#scope.move(functionName, document);
        changed.add(functionName);
      }
    }
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
      this.#server.change(document.uri, this.#text(document).text);
    }
    this.#hiddenBy.set(uri, hidden);
  }

  #sweep(): void {
    this.#untilSweep = SWEEP_INTERVAL;
    const needed = this.#scope.reachable();
    for (const document of this.#kept) {
      if (needed.has(document) || document.declarations.globalBlocks.length > 0) continue;
      this.#kept.delete(document);
      this.#server.close(document.uri);
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

/** Both are documents of the workspace; they lie in different folders after a `%cd`. */
function specifier(from: string, to: string): string {
  const [source, target] = [from.split('/'), to.split('/')];
  let shared = 0;
  while (shared < source.length - 1 && source[shared] === target[shared]) shared += 1;
  const up = source.length - 1 - shared;
  const path = decodeURIComponent(target.slice(shared).join('/'));
  return up === 0 ? `./${path}` : '../'.repeat(up) + path;
}
