/**
 * The start of the language server while nothing is known yet of the session that it is for: the sooner it runs, the
 * sooner the first cell does.
 */
import { makeRoot } from './abandoned.ts';
import { findExecutable } from './executable.ts';
import { ServerProcess } from './server-process.ts';

export interface Early {
  /** The folder of the workspace to be. */
  readonly root: string;
  /** Undefined when it cannot be started; who starts it later is told why. */
  readonly server: ServerProcess | undefined;
}

/** @throws Error when the temporary folder cannot be written to */
export function startEarly(): Early {
  const root = makeRoot();
  try {
    const server = new ServerProcess(process.env['TSLOOP_TYPESCRIPT'] || findExecutable());
    // Who takes the process over hears of a failure.
    server.initialize(root).catch(() => undefined);
    return { root, server };
  } catch {
    return { root, server: undefined };
  }
}
