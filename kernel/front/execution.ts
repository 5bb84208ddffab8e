/** The queues of cells: one of each shell runs at a time, what it publishes goes out under its own request. */
import {
  type CellError,
  type CellId,
  type CellOutcome,
  type FrontPort,
  INTERRUPTED,
  type ToFront,
} from '../bridge.ts';
import { isHelp, nothingCalled } from '../magics/help.ts';
import { ContentError, flag, object, text as textOf } from '../protocol/content.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Header, Request } from '../protocol/message.ts';
import type { History } from './history.ts';
import type { Introspection } from './inspection.ts';
import { Parents } from './parents.ts';
import type { Extras, Publisher } from './publisher.ts';
import type { Questions } from './questions.ts';

/** An execute_request, its content checked. */
interface Queued {
  readonly request: Request;
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly stopOnError: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
}

/** The main shell or a subshell: its cells run one after the other, beside those of the others. */
interface Shell {
  readonly queue: Queued[];
  running: Running | undefined;
  /** The running cell, if it has failed: what its client had already sent behind it is still being taken in. */
  failed: Running | undefined;
}

interface Running extends Queued {
  readonly shell: Shell;
  readonly cell: CellId;
  readonly executionCount: number;
}

/** What is no text cannot be evaluated, and is left out. */
function texts(entries: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute */
function read(request: Request): Queued {
  const { content } = request;
  const silent = flag(content, 'silent', false);
  return {
    request,
    code: textOf(content, 'code'),
    silent,
    storeHistory: !silent && flag(content, 'store_history', true),
    stopOnError: flag(content, 'stop_on_error', true),
    userExpressions: texts(object(content, 'user_expressions', {})),
  };
}

/** What is printed is published at the latest after this long (ms), or when there is this much (characters). */
const STREAM_TIME = 20;
const STREAM_SIZE = 65_536;

interface Stream {
  readonly cell: CellId;
  readonly name: 'stdout' | 'stderr';
  text: string;
}

/** How long (ms) the first cell waits for somebody who hears what it says. */
const AUDIENCE_PATIENCE = 1000;

/** Far more than any client makes (JupyterLab: one for each kind of widget). */
const MOST_SUBSHELLS = 1000;

/** When no request has come for so long (ms), a client that sends many at once has sent them all. */
const QUIET_TIME = 5;

export class Execution {
  readonly #runtime: FrontPort;
  readonly #publisher: Publisher;
  readonly #history: History;
  readonly #introspection: Introspection;
  readonly #main: Shell = { queue: [], running: undefined, failed: undefined };
  readonly #subshells = new Map<string, Shell>();
  readonly #questions: Questions;
  readonly #parents = new Parents();
  /** Printed, and not published yet. */
  #stream: Stream | undefined;
  #streamTimer: NodeJS.Timeout | undefined;
  #cells: CellId = 0;
  #executionCount = 0;
  /** Those whose cells run. */
  readonly #busy = new Set<Shell>();
  /** Subshells that are gone but for the cell that still runs in them. */
  readonly #leaving = new Set<Shell>();
  /** By cell that runs: what is to be told instead of an interrupt that the user has not asked for. */
  readonly #reasons = new Map<CellId, CellError>();
  /** What the user is to be told with the next cell. */
  readonly #notices: string[] = [];
  /** Whether somebody hears what is published, or nobody is waited for any more. */
  #isHeard: boolean;
  readonly #patience: number;
  #deaf: NodeJS.Timeout | undefined;

  /** @param patience how long (ms) the first cell waits for somebody who subscribes */
  constructor(
    runtime: FrontPort,
    publisher: Publisher,
    history: History,
    introspection: Introspection,
    questions: Questions,
    patience: number = AUDIENCE_PATIENCE,
  ) {
    this.#patience = patience;
    this.#isHeard = patience === 0;
    this.#runtime = runtime;
    this.#publisher = publisher;
    this.#history = history;
    this.#introspection = introspection;
    this.#questions = questions;
    runtime.onMessage((message) => this.#onMessage(message));
  }

  /** The request whose cell runs, the main shell's if there is one: while there is one, the kernel is busy. */
  get current(): Header | undefined {
    return this.#busyShell?.running?.request.header;
  }

  /** @throws ContentError when the request is not as the protocol says; nothing is queued then */
  push(request: Request): void {
    const { subshell_id: subshell } = request.header;
    const shell = subshell === undefined ? this.#main : this.#subshells.get(subshell);
    if (!shell) throw new ContentError(`There is no subshell '${subshell}'`);
    shell.queue.push(read(request));
    if (this.#isHeard) this.#next(shell);
    else this.#deaf ??= setTimeout(() => this.heard(), this.#patience);
  }

  /**
   * Somebody has subscribed. A client's iopub socket may be slower than its shell socket; it would miss the
   * whole of its first cell, and wait for that for ever.
   */
  heard(): void {
    clearTimeout(this.#deaf);
    if (this.#isHeard) return;
    this.#isHeard = true;
    for (const shell of this.#shells) this.#next(shell);
  }

  /** From now on cells may name this subshell. @throws ContentError when there are too many */
  addSubshell(id: string): void {
    if (this.#subshells.size >= MOST_SUBSHELLS)
      throw new ContentError(
        `There are ${MOST_SUBSHELLS} subshells already; delete_subshell_request removes one`,
      );
    this.#subshells.set(id, { queue: [], running: undefined, failed: undefined });
  }

  /**
   * Takes a subshell away: what is queued is aborted, the cell that runs still gets its reply.
   * @returns that cell
   * @throws ContentError when there is none of this id
   */
  removeSubshell(id: string): CellId | undefined {
    const shell = this.#subshells.get(id);
    if (!shell) throw new ContentError(`There is no subshell '${id}'`);
    this.#subshells.delete(id);
    if (shell.running) this.#leaving.add(shell);
    this.#abort(shell.queue.splice(0));
    return shell.running?.cell;
  }

  /** The ids of all subshells, oldest first. */
  get subshells(): string[] {
    return [...this.#subshells.keys()];
  }

  /** Tells the user something, under a cell that runs or else under the next one. */
  notice(text: string): void {
    const running = this.#busyShell?.running;
    if (!running) {
      this.#notices.push(text);
      return;
    }
    this.#flushStream();
    this.#publish(running.cell, 'stream', { name: 'stderr', text: `${text}\n` });
  }

  /** Tells the user what there is no later time for, under a cell that runs or else under the latest one. */
  lastWords(text: string): void {
    const running = this.#busyShell?.running;
    if (running) this.abandon(text);
    else this.#publisher.publish(this.#parents.latest, 'stream', { name: 'stderr', text: `${text}\n` });
  }

  /** The cells that run, in all shells, the one that began last first. */
  get runningCells(): CellId[] {
    return [...this.#busy].flatMap(({ running }) => (running ? [running.cell] : [])).sort((a, b) => b - a);
  }

  /** The request that a cell runs for. */
  headerOf(cell: CellId): Header | undefined {
    return this.#parents.of(cell);
  }

  /** A run that is no cell: what is published for its id goes out under this request. */
  adopt(request: Header): CellId {
    const run = ++this.#cells;
    this.#parents.add(run, 'message', request);
    return run;
  }

  /** The request that output of this run belongs to. */
  parentOf(cell: CellId): Header | undefined {
    return this.#parents.of(cell);
  }

  /** A running cell is about to be interrupted, for a reason of the kernel's: it ends with this error. */
  blame(cell: CellId, error: CellError): void {
    if (this.#runningOf(cell)) this.#reasons.set(cell, error);
  }

  /** What an error of the cell is called to the user. */
  #reasonOf(cell: CellId, error: CellError): CellError {
    return error.ename === INTERRUPTED.ename ? (this.#reasons.get(cell) ?? error) : error;
  }

  /** Ends a cell that was interrupted and that the runtime does not know of (any more): it was lost with a torn step. */
  settle(cell: CellId): void {
    const running = this.#runningOf(cell);
    // A cell that has failed already is on its way out.
    if (!running || running === running.shell.failed) return;
    this.#flushStream();
    const error = this.#reasonOf(cell, INTERRUPTED);
    if (!running.silent) this.#publisher.publish(running.request.header, 'error', error);
    this.#done(cell, { status: 'error', error: INTERRUPTED, declared: [] });
  }

  /**
   * To be called when the process ends by itself: nobody shall wait for an answer for ever.
   * @param why what their cells end with
   */
  abandon(why: string = 'The process of the kernel was ended by the code that it ran'): void {
    this.#flushStream();
    const error = { ename: 'ProcessExit', evalue: why, traceback: [`ProcessExit: ${why}`] };
    for (const { running, failed, queue } of this.#shells) {
      if (!running) continue;
      const isTold = running.silent || running === failed;
      if (!isTold) this.#publisher.publish(running.request.header, 'error', error);
      this.#finish(running, { status: 'error', error, declared: [] }, queue.splice(0));
    }
  }

  /** One whose cell runs and has not failed, the main one if it is that. */
  get #busyShell(): Shell | undefined {
    const isBusy = ({ running, failed }: Shell): boolean => running !== failed;
    return isBusy(this.#main) ? this.#main : [...this.#busy].find(isBusy);
  }

  get #shells(): Shell[] {
    return [this.#main, ...this.#subshells.values(), ...this.#leaving];
  }

  #runningOf(cell: CellId): Running | undefined {
    for (const { running } of this.#busy) if (running?.cell === cell) return running;
    return undefined;
  }

  #next(shell: Shell): void {
    if (shell.running) return;
    const queued = shell.queue.shift();
    if (!queued) return;
    const { request, code, silent, storeHistory, userExpressions } = queued;
    if (storeHistory) this.#executionCount += 1;
    const running: Running = {
      ...queued,
      shell,
      cell: ++this.#cells,
      executionCount: this.#executionCount,
    };
    shell.running = running;
    this.#busy.add(shell);
    const { cell, executionCount } = running;
    this.#parents.add(cell, 'cell', request.header);
    this.#questions.begin(cell, request);
    if (storeHistory) this.#history.add(executionCount, code);
    const help = isHelp(code);
    // The runtime begins while this is published: whatever it says is read later.
    if (!help)
      this.#runtime.post({
        type: 'execute',
        request: { cell, code, executionCount, silent, userExpressions },
      });
    this.#publisher.status(request.header, 'busy');
    if (!silent)
      this.#publisher.publish(request.header, 'execute_input', { code, execution_count: executionCount });
    for (const text of this.#notices.splice(0)) this.notice(text);
    if (help) void this.#help(running, help.name, help.detail);
  }

  /** `name?` is answered here: it asks about the session, and runs nothing in it. */
  async #help({ cell, request, silent }: Running, name: string, detail: number): Promise<void> {
    const { found, data } = await this.#introspection.help(name, detail);
    if (found) {
      this.#done(cell, { status: 'ok', payload: [{ source: 'page', data, start: 0 }], userExpressions: {} });
      return;
    }
    const error = nothingCalled(name);
    if (!silent) this.#publisher.publish(request.header, 'error', error);
    this.#done(cell, { status: 'error', error, declared: [] });
  }

  /** The runtime sends what is printed at once; here it waits a moment for more, so that few messages carry it. */
  #hold({ cell, name, text }: Stream): void {
    const held = this.#stream;
    if (held && (held.cell !== cell || held.name !== name || held.text.length > STREAM_SIZE))
      this.#flushStream();
    if (this.#stream) this.#stream.text += text;
    else {
      this.#stream = { cell, name, text };
      this.#streamTimer = setTimeout(() => this.#flushStream(), STREAM_TIME);
    }
  }

  #flushStream(): void {
    clearTimeout(this.#streamTimer);
    const held = this.#stream;
    this.#stream = undefined;
    if (held) this.#publish(held.cell, 'stream', { name: held.name, text: held.text });
  }

  #onMessage(message: ToFront): void {
    if (message.type !== 'stream') this.#flushStream();
    switch (message.type) {
      case 'stream':
        this.#hold(message);
        break;
      case 'result': {
        const { cell, executionCount, data, metadata } = message;
        this.#publish(cell, 'execute_result', { execution_count: executionCount, data, metadata });
        const plain = data['text/plain'];
        if (this.#runningOf(cell)?.storeHistory && typeof plain === 'string')
          this.#history.setOutput(executionCount, plain);
        break;
      }
      case 'display': {
        const { cell, data, metadata, displayId, update } = message;
        const transient = displayId === undefined ? {} : { display_id: displayId };
        this.#publish(cell, update ? 'update_display_data' : 'display_data', { data, metadata, transient });
        break;
      }
      case 'broadcast': {
        const { metadata, buffers } = message;
        this.#publish(message.cell, message.messageType, message.content, { metadata, buffers });
        break;
      }
      case 'clear':
        this.#publish(message.cell, 'clear_output', { wait: message.wait });
        break;
      case 'error':
        this.#publish(message.cell, 'error', this.#reasonOf(message.cell, message.error));
        break;
      case 'ask':
        this.#questions.ask(message.question);
        break;
      case 'done':
        this.#done(message.cell, message.outcome);
        break;
      default:
    }
  }

  #publish(cell: CellId, type: string, content: object, extras?: Extras): void {
    this.#publisher.publish(this.parentOf(cell), type, content, extras);
  }

  #done(cell: CellId, outcome: CellOutcome): void {
    const running = this.#runningOf(cell);
    if (!running || running === running.shell.failed) return;
    if (outcome.status === 'ok' || !running.stopOnError) {
      this.#finish(running, outcome);
      return;
    }
    // What its client has sent before it could know of the error belongs to the same run of cells as
    // what is queued, and some of it may still be on its way.
    const { shell } = running;
    const { queue } = shell;
    shell.failed = running;
    const abortWhenQuiet = (queued: number): void => {
      if (queue.length > queued) setTimeout(abortWhenQuiet, QUIET_TIME, queue.length);
      else this.#finish(running, outcome, queue.splice(0));
    };
    setTimeout(abortWhenQuiet, QUIET_TIME, queue.length);
  }

  #finish(running: Running, outcome: CellOutcome, aborted: readonly Queued[] = []): void {
    const { request, executionCount, shell } = running;
    if (shell.running !== running) return;
    const content =
      outcome.status === 'ok'
        ? {
            status: 'ok',
            execution_count: executionCount,
            payload: outcome.payload,
            user_expressions: outcome.userExpressions,
          }
        : {
            status: 'error',
            execution_count: executionCount,
            ...this.#reasonOf(running.cell, outcome.error),
          };
    this.#reasons.delete(running.cell);
    shell.running = undefined;
    this.#busy.delete(shell);
    this.#leaving.delete(shell);
    this.#questions.end(running.cell);
    this.#publisher.reply(request, 'execute_reply', content);
    this.#publisher.status(request.header, 'idle');
    this.#abort(aborted);
    // Clients show the state that they heard of last, and another shell may be busy.
    if (this.current && shell.queue.length === 0) this.#publisher.status(this.current, 'busy');
    this.#next(shell);
  }

  #abort(queued: readonly Queued[]): void {
    for (const { request } of queued) {
      const content = { status: 'aborted', execution_count: this.#executionCount };
      this.#publisher.status(request.header, 'busy');
      this.#publisher.reply(request, 'execute_reply', content);
      this.#publisher.status(request.header, 'idle');
    }
  }
}
