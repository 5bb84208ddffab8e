/** Thrown values → the error messages of the protocol. */
import { inspect } from 'node:util';
import { type CellError, INTERRUPTED } from '../bridge.ts';
import { syntaxErrorLines } from '../language/cell.ts';
import { CellSyntaxError } from '../language/compile.ts';
import { UsageError } from '../magics/magic.ts';
import { limitedError } from './limit.ts';
import type { CellPlace } from './scripts.ts';
import { isInnerFrame, placeOfError, withoutSuffixes } from './stack.ts';

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** The source line of the place, with a caret below the column. */
function excerpt({ script, line, column }: CellPlace): string[] {
  const text = script.source.split('\n')[line - 1];
  if (text === undefined) return [];
  return [
    `${script.label}:${line}:${column}`,
    `    ${text.replace(/\r$/, '')}`,
    `    ${text.slice(0, column - 1).replace(/[^\t]/g, ' ')}^`,
  ];
}

/** The error with its frames, its causes and its properties, line by line. */
function reportOf(error: Error, ename: string, evalue: string): string[] {
  const lines = safeInspect(error).split('\n');
  const lastFrame = lines.findLastIndex((line) => /^\s+at /.test(line));
  // inspect() puts an error that has no frames into brackets.
  if (lastFrame === -1) return `${ename}: ${evalue}`.split('\n');
  // Of a command all that matters is in the message; the other properties repeat it at length.
  if (ename === 'ExecaError') return lines.slice(0, lastFrame + 1).map((line) => line.replace(/ \{$/, ''));
  return lines;
}

function safeInspect(value: unknown): string {
  try {
    return inspect(value);
  } catch (error) {
    // An object may throw from its own inspection; the cell's error must be shown all the same.
    return `<value that cannot be shown: ${error instanceof Error ? error.message : 'its inspection throws'}>`;
  }
}

/** Whether the value says that the user stopped something. Never throws, whatever the value does. */
export function isInterrupt(value: unknown): boolean {
  try {
    return isError(value) && value.name === 'KeyboardInterrupt';
  } catch {
    return false;
  }
}

/** Whether the value says that something ended because its AbortSignal was aborted. */
export function isCancellation(value: unknown): boolean {
  try {
    return (
      isError(value) &&
      (value.name === 'AbortError' || (value as { isCanceled?: unknown }).isCanceled === true)
    );
  } catch {
    return false;
  }
}

/**
 * A thrown value as ename, evalue and traceback; `label` names the cell that a syntax error is in.
 * Never throws itself: objects may, from any of their properties, and the cell must end all the same.
 */
export function describeError(thrown: unknown, label: string): CellError {
  try {
    return limitedError(describe(thrown, label));
  } catch {
    const evalue = 'An object was thrown that cannot be shown';
    return { ename: 'Uncaught', evalue, traceback: [evalue] };
  }
}

function describe(thrown: unknown, label: string): CellError {
  if (thrown instanceof CellSyntaxError) {
    const lines = syntaxErrorLines(thrown, label);
    return {
      ename: 'SyntaxError',
      evalue: thrown.message,
      traceback: [lines.join('\n'), `SyntaxError: ${thrown.message}`],
    };
  }
  if (thrown instanceof UsageError) {
    return { ename: thrown.name, evalue: thrown.message, traceback: [`${thrown.name}: ${thrown.message}`] };
  }
  if (isInterrupt(thrown)) return INTERRUPTED;
  if (!isError(thrown)) {
    const text = safeInspect(thrown);
    return { ename: 'Uncaught', evalue: text, traceback: [`Uncaught ${text}`] };
  }
  const place = placeOfError(thrown);
  const ename = typeof thrown.name === 'string' && thrown.name !== '' ? thrown.name : 'Error';
  const evalue = withoutSuffixes(
    typeof thrown.message === 'string' ? thrown.message : safeInspect(thrown.message),
  );
  const lines = reportOf(thrown, ename, evalue).filter((line) => !isInnerFrame(line));
  return { ename, evalue, traceback: [...(place ? [excerpt(place).join('\n')] : []), lines.join('\n')] };
}
