/** A language server in memory, behind an open gate: records what it is told, answers from a table. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../../../kernel/typescript/report.ts';
import type { RestLimits } from '../../../kernel/typescript/resting.ts';
import { TypeScriptSession } from '../../../kernel/typescript/session.ts';
import type { Document } from '../../../kernel/typescript/scope.ts';

export class FakeLanguageServer {
  /** The open documents: name → text. */
  readonly documents: Map<string, string> = new Map();
  readonly languages: Map<string, string> = new Map();
  /** `open cell-1.ts`, `change …`, `close …`, in order. */
  readonly told: string[] = [];
  /** What is found in a text. An Error is thrown. */
  find: (text: string, name: string) => readonly Diagnostic[] | Error = () => [];
  /** Asked-for answers wait for this. */
  pause: Promise<void> = Promise.resolve();

  open(uri: string, languageId: string, text: string): void {
    this.told.push(`open ${nameOf(uri)}`);
    this.documents.set(nameOf(uri), text);
    this.languages.set(nameOf(uri), languageId);
  }

  change(uri: string, text: string): void {
    if (!this.documents.has(nameOf(uri)))
      throw new Error(`The document ${uri} is not open: it cannot be changed.`);
    this.told.push(`change ${nameOf(uri)}`);
    this.documents.set(nameOf(uri), text);
  }

  close(uri: string): void {
    this.told.push(`close ${nameOf(uri)}`);
    this.documents.delete(nameOf(uri));
  }

  park(uri: string): void {
    this.told.push(`park ${nameOf(uri)}`);
  }

  changeAll(texts: ReadonlyMap<string, string>): void {
    for (const [uri, text] of texts) this.change(uri, text);
  }

  filesChanged(): void {}

  async request(_method: string, { textDocument }: { textDocument: { uri: string } }): Promise<unknown> {
    const name = nameOf(textDocument.uri);
    const text = this.documents.get(name);
    // As a server does that works its way through what it is sent: what comes later makes no difference.
    const found = text === undefined ? new Error(`${name} is not open`) : this.find(text, name);
    await this.pause;
    if (found instanceof Error) throw found;
    return { items: found };
  }

  text(name: string): string {
    const text = this.documents.get(name);
    if (text === undefined)
      throw new Error(`${name} is not open; open are ${[...this.documents.keys()].join(', ')}`);
    return text;
  }
}

/** A workspace without configuration. To be disposed of. */
export class FakeWorkspace {
  readonly root: string = mkdtempSync(path.join(tmpdir(), 'tsloop-test-'));
  readonly cwd: string = this.root;
  folder = '';

  pathOf(name: string): string {
    return path.join(this.root, this.folder, name);
  }

  uriOf(name: string): string {
    return pathToFileURL(this.pathOf(name)).href;
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function nameOf(uri: string): string {
  return path.posix.basename(uri);
}

/** A session whose cells are declared, and run, in one step. */
export class SessionUnderTest extends TypeScriptSession {
  readonly server: FakeLanguageServer;
  readonly workspace: FakeWorkspace;

  /** @param limits when cells that are not used rest */
  constructor(limits?: RestLimits) {
    const server = new FakeLanguageServer();
    const workspace = new FakeWorkspace();
    super(
      server as unknown as ConstructorParameters<typeof TypeScriptSession>[0],
      workspace as unknown as ConstructorParameters<typeof TypeScriptSession>[1],
      limits,
    );
    this.server = server;
    this.workspace = workspace;
  }

  /** The document of TypeScript that is a cell. */
  opened(source: string): Document {
    const document = this.open(source);
    if (!document) throw new Error(`no TypeScript: ${source}`);
    return document;
  }

  /** Opens a cell and runs it, to its end or with what it did not reach. */
  run(source: string, unreached: readonly string[] = []): Document {
    const document = this.opened(source);
    this.commit(document, unreached);
    return document;
  }

  /** Where each of the names that a cell has from others comes from: `a_1 as a`, `b_1 as let b`, in order of the alphabet. */
  imports(document: Document): string[] {
    const found = this.server
      .text(nameOf(document.uri))
      .matchAll(
        /^;?(?:import (\S+) =|declare namespace \S+ \{ type of_\S+ = typeof) __tsloop\.__tsloop_(\d+)\.(\S+?)(?:;| \} declare ((?:let|const) \S+):)/gm,
      );
    return [...found]
      .map(([, alias, place, name, variable]) => `${name}_${place} as ${alias ?? variable}`)
      .sort();
  }

  /** The number of the place that a name's value, or type, comes from. */
  placeOf(name: string, meaning: 'value' | 'type' = 'value'): number | undefined {
    return this.scope.get(name)?.[meaning]?.document.slot?.number;
  }
}
