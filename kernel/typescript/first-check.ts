/**
 * The first check of a session. Most of what the service reads before it can say anything are the types of
 * Node, and most first cells use none of them. So the first cell is checked in a project of its own, which has the
 * standard library alone: where it is found right there, it would be found right everywhere. If not, and for all
 * that follows, there is the real project, which is read after that.
 */
import { type Diagnostic, errorsIn } from './report.ts';
import type { FileChange, LanguageId, LanguageServer } from './server.ts';

/** Without a cell, the real project is read so long (seconds) after the start: the user may be typing already. */
const PATIENCE = 0.5;

/** With a first cell that is right, it is read so long (seconds) after that: the cell has been answered by then. */
const RUNNING_TIME = 0.04;

/** The documents of the session; until {@link open}, they are kept from the server, which would read all types for them. */
export class Gate {
  readonly #server: LanguageServer;
  #held: Array<() => void> | undefined = [];
  readonly #onOpen: () => void;

  constructor(server: LanguageServer, onOpen: () => void) {
    this.#server = server;
    this.#onOpen = onOpen;
  }

  get isOpen(): boolean {
    return this.#held === undefined;
  }

  open(uri: string, languageId: LanguageId, text: string): void {
    this.#pass(() => this.#server.open(uri, languageId, text));
  }

  change(uri: string, text: string): void {
    this.#pass(() => this.#server.change(uri, text));
  }

  changeAll(texts: ReadonlyMap<string, string>): void {
    this.#pass(() => this.#server.changeAll(texts));
  }

  close(uri: string): void {
    this.#pass(() => this.#server.close(uri));
  }

  park(uri: string): void {
    this.#pass(() => this.#server.park(uri));
  }

  filesChanged(changes: readonly FileChange[]): void {
    this.#pass(() => this.#server.filesChanged(changes));
  }

  /** @throws ServerUnavailable */
  request<R>(method: string, params: object): Promise<R> {
    this.lift();
    return this.#server.request<R>(method, params);
  }

  /** From now on everything gets through. */
  lift(): void {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    for (const step of held) step();
    this.#onOpen();
  }

  #pass(step: () => void): void {
    if (this.#held) this.#held.push(step);
    else step();
  }
}

export class FirstCheck {
  readonly #server: LanguageServer;
  readonly #gate: Gate;
  readonly #uri: string;
  #isUsed = false;

  /** @param uri of a document in the small project */
  constructor(server: LanguageServer, gate: Gate, uri: string) {
    this.#server = server;
    this.#gate = gate;
    this.#uri = uri;
  }

  /** Lets the service read the standard library. */
  start(): void {
    this.#server.open(this.#uri, 'typescript', 'export {};');
    this.#diagnose().catch(() => {});
    this.#liftIn(PATIENCE);
  }

  /** Whether the cell is right. False says nothing: it was not looked at, or with too little knowledge. */
  async passes(source: string): Promise<boolean> {
    if (this.#gate.isOpen || this.#isUsed) return false;
    this.#isUsed = true;
    this.#server.open(this.#uri, 'typescript', `${source}\n;export {};`);
    const errors = await this.#diagnose().catch(() => undefined);
    this.#server.close(this.#uri);
    const isRight = errors !== undefined && errorsIn(source, errors).length === 0;
    if (isRight) this.#liftIn(RUNNING_TIME);
    else this.#gate.lift();
    return isRight;
  }

  #liftIn(seconds: number): void {
    setTimeout(() => this.#gate.lift(), seconds * 1000).unref();
  }

  async #diagnose(): Promise<Diagnostic[]> {
    const { items } = await this.#server.request<{ items?: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: this.#uri },
    });
    return items ?? [];
  }
}
