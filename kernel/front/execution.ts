/** The queue of cells: one runs at a time, what it publishes goes out under its own request. */
import { type CellId, type CellOutcome, type FrontPort, INTERRUPTED, type ToFront } from '../bridge.ts';
import { isHelp, nothingCalled } from '../magics/help.ts';
import { flag, object, text as textOf } from '../protocol/content.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Header, Request } from '../protocol/message.ts';
import type { History } from './history.ts';
import type { Introspection } from './inspection.ts';
import type { Publisher } from './publisher.ts';
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

interface Running extends Queued {
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

/** When no request has come for so long (ms), a client that sends many at once has sent them all. */
const QUIET_TIME = 5;

export class Execution {
  readonly #runtime: FrontPort;
  readonly #publisher: Publisher;
  readonly #history: History;
  readonly #introspection: Introspection;
  readonly #questions: Questions;
  readonly #queue: Queued[] = [];
  /** The requests of all cells so far: a callback may print under its cell long after it has ended. */
  readonly #parents = new Map<CellId, Header>();
  #running: Running | undefined;
  /** Printed, and not published yet. */
  #stream: Stream | undefined;
  #streamTimer: NodeJS.Timeout | undefined;
  /** The running cell, if it has failed: what its client had already sent behind it is still being taken in. */
  #failed: Running | undefined;
  #cells: CellId = 0;
  #executionCount = 0;
  /** What the user is to be told with the next cell. */
  readonly #notices: string[] = [];

  constructor(
    runtime: FrontPort,
    publisher: Publisher,
    history: History,
    introspection: Introspection,
    questions: Questions,
  ) {
    this.#runtime = runtime;
    this.#publisher = publisher;
    this.#history = history;
    this.#introspection = introspection;
    this.#questions = questions;
    runtime.onMessage((message) => this.#onMessage(message));
  }

  /** The request whose cell runs: while there is one, the kernel is busy. */
  get current(): Header | undefined {
    return this.#running === this.#failed ? undefined : this.#running?.request.header;
  }

  /** @throws ContentError when the request is not as the protocol says; nothing is queued then */
  push(request: Request): void {
    this.#queue.push(read(request));
    this.#next();
  }

  /** Tells the user something, under the cell that runs or else under the next one. */
  notice(text: string): void {
    const running = this.#running;
    if (!running || running === this.#failed) {
      this.#notices.push(text);
      return;
    }
    this.#flushStream();
    this.#publish(running.cell, 'stream', { name: 'stderr', text: `${text}\n` });
  }

  get currentCell(): CellId | undefined {
    return this.#running?.cell;
  }

  /** Ends a cell that was interrupted and that the runtime does not know of (any more): it was lost with a torn step. */
  settle(cell: CellId): void {
    const running = this.#running;
    // A cell that has failed already is on its way out.
    if (running?.cell !== cell || running === this.#failed) return;
    this.#flushStream();
    if (!running.silent) this.#publisher.publish(running.request.header, 'error', INTERRUPTED);
    this.#done(cell, { status: 'error', error: INTERRUPTED, declared: [] });
  }

  /** To be called when the process ends by itself: nobody shall wait for an answer for ever. */
  abandon(): void {
    this.#flushStream();
    const running = this.#running;
    if (!running) return;
    const evalue = 'The process of the kernel was ended by the code that it ran';
    const error = { ename: 'ProcessExit', evalue, traceback: [`ProcessExit: ${evalue}`] };
    const isTold = running.silent || running === this.#failed;
    if (!isTold) this.#publisher.publish(running.request.header, 'error', error);
    this.#finish(running, { status: 'error', error, declared: [] }, this.#queue.splice(0));
  }

  #next(): void {
    if (this.#running) return;
    const queued = this.#queue.shift();
    if (!queued) return;
    const { request, code, silent, storeHistory, userExpressions } = queued;
    if (storeHistory) this.#executionCount += 1;
    const running: Running = { ...queued, cell: ++this.#cells, executionCount: this.#executionCount };
    this.#running = running;
    const { cell, executionCount } = running;
    this.#parents.set(cell, request.header);
    this.#questions.begin(cell, request);
    this.#publisher.status(request.header, 'busy');
    if (!silent)
      this.#publisher.publish(request.header, 'execute_input', { code, execution_count: executionCount });
    if (storeHistory) this.#history.add(executionCount, code);
    for (const text of this.#notices.splice(0)) this.notice(text);
    const help = isHelp(code);
    if (help) void this.#help(running, help.name, help.detail);
    else
      this.#runtime.post({
        type: 'execute',
        request: { cell, code, executionCount, silent, userExpressions },
      });
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
        if (this.#running?.storeHistory && typeof plain === 'string')
          this.#history.setOutput(executionCount, plain);
        break;
      }
      case 'display': {
        const { cell, data, metadata, displayId, update } = message;
        const transient = displayId === undefined ? {} : { display_id: displayId };
        this.#publish(cell, update ? 'update_display_data' : 'display_data', { data, metadata, transient });
        break;
      }
      case 'clear':
        this.#publish(message.cell, 'clear_output', { wait: message.wait });
        break;
      case 'error':
        this.#publish(message.cell, 'error', message.error);
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

  #publish(cell: CellId, type: string, content: object): void {
    this.#publisher.publish(this.#parents.get(cell), type, content);
  }

  #done(cell: CellId, outcome: CellOutcome): void {
    const running = this.#running;
    if (running?.cell !== cell || running === this.#failed) return;
    if (outcome.status === 'ok' || !running.stopOnError) {
      this.#finish(running, outcome);
      return;
    }
    // What its client has sent before it could know of the error belongs to the same run of cells as
    // what is queued, and some of it may still be on its way.
    this.#failed = running;
    const abortWhenQuiet = (queued: number): void => {
      if (this.#queue.length > queued) setTimeout(abortWhenQuiet, QUIET_TIME, this.#queue.length);
      else this.#finish(running, outcome, this.#queue.splice(0));
    };
    setTimeout(abortWhenQuiet, QUIET_TIME, this.#queue.length);
  }

  #finish(running: Running, outcome: CellOutcome, aborted: readonly Queued[] = []): void {
    if (this.#running !== running) return;
    const { request, executionCount } = running;
    const content =
      outcome.status === 'ok'
        ? {
            status: 'ok',
            execution_count: executionCount,
            payload: outcome.payload,
            user_expressions: outcome.userExpressions,
          }
        : { status: 'error', execution_count: executionCount, ...outcome.error };
    this.#running = undefined;
    this.#questions.end(running.cell);
    this.#publisher.reply(request, 'execute_reply', content);
    this.#publisher.status(request.header, 'idle');
    for (const { request: late } of aborted) {
      this.#publisher.status(late.header, 'busy');
      this.#publisher.reply(late, 'execute_reply', { status: 'aborted', execution_count: executionCount });
      this.#publisher.status(late.header, 'idle');
    }
    this.#next();
  }
}
