import { inspect } from 'node:util';
import { KeyboardInterrupt } from './errors.ts';
import type { Handle } from './handle.ts';
import { asText, formatValue } from './repr.ts';

/** What is known about an error that nothing else took, as in asyncio's `call_exception_handler`. */
export interface ExceptionContext {
  /** What has happened, in words. */
  readonly message?: string;
  /** The error. */
  readonly exception?: unknown;
  /** The handle whose callback threw it. */
  readonly handle?: Handle | null;
  /** The future or task that it is about, or its text if it is gone already. */
  readonly future?: unknown;
  readonly task?: unknown;
  readonly asyncgen?: unknown;
  /** Debug mode: the stack of where the handle, future or task was made. */
  readonly sourceTraceback?: string;
  /** If an exception handler failed: what it had been called with. */
  readonly context?: ExceptionContext;
}

/** Is told of errors that nothing else took. It may call `loop.defaultExceptionHandler(context)`. */
// oxlint-disable-next-line typescript/no-explicit-any -- the loop's own class; its file needs this one
export type ExceptionHandler = (loop: any, context: ExceptionContext) => unknown;

/** The exception handler of a loop, and what happens when it fails itself. */
export class ExceptionReports<Loop extends { defaultExceptionHandler(context: ExceptionContext): void }> {
  readonly #loop: Loop;
  #handler: ExceptionHandler | null;

  constructor(loop: Loop, handler: ExceptionHandler | null) {
    this.#loop = loop;
    this.#handler = handler;
  }

  get handler(): ExceptionHandler | null {
    return this.#handler;
  }

  setHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== 'function') {
      throw new TypeError(`An exception handler is a function or null, not ${formatValue(handler)}`);
    }
    this.#handler = handler;
  }

  call(context: ExceptionContext): void {
    if (this.#handler === null) {
      this.#guarded('Exception in default exception handler', () =>
        this.#loop.defaultExceptionHandler(context),
      );
      return;
    }
    try {
      this.#handler(this.#loop, context);
    } catch (exception) {
      if (exception instanceof KeyboardInterrupt) throw exception;
      this.#guarded(
        'Exception in default exception handler while handling an unexpected error in custom exception handler',
        () =>
          this.#loop.defaultExceptionHandler({ message: 'unhandled error in handler', exception, context }),
      );
    }
  }

  #guarded(message: string, report: () => void): void {
    try {
      report();
    } catch (error) {
      if (error instanceof KeyboardInterrupt) throw error;
      console.error(`${message}\n${describe(error)}`);
    }
  }

  callDefault(context: ExceptionContext): void {
    console.error(describeContext(context));
  }
}

function describeContext({ message, exception, ...others }: ExceptionContext): string {
  const lines = [message || 'Unhandled exception in event loop'];
  for (const key of (Object.keys(others) as Array<keyof typeof others>).sort()) {
    const value = others[key];
    if (value === undefined || value === null) continue;
    if (key === 'sourceTraceback') lines.push(`created at (most recent call first):\n${others[key]}`);
    else if (key === 'context') lines.push(`context: ${describeContext(value)}`);
    // What is gone already is told by its text, which is a whole line.
    else lines.push(`${key}: ${key === 'future' ? asText(value) : formatValue(value)}`);
  }
  if (exception !== undefined) lines.push(describe(exception));
  return lines.join('\n');
}

/** With causes, and the errors of an AggregateError. Never throws: this is told when all else has failed. */
function describe(error: unknown): string {
  try {
    return inspect(error);
  } catch {
    return formatValue(error);
  }
}
