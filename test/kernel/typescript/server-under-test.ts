/** A language server with the record of what it told, and a moment to wait for in place of a time. */
import { LanguageServer, type ServerOptions } from '../../../kernel/typescript/server.ts';

/** Seconds. The machine may be slow; a server that really hangs is given a time of its own. */
const PATIENCE = 20;

export interface Diagnostic {
  readonly code: number;
  readonly message: string;
  readonly severity: number;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

export class ServerUnderTest extends LanguageServer {
  readonly notices: string[];
  readonly #listeners: Map<string, Array<() => void>>;

  constructor(options: Partial<ServerOptions> & Pick<ServerOptions, 'root'>) {
    const notices: string[] = [];
    const listeners = new Map<string, Array<() => void>>();
    const tell = (event: string) => (): void => {
      for (const listener of listeners.get(event)?.splice(0) ?? []) listener();
    };
    super({
      requestTimeout: PATIENCE,
      backOff: [0, 0, 0, 0],
      onNotice: (text) => {
        notices.push(text);
        tell('notice')();
      },
      onUp: tell('up'),
      onDown: tell('down'),
      ...options,
    });
    this.notices = notices;
    this.#listeners = listeners;
  }

  /** Resolves at the next such event. */
  next(event: 'up' | 'down' | 'notice'): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), resolve]);
    });
  }

  /** The errors in a document, in order: `2322: Type …`. */
  async errors(uri: string, timeout: number = PATIENCE): Promise<string[]> {
    const report = await this.request<{ items: Diagnostic[] }>(
      'textDocument/diagnostic',
      { textDocument: { uri } },
      { timeout },
    );
    return report.items
      .filter(({ severity }) => severity === 1)
      .map(({ code, message }) => `${code}: ${message}`);
  }

  /** The errors of a text as a document of that name. */
  async check(uri: string, text: string): Promise<string[]> {
    this.open(uri, uri.endsWith('.tsx') ? 'typescriptreact' : 'typescript', text);
    return this.errors(uri);
  }
}

/** Whether there is a process of that id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
