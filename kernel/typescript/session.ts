/**
 * The session as the language service sees it: one module per cell, which imports what it mentions from the
 * cells that declared it last. However many cells there are, each is checked against those it uses only.
 */
import { parseCell } from '../language/parse.ts';
import { type Declarations, declarationsOf, mentionedWords } from './declarations.ts';
import { type Suffix, type SuffixOptions, suffixOf } from './document.ts';
import type { Diagnostic } from './report.ts';
import { type Document, Scope } from './scope.ts';
import type { Gate } from './first-check.ts';
import type { Workspace } from './workspace.ts';

/** Every so many cells, those that nothing refers to any more are let go of. */
const SWEEP_INTERVAL = 64;

const nothing: Declarations = {
  names: new Map(),
  exported: new Set(),
  globalBlocks: [],
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
    this.#hideGlobals(declarations);
    const declares =
      declarations.names.size > 0 ||
      declarations.globalBlocks.length > 0 ||
      declarations.globalAssignments.size > 0;
    // An edit of an open document costs less than a new one.
    const name = declares ? `cell-${(this.#count += 1)}` : 'scratch';
    return this.#show(name, source, declarations);
  }

  /** @param untyped names that exist at run time, though no cell's text declares them */
  retype(old: Document, untyped: ReadonlySet<string>): Document {
    const { text, imports } = this.#suffix(old.uri, old.source, old.declarations, { untyped });
    const document: Document = { ...old, imports };
    if (this.#isReused(old)) this.#reused.set(old.uri, document);
    this.#server.change(old.uri, old.source + text);
    return document;
  }

  /** Opens text that may not be finished, for questions about it. @param also names to have in scope besides those mentioned */
  draft(text: string, also: Iterable<string> = []): Document {
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
        : { ...nothing, names: declared, exported: new Set(declared.keys()), jsx: /<\/|\/>/.test(text) };
    return this.#show('draft', text, declarations, also);
  }

  /** @throws ServerUnavailable */
  async diagnose(document: Document): Promise<Diagnostic[]> {
    const report = await this.#server.request<{ items?: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: document.uri },
    });
    return report.items ?? [];
  }

  /** The cell was not run: it is as if it had never been there. */
  discard(document: Document): void {
    if (!this.#isReused(document)) this.#server.close(document.uri);
  }

  /**
   * The cell was run: what it declares is in scope from now on.
   * @param unreached what it did not get to, because it failed before
   */
  commit(document: Document, unreached: readonly string[] = []): void {
    if (this.#isReused(document)) return;
    this.#kept.add(document);
    const replaced = this.#scope.declare(document, new Set(unreached));
    if (replaced.size > 0) this.#refreshFunctions(replaced, document);
    this.#untilSweep -= 1;
    if (this.#untilSweep <= 0) this.#sweep();
  }

  #isReused(document: Document): boolean {
    return [...this.#reused.values()].includes(document);
  }

  #suffix(
    uri: string,
    source: string,
    declarations: Declarations,
    options: Omit<SuffixOptions, 'specifier'>,
  ): Suffix {
    return suffixOf(source, declarations, this.#scope, {
      ...options,
      specifier: (to) => specifier(uri, to.uri),
    });
  }

  #show(name: string, source: string, declarations: Declarations, also: Iterable<string> = []): Document {
    const languageId = declarations.jsx ? 'typescriptreact' : 'typescript';
    const uri = this.#workspace.uriOf(`${name}.${declarations.jsx ? 'tsx' : 'ts'}`);
    const { text, imports } = this.#suffix(uri, source, declarations, { also });
    const document: Document = { uri, languageId, source, declarations, imports };
    if (/^(?:scratch|draft)$/.test(name)) {
      const isOpen = this.#reused.has(uri);
      this.#reused.set(uri, document);
      if (isOpen) {
        this.#server.change(uri, source + text);
        return document;
      }
    }
    this.#server.open(uri, languageId, source + text);
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
        return [[name, { text, words: mentionedWords(text) }] as const];
      }),
    );
    for (const name of changed) {
      // A set may grow while it is walked.
      for (const [functionName, { text, words }] of left) {
        if (!words.has(name) || functionName === name) continue;
        left.delete(functionName);
        const parsed = parseCell(text);
        if (parsed.problems.length > 0) continue;
        const document = this.#show(`function-${(this.#count += 1)}`, text, declarationsOf(parsed.program));
        this.#kept.add(document);
        this.#scope.move(functionName, document);
        changed.add(functionName);
      }
    }
  }

  /** A global that is declared anew takes the place of the older declaration, with which it would clash. */
  #hideGlobals({ globalBlocks }: Declarations): void {
    const names = new Set(globalBlocks.flatMap((block) => block.names));
    if (names.size === 0) return;
    for (const document of this.#kept) {
      const old = document.declarations.globalBlocks.filter((block) =>
        block.names.some((name) => names.has(name)),
      );
      if (old.length === 0) continue;
      let { source } = document;
      for (const { start, end } of old)
        source =
          source.slice(0, start) + source.slice(start, end).replace(/[^\r\n]/g, ' ') + source.slice(end);
      const { text } = this.#suffix(document.uri, source, document.declarations, {});
      this.#server.change(document.uri, source + text);
    }
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

/** Both are documents of the workspace; they lie in different folders after a `%cd`. */
function specifier(from: string, to: string): string {
  const [source, target] = [from.split('/'), to.split('/')];
  let shared = 0;
  while (shared < source.length - 1 && source[shared] === target[shared]) shared += 1;
  const up = source.length - 1 - shared;
  const path = decodeURIComponent(target.slice(shared).join('/'));
  return up === 0 ? `./${path}` : '../'.repeat(up) + path;
}
