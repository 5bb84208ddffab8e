/** Under which request the output of each run is published, also long after the run has ended. */
import type { CellId } from '../bridge.ts';
import type { Header } from '../protocol/message.ts';

/** What a run is: a cell, or a client's message to a comm. */
export type RunKind = 'cell' | 'message';

/**
 * So many are remembered, so that a kernel that runs for months stays small. Callbacks of cells may go on for
 * as long as they like; those of comms' messages, of which a slider sends dozens a second, seldom do.
 */
const REMEMBERED: Readonly<Record<RunKind, number>> = { cell: 20_000, message: 1000 };

export class Parents {
  /** Oldest first. */
  readonly #requests: Readonly<Record<RunKind, Map<CellId, Header>>> = {
    cell: new Map(),
    message: new Map(),
  };
  #latest: Header | undefined;

  add(run: CellId, kind: RunKind, request: Header): void {
    const requests = this.#requests[kind];
    requests.set(run, request);
    if (kind === 'cell') this.#latest = request;
    for (const oldest of requests.keys()) {
      if (requests.size <= REMEMBERED[kind]) break;
      requests.delete(oldest);
    }
  }

  /** The request of the cell that began last. */
  get latest(): Header | undefined {
    return this.#latest;
  }

  /** The run's request; of one that has been forgotten, the latest cell's. 0 is no run, and has none. */
  of(run: CellId): Header | undefined {
    const { cell, message } = this.#requests;
    return cell.get(run) ?? message.get(run) ?? (run === 0 ? undefined : this.#latest);
  }
}
