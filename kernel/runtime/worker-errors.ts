/** Errors of functions that ran in a worker thread: their frames lead to the cells that the functions stand in. */
import { type CellPlace, placeInFunction } from './scripts.ts';
import { cellFrame, setInnerPlace, withoutSuffixes } from './stack.ts';

/** A frame of the function's text (see `WorkerHost` of the scheduler). */
const FRAME = /^\s+at (?:(.*) \()?tsloop:function:(\d+):(\d+)\)?$/;

/** Never throws: it is called with whatever has been thrown. */
export function placeWorkerError(error: unknown, fn: (...args: never[]) => unknown): void {
  try {
    rewrite(error, String(fn), new Set());
  } catch {
    // An object that does not let itself be looked at or changed is shown as it is.
  }
}

function rewrite(error: unknown, text: string, seen: Set<unknown>): void {
  if (!(error instanceof Error) || seen.has(error)) return;
  seen.add(error);
  const lines = (error.stack ?? String(error)).split('\n');
  const firstFrame = lines.findIndex((line) => /^\s+at /.test(line));
  if (firstFrame !== -1) {
    // What is below the function has called it; without any, the function was never called.
    const end = lines.findLastIndex((line) => FRAME.test(line)) + 1;
    let innermost: CellPlace | undefined;
    const frames = lines.slice(firstFrame, end).map((line) => {
      const [, name = '', row, column] = FRAME.exec(line) ?? [];
      if (row === undefined) return line;
      const place = placeInFunction(text, Number(row), Number(column));
      innermost ??= place;
      return place
        ? cellFrame(nameIn(name), place)
        : `    at ${nameIn(name) || '<anonymous>'} (worker thread)`;
    });
    error.stack = [...lines.slice(0, firstFrame), ...frames].join('\n');
    if (innermost) setInnerPlace(error, innermost);
  }
  rewrite(error.cause, text, seen);
  if (error instanceof AggregateError) for (const each of error.errors) rewrite(each, text, seen);
}

/** V8 names the functions that an evaluation makes after it. */
function nameIn(name: string): string {
  return withoutSuffixes(name).replace(/^(?:async )?(?:eval|<anonymous>)$/, '');
}
