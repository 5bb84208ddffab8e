/** What a handler is, and what it may use. One file a message family. */
import type { Request } from '../../protocol/message.ts';
import type { Comms } from '../comms.ts';
import type { Socket } from '../../wire/connection-file.ts';
import type { Completer } from '../completion/completer.ts';
import type { Execution } from '../execution.ts';
import type { History } from '../history.ts';
import type { Interrupter } from '../interrupter.ts';
import type { Introspection } from '../inspection.ts';
import type { Publisher } from '../publisher.ts';
import type { Usage } from '../usage.ts';
import type { Questions } from '../questions.ts';

export interface FrontServices {
  readonly publisher: Publisher;
  readonly execution: Execution;
  readonly questions: Questions;
  readonly history: History;
  readonly comms: Comms;
  readonly completer: Completer;
  readonly introspection: Introspection;
  readonly interrupter: Interrupter;
  readonly usage: Usage;
  /** Where the sockets are bound. */
  ports(): Readonly<Record<Socket, number>>;
  /** Ends the kernel, after what has been sent is on its way. */
  shutdown(): void;
}

/** Answers one request. Busy and idle are published around it, by the front. */
export type Handler = (request: Request, services: FrontServices) => Promise<void> | void;
