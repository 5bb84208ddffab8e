/**
 * Questions to users: from the cell that asks to the client that sent it, and the answer back.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel
 */
import type { Answer, CellId, FrontPort, Question } from '../bridge.ts';
import { flag, text } from '../protocol/content.ts';
import type { Message, Request } from '../protocol/message.ts';
import type { Publisher } from './publisher.ts';

/** A question whose client can be asked. */
interface Asked {
  readonly question: Question;
  /** The execute_request on whose behalf it is asked. */
  readonly request: Request;
}

const ENDED =
  'A question was asked when its cell had ended: clients show questions only while a cell runs. ' +
  'Let the cell await what asks.';
const NOT_ALLOWED =
  'This client takes no questions (its request says allow_stdin: false): ' +
  'where a notebook is run without a user, nobody can answer. Set the value in a cell, or read it from process.env.';

export class Questions {
  readonly #runtime: FrontPort;
  readonly #publisher: Publisher;
  /** The cells that run. */
  readonly #running = new Map<CellId, Request>();
  /** In the order in which they were asked. The first has been sent: users answer one at a time. */
  #waiting: Asked[] = [];
  /** The id of the message that asked the first one. */
  #sent: string | undefined;

  constructor(runtime: FrontPort, publisher: Publisher) {
    this.#runtime = runtime;
    this.#publisher = publisher;
  }

  /** The cell of the request runs from now on. */
  begin(cell: CellId, request: Request): void {
    this.#running.set(cell, request);
  }

  /** The cell has ended: its client has put away what it asked. */
  end(cell: CellId): void {
    const request = this.#running.get(cell);
    this.#running.delete(cell);
    this.#drop(
      (asked) => asked.request === request,
      ({ id }) => ({ id, status: 'refused', reason: ENDED }),
    );
  }

  /** An interrupt: code that is blocked by a question goes on, with a KeyboardInterrupt. */
  withdraw(): void {
    this.#drop(
      ({ question }) => question.blocks,
      ({ id }) => ({ id, status: 'interrupted' }),
    );
  }

  /** An input_reply. One that answers no question, or another one than is open, is dropped: it came too late. @throws ContentError */
  take({ header, parent, content }: Message, identities: readonly Uint8Array[]): void {
    const [first] = this.#waiting;
    if (!first || header.msg_type !== 'input_reply') return;
    // jupyter_client names no parent.
    if (parent.msg_id !== undefined && parent.msg_id !== '' && parent.msg_id !== this.#sent) return;
    const asked = first.request.identities;
    if (asked.length !== identities.length || asked.some((id, i) => !Buffer.from(id).equals(identities[i]!)))
      return;
    const value = text(content, 'value', '');
    this.#waiting.shift();
    this.#answer(first.question, { id: first.question.id, status: 'answered', value });
    this.#send();
  }

  /** From the runtime. What was printed before it has been published. */
  ask(question: Question): void {
    const { id, cell } = question;
    // A callback of an earlier cell is answered by whoever runs one now.
    const request = this.#running.get(cell) ?? [...this.#running.values()].at(-1);
    if (!request) this.#answer(question, { id, status: 'refused', reason: ENDED });
    else if (!flag(request.content, 'allow_stdin', false))
      this.#answer(question, { id, status: 'refused', reason: NOT_ALLOWED });
    else {
      this.#waiting.push({ question, request });
      if (this.#waiting.length === 1) this.#send();
    }
  }

  /** Sends the first of those that wait. */
  #send(): void {
    const [first] = this.#waiting;
    if (!first) {
      this.#sent = undefined;
      return;
    }
    const { prompt, password } = first.question;
    this.#sent = this.#publisher.ask(first.request, { prompt, password });
  }

  #drop(isMeant: (asked: Asked) => boolean, answer: (question: Question) => Answer): void {
    const [first] = this.#waiting;
    const dropped = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((asked) => !dropped.includes(asked));
    for (const { question } of dropped) this.#answer(question, answer(question));
    if (this.#waiting[0] !== first) this.#send();
  }

  #answer(question: Question, answer: Answer): void {
    this.#runtime.post({ type: 'answer', answer, blocks: question.blocks });
  }
}
