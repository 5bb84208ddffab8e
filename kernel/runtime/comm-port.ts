/** Comms on their way between the registry and the front: each message is handled on behalf of a run of its own. */
import type { CellId, CommMessage } from '../bridge.ts';
import { type Cell, currentCell, resumeCell } from './cells.ts';
import { comms, type Diverted } from './comm-registry.ts';
import type { Output } from './output.ts';

export class CommPort {
  readonly #output: Output;
  /** By comm that is open: the cell that opened it, as it is called in stacks. */
  readonly #labels = new Map<string, string>();
  /** The run whose handler is being called. */
  #running: CellId | undefined;

  /** The runs that code whose output is diverted seems to be: numbers below 0, which the front has not given. */
  #lastDiverted = 0;
  /** Of such a run, the one that its comms belong to. */
  readonly #outer = new WeakMap<Cell, CellId>();

  /**
   * @param failed shows an error of the running code
   * @param show shows a value under it
   */
  constructor(output: Output, failed: (error: unknown) => void, show: (value: unknown) => void) {
    this.#output = output;
    comms.connect({
      send: (message) => {
        const { action, comm } = message;
        const cell = currentCell();
        if (action === 'open' && cell) this.#labels.set(comm, cell.label);
        if (action === 'close') this.#labels.delete(comm);
        output.emit({ type: 'comm', cell: cell ? (this.#outer.get(cell) ?? cell.id) : 0, message });
      },
      failed,
      show,
      divert: (take) => this.#divert(take),
    });
  }

  #divert(take: (output: Diverted) => void): <T>(run: () => T) => T {
    this.#lastDiverted -= 1;
    const id = this.#lastDiverted;
    this.#output.divert(id, take);
    return <T>(run: () => T) => {
      const outer = currentCell();
      const { lane = 0, label = 'In [ ]', abort = new AbortController() } = outer ?? {};
      const cell: Cell = { id, lane, label, abort, payload: [] };
      // Of nested ones, the outermost.
      this.#outer.set(cell, outer ? (this.#outer.get(outer) ?? outer.id) : 0);
      return resumeCell(cell, run, []) as T;
    };
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
