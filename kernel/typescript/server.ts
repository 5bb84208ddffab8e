/**
 * The language server as the rest of the kernel sees it: requests that are answered, or rejected with the reason.
 * It keeps the open documents, so that a server that died or hangs is replaced by a new one that knows the
 * same. The process is in server-process.ts.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ResponseError } from './connection.ts';
import { findExecutable } from './executable.ts';
import { ServerProcess } from './server-process.ts';

/** Nobody answers at the moment: the service is down, is missing, or has just been lost with the request. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable';
}

/** The values of `FileChangeType` in the protocol. */
export const CREATED = 1;
export const CHANGED = 2;
export const DELETED = 3;

export interface FileChange {
  readonly uri: string;
  readonly type: typeof CREATED | typeof CHANGED | typeof DELETED;
}

export type LanguageId = 'typescript' | 'typescriptreact';

export interface ServerOptions {
  /** The workspace's folder, an absolute path. */
  readonly root: string;
  /** The program to start, instead of the one that TypeScript's package brings. */
  readonly executable?: string;
  /** What that program needs in front of the server's own arguments. */
  readonly executableArguments?: readonly string[];
  /** A process of that program that runs already, see early.ts. */
  readonly early?: ServerProcess | undefined;
  /** Seconds after which a request that is not answered means that the server hangs. */
  readonly requestTimeout: number;
  /** Is told, in one sentence, what the user should know: once for each outage. */
  onNotice(this: void, text: string): void;
  /** The service went down. */
  onDown?(this: void): void;
  /** The service is there: for the first time, or again. All open documents are known to it. */
  onUp?(this: void): void;
  /** Time in seconds, for tests. */
  readonly now?: () => number;
  /** Seconds before restarts; see {@link BACK_OFF}. */
  readonly backOff?: readonly number[];
}

interface Document {
  readonly languageId: LanguageId;
  version: number;
  text: string;
  /** The server has it open. Otherwise it reads the text from the disk. */
  open: boolean;
}

/**
 * Seconds before the first restart in a row, the second, and so on. A server that is lost once more has
 * something that restarting does not cure.
 */
const BACK_OFF: readonly number[] = [0, 0.25, 1, 4];

/** Losses that are further apart than this many seconds are not in a row. */
const IN_A_ROW = 60;

/**
 * So many documents are opened again in a new server, those that were changed last. Each one that is opened costs the
 * server a pass over all others: with a thousand, that takes a minute.
 */
const REPLAYED = 8;

/** Seconds for a server to end by itself when it is told to. */
const EXIT_PATIENCE = 0.5;

export class LanguageServer {
  readonly #options: ServerOptions;
  readonly #backOff: readonly number[];
  readonly #documents = new Map<string, Document>();
  #process: ServerProcess | undefined;
  #early: ServerProcess | undefined;
  #up = false;
  /** Why there is no server and none will come by itself; undefined while there is hope. */
  #givenUp: string | undefined = 'it has not been started';
  /** Whether the user has been told of the outage that goes on. It ends with the first answer. */
  #outage = false;
  /** Times of the last losses in a row, in seconds. */
  #losses: number[] = [];
  #restart: NodeJS.Timeout | undefined;
  #disposed = false;
  #waiting: Array<{ resolve(): void; reject(error: Error): void }> = [];

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#early = options.early;
    this.#backOff = options.backOff ?? BACK_OFF;
  }

  /** Whether a request has a chance now. A server that starts is not available yet, but answers what waits. */
  get available(): boolean {
    return this.#up;
  }

  /** The id of the server's process, if there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Starts the service, also after it was given up. Never throws: what is wrong becomes a notice.
   * The process that starts does not keep this one alive; a request does, until it is answered.
   */
  start(): void {
    if (this.#disposed || this.#givenUp === undefined) return;
    this.#givenUp = undefined;
    this.#outage = false;
    this.#losses = [];
    this.#spawn();
  }

  /**
   * Replaces the server by a new one that knows the same documents: for changes on disk that cannot be told one by
   * one. Nothing is said of it, unless the new one is lost. What is being asked is rejected.
   */
  restart(): void {
    if (!this.#up) return; // One that is to come, or is about to, reads everything anew.
    const server = this.#process;
    this.#up = false;
    this.#process = undefined;
    server?.connection.close(new ServerUnavailable('it is being restarted'));
    void server?.end(EXIT_PATIENCE);
    this.#spawn();
  }

  /** Resolves when the service is there; rejects with {@link ServerUnavailable} when it will not come. */
  ready(): Promise<void> {
    if (this.#up) return Promise.resolve();
    if (this.#givenUp !== undefined) return Promise.reject(new ServerUnavailable(this.#givenUp));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** `textDocument/didOpen`. A document that is open already is changed. */
  open(uri: string, languageId: LanguageId, text: string): void {
    if (this.#documents.get(uri)?.languageId === languageId) {
      this.change(uri, text);
      return;
    }
    if (this.#documents.has(uri)) this.close(uri);
    const document: Document = { languageId, version: 1, text, open: false };
    this.#documents.set(uri, document);
    if (this.#up) this.#didOpen(uri, document);
  }

  /**
   * `textDocument/didChange` with the whole text.
   * @throws Error when the document is not open
   */
  change(uri: string, text: string): void {
    const document = this.#documents.get(uri);
    if (!document) throw new Error(`The document ${uri} is not open: it cannot be changed.`);
    // To the end of the list: replays open the documents that were changed last.
    this.#documents.delete(uri);
    this.#documents.set(uri, document);
    if (document.text === text) return;
    document.text = text;
    document.version++;
    if (!this.#up) return;
    if (!document.open) {
      this.#didOpen(uri, document);
      return;
    }
    this.#notify('textDocument/didChange', {
      textDocument: { uri, version: document.version },
      contentChanges: [{ text }],
    });
  }

  /**
   * Other texts for several documents, by URI. Those that are parked stay so, and the server looks at all of them together.
   * @throws Error when one of them is neither open nor parked
   */
  changeAll(texts: ReadonlyMap<string, string>): void {
    const changes: FileChange[] = [];
    for (const [uri, text] of texts) {
      const document = this.#documents.get(uri);
      if (document && this.#up && !document.open && this.#save(uri, { ...document, text })) {
        document.text = text;
        document.version++;
        changes.push({ uri, type: CHANGED });
      } else this.change(uri, text);
    }
    this.filesChanged(changes);
  }

  /** `textDocument/didClose`; nothing when it is not open. Other documents cannot import it any more. */
  close(uri: string): void {
    const document = this.#documents.get(uri);
    if (!document) return;
    this.#documents.delete(uri);
    rmSync(fileURLToPath(uri), { force: true });
    if (!this.#up) return;
    if (document.open) this.#notify('textDocument/didClose', { textDocument: { uri } });
    else this.filesChanged([{ uri, type: DELETED }]);
  }

  /**
   * Says that a document is finished for now: it can be imported, changed and asked about as before, but costs the
   * server less than one that is open. Its text is written to its place in the workspace's folder.
   */
  park(uri: string): void {
    const document = this.#documents.get(uri);
    if (!this.#up || !document?.open || !this.#save(uri, document)) return;
    document.open = false;
    this.#notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** Tells of files that were made, changed or deleted on disk. A server that comes later reads them anyway. */
  filesChanged(changes: readonly FileChange[]): void {
    if (this.#up && changes.length > 0) this.#notify('workspace/didChangeWatchedFiles', { changes });
  }

  /**
   * Asks the server; what was opened and changed before is taken into account. Waits for a server that is
   * starting; when there is none at the moment, rejects at once.
   * @param timeout seconds, instead of the server's `requestTimeout`. A server that takes longer is replaced.
   * @throws ServerUnavailable when there is no server, or it is lost before it has answered
   * @throws ResponseError when the server says that the request failed
   */
  async request<R>(method: string, params: object, options: { readonly timeout?: number } = {}): Promise<R> {
    const seconds = options.timeout ?? this.#options.requestTimeout;
    // Started, but not initialized yet: that takes some milliseconds, and has a time-out of its own.
    if (!this.#up) await this.#starting();
    const server = this.#process;
    if (!server) throw new ServerUnavailable('it has just been lost');
    this.#openFor(params);
    const result = await this.#ask(server, method, params, seconds);
    if (server === this.#process) this.#outage = false;
    return result as R;
  }

  /** Ends the server: politely, or by force when that takes more than a moment. Resolves when it is gone. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    clearTimeout(this.#restart);
    const server = this.#process;
    this.#goDown('tsloop is ending');
    this.#settle(new ServerUnavailable((this.#givenUp = 'it has been ended')));
    await server?.end(EXIT_PATIENCE);
  }

  #starting(): Promise<void> {
    if (!this.#process && this.#givenUp === undefined)
      return Promise.reject(new ServerUnavailable('it waits to be started again'));
    return this.ready();
  }

  #spawn(): void {
    let server = this.#early;
    this.#early = undefined;
    try {
      const { executable, executableArguments } = this.#options;
      server ??= new ServerProcess(executable ?? findExecutable(), executableArguments);
    } catch (error) {
      this.#giveUp(`cannot be started: ${messageOf(error)}; cells run unchecked`);
      return;
    }
    this.#process = server;
    void server.lost.then(({ reason, missing }) => {
      if (server === this.#process) this.#lose(reason, missing);
    });
    const { root, requestTimeout } = this.#options;
    const initialized = server.initialize(root);
    this.#answered(server, 'initialize', initialized, requestTimeout).then(
      () => this.#initialized(server),
      (error: unknown) => server.lose(`it could not be initialized: ${messageOf(error)}`),
    );
  }

  #initialized(server: ServerProcess): void {
    if (server !== this.#process) return;
    server.connection.notify('initialized', {});
    // A dozen messages of log for each check, otherwise, which nobody reads. Not of the protocol: a server that
    // does not know it ignores it.
    server.connection.notify('custom/setLogVerbosity', { verbosity: 0 });
    this.#up = true;
    this.#replay();
    this.#options.onUp?.();
    this.#settle();
  }

  #ask(server: ServerProcess, method: string, params: object, seconds: number): Promise<unknown> {
    return this.#answered(server, method, server.connection.request(method, params), seconds);
  }

  async #answered(
    server: ServerProcess,
    method: string,
    answer: Promise<unknown>,
    seconds: number,
  ): Promise<unknown> {
    // This timer also keeps the process alive for the answer. (When it was the process that was busy, the answer
    // has come meanwhile: it is read before an immediate.)
    let overdue: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      overdue = setImmediate(() => server.lose(`it did not answer ${method} within ${seconds} s`));
    }, seconds * 1000);
    try {
      return await answer;
    } catch (error) {
      throw error instanceof ResponseError ? error : new ServerUnavailable(messageOf(error));
    } finally {
      clearTimeout(timer);
      clearImmediate(overdue);
    }
  }

  /** The process is gone, or of no use any more. */
  #lose(reason: string, missing: boolean): void {
    const now = this.#options.now?.() ?? performance.now() / 1000;
    this.#goDown(reason);
    if (missing) {
      this.#giveUp(`cannot be started: ${reason}; cells run unchecked`);
      return;
    }
    this.#losses = [...this.#losses.filter((time) => now - time < IN_A_ROW), now];
    const wait = this.#backOff[this.#losses.length - 1];
    if (wait === undefined) {
      const times = `${this.#losses.length} times in a row, the last time because ${reason}`;
      this.#giveUp(`was lost ${times}; cells run unchecked until the kernel is restarted`);
      return;
    }
    if (!this.#outage) {
      this.#outage = true;
      this.#notice(`was lost because ${reason}; cells run unchecked until it is back`);
    }
    this.#settle(new ServerUnavailable(reason));
    if (wait === 0) {
      this.#spawn();
    } else {
      this.#restart = setTimeout(() => this.#spawn(), wait * 1000);
      this.#restart.unref();
    }
  }

  #goDown(reason: string): void {
    const server = this.#process;
    this.#process = undefined;
    const wasUp = this.#up;
    this.#up = false;
    server?.connection.close(new ServerUnavailable(reason));
    if (wasUp) this.#options.onDown?.();
  }

  #giveUp(what: string): void {
    this.#givenUp = what;
    this.#notice(what);
    this.#settle(new ServerUnavailable(what));
  }

  #notice(what: string): void {
    this.#options.onNotice(`The TypeScript service ${what}.`);
  }

  #settle(error?: Error): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (error) reject(error);
      else resolve();
    }
  }

  /** Makes all documents known to a new server. */
  #replay(): void {
    let rest = this.#documents.size;
    for (const [uri, document] of this.#documents) {
      document.open = false;
      if (rest-- <= REPLAYED || !this.#save(uri, document)) this.#didOpen(uri, document);
    }
  }

  /** What is asked about must be open. */
  #openFor(params: object): void {
    const uri = (params as { textDocument?: { uri?: string } }).textDocument?.uri;
    const document = uri === undefined ? undefined : this.#documents.get(uri);
    if (uri !== undefined && document && !document.open) this.#didOpen(uri, document);
  }

  /** Puts a document where the server reads it. False when that cannot be: then it must stay open. */
  #save(uri: string, { text }: Document): boolean {
    try {
      writeFileSync(fileURLToPath(uri), text);
      return true;
    } catch {
      return false;
    }
  }

  #didOpen(uri: string, document: Document): void {
    document.open = true;
    const { languageId, version, text } = document;
    this.#notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  #notify(method: string, params: object): void {
    this.#process?.connection.notify(method, params);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
