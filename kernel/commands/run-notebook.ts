/** `tsloop run NOTEBOOK`: the file, the terminal and the signals around a run of its cells. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TypecheckMode } from '../bridge.ts';
import { NotebookError, parseNotebook, type Notebook } from '../embedded/notebook.ts';
import { notebookText } from '../embedded/notebook-writer.ts';
import { runCells, type RunResult } from '../embedded/run-cells.ts';
import { RuntimeProcess } from '../embedded/runtime-process.ts';
import { CommandError } from './command.ts';
import { failureText } from './failure.ts';
import { CheckedPort } from '../typescript/checked-port.ts';
import { Checker } from '../typescript/checker.ts';
import { labelNotebook } from './label-notebook.ts';
import { makeProgress } from './progress.ts';
import { writeFileAtomically } from './write-file.ts';

export interface NotebookRunOptions {
  /** Absolute; the notebook itself to run it in place. */
  readonly output: string;
  readonly allowErrors: boolean;
  /** Seconds for one cell. */
  readonly timeout?: number;
  readonly typecheck?: TypecheckMode;
}

/** Seconds for a cell to end by itself after Ctrl-C or its timeout. */
const interruptGrace = 1;

function readNotebook(path: string): Notebook {
  try {
    return parseNotebook(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof NotebookError) throw new CommandError(error.message);
    throw new CommandError(`Cannot read ${path}: ${(error as Error).message}`);
  }
}

/** The signals that a terminal ends a program with, and the exit codes that shells give them. */
const signalExitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndSignal = keyof typeof signalExitCodes;

/** The first signal ends the run in order, a second one at once. */
function listenForSignals(runtime: RuntimeProcess): {
  signal: AbortSignal;
  received(): EndSignal | undefined;
  stop(): void;
} {
  const controller = new AbortController();
  let received: EndSignal | undefined;
  const listener = (signal: EndSignal): void => {
    if (received !== undefined) runtime.kill();
    received ??= signal;
    controller.abort();
  };
  const names = Object.keys(signalExitCodes) as EndSignal[];
  for (const name of names) process.on(name, listener);
  return {
    signal: controller.signal,
    received: () => received,
    stop: () => {
      for (const name of names) process.off(name, listener);
    },
  };
}

/** @returns the exit code. */
export async function runNotebookFile(path: string, options: NotebookRunOptions): Promise<number> {
  const notebook = readNotebook(path);
  // Before the cells have run for an hour.
  if (!existsSync(dirname(options.output))) {
    throw new CommandError(`The folder ${dirname(options.output)} of the output does not exist.`);
  }
  // The cells' process has to know it too.
  if (options.typecheck !== undefined) process.env['TSLOOP_TYPECHECK'] = options.typecheck;
  const runtime = new RuntimeProcess(dirname(path));
  const signals = listenForSignals(runtime);
  // Nothing of the user's survives this process, however it ends.
  const killRuntime = (): void => runtime.kill();
  process.once('exit', killRuntime);
  const progress = makeProgress(process.stderr);
  const checker = new Checker({
    cwd: () => runtime.folder,
    notice: (text) => process.stderr.write(`${text}\n`),
  });
  checker.start();
  const port = new CheckedPort(runtime.port, checker);
  let result: RunResult;
  try {
    result = await runCells(
      notebook,
      { port, ended: runtime.ended },
      {
        allowErrors: options.allowErrors,
        ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
        grace: interruptGrace,
        signal: signals.signal,
        onStart: progress.start,
        onEnd: progress.end,
      },
    );
    await Promise.all([port.settled(), runtime.close()]);
  } finally {
    await checker.dispose();
    progress.close();
    process.off('exit', killRuntime);
    signals.stop();
  }
  labelNotebook(notebook);
  writeFileAtomically(options.output, notebookText(notebook));
  if (result.status === 'ok') return 0;
  const text = failureText(path, result, options.timeout);
  process.stderr.write(process.stderr.isTTY ? text : stripVTControlCharacters(text));
  return result.status === 'interrupted' ? signalExitCodes[signals.received() ?? 'SIGINT'] : 1;
}
