/** The main program of the process that `tsloop run` runs cells in: a runtime, its port the IPC channel. */
import { reportAllUnretrieved } from '../../src/never-retrieved.ts';
import type { RuntimePort, ToFront, ToRuntime } from '../bridge.ts';
import { startRuntime } from '../runtime/runtime.ts';
import { askTerminal } from './terminal.ts';

const send = process.send?.bind(process);
if (send === undefined) {
  process.stderr.write('This file is started by "tsloop run"; to run a notebook, use that.\n');
  process.exit(2);
}
// To the user's code this is a process like any other, not one that somebody has forked.
delete process.send;

let folder = process.cwd();

/** Tells of another working directory before the next cell is checked: its imports are relative to that. */
function tellFolder(): void {
  let now = folder;
  try {
    now = process.cwd();
  } catch {
    // It has been removed.
  }
  if (now === folder) return;
  folder = now;
  send?.({ type: 'folder', path: folder } satisfies ToFront, undefined, undefined, () => undefined);
}

let take: (message: ToRuntime) => void = () => {};

const port: RuntimePort = {
  ask: askTerminal,
  post(message) {
    if (message.type === 'ask') {
      const { question } = message;
      setImmediate(() => take({ type: 'answer', answer: askTerminal(question), blocks: false }));
      return;
    }
    if (message.type === 'done') tellFolder();
    // With a callback, so that a parent that is gone is not an error of the user's code.
    send(message, undefined, undefined, () => undefined);
  },
  onMessage(listener) {
    take = listener;
    process.on('message', (message) => listener(message as ToRuntime));
  },
};

// Whoever would take the outputs is gone.
process.on('disconnect', () => process.exit());

startRuntime(port);

// No later cell can ask for them: errors of tasks that nobody has awaited, also of those that variables still hold. In
// front of the runtime's own listener, which sends what has been printed.
process.prependListener('exit', reportAllUnretrieved);
