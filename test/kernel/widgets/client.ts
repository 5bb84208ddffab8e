/** A client in memory: keeps what widgets send, in short, and sends what a page would. */
import type { CommMessage } from '../../../kernel/bridge.ts';
import { comms, type Diverted } from '../../../kernel/runtime/comm-registry.ts';
import type { Model } from '../../../kernel/widgets/model.ts';

/** A message in short: what it does, for which model (`#1` is the first that was opened), and its data. */
export type Brief = readonly [action: string, model: string, data: object, ...buffers: string[]];

export class MemoryClient {
  readonly messages: CommMessage[] = [];
  readonly shown: unknown[] = [];
  readonly errors: string[] = [];
  readonly #names = new Map<string, string>();
  /** Where the output of the running code goes. */
  #take: ((output: Diverted) => void) | undefined;

  /** From now on widgets talk to this client. */
  connect(): void {
    comms.connect({
      send: (message) => {
        if (message.action === 'open') this.#names.set(message.comm, `#${this.#names.size + 1}`);
        this.messages.push(message);
      },
      failed: (error) => {
        const { name, message } = error as Error;
        if (this.#take)
          this.#take({ type: 'error', cell: -1, error: { ename: name, evalue: message, traceback: [] } });
        else this.errors.push(`${name}: ${message}`);
      },
      show: (value) => {
        if (!this.#take) this.shown.push(value);
        else this.#take({ type: 'display', cell: -1, data: { 'text/plain': String(value) }, metadata: {} });
      },
      divert: (take) => (run) => {
        const outer = this.#take;
        this.#take = take;
        try {
          return run();
        } finally {
          this.#take = outer;
        }
      },
    });
  }

  disconnect(): void {
    comms.connect(undefined);
  }

  /** What the code that runs prints. */
  print(text: string): void {
    this.#take?.({ type: 'stream', cell: -1, name: 'stdout', text });
  }

  /** Takes what was sent since the last call. */
  sent(): Brief[] {
    return this.messages.splice(0).map(({ action, comm, data, buffers }) => [
      action,
      this.#names.get(comm) ?? comm,
      // References by the same short names.
      JSON.parse(
        JSON.stringify(data).replaceAll(
          /IPY_MODEL_([\w-]+)/g,
          (_, id: string) => `IPY_MODEL_${this.#names.get(id)}`,
        ),
      ) as object,
      ...buffers.map((buffer) => Buffer.from(buffer).toString('hex')),
    ]);
  }

  /** A message of a page to a model. */
  post({ id }: Model, data: object, buffers: readonly Uint8Array[] = []): void {
    comms.receive({
      action: 'message',
      comm: id,
      data: data as CommMessage['data'],
      metadata: {},
      buffers,
    });
  }

  /** What a page sends when the user changes values. */
  change(model: Model, state: object): void {
    this.post(model, { method: 'update', state, buffer_paths: [] });
  }
}
