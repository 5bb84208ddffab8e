/**
 * Type checking as those who run cells see it, the front and `tsloop run`: a check begins before the cell
 * runs and ends when it has run. The language service may be late, hang or be gone: cells go on without.
 */
import { type CellError, type CellOutcome, type TypecheckMode, typecheckMode } from '../bridge.ts';
import { globalStep } from '../language/global-assignment.ts';
import { parseCell } from '../language/parse.ts';
import { typescriptView } from '../magics/typescript-view.ts';
import { deferredStretches } from './deferred.ts';
import { offsetAt } from './places.ts';
import { type Diagnostic, errorsIn, linesOf, remarkText, typeScriptError, warningText } from './report.ts';
import type { Document } from './scope.ts';
import type { Early } from './early.ts';
import { FirstCheck, Gate } from './first-check.ts';
import { LanguageServer, ServerUnavailable } from './server.ts';
import { TypeScriptSession } from './session.ts';
import { Workspace } from './workspace.ts';

export interface CheckerOptions {
  /** The session's working directory, which may change. */
  readonly cwd: () => string;
  /** What of it has been started already. */
  readonly early?: Early;
  /** Tells the user something that is not about the cell. */
  readonly notice: (text: string) => void;
}

/** A request that takes longer (seconds) finds a service that hangs: it is started anew. */
const REQUEST_TIMEOUT = 20;

/** "Invalid module name in augmentation, module 'name' cannot be found." */
const NO_SUCH_MODULE_TO_ADD_TO = 2664;

/** "Cannot find name", and its variants. */
const unknownName = new Set([2304, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 18004]);

/** "Cannot find name 'raduis'. Did you mean 'radius'?" */
const MISSPELT = 2552;

/**
 * Those of names that may be declared later. Not: those of browsers and other hosts, and those that resemble a name of
 * the function itself or of a library, which are misspelt.
 */
const unknownYet = new Set([2304, 2503, 2581, 2582, 2592, 2593, 18004]);

/** One cell, from before it is run until it has been. */
export class CellCheck {
  readonly mode: TypecheckMode;
  readonly #checker: Checker;
  readonly #code: string;
  #document: Document | undefined;
  #remark = '';
  /** The names that functions of the cell mention though nothing has declared them yet. */
  #awaited: readonly string[] = [];
  /** When it has been run, or will not be, what the check finds later changes nothing in the session. */
  #state: 'open' | 'run' | 'discarded' = 'open';

  constructor(checker: Checker, code: string, mode: TypecheckMode, document: Document | undefined) {
    this.#checker = checker;
    this.#code = code;
    this.mode = mode;
    this.#document = document;
  }

  /** @param label `In [3]`; undefined when the cell may run */
  async error(label: string): Promise<CellError | undefined> {
    const errors = await this.#errors();
    if (errors.length === 0) return undefined;
    const later = this.#forward(errors);
    if (later.length < errors.length) return typeScriptError(this.#code, errors, label);
    this.#remark = remarkText(this.#code, later, label);
    return undefined;
  }

  /** What to print of a cell that may run, once its error has been asked for; empty for nothing. */
  get remark(): string {
    return this.#remark;
  }

  /** What to print of the cell's errors; empty for none. */
  async warning(label: string): Promise<string> {
    const errors = await this.#errors();
    this.#forward(errors);
    return warningText(this.#code, errors, label);
  }

  /** The cell has not been run, and will not be. */
  discard(): void {
    this.#state = 'discarded';
    if (this.#document) this.#checker.session.discard(this.#document);
  }

  /** The cell has been run. */
  end(outcome: CellOutcome): void {
    this.#state = 'run';
    const document = this.#document;
    if (!document) return;
    this.#checker.session.commit(
      document,
      outcome.status === 'ok' ? [] : unreached(document, outcome.declared),
      this.#awaited,
    );
  }

  /** The errors about names that are not needed before a function is called, which the cell itself does not do. */
  #forward(errors: readonly Diagnostic[]): Diagnostic[] {
    if (!this.#document) return [];
    const { source, declarations } = this.#document;
    const unknown = errors.filter(({ code, message }) => {
      if (code !== MISSPELT) return unknownYet.has(Number(code));
      // Names of a session often resemble each other.
      const [, known = ''] = /Did you mean '([^']+)'/.exec(message) ?? [];
      return declarations.names.has(known) || this.#checker.session.scope.get(known) !== undefined;
    });
    if (unknown.length === 0) return [];
    const stretches = deferredStretches(parseCell(source).program);
    const later = unknown.filter(({ range }) => {
      const at = offsetAt(source, range.start);
      return stretches.some(({ start, end }) => start <= at && at < end);
    });
    this.#awaited = later.map((error) => this.#textOf(error));
    return later;
  }

  async #errors(): Promise<Diagnostic[]> {
    const document = this.#document;
    if (!document) return [];
    try {
      return await this.#errorsOf(document);
    } catch (error) {
      // Of a document that is gone, as the cell was stopped meanwhile, nobody wants to know.
      if (error instanceof ServerUnavailable || this.#state === 'discarded') return [];
      throw error;
    }
  }

  async #errorsOf(document: Document): Promise<Diagnostic[]> {
    const { session, first } = this.#checker;
    // Where the cell does not wait, there is nothing to win by it; and the next may be there before its answer.
    if (this.mode === 'on' && document.imports.size === 0 && (await first.passes(document.source))) return [];
    let errors = await this.#diagnose(document);
    const missing = errors.filter(({ code }) => code === NO_SUCH_MODULE_TO_ADD_TO);
    if (missing.length > 0 && this.#state !== 'discarded') {
      session.makeAmbient(document, new Set(missing.map(({ range }) => range.start.line)));
      errors = await this.#diagnose(document);
    }
    const unknown = errors.filter(({ code }) => unknownName.has(Number(code)));
    const names = unknown.map((error) => this.#textOf(error));
    const live = new Set(names.length === 0 ? [] : await this.#checker.exist(names));
    if (live.size === 0) return errors;
    // The session may have moved on: the document may be gone, or be another cell's.
    if (this.#state !== 'open')
      return errors.filter((error) => !unknown.includes(error) || !live.has(this.#textOf(error)));
    this.#document = session.retype(document, live);
    return this.#diagnose(this.#document);
  }

  async #diagnose(document: Document): Promise<Diagnostic[]> {
    return errorsIn(this.#code, await this.#checker.session.diagnose(document));
  }

  #textOf({ range: { start, end } }: Diagnostic): string {
    return linesOf(this.#code)[start.line]?.slice(start.character, end.character) ?? '';
  }
}

/** What a cell that failed did not get to, of what it would have declared. @param reached what it got to */
function unreached({ declarations }: Document, reached: readonly string[]): string[] {
  const names = [...declarations.names].filter(([, { isAmbient = false }]) => !isAmbient);
  const globals = [...declarations.globalAssignments.keys()].map(globalStep);
  const got = new Set(reached);
  return [...names.map(([name]) => name), ...globals].filter((name) => !got.has(name));
}

export class Checker {
  mode: TypecheckMode = typecheckMode(process.env['TSLOOP_TYPECHECK']) ?? 'on';
  readonly session: TypeScriptSession;
  readonly first: FirstCheck;
  readonly server: LanguageServer;
  readonly #workspace: Workspace;
  readonly #options: CheckerOptions;
  #cwd: string;

  constructor(options: CheckerOptions) {
    this.#options = options;
    const asked = process.env['TSLOOP_TYPECHECK'];
    if (asked && typecheckMode(asked) === undefined)
      options.notice(`TSLOOP_TYPECHECK is "${asked}"; it can be on, warn or off. Cells are checked (on).`);
    this.#cwd = options.cwd();
    this.#workspace = Workspace.create(this.#cwd, {
      root: options.early?.root,
      onNotice: options.notice,
    });
    const executable = process.env['TSLOOP_TYPESCRIPT'];
    this.server = new LanguageServer({
      root: this.#workspace.root,
      requestTimeout: Number(process.env['TSLOOP_TYPECHECK_TIMEOUT'] ?? '') || REQUEST_TIMEOUT,
      onNotice: options.notice,
      early: options.early?.server,
      ...(executable ? { executable } : {}),
    });
    const gate = new Gate(this.server, () => this.#readTypes());
    this.first = new FirstCheck(this.server, gate, this.#workspace.firstUri);
    this.session = new TypeScriptSession(gate, this.#workspace);
  }

  /** Lets the service read the types of Node, by a document that nothing else is in. */
  #readTypes(): void {
    // Files that appear later let it put its program together once more.
    this.session.prepare();
    const uri = this.#workspace.uriOf('tsloop-start.ts');
    this.server.open(uri, 'typescript', 'console.log(1);\nexport {};\n');
    this.server.request('textDocument/diagnostic', { textDocument: { uri } }).catch(() => {});
  }

  /** Starts the service. */
  start(): void {
    this.server.start();
    this.first.start();
  }

  /** Resolves when the session knows of all cells that have been run. Set by who hands them over. */
  caughtUp: () => Promise<void> = () => Promise.resolve();

  /** Which of the names exist at run time, wherever they come from. Set by who can ask the runtime. */
  exist: (names: readonly string[]) => Promise<readonly string[]> = () => Promise.resolve([]);

  /** What is to be done with the type errors of a cell. */
  modeOf(code: string): TypecheckMode {
    return (code.includes('%typecheck') ? typescriptView(code).mode : undefined) ?? this.mode;
  }

  /** Looks at a cell. @param label `In [3]` @param mode as it was when the cell was run */
  begin(code: string, label?: string, mode: TypecheckMode = this.modeOf(code)): CellCheck {
    const view = typescriptView(code);
    this.follow(view.text);
    return new CellCheck(this, code, mode, this.session.open(view.text, label));
  }

  /**
   * Takes in what has changed outside: the working directory, packages, the user's settings and files.
   * @param text TypeScript whose imports are of interest from now on
   */
  follow(text = ''): void {
    const cwd = this.#options.cwd();
    if (cwd !== this.#cwd) this.#workspace.chdir((this.#cwd = cwd));
    this.#workspace.refresh(this.server, text);
  }

  async dispose(): Promise<void> {
    await this.server.dispose();
    this.#workspace.dispose();
  }
}
