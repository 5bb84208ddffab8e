/**
 * What the session's names mean to TypeScript: for each name the document that gave it its value, and
 * the one that gave it its type. A cell that declares a name anew takes its place; it need not be of the
 * same kind, nor declare both.
 */
import { globalStep } from '../language/global-assignment.ts';
import type { DeclarationKind } from '../language/syntax.ts';
import type { Declarations, TypeKind } from './declarations.ts';
import type { Slot } from './slots.ts';

/** How a cell's `globalThis.name = …` is called in its module. */
export function globalExport(name: string): string {
  return `__tsloop_global_${name}`;
}

/** Offsets in a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A module of the language service: one cell, or one function of a cell. */
export interface Document {
  readonly uri: string;
  readonly languageId: 'typescript' | 'typescriptreact';
  /** The cell's TypeScript; what is added for the service follows behind it. */
  readonly source: string;
  /** The cell that it is from: `In [3]`. */
  readonly label?: string;
  readonly declarations: Declarations;
  /** Where it is, if it stays. */
  readonly slot?: Slot;
  /** Stretches of the source that the service does not get to see, blank instead. */
  readonly hidden: Set<Stretch>;
  /** The documents that it imports from. */
  readonly imports: ReadonlySet<Document>;
  /** The types that are nothing but types, and where it has them from. */
  readonly types: ReadonlyMap<string, Document>;
  /** The types that its module exports, other than those that the cell itself exports. */
  readonly exports: ReadonlySet<string>;
  /** What connects it with the session as it was then. */
  readonly suffix: string;
}

/** What one name means, in one of its two spaces. */
interface Meaning<Kind> {
  readonly document: Document;
  readonly kind: Kind;
  /** What the document exports it as, where that is not its name. */
  readonly exported?: string;
}

export interface Entry {
  readonly value?: Meaning<DeclarationKind>;
  readonly type?: Meaning<TypeKind>;
}

export class Scope {
  readonly #entries = new Map<string, Entry>();
  /** Global variables made by `globalThis.name = …`, which variables of the session hide. */
  readonly #globals = new Map<string, Meaning<DeclarationKind>>();
  /** Global variables that have a type of their own, by `declare global`: an assignment gives them none. */
  readonly #declaredGlobals = new Set<string>();

  get(name: string): Entry | undefined {
    const entry = this.#entries.get(name);
    const global = entry?.value ? undefined : this.#globals.get(name);
    return global ? { ...entry, value: global } : entry;
  }

  get names(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** All names that have a value or a type, those of `globalThis.name = …` included; the newest is not always last. */
  *allNames(): Iterable<string> {
    yield* this.#entries.keys();
    for (const name of this.#globals.keys()) if (!this.#entries.has(name)) yield name;
  }

  /**
   * Takes over what the document declares.
   * @param unreached names whose declaration the cell did not get to: they keep the value that they had. Global
   *   variables are called as {@link globalStep} does.
   * @returns the names that had a value before
   */
  declare(document: Document, unreached: ReadonlySet<string> = new Set()): Set<string> {
    const replaced = new Set<string>();
    for (const [name, { value, type }] of document.declarations.names) {
      const old = this.#entries.get(name);
      const isReached = !unreached.has(name);
      if (value !== undefined && isReached && old?.value) replaced.add(name);
      // A class that was not reached has no type either: its instances would be of another one.
      const isOnlyType = value === undefined || type === 'interface' || type === 'type';
      const hasType = type !== undefined && (isReached || isOnlyType);
      // An import is one declaration, whatever it brings.
      const wasImport = old?.type?.kind === 'import' && old.value?.document === old.type.document;
      const { type: oldType, ...rest } = old ?? {};
      const stays = oldType && !(wasImport && value !== undefined && isReached);
      const entry: Entry = {
        ...rest,
        ...(stays ? { type: oldType } : {}),
        ...(value !== undefined && isReached ? { value: { document, kind: value } } : {}),
        ...(hasType ? { type: { document, kind: type } } : {}),
      };
      if (entry.value || entry.type) this.#entries.set(name, entry);
    }
    for (const name of document.declarations.globalBlocks.flatMap(({ names }) => names)) {
      this.#declaredGlobals.add(name);
      this.#globals.delete(name);
    }
    for (const name of document.declarations.globalAssignments.keys()) {
      if (this.#declaredGlobals.has(name) || unreached.has(globalStep(name))) continue;
      if (this.#globals.has(name)) replaced.add(name);
      this.#globals.set(name, { document, kind: 'let', exported: globalExport(name) });
    }
    return replaced;
  }

  /** Lets another document speak for the value of a name. */
  move(name: string, document: Document): void {
    const entry = this.#entries.get(name);
    if (entry?.value) this.#entries.set(name, { ...entry, value: { ...entry.value, document } });
  }

  /** The documents that some name still needs, and `others`, with those that they import from. */
  reachable(others: Iterable<Document> = []): Set<Document> {
    const found = new Set<Document>();
    const visit = (document: Document): void => {
      if (found.has(document)) return;
      found.add(document);
      document.imports.forEach(visit);
    };
    for (const document of others) visit(document);
    for (const { document } of this.#globals.values()) visit(document);
    for (const { value, type } of this.#entries.values()) {
      if (value) visit(value.document);
      if (type) visit(type.document);
    }
    return found;
  }
}
