/**
 * The kernel's process: `node main.js CONNECTION_FILE`. The front gets a thread of its own, so that it
 * answers whatever this thread, the user's, is busy with.
 */
import { realpathSync } from 'node:fs';
import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import type { Answer, RuntimePort, ToFront, ToRuntime } from './bridge.ts';
import { dist } from './home.ts';
import type { CLOSE, FrontData, HOLD } from './front/worker.ts';
import { AtOnce } from './shared/at-once.ts';
import { Blocked } from './shared/blocked.ts';
import { isToBeHeld } from './shared/held.ts';
import { Answers } from './wire/answers.ts';
import { Backlog, weightOf } from './wire/backlog.ts';
import { log } from './wire/log.ts';

/** The front gets this long (ms) to send what is queued when the process ends. */
const CLOSE_PATIENCE = 2000;

/** The front stands still within this long (ms), or is too busy to. */
const HOLD_PATIENCE = 2000;

/** Starts the kernel of this process; it ends by a shutdown request, or with its parent. */
export async function main(connectionFile: string): Promise<void> {
  const closed = new Int32Array(new SharedArrayBuffer(4));
  // A port keeps messages until somebody listens: cells may arrive before the runtime has been loaded.
  const { port1, port2 } = new MessageChannel();
  const backlog = new Backlog();
  const channel = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const answers = new Answers<Answer>(channel.port1, answered);
  const blocked = new Blocked();
  const atOnce = new AtOnce();
  const workerData: FrontData = {
    connectionFile,
    closed,
    unread: backlog.shared,
    blocked: blocked.shared,
    atOnce: atOnce.shared,
    heapLimit: getHeapStatistics().heap_size_limit,
    runtime: port2,
    answers: channel.port2,
    answered,
    held: new Int32Array(new SharedArrayBuffer(4)),
  };
  // Started before anything else is loaded: the client waits for the sockets.
  const worker = new Worker(new URL('kernel/front/worker.cjs', dist), {
    workerData,
    transferList: [port2, channel.port2],
    env: SHARE_ENV,
    // Files that zeromq opens are none of this thread's business at exit.
    trackUnmanagedFds: false,
  });
  const post = (message: ToFront | readonly ToFront[] | typeof CLOSE | typeof HOLD): void => {
    port1.postMessage(message);
    if (message === 'close' || message === 'hold') return;
    backlog.add(weightOf(message), () => isToBeHeld() || Atomics.load(closed, 0) === 1);
  };
  worker.once('error', (error) => {
    // Without its front the kernel cannot be reached by anyone.
    // Not by process.stderr, which leads to the front.
    log(`tsloop: the kernel cannot go on: ${error.stack ?? error.message}`);
    Atomics.store(closed, 0, 1);
    process.exit(1);
  });
  worker.once('exit', () => {
    log('tsloop: the kernel cannot go on: its thread that answers clients has ended. Restart the kernel.');
    Atomics.store(closed, 0, 1);
    process.exit(1);
  });
  const close = (): void => {
    // ZeroMQ aborts a process that ends while it receives: the front closes its sockets first.
    post('close');
    Atomics.wait(closed, 0, 0, CLOSE_PATIENCE);
  };
  process.on('exit', close);
  // process.exit() ends here; also when a cell has taken all listeners away.
  const { reallyExit } = process as unknown as { reallyExit: (code: unknown) => never };
  Object.assign(process, {
    reallyExit: (code: unknown) => {
      if (!process.listeners('exit').includes(close)) close();
      reallyExit.call(process, code);
    },
  });
  // Asked to end by a service manager, or by a closing terminal. (An interrupt comes as a message; a
  // Ctrl-C in the terminal of the client is meant for the client.)
  process.on('SIGTERM', () => process.exit(143));
  process.on('SIGHUP', () => process.exit(129));
  process.on('SIGINT', () => {});

  const port: RuntimePort = {
    post,
    postTogether: post,
    ask: (question) => {
      post({ type: 'ask', question });
      const { id } = question;
      const answer = answers.wait(id, () => Atomics.load(closed, 0) === 1);
      return answer ?? { id, status: 'refused', reason: 'The kernel is about to end.' };
    },
    standStill: (step) => {
      const { held } = workerData;
      post('hold');
      Atomics.wait(held, 0, 0, HOLD_PATIENCE);
      // It is busy still, and will not stop any more.
      if (Atomics.compareExchange(held, 0, 0, 2) === 0) return false;
      try {
        step();
        return true;
      } finally {
        Atomics.store(held, 0, 2);
        Atomics.notify(held, 0);
      }
    },
    onMessage: (listener) => port1.on('message', (message: ToRuntime) => listener(message)),
  };
  const { startRuntime } = await import('./runtime/runtime.ts');
  // Of cells and magics there must be one and the same registry of widgets, which few sessions need.
  startRuntime(port, { blocked, atOnce }, async (frontEnd) =>
    (await import('./widgets/page.ts')).pageWidget(frontEnd),
  );
  // While the client connects: the first cell needs it.
  const { loadParser } = await import('./language/parse.ts');
  loadParser();
}

const [, script, connectionFile] = process.argv;
// The program's path may lead through symbolic links (npm's do); a module's own does not.
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  if (connectionFile === undefined) {
    process.stderr.write('Usage: node main.js CONNECTION_FILE\n');
    process.exit(2);
  }
  await main(connectionFile);
}
