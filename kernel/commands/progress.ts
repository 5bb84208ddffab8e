/** One line for each cell, on a terminal only: `[3/6] In [3] 0.2 s`. */
import type { CellError } from '../bridge.ts';
import type { CellPlace } from '../embedded/run-cells.ts';

export interface Progress {
  readonly start: (place: CellPlace) => void;
  readonly end: (place: CellPlace, error: CellError | undefined) => void;
  /** Ends a line that was begun. */
  readonly close: () => void;
}

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** @param now milliseconds, from any fixed point. */
export function makeProgress(terminal: Terminal, now: () => number = () => performance.now()): Progress {
  if (terminal.isTTY !== true)
    return { start: () => undefined, end: () => undefined, close: () => undefined };
  let started = 0;
  let open = false;
  const label = ({ number, total, executionCount }: CellPlace): string =>
    `[${number}/${total}] In [${executionCount}]`;
  return {
    start: (place) => {
      started = now();
      open = true;
      terminal.write(`${label(place)} …`);
    },
    end: (place, error) => {
      open = false;
      const seconds = ((now() - started) / 1000).toFixed(1);
      terminal.write(`\r\x1b[K${label(place)} ${seconds} s${error === undefined ? '' : ` ${error.ename}`}\n`);
    },
    close: () => {
      if (open) terminal.write('\n');
      open = false;
    },
  };
}
