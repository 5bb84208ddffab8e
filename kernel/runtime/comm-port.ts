/** Comms on their way between the registry and the front: each message is handled on behalf of a run of its own. */
import type { CellId, CommMessage } from '../bridge.ts';
import { currentCell, resumeCell } from './cells.ts';
import { comms } from './comm-registry.ts';
import type { Output } from './output.ts';

export class CommPort {
  readonly #output: Output;
  /** By comm that is open: the cell that opened it, as it is called in stacks. */
  readonly #labels = new Map<string, string>();
  /** The run whose handler is being called. */
  #running: CellId | undefined;

  /** @param failed shows an error of the running code */
  constructor(output: Output, failed: (error: unknown) => void) {
    this.#output = output;
    comms.connect({
      send: (message) => {
        const { action, comm } = message;
        const cell = currentCell();
        if (action === 'open' && cell) this.#labels.set(comm, cell.label);
        if (action === 'close') this.#labels.delete(comm);
        output.emit({ type: 'comm', cell: cell?.id ?? 0, message });
      },
      failed,
    });
  }

  /** Handles a client's message, on behalf of `run`. */
  receive(run: CellId, message: CommMessage): void {
    const label = this.#labels.get(message.comm) ?? 'In [ ]';
    const cell = { id: run, lane: 0, label, abort: new AbortController(), payload: [] };
    this.#running = run;
    resumeCell(cell, () => comms.receive(message), []);
    if (message.action === 'close') this.#labels.delete(message.comm);
    this.recover();
  }

  /** Ends the run whose handler has returned, or was torn by an interrupt. */
  recover(): void {
    const run = this.#running;
    this.#running = undefined;
    if (run !== undefined) this.#output.emit({ type: 'commTaken', run });
  }
}
