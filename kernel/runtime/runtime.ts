/**
 * The runtime: takes cells one after the other, runs them on this thread, and reports what becomes of
 * them. Its own steps are plain callbacks: an interrupt may throw queued promise reactions away.
 */
import { KeyboardInterrupt } from '../../src/errors.ts';
import {
  type CellError,
  type CellId,
  type CellOutcome,
  type CellRequest,
  INTERRUPTED,
  type RuntimePort,
  type ToFront,
  type UserExpressionResult,
} from '../bridge.ts';
import { isDisplayHandle, makeClearOutput, makeDisplay, type DisplaySink } from '../display/api.ts';
import type { Shown } from '../display/mime.ts';
import { shownAs } from '../display/rich.ts';
import type { AtOnce } from '../shared/at-once.ts';
import type { Blocked } from '../shared/blocked.ts';
import { runMicrotasksInFunction } from '../shared/frameless.ts';
import { holdIfWanted, letGo } from '../shared/held.ts';
import { splitCell } from '../magics/lines.ts';
import type { MakeWidget } from '../magics/magic.ts';
import { withoutTypecheckLine } from '../magics/typescript-view.ts';
import { assembleCell } from './assemble.ts';
import { type Cell, currentCell, enterCell, hideOwners } from './cells.ts';
import { CommPort } from './comm-port.ts';
import { cellGlobals } from './compat.ts';
import { describeError, isCancellation, isInterrupt } from './errors.ts';
import { installHost } from './host.ts';
import { cellRequire, importFromCell } from './imports.ts';
import { repairAfterTermination } from './interrupt.ts';
import { installSessionLoop, type SessionLoop } from './loop.ts';
import { reportLostErrorsSoon } from './lost-errors.ts';
import { MagicCalls } from './magic-calls.ts';
import { captureChildren } from './children.ts';
import { Descriptors } from './descriptors.ts';
import { Output } from './output.ts';
import { yieldReports } from './own-reports.ts';
import { mayBringWriters, mayUseWasi } from './raw-writers.ts';
import { captureRawWrites } from './raw-writes.ts';
import { captureStreams } from './standard-streams.ts';
import { type Result, Session } from './session.ts';
import { installStackTraces } from './stack.ts';
import { installQuestions, Stdin } from './stdin.ts';
import { StdinReader } from './stdin-stream.ts';
import { keepLoopsStoppable } from './stoppable-loops.ts';
import { catchUncaught, resetAsyncIds } from './uncaught.ts';
import { watchSyncChildren } from './sync-children.ts';

/** A cell whose waits were rejected gets this long (ms) for its `finally` blocks. */
const FINALLY_TIME = 100;
/** The same where code was torn: most often that is what the cell waits for, and it never ends. */
const TORN_FINALLY_TIME = 50;
/** A command gets SIGINT, SIGTERM and SIGKILL two seconds apart; the cell waits for the last. */
const COMMAND_TIME = 5000;

/** What code must contain that starts processes, or loads code that does. */
const STARTS = /\b(?:import|require|getBuiltinModule)\b|[$%!]/;

// Cells may replace them.
const { setTimeout, clearTimeout, Promise } = globalThis;

export interface Shared {
  readonly blocked: Blocked;
  readonly atOnce: AtOnce;
}

/**
 * Starts the runtime of this process. There is one, for it takes over process-wide things: streams, stacks, globals.
 * @param shared what the front's thread is to know of this one, if it may look
 * @param makeWidget see `makeWidget` of magics/magic.ts; without it there are none
 */
export function startRuntime(
  port: RuntimePort,
  shared?: Shared,
  makeWidget: MakeWidget = () => Promise.resolve(undefined),
): void {
  const runtime = new Runtime(port, makeWidget, shared?.atOnce);
  if (shared) watchSyncChildren(shared.blocked);
  yieldReports();
  runtime.start();
}

/** A cell that runs, and its request. */
interface Active {
  readonly cell: Cell;
  readonly request: CellRequest;
  /** Pending when the cell is given a moment to end by itself. */
  giveUp?: NodeJS.Timeout;
}

class Runtime {
  readonly #port: RuntimePort;
  readonly #atOnce: AtOnce | undefined;
  readonly #descriptors: Descriptors;
  readonly #output: Output;
  readonly #session = new Session();
  readonly #calls: MagicCalls;
  #comms: CommPort | undefined;
  readonly #stdin: Stdin;
  readonly #reader: StdinReader;
  readonly #sink: DisplaySink = {
    show: ({ data, metadata }, displayId, update) => {
      this.#output.emit({ type: 'display', cell: currentCell()?.id ?? 0, data, metadata, displayId, update });
      holdIfWanted();
    },
    clear: (wait) => {
      this.#output.emit({ type: 'clear', cell: currentCell()?.id ?? 0, wait });
      holdIfWanted();
    },
    failed: (error) => this.#uncaught(error),
    load: (specifier) => cellRequire()(specifier),
    importModule: importFromCell,
  };
  #loop: SessionLoop | undefined;
  /** One of the main shell, and one of each subshell. */
  readonly #active = new Map<CellId, Active>();
  /** The front repeats an interrupt that is not answered; each is taken once. */
  #lastInterrupt = 0;

  constructor(port: RuntimePort, makeWidget: MakeWidget, atOnce?: AtOnce) {
    this.#port = port;
    this.#atOnce = atOnce;
    this.#descriptors = new Descriptors(port);
    this.#output = new Output(this.#descriptors.post);
    this.#calls = new MagicCalls(this.#session, this.#output, () => this.#loop as SessionLoop, makeWidget);
    this.#stdin = new Stdin(port, this.#output);
    this.#reader = new StdinReader(
      this.#stdin,
      this.#output,
      () => [...this.#active.values()].map(({ cell }) => cell),
      (cell, error) => this.#abandon(cell, describeError(error, cell.label)),
    );
  }

  start(): void {
    keepLoopsStoppable();
    installStackTraces();
    hideOwners();
    captureStreams(this.#output);
    captureRawWrites(this.#output);
    this.#reader.install();
    installQuestions(this.#stdin);
    this.#loop = installSessionLoop();
    reportLostErrorsSoon();
    const display = makeDisplay(this.#sink);
    this.#comms = new CommPort(this.#output, (error) => this.#uncaught(error), display);
    installHost({
      session: this.#session,
      isPosting: () => this.#output.isPosting || this.#stdin.isBlocked,
      shell: (command) => this.#calls.shell(command),
      magic: (name, args) => this.#calls.line(name, args),
      display,
      globals: cellGlobals(display, this.#sink, this.#output),
      clearOutput: makeClearOutput(this.#sink),
    });
    catchUncaught((error) => this.#uncaught(error));
    // Before those who close the way to the clients.
    process.prependListener('exit', () => this.#output.flush());
    this.#port.onMessage((message) => {
      switch (message.type) {
        case 'execute':
          this.#execute(message.request);
          break;
        case 'ping':
          this.#port.post({ type: 'pong', id: message.id });
          break;
        case 'interrupt':
          this.#interrupt(message.id, message.cell);
          break;
        case 'comm':
          this.#comms?.receive(message.run, message.message);
          break;
        case 'answer':
          this.#stdin.take(message.answer);
          break;
        case 'types':
          this.#calls.takeTypes(message.id, message.types);
          break;
        case 'capture':
          this.#captureChildren();
          this.#descriptors.capture(message.fifos);
          break;
        case 'exist':
          this.#port.post({ type: 'existing', id: message.id, names: this.#session.existing(message.names) });
          break;
        case 'shutdown':
          process.exit(message.exitCode);
      }
    });
    this.#port.post({ type: 'ready' });
  }

  #execute(request: CellRequest): void {
    const lanes = new Set([...this.#active.values()].map(({ cell }) => cell.lane));
    let lane = 0;
    while (lanes.has(lane)) lane += 1;
    const cell: Cell = {
      id: request.cell,
      lane,
      label: `In [${request.executionCount}]`,
      abort: new AbortController(),
      payload: [],
    };
    this.#active.set(cell.id, { cell, request });
    runMicrotasksInFunction();
    letGo();
    this.#session.takeDeclared(lane);
    const mayWrite = [...this.#active.values()].some(({ request: { code, userExpressions } }) =>
      [code, ...Object.values(userExpressions)].some(mayBringWriters),
    );
    this.#descriptors.enter(cell.id, mayWrite);
    if (STARTS.test(request.code)) this.#captureChildren();
    if (mayUseWasi(request.code)) this.#descriptors.capture();
    this.#calls.cellsRun(true);
    this.#atOnce?.begin();
    try {
      enterCell(cell, () => this.#run(cell, request));
    } catch (error) {
      this.#ended(cell, { status: 'threw', error });
    } finally {
      this.#atOnce?.end();
    }
  }

  #run(cell: Cell, request: CellRequest): void {
    const code = withoutTypecheckLine(request.code);
    const parts = splitCell(code);
    if (parts.kind === 'cellMagic') {
      this.#calls.cell(parts.name, parts.args, parts.body, parts.bodyLine, code).then(
        (value) => this.#ended(cell, { status: 'ok', value }),
        (error: unknown) => this.#ended(cell, { status: 'threw', error }),
      );
      return;
    }
    const source = { code: assembleCell(parts), shown: code, label: cell.label, lineOffset: 0 };
    this.#session.run(source, (result) => this.#ended(cell, result), cell.lane);
  }

  #captureChildren(): void {
    captureChildren(this.#output, this.#descriptors);
  }

  /** The cell's code has ended: publishes its result or error, then its reply. */
  #ended(cell: Cell, result: Result): void {
    const active = this.#active.get(cell.id);
    // An interrupt may have given the cell up already.
    if (!active) return;
    const { request } = active;
    // The front may have had it stopped without a word to this thread.
    if (result.status === 'stopped') resetAsyncIds();
    if (result.status !== 'ok') {
      // What a stopped command or request says of its end is the user's own doing.
      const isStopped =
        result.status === 'stopped' || (cell.abort.signal.aborted && isCancellation(result.error));
      this.#failed(cell, isStopped ? INTERRUPTED : describeError(result.error, cell.label));
      return;
    }
    if (this.#reader.holds(cell, () => this.#ended(cell, result))) return;
    const expressions = Object.entries(request.userExpressions);
    const succeed = (...last: ToFront[]): void => {
      this.#evaluateExpressions(cell, expressions, {}, (userExpressions) => {
        this.#finish(cell, { status: 'ok', payload: cell.payload, userExpressions }, last);
      });
    };
    if (result.value === undefined || request.silent || isDisplayHandle(result.value)) {
      succeed();
      return;
    }
    this.#show(
      result.value,
      ({ data, metadata }) => {
        const { executionCount } = request;
        const message: ToFront = { type: 'result', cell: cell.id, executionCount, data, metadata };
        // Expressions may print something, which stands behind the result.
        if (expressions.length === 0) succeed(message);
        else {
          this.#output.emit(message);
          succeed();
        }
      },
      (error) => this.#failed(cell, describeError(error, cell.label)),
    );
  }

  /** Calls one of the two; at once unless the value takes time to say how it looks. */
  #show(value: unknown, done: (shown: Shown) => void, fail: (error: unknown) => void): void {
    let shown: Shown | Promise<Shown>;
    try {
      shown = shownAs(value, this.#sink);
    } catch (error) {
      fail(error);
      return;
    }
    if (shown instanceof Promise) shown.then(done, fail);
    else done(shown);
  }

  #evaluateExpressions(
    cell: Cell,
    left: Array<[string, string]>,
    results: Record<string, UserExpressionResult>,
    done: (results: Record<string, UserExpressionResult>) => void,
  ): void {
    const [next, ...rest] = left;
    if (!next) {
      done(results);
      return;
    }
    const [name, code] = next;
    const go = (result: UserExpressionResult): void =>
      this.#evaluateExpressions(cell, rest, { ...results, [name]: result }, done);
    const label = `user expression '${name}'`;
    this.#session.run(
      { code, shown: code, label, lineOffset: 0 },
      (result) => {
        if (result.status === 'threw') go({ status: 'error', ...describeError(result.error, label) });
        else if (result.status === 'stopped') go({ status: 'error', ...INTERRUPTED });
        else {
          this.#show(
            result.value,
            ({ data, metadata }) => go({ status: 'ok', data, metadata }),
            (error) => go({ status: 'error', ...describeError(error, label) }),
          );
        }
      },
      cell.lane,
    );
  }

  #failed(cell: Cell, error: CellError): void {
    if (!this.#active.get(cell.id)?.request.silent)
      this.#output.emit({ type: 'error', cell: cell.id, error });
    this.#finish(cell, { status: 'error', error, declared: this.#session.takeDeclared(cell.lane) });
  }

  /** @param last what is still to be published of it */
  #finish(cell: Cell, outcome: CellOutcome, last: readonly ToFront[] = []): void {
    const active = this.#active.get(cell.id);
    if (!active) return;
    this.#active.delete(cell.id);
    clearTimeout(active.giveUp);
    // A magic that was torn cannot do that any more.
    this.#loop?.goReal(cell);
    if (this.#active.size === 0) this.#calls.cellsRun(false);
    this.#output.emit(...last, { type: 'done', cell: cell.id, outcome });
    // Of a cell in another shell that ran longer.
    const left = [...this.#active.keys()].at(-1);
    if (left !== undefined) this.#descriptors.enter(left);
  }

  /**
   * The thread is idle or has been torn out of what it did. First everything that the cell waits for
   * is told, so that its `finally` blocks run; a cell that waits for anything else, or that is stopped
   * a second time, is given up where it stands.
   */
  #interrupt(id: number, meant: CellId | undefined): void {
    const wasTorn = repairAfterTermination();
    this.#output.recover();
    this.#stdin.recover();
    this.#loop?.recover();
    this.#comms?.recover();
    const chosen = [...this.#active.values()].filter(({ cell }) => meant === undefined || cell.id === meant);
    for (const active of id === this.#lastInterrupt ? [] : chosen) {
      const { cell } = active;
      const reason = new KeyboardInterrupt('The cell was interrupted');
      const again = cell.abort.signal.aborted;
      const isAsking = this.#stdin.isLive(cell);
      if (!again) cell.abort.abort(reason);
      const rejected = this.#loop?.interrupt(cell, reason) ?? 0;
      const endsItself = !again && (rejected > 0 || isAsking || this.#calls.isLive(cell));
      if (endsItself) {
        // A task that was cancelled takes the time that it takes; a second interrupt ends the cell. One that was
        // torn never ends.
        if (!wasTorn && this.#loop?.isEnding(cell)) continue;
        const patience = wasTorn ? TORN_FINALLY_TIME : FINALLY_TIME;
        const time = this.#calls.isLive(cell) ? COMMAND_TIME : patience;
        active.giveUp = setTimeout(() => this.#abandon(cell), time);
      } else this.#abandon(cell);
    }
    this.#lastInterrupt = id;
    // Who asks without a cell in mind hears of any that still runs.
    const running = meant === undefined ? this.#active.keys().next().value : this.#active.get(meant)?.cell.id;
    this.#port.post({ type: 'interrupted', id, running });
  }

  #abandon(cell: Cell, error: CellError = INTERRUPTED): void {
    // In this order: the evaluation that is given up ends, too, and would be an interrupted cell.
    if (this.#active.has(cell.id)) this.#failed(cell, error);
    this.#session.reset(cell.lane);
  }

  /** Errors of callbacks, timers and promises that nobody handles: shown under their cell, never fatal. */
  #uncaught(error: unknown): void {
    // What an interrupt rejected after its cell had been given up.
    if (isInterrupt(error)) return;
    const cell = currentCell();
    this.#output.emit({
      type: 'error',
      cell: cell?.id ?? 0,
      error: describeError(error, cell?.label ?? 'In [ ]'),
    });
  }
}
