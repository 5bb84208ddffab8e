/** `$` for cells: execa's template function, bound to the cell that calls it. */
import type { ChildProcess } from 'node:child_process';
import type { Options } from 'execa';
import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import { loadWhole } from '../shared/loading.ts';
import { commandVariables } from './environment.ts';
import { forgetIfEnded, graceSeconds, interruptGroup, track } from './groups.ts';

type Execa = typeof import('execa');
export type Dollar = Execa['$'];
type Call = (...args: unknown[]) => unknown;
type Pipe = { pipe: Call };
type Started = Pipe & Pick<ChildProcess, 'pid' | 'once'>;

let loaded: Execa | undefined;

/** Loads execa when `$` is first called: 0.2 s that other cells never pay. */
function load(): Execa {
  // require() of an ES module: Node 20.19, 22.12 and later.
  loaded ??= loadWhole(() => createRequire(import.meta.url)('execa') as Execa);
  return loaded;
}

/**
 * Makes execa's `$` with all its forms. A process that is started while `getSignal` gives a signal
 * is ended when that is aborted, with all that it has started, and so are those that it is piped to. Unlike execa's own, stdin
 * is empty by default, for the kernel has none to share; `input`, `inputFile`, `stdin` and `stdio`
 * set it. PATH holds the `tsloop` command.
 */
export function makeDollar(getSignal: () => AbortSignal | undefined): Dollar {
  const bind = (layers: Options[], sync: boolean): Call =>
    function $(...args) {
      const [first] = args;
      if (isOptions(first)) return bind([...layers, first], sync);
      const given = [...layers, ...args.slice(1).filter(isOptions)];
      const signal = sync ? undefined : getSignal();
      const isGrouped = !sync && mayBeGrouped(given);
      const base = {
        ...ownOptions(signal),
        ...stdinOption(given),
        ...(isGrouped ? { detached: true } : {}),
      };
      const start = sync ? load().$.sync : load().$;
      // execa itself merges what was bound (env is merged key by key).
      const bound = [base, ...layers].reduce<Call>(
        (call, options) => call(options) as Call,
        start as unknown as Call,
      );
      if (sync) return interruptible(() => bound(...args));
      const started = bound(...args) as Started;
      if (isGrouped) endWithGroup(started, signal);
      return withPipe(started, getSignal);
    };
  const withSync = (layers: Options[]): Call => {
    const call: Call = (...args) =>
      isOptions(args[0]) ? withSync([...layers, args[0]]) : bind(layers, false)(...args);
    const sync = bind(layers, true);
    return Object.assign(call, { sync, s: sync });
  };
  return withSync([]) as unknown as Dollar;
}

/** Whether a process may get a group of its own, to be ended with all that it starts; Windows has none. */
function mayBeGrouped(given: readonly Options[]): boolean {
  return process.platform !== 'win32' && given.every(({ detached }) => detached === undefined);
}

/** execa ends the process alone, which would leave behind what that has started. */
function endWithGroup(started: Started, signal: AbortSignal | undefined): void {
  const { pid } = started;
  // It could not be started.
  if (pid === undefined) return;
  track(pid);
  const interrupt = (): void => interruptGroup(pid, graceSeconds);
  signal?.addEventListener('abort', interrupt, { once: true });
  started.once('exit', () => signal?.removeEventListener('abort', interrupt));
  started.once('close', () => forgetIfEnded(pid));
}

/** execa gives a piped-to process none of the options of the first one; this adds ours. */
function withPipe<Piped extends Pipe>(started: Piped, getSignal: () => AbortSignal | undefined): Piped {
  const wrap =
    (pipe: Call): Call =>
    (...args) => {
      const [first] = args;
      const own = ownOptions(getSignal());
      if (isOptions(first))
        return wrap(pipe({ ...own, ...first, env: { ...own.env, ...first.env } }) as Call);
      if (isTemplate(first)) return withPipe((pipe(own) as Call)(...args) as Pipe, getSignal);
      if (typeof first === 'string' || first instanceof URL) {
        const [words, options] = Array.isArray(args[1]) ? [args[1], args[2]] : [[], args[1]];
        const given = isOptions(options) ? options : {};
        return withPipe(
          pipe(first, words, { ...own, ...given, env: { ...own.env, ...given.env } }) as Pipe,
          getSignal,
        );
      }
      return withPipe(pipe(...args) as Pipe, getSignal);
    };
  started.pipe = wrap(started.pipe.bind(started));
  return started;
}

function ownOptions(cancelSignal: AbortSignal | undefined): Options {
  const env = commandVariables();
  if (cancelSignal === undefined) return { env };
  // Each command listens to the signal while it runs; dozens at once are no leak to be warned of.
  setMaxListeners(0, cancelSignal);
  return { env, cancelSignal };
}

/** What execa makes of an interrupt is the interrupt again. */
function interruptible(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw cause instanceof Error && cause.name === 'KeyboardInterrupt' ? cause : error;
  }
}

function stdinOption(layers: Options[]): Options {
  const isSet = layers.some(
    ({ input, inputFile, stdin, stdio }) => (input ?? inputFile ?? stdin ?? stdio) !== undefined,
  );
  return isSet ? {} : { stdin: 'ignore' };
}

function isTemplate(value: unknown): boolean {
  return Array.isArray(value) && 'raw' in value;
}

/** An options object, not a template, a file (string, URL) or a subprocess. */
function isOptions(value: unknown): value is Options {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
