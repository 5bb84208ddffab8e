/** The front: requests in, replies and publications out. Owns busy and idle. */
import type { CellError, CellId, FrontPort } from '../bridge.ts';
import { ContentError } from '../protocol/content.ts';
import type { Request, RequestChannel } from '../protocol/message.ts';
import type { AtOnce } from '../shared/at-once.ts';
import type { Checker } from '../typescript/checker.ts';
import { decode, Replays, type Signer, WireError } from '../wire/frames.ts';
import type { Socket } from '../wire/connection-file.ts';
import type { Transport } from '../wire/sockets.ts';
import { createSubshell, deleteSubshell, listSubshells } from './handlers/subshell.ts';
import { Comms } from './comms.ts';
import { Execution } from './execution.ts';
import { Completer } from './completion/completer.ts';
import { commClose, commInfo, commMessage, commOpen } from './handlers/comm.ts';
import { connect } from './handlers/connect.ts';
import { complete } from './handlers/complete.ts';
import type { FrontServices, Handler } from './handlers/handler.ts';
import { history } from './handlers/history.ts';
import { inspect } from './handlers/inspect.ts';
import { isComplete } from './handlers/is-complete.ts';
import { kernelInfo } from './handlers/kernel-info.ts';
import { interrupt, shutdown } from './handlers/lifecycle.ts';
import { usage } from './handlers/usage.ts';
import { History } from './history.ts';
import type { HistoryFiles } from './history-files.ts';
import { Introspection } from './inspection.ts';
import type { MainThread } from './inspector.ts';
import { Interrupter } from './interrupter.ts';
import { Publisher } from './publisher.ts';
import { Usage } from './usage.ts';
import { Questions } from './questions.ts';
import type { SyncChildren } from './sync-child.ts';

const handlers: Readonly<Record<string, Handler>> = {
  kernel_info_request: kernelInfo,
  complete_request: complete,
  inspect_request: inspect,
  is_complete_request: isComplete,
  history_request: history,
  comm_info_request: commInfo,
  comm_open: commOpen,
  comm_msg: commMessage,
  comm_close: commClose,
  interrupt_request: interrupt,
  shutdown_request: shutdown,
  connect_request: connect,
  usage_request: usage,
  create_subshell_request: createSubshell,
  delete_subshell_request: deleteSubshell,
  list_subshell_request: listSubshells,
};

export interface FrontOptions {
  readonly transport: Transport;
  readonly signer: Signer;
  readonly runtime: FrontPort;
  readonly main: MainThread;
  /** How long (ms) the first cell waits for a subscription. */
  readonly patience?: number;
  /** Undefined when types cannot be checked. */
  readonly checker?: Checker | undefined;
  /** Where the histories of sessions are kept; undefined: nowhere. */
  readonly history?: HistoryFiles | undefined;
  /** Where the sockets are bound, once they are. */
  ports(): Readonly<Record<Socket, number>>;
  /** Undefined where the main thread does not say that it waits for a child process. */
  readonly children?: SyncChildren | undefined;
  /** Undefined where it does not say whether it runs a cell. */
  readonly atOnce?: AtOnce | undefined;
  /** Ends the kernel once the transport has sent what is queued. */
  shutdown(): void;
  /** Where dropped messages and failed handlers are reported. */
  log(text: string): void;
}

/** Of each kind a complaint is logged at most this often (ms): whoever floods the port must not flood the log. */
const LOG_INTERVAL = 1000;

type Complaint = 'dropped' | 'unknown' | 'failed';

export class Front {
  readonly #options: FrontOptions;
  readonly #publisher: Publisher;
  readonly #services: FrontServices;
  readonly #replays = new Replays();
  /** By kind: when there was the last complaint, and how many there have been since that nobody heard of. */
  readonly #complaints = new Map<Complaint, { at: number; unheard: number }>();
  #announced = false;

  constructor(options: FrontOptions) {
    this.#options = options;
    const { transport, signer, runtime, main, checker, children, atOnce } = options;
    const publisher = new Publisher(transport, signer);
    const log = new History(options.history);
    const introspection = new Introspection(main, checker);
    const questions = new Questions(runtime, publisher);
    const execution = new Execution(runtime, publisher, log, introspection, questions, options.patience);
    this.#publisher = publisher;
    this.#services = {
      publisher,
      execution,
      questions,
      history: log,
      comms: new Comms(runtime, publisher, execution),
      completer: new Completer(main, checker),
      introspection,
      usage: new Usage(),
      ports: () => options.ports(),
      interrupter: new Interrupter(runtime, main, execution, questions, children, atOnce),
      shutdown: () => options.shutdown(),
    };
  }

  start(): void {
    const { transport } = this.#options;
    transport.onSubscribe((topic) => {
      const subscription = Buffer.from(topic).toString('utf8');
      this.#publisher.publish(undefined, 'iopub_welcome', { subscription }, { topic });
      this.#announce();
      this.#services.execution.heard();
    });
    transport.onFrames((socket, frames) => this.#onFrames(socket, frames));
  }

  /**
   * Publishes "starting", once. Not before somebody can hear it: a client that has just subscribed would get
   * it ahead of its welcome.
   */
  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#publisher.status(undefined, 'starting');
  }

  /** Answers what still waits, because the process is about to end. */
  abandon(): void {
    this.#services.execution.abandon();
  }

  /** Answers what still waits with this text: the process ends at any moment. */
  lastWords(text: string): void {
    this.#services.execution.lastWords(text);
  }

  /** Tells the user something, with the cell that runs or the next one. */
  notice(text: string): void {
    this.#services.execution.notice(text);
  }

  /** Ends the running cell. */
  async interrupt(): Promise<void> {
    await this.#services.interrupter.interrupt();
  }

  /** The cells that run. */
  get runningCells(): readonly CellId[] {
    return this.#services.execution.runningCells;
  }

  /** When this cell is interrupted, it ends with this error. */
  blame(cell: CellId, error: CellError): void {
    this.#services.execution.blame(cell, error);
  }

  /** Ends one of them. */
  interruptCell(cell: CellId): Promise<boolean> {
    return this.#services.interrupter.interruptCell(cell);
  }

  /** Ends the kernel, as a shutdown_request does. */
  shutdown(): void {
    this.#options.shutdown();
  }

  #onFrames(socket: RequestChannel | 'stdin', frames: Uint8Array[]): void {
    let request: Request;
    try {
      const { message, identities } = decode(frames, this.#options.signer, this.#replays);
      if (socket === 'stdin') {
        this.#services.questions.take(message, identities);
        return;
      }
      request = { ...message, identities, channel: socket };
    } catch (error) {
      // Whatever it is: the loop that receives must go on.
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      const isTheirs = error instanceof WireError || error instanceof ContentError;
      this.#complain('dropped', `Dropped a message on ${socket}: ${isTheirs ? message : stack}`);
      return;
    }
    void this.#dispatch(request);
  }

  async #dispatch(request: Request): Promise<void> {
    this.#announce();
    const { msg_type: type } = request.header;
    // Cells wait for their turn, and publish busy when it comes. All else is answered at once.
    if (type === 'execute_request') {
      this.#push(request);
      return;
    }
    const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
    if (!handler) {
      this.#complain('unknown', `There is no answer to messages of type '${type.slice(0, 100)}'`);
      return;
    }
    this.#publisher.status(request.header, 'busy');
    try {
      await handler(request, this.#services);
    } catch (error) {
      this.#failed(request, error);
    }
    this.#idle(request);
  }

  #push(request: Request): void {
    try {
      this.#services.execution.push(request);
    } catch (error) {
      // It could not even be queued, and so has not been busy yet.
      this.#publisher.status(request.header, 'busy');
      this.#failed(request, error);
      this.#idle(request);
    }
  }

  #idle(request: Request): void {
    const { current } = this.#services.execution;
    this.#publisher.status(request.header, 'idle');
    // Clients show the state that they heard of last, and the cell still runs.
    if (current) this.#publisher.status(current, 'busy');
  }

  #complain(kind: Complaint, text: string): void {
    const now = performance.now();
    const last = this.#complaints.get(kind);
    if (last && now - last.at < LOG_INTERVAL) {
      last.unheard += 1;
      return;
    }
    const more = last && last.unheard > 0 ? ` (${last.unheard} more like the last one)` : '';
    this.#complaints.set(kind, { at: now, unheard: 0 });
    this.#options.log(text + more);
  }

  #failed(request: Request, error: unknown): void {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const { msg_type: asked } = request.header;
    const isAnswered = asked.endsWith('_request');
    // What a client did wrong is told to the client; what the kernel did wrong is also logged.
    if (!(error instanceof ContentError)) this.#complain('failed', `${asked} failed: ${stack ?? message}`);
    else if (!isAnswered) this.#complain('failed', `${asked} failed: ${message}`);
    if (!isAnswered) return;
    const type = asked.replace(/_request$/, '_reply');
    this.#publisher.reply(request, type, { status: 'error', ename: name, evalue: message, traceback: [] });
  }
}
