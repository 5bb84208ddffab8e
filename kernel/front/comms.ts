/**
 * The comms that are open, as far as the front knows: which there are, and the way of their messages between
 * clients and the runtime, where their handlers are.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
import type { CellId, CommMessage, FrontPort } from '../bridge.ts';
import type { Header } from '../protocol/message.ts';
import type { Execution } from './execution.ts';
import type { Publisher } from './publisher.ts';

const types = { open: 'comm_open', message: 'comm_msg', close: 'comm_close' } as const;

export class Comms {
  readonly #runtime: FrontPort;
  readonly #publisher: Publisher;
  readonly #execution: Execution;
  /** By id: the target's name. */
  readonly #open = new Map<string, string>();
  /** Messages of clients that the runtime has not taken yet. */
  readonly #delivered = new Map<CellId, () => void>();

  constructor(runtime: FrontPort, publisher: Publisher, execution: Execution) {
    this.#runtime = runtime;
    this.#publisher = publisher;
    this.#execution = execution;
    runtime.onMessage((message) => {
      if (message.type === 'comm') this.#publish(execution.parentOf(message.cell), message.message);
      else if (message.type === 'commTaken') {
        this.#delivered.get(message.run)?.();
        this.#delivered.delete(message.run);
      }
    });
  }

  /** The content of a comm_info_reply; an empty target means all. */
  info(target: string): Record<string, { target_name: string }> {
    const chosen = [...this.#open].filter(([, name]) => target === '' || name === target);
    return Object.fromEntries(chosen.map(([comm, name]) => [comm, { target_name: name }]));
  }

  /** Hands a client's message to its handler; resolves when that has returned. */
  deliver(request: Header, message: CommMessage): Promise<void> {
    const { action, comm, target } = message;
    if (action === 'open') this.#open.set(comm, target ?? '');
    else if (!this.#open.has(comm)) {
      // It is gone, with an earlier kernel perhaps: nobody shall wait for an answer.
      if (action === 'message')
        this.#publish(request, { action: 'close', comm, data: {}, metadata: {}, buffers: [] });
      return Promise.resolve();
    }
    if (action === 'close') this.#open.delete(comm);
    const run = this.#execution.adopt(request);
    return new Promise((resolve) => {
      // Data that is nested too deeply cannot be posted.
      this.#runtime.post({ type: 'comm', run, message });
      this.#delivered.set(run, resolve);
    });
  }

  #publish(
    parent: Header | undefined,
    { action, comm, target = '', data, metadata, buffers }: CommMessage,
  ): void {
    if (action === 'open') this.#open.set(comm, target);
    if (action === 'close') this.#open.delete(comm);
    const content = { comm_id: comm, data, ...(action === 'open' ? { target_name: target } : {}) };
    this.#publisher.publish(parent, types[action], content, { metadata, buffers });
  }
}
