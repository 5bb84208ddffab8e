/** Why a run of a notebook stopped, in words: the cell, its line, the error. */
import { stripVTControlCharacters } from 'node:util';
import type { CellError } from '../bridge.ts';
import type { CellPlace, RunResult } from '../embedded/run-cells.ts';

/** The first place in the failing cell itself that the traceback names: `In [3]:2:7`. */
function lineOf(error: CellError, executionCount: number): number | undefined {
  const traceback = stripVTControlCharacters(error.traceback.join('\n'));
  const line = new RegExp(`In \\[${executionCount}\\]:(\\d+)`).exec(traceback)?.[1];
  return line === undefined ? undefined : Number(line);
}

function cellName({ number, total, executionCount }: CellPlace): string {
  return `code cell ${number} of ${total} (In [${executionCount}])`;
}

function failedText(place: CellPlace, error: CellError): string {
  const line = lineOf(error, place.executionCount);
  const source = line === undefined ? undefined : place.cell.source.split('\n')[line - 1];
  const head = `${cellName(place)} failed${line === undefined ? '' : ` in line ${line}`}: ${error.ename}: ${error.evalue}`;
  const quoted = source === undefined ? [] : [`  ${line} | ${source.trimEnd()}`];
  return [head, ...quoted, '', ...error.traceback].join('\n');
}

/**
 * The text for stderr, with a newline at the end.
 * @param timeout seconds, as the user gave them.
 */
export function failureText(
  path: string,
  result: Exclude<RunResult, { status: 'ok' }>,
  timeout?: number,
): string {
  const { place } = result;
  const where = place === undefined ? 'before the first cell' : `in ${cellName(place)}`;
  switch (result.status) {
    case 'failed':
      return `tsloop: ${path}: ${failedText(result.place, result.error)}\n`;
    case 'timeout':
      return `tsloop: ${path}: stopped ${where}: it ran longer than ${timeout ?? 0} s (--timeout).\n`;
    case 'died':
      return `tsloop: ${path}: the process of the cells died ${where}: ${result.reason}. The outputs so far are written.\n`;
    default:
      return `tsloop: ${path}: interrupted ${where}. The outputs so far are written.\n`;
  }
}
