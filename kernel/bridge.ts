/**
 * The typed messages between the front (the side that talks to clients) and the runtime (the side
 * that runs cells). Everything that crosses that border is one of these two unions; both survive a
 * structured clone, so the border may be a MessagePort (kernel) or a child's IPC channel (`tsloop run`).
 */
import type { JsonObject } from './protocol/json.ts';

/** A MIME bundle: MIME type → content. `text/plain` is always there. */
export type MimeBundle = JsonObject;

/** Identifies one run of one cell, unique in a session. Output names the run that it belongs to. */
export type CellId = number;

/** One cell to run. */
export interface CellRequest {
  readonly cell: CellId;
  readonly code: string;
  /** The n of `In [n]`; not raised for silent cells or those kept out of the history. */
  readonly executionCount: number;
  /** No result and no error are published; stream output still is, as the client asked for. */
  readonly silent: boolean;
  /** Name → expression, evaluated after the cell has succeeded. */
  readonly userExpressions: Readonly<Record<string, string>>;
}

/** What is done with a cell's type errors: it is not run, it is run and they are printed, nothing. */
export type TypecheckMode = 'on' | 'warn' | 'off';

/** The mode that a word names; undefined for any other. */
export function typecheckMode(word: string | undefined): TypecheckMode | undefined {
  return word === 'on' || word === 'warn' || word === 'off' ? word : undefined;
}

/** What a failed cell says: the fields of the protocol's `error` message. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** A cell that the user stopped, as clients expect it to be called. */
export const INTERRUPTED: CellError = {
  ename: 'KeyboardInterrupt',
  evalue: 'The cell was interrupted',
  traceback: ['KeyboardInterrupt: The cell was interrupted'],
};

/** One entry of an execute_reply's `payload` list. */
export type Payload =
  | { readonly source: 'set_next_input'; readonly text: string; readonly replace: boolean }
  | { readonly source: 'page'; readonly data: MimeBundle; readonly start: number };

export type UserExpressionResult =
  | { readonly status: 'ok'; readonly data: MimeBundle; readonly metadata: JsonObject }
  | ({ readonly status: 'error' } & CellError);

/** How a cell ended. An interrupted one is an error whose ename is KeyboardInterrupt. */
export type CellOutcome =
  | {
      readonly status: 'ok';
      readonly payload: Payload[];
      readonly userExpressions: Record<string, UserExpressionResult>;
    }
  | {
      readonly status: 'error';
      readonly error: CellError;
      /** The values that the cell had declared before it failed. */
      readonly declared: readonly string[];
    };

/**
 * One message of a comm, in either direction.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
export interface CommMessage {
  readonly action: 'open' | 'message' | 'close';
  /** The comm's id. */
  readonly comm: string;
  /** Of a comm that opens: who is to answer it on the other side. */
  readonly target?: string | undefined;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** A question to the user of the client that runs a cell: an `input_request` of the protocol. */
export interface Question {
  /** Unique in a session; names the answer. */
  readonly id: number;
  /** The cell whose code asks. */
  readonly cell: CellId;
  readonly prompt: string;
  /** What is typed is not to be shown. */
  readonly password: boolean;
  /** The runtime's thread waits for the answer, and takes no message before it has it. */
  readonly blocks: boolean;
}

/** What became of a question. Each gets one answer. */
export type Answer =
  | { readonly id: number; readonly status: 'answered'; readonly value: string }
  /** Nobody can answer; the reason is a sentence for the user. */
  | { readonly id: number; readonly status: 'refused'; readonly reason: string }
  | { readonly id: number; readonly status: 'interrupted' };

/** See wire/fifos.ts. */
export interface OpenFifos {
  /** Descriptors of this process to read from, which do not block. */
  readonly readers: readonly [stdout: number, stderr: number];
  /** What to open for writing. */
  readonly paths: readonly [stdout: string, stderr: string];
  /** The folder that is left to be removed. */
  readonly folder: string | undefined;
}

export type ToRuntime =
  | { readonly type: 'execute'; readonly request: CellRequest }
  /** Answered by `pong` at once when the thread is idle, later (or never) when it is blocked. */
  | { readonly type: 'ping'; readonly id: number }
  /**
   * Ends the running cell with a KeyboardInterrupt; harmless when none runs. One that has begun since the
   * user asked for it is left alone: `cell` is the one that is meant, 0 for none, undefined for any.
   */
  | { readonly type: 'interrupt'; readonly id: number; readonly cell?: CellId }
  /**
   * From a client. What its handler prints names `run`. Answered by `commTaken` when the handler has returned.
   */
  | { readonly type: 'comm'; readonly run: CellId; readonly message: CommMessage }
  /** Answered by `existing`. */
  | { readonly type: 'exist'; readonly id: number; readonly names: readonly string[] }
  /** Answers `askTypes`: by name, those that TypeScript knows. */
  | { readonly type: 'types'; readonly id: number; readonly types: Readonly<Record<string, string>> }
  /** `blocks`: the question does, so the answer goes past the queue of messages. */
  | { readonly type: 'answer'; readonly answer: Answer; readonly blocks: boolean }
  /** FIFOs for the descriptors 1 and 2 are there; what they are is in wire/fifos.ts. */
  | { readonly type: 'capture'; readonly fifos: OpenFifos }
  /** Ends the process, with its exit hooks, with this exit code. */
  | { readonly type: 'shutdown'; readonly exitCode: number };

export type ToFront = Said & {
  /** Names the mark in the output of others that stands where the message does; see wire/marks.ts. */
  readonly mark?: number;
};

type Said =
  /** The runtime has started and takes cells. */
  | { readonly type: 'ready' }
  | { readonly type: 'pong'; readonly id: number }
  /** Which of the names a cell could use: variables that have a value, and globals. */
  | { readonly type: 'existing'; readonly id: number; readonly names: readonly string[] }
  /** The working directory has changed: for a front in another process, which cannot see it. */
  | { readonly type: 'folder'; readonly path: string }
  /** From the next cell on, until told otherwise. */
  | { readonly type: 'typecheck'; readonly mode: TypecheckMode }
  /** What types these names have: the type checker knows, and answers by `types`. */
  | { readonly type: 'askTypes'; readonly id: number; readonly names: readonly string[] }
  | { readonly type: 'ask'; readonly question: Question }
  /** Descriptors 1 and 2 lead to these two readers now, and `log` (if it could be kept) where 2 led before. */
  | {
      readonly type: 'captured';
      readonly token: string;
      readonly readers: readonly [stdout: number, stderr: number];
      readonly log: number | undefined;
    }
  /** What children of this cell print comes from these two readers, as their standard output and error. */
  | {
      readonly type: 'channel';
      readonly channel: number;
      readonly cell: CellId;
      readonly readers: readonly [stdout: number, stderr: number];
    }
  /** No more marks are written there; it ends when all who may print have ended. */
  | { readonly type: 'released'; readonly channel: number }
  /** An interrupt has been taken; `running` names the cell that still ends by itself (its `finally` blocks, its children). */
  | { readonly type: 'interrupted'; readonly id: number; readonly running: CellId | undefined }
  | {
      readonly type: 'stream';
      readonly cell: CellId;
      readonly name: 'stdout' | 'stderr';
      readonly text: string;
    }
  | {
      readonly type: 'result';
      readonly cell: CellId;
      readonly executionCount: number;
      readonly data: MimeBundle;
      readonly metadata: JsonObject;
    }
  | {
      readonly type: 'display';
      readonly cell: CellId;
      readonly data: MimeBundle;
      readonly metadata: JsonObject;
      readonly displayId?: string;
      /** True: changes what was shown under `displayId` before. */
      readonly update?: boolean;
    }
  /** A message of any type to all clients. */
  | {
      readonly type: 'broadcast';
      readonly cell: CellId;
      readonly messageType: string;
      readonly content: JsonObject;
      readonly metadata: JsonObject;
      readonly buffers: readonly Uint8Array[];
    }
  | { readonly type: 'clear'; readonly cell: CellId; readonly wait: boolean }
  /** To the clients. */
  | { readonly type: 'comm'; readonly cell: CellId; readonly message: CommMessage }
  | { readonly type: 'commTaken'; readonly run: CellId }
  /** An error to publish: the failure of the cell, or one that a callback of it left uncaught. */
  | { readonly type: 'error'; readonly cell: CellId; readonly error: CellError }
  /** Nothing: what counts is the mark that it has. */
  | { readonly type: 'mark' }
  /** Always the last message of a run, after all output that was written before it. */
  | { readonly type: 'done'; readonly cell: CellId; readonly outcome: CellOutcome };

/** One end of the border. Messages arrive in the order in which they were posted. */
export interface Port<Send, Receive> {
  post(message: Send): void;
  onMessage(listener: (message: Receive) => void): void;
}

export interface RuntimePort extends Port<ToFront, ToRuntime> {
  /** Posts several messages at once: the other thread is woken once. They share the mark of the first. */
  postTogether?(messages: readonly ToFront[]): void;
  /** Asks a question that blocks: returns when it is answered. What was posted before has been sent by then. */
  ask(question: Question): Answer;
  /** Runs a step while the front's thread does nothing; false if that is too busy. Only where the front lives in the same process. */
  standStill?(step: () => void): boolean;
}
export type FrontPort = Port<ToRuntime, ToFront>;

/** The global through which a cell's code, and the front's inspector session, reach the runtime. */
export const HOST = '__tsloop__';

/**
 * The name of the script in which the front, through the inspector, asks the runtime's thread to
 * stop: what stands below it on that thread's stack was running.
 */
export const STOP_SCRIPT = 'tsloop:stop';

/** How far the front goes with code that lets no message in; it goes further the longer that takes. */
export type Force =
  /** Only looks. */
  | 'nothing'
  /** Ends code that is stuck: in the same callback at two looks; and microtasks without end. */
  | 'stuck'
  /** Also stops endless process.nextTick chains, by letting their next call throw, and microtasks with ticks between them. */
  | 'ticks'
  /** Also ends the user's code in endless short callbacks of other kinds, wherever it is. */
  | 'callbacks'
  /** Also tears Node's own code, if nothing else helps. */
  | 'anything';

/** What the front learns from an attempt. */
export type Attempt =
  /** A loop works on copies of variables; to be evaluated in its frame while it is paused, in which it is to be ended: what writes them back. */
  | { readonly writeBack: string }
  /** The code was told to stop. */
  | 'terminated'
  /** The code was told so before, and goes on all the same. It can be told again. */
  | 'swallowed'
  /** To be tried again in a moment: it is not certain yet that the code is stuck, it is not the user's, or there is none. */
  | 'not now'
  /** The code is stuck, but just now in one of Node's own steps, or the kernel's, that it has called: to be tried again soon. */
  | 'nearly';

/** What an attempt has to know. */
export interface Stop {
  readonly force: Force;
  /** Cells whose code is left alone. */
  readonly spared?: readonly CellId[];
  /** Loops have written back what they work on, as far as that is possible. */
  readonly isWritten?: boolean;
  /** V8's debugger has paused the code: it may be looked at once more before it ends. */
  readonly isPaused?: boolean;
}

/**
 * What the front evaluates, through the inspector, in the middle of running code.
 * @returns an expression whose value is an {@link Attempt}
 */
export function stopExpression(stop: Stop): string {
  const call = `${HOST}.terminate(${JSON.stringify(stop)})`;
  return `${call}\n//# sourceURL=${STOP_SCRIPT}`;
}

/** Whether microtasks run without end and with no function below them on the stack. */
export type Frameless = 'no' | 'yes' | 'ended';

/**
 * The same, when the heap is getting full; see runtime/frameless.ts.
 * @param most in bytes
 * @returns an expression whose value is {@link Frameless}
 */
export function stopFramelessExpression(most: number): string {
  return `${HOST}.stopFrameless(${most})\n//# sourceURL=${STOP_SCRIPT}`;
}

/** When there is room again. */
export const END_FRAMELESS: string = `${HOST}.endFrameless()`;
