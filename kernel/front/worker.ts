/** The front's thread: binds the sockets, then serves until the kernel ends. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { type MessagePort, workerData } from 'node:worker_threads';
import type { Answer, FrontPort, ToFront, ToRuntime } from '../bridge.ts';
import { AtOnce } from '../shared/at-once.ts';
import { Blocked } from '../shared/blocked.ts';
import { loadParser } from '../language/parse.ts';
import { Answers } from '../wire/answers.ts';
import { Backlog, weightOf } from '../wire/backlog.ts';
import { readConnectionFile, type Socket, warnings } from '../wire/connection-file.ts';
import { openFifos, startFifos } from '../wire/fifos.ts';
import { log as writeLog, setLogDescriptor } from '../wire/log.ts';
import { Signer } from '../wire/frames.ts';
import { SocketTransport } from '../wire/sockets.ts';
import { CheckedPort } from '../typescript/checked-port.ts';
import type { Checker } from '../typescript/checker.ts';
import { type Early, startEarly } from '../typescript/early.ts';
import { Front } from './front.ts';
import { historyFolder, HistoryFiles } from './history-files.ts';
import { HeapGuard } from './heap-guard.ts';
import { LastWords, reasonOfEnd } from './last-words.ts';
import { MainThread } from './inspector.ts';
import { RawOutput } from './raw-output.ts';
import { watchParent } from './parent.ts';
import { listProcesses, withDescendants } from './processes.ts';
import { SyncChildren } from './sync-child.ts';

type ZeroMQ = ConstructorParameters<typeof SocketTransport>[0];

/** What main.ts hands to this thread. */
export interface FrontData {
  readonly connectionFile: string;
  /** Set to 1, and notified, when the sockets are closed: only then may the process end. */
  readonly closed: Int32Array;
  /** Of the output that the runtime has posted and this thread has not taken yet; see wire/backlog.ts. */
  readonly unread: Int32Array;
  /** Whether the main thread waits for a child process; see shared/blocked.ts. */
  readonly blocked: Int32Array;
  /** Whether the main thread runs a cell; see shared/at-once.ts. */
  readonly atOnce: Int32Array;
  /** How large (bytes) the main thread's heap may be. */
  readonly heapLimit: number;
  /** Leads to the runtime. */
  readonly runtime: MessagePort;
  /** For answers to questions that block it, and how many there were; see wire/answers.ts. */
  readonly answers: MessagePort;
  readonly answered: Int32Array;
  /** 1 while this thread stands still, 2 when it need not any more. */
  readonly held: Int32Array;
}

/** From main.ts, besides the runtime's messages: the process is about to end. */
export const CLOSE = 'close';
/** The same: this thread is to stand still for a moment. */
export const HOLD = 'hold';

/** Children of a kernel without a parent get this long (ms) to end by themselves. */
const TERM_PATIENCE = 300;

/** That moment lasts no longer (ms) than this, whatever happens. */
const HOLD_TIME = 2000;

/** Of what is said before the end, so many characters are kept. */
const SAID = 2000;

/** What runs when the process is to end gets this long (ms) to stop. */
const INTERRUPT_PATIENCE = 2000;
/** A main thread that is to end but does not (it may be inside a native call) is ended with its process (ms). */
const SHUTDOWN_PATIENCE = 1000;

const { connectionFile, closed, unread, runtime: port, ...data } = workerData as FrontData;

const listeners: Array<(message: ToFront) => void> = [];
const answers = new Answers<Answer>(data.answers, data.answered);

const runtime: FrontPort = {
  post: (message: ToRuntime) => {
    if (message.type === 'answer' && message.blocks) answers.give(message.answer);
    else port.postMessage(message);
  },
  onMessage: (listener) => listeners.push(listener),
};

const deliver = (message: ToFront): void => {
  for (const listener of listeners) listener(message);
};
/** The last of what was written to descriptor 2: Node says there why it gives a process up. */
let said = '';
const raw = new RawOutput((cell, name, text) => {
  if (name === 'stderr') said = (said + text).slice(-SAID);
  deliver({ type: 'stream', cell, name, text });
});

/** Whether descriptors 1 and 2 lead here: a child may have been in need of that before the first result. */
let isCaptured = false;

/** From main.ts: several at once have one mark. */
type Posted = ToFront | readonly ToFront[] | typeof CLOSE | typeof HOLD;

port.on('message', (message: Posted) => {
  if (message === HOLD) {
    if (Atomics.compareExchange(data.held, 0, 0, 1) !== 0) return;
    Atomics.notify(data.held, 0);
    Atomics.wait(data.held, 0, 1, HOLD_TIME);
  } else if (message !== CLOSE) {
    const messages = 'type' in message ? [message] : message;
    const [first] = messages;
    if (first?.type === 'captured') {
      isCaptured = true;
      if (first.log !== undefined) setLogDescriptor(first.log);
      raw.open(first.token, first.readers);
    }
    raw.pass(first?.mark, () => {
      for (const each of messages) {
        if (each.type === 'channel') raw.openChannel(each.channel, each.cell, each.readers, first?.mark);
        else if (each.type === 'released') raw.release(each.channel);
        else deliver(each);
      }
    });
  }
});

/** What cells and children print past the runtime is captured once the first cell has its result: it waits for nothing. */
function captureDescriptors(): void {
  if (process.platform === 'win32' || isCaptured) return;
  const making = startFifos(spawn);
  making.child.stdout.once('data', () => runtime.post({ type: 'capture', fifos: openFifos(making) }));
}
let hasResult = false;
runtime.onMessage(({ type }) => {
  if (type !== 'done' || hasResult) return;
  hasResult = true;
  setImmediate(captureDescriptors);
});

/** What this process has started, and that in turn. */
async function descendants(): Promise<number[]> {
  return withDescendants([process.pid], await listProcesses()).filter((pid) => pid !== process.pid);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

/** Ends the process by force, and what it has started, as its exit hooks would. */
async function killSelf(): Promise<void> {
  signalAll([...(await descendants()), process.pid], 'SIGKILL');
}

/** Ends what cells have started: without the parent nobody knows of it. */
async function endDescendants(): Promise<void> {
  const pids = await descendants();
  if (pids.length === 0) return;
  signalAll(pids, 'SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, TERM_PATIENCE));
  signalAll(await descendants(), 'SIGKILL');
}

const log = (text: string): void => writeLog(`[tsloop] ${text}`);

/** Names of errors that the user of the connection file can do something about: their message says it all. */
const KNOWN = new Set(['ConnectionFileError', 'WireError', 'BindError', 'RegistrationError']);

/** A kernel that cannot be reached is of no use to anyone: says why, and ends the process. */
function giveUp(error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  log(KNOWN.has(name) ? message : `The kernel cannot go on: ${stack ?? message}`);
  Atomics.store(closed, 0, 1);
  runtime.post({ type: 'shutdown', exitCode: 1 });
}

/** What of its folder the user can do something about. */
const TEMPORARY: Readonly<Record<string, string>> = {
  ENOSPC: 'is full',
  EDQUOT: 'is full',
  EACCES: 'cannot be written to',
  EPERM: 'cannot be written to',
  EROFS: 'cannot be written to',
  ENOENT: 'does not exist',
  ENOTDIR: 'is no folder',
};

function whyUnchecked(error: unknown): string {
  const { message, code }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const what = TEMPORARY[code ?? ''];
  return what === undefined
    ? message
    : `the folder for temporary files, ${tmpdir()}, ${what}. ` +
        'Repair that, or name another one by the environment variable TMPDIR, and restart the kernel.';
}

/** Its service starts at once, beside all else that a kernel's start consists of. */
async function startChecker(notice: (text: string) => void): Promise<Checker | undefined> {
  let early: Early | undefined;
  try {
    early = startEarly();
    const { Checker } = await import('../typescript/checker.ts');
    const checker = new Checker({ cwd: () => process.cwd(), notice, early });
    checker.start();
    return checker;
  } catch (error) {
    early?.server?.kill();
    notice(`Types are not checked: ${whyUnchecked(error)}`);
    return undefined;
  }
}

function openHistory(): HistoryFiles | undefined {
  const folder = historyFolder();
  if (folder === undefined) return undefined;
  return new HistoryFiles(folder, ({ message }) =>
    log(`The history is not kept on disk, until it can be again: ${message}`),
  );
}

/** The ports of TCP endpoints; of IPC's, the suffixes that stand for them. */
function portsOf(endpoints: Readonly<Record<Socket, string>>): Record<Socket, number> {
  const ports = Object.entries(endpoints).map(([name, endpoint]) => [
    name,
    Number(/\d+$/.exec(endpoint)?.[0]),
  ]);
  return Object.fromEntries(ports) as Record<Socket, number>;
}

/** Nothing that goes wrong on this thread ends it: a kernel that cannot be reached is of no use to anyone. */
function surviveFaults(close: () => Promise<void>): void {
  const report = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log(`A fault of the kernel's own; it goes on: ${text}`);
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
  const exit = process.exit.bind(process);
  // ZeroMQ aborts the process when this thread ends while it receives.
  process.exit = ((code?: number) => void close().then(() => exit(code))) as typeof process.exit;
}

async function serve(): Promise<void> {
  const connection = readConnectionFile(connectionFile);
  const signer = new Signer(connection.key, connection.hash);
  const main = new MainThread();
  const notices: string[] = [];
  let notice = (text: string): void => void notices.push(text);
  const checker = await startChecker((text) => notice(text));
  const zeromq = createRequire(import.meta.url)('zeromq') as ZeroMQ;
  const transport = new SocketTransport(zeromq);
  const checked = checker && new CheckedPort(runtime, checker);
  let ending = false;
  const guard = new HeapGuard({
    limit: data.heapLimit,
    notice: (text) => front.notice(text),
    running: () => front.runningCells,
    blame: (cell, error) => front.blame(cell, error),
    interrupt: (cell) => front.interruptCell(cell),
  });
  const lastWords = new LastWords();
  let bound = {} as Readonly<Record<Socket, number>>;

  let isOrphan = false;
  const close = async (): Promise<void> => {
    ending = true;
    main.close();
    guard.close();
    lastWords.close();
    await Promise.all([transport.close(), checker?.dispose()]);
    if (isOrphan) await endDescendants();
    Atomics.store(closed, 0, 1);
    Atomics.notify(closed, 0);
  };

  surviveFaults(close);

  const front = new Front({
    transport,
    signer,
    runtime: checked ?? runtime,
    main,
    checker,
    history: openHistory(),
    ports: () => bound,
    children: new SyncChildren(new Blocked(data.blocked)),
    atOnce: new AtOnce(data.atOnce),
    log,
    shutdown: () => {
      if (ending) return;
      ending = true;
      // Code that never yields is ended first, so that the exit hooks of the main thread run.
      const late = new Promise((resolve) => setTimeout(resolve, INTERRUPT_PATIENCE).unref());
      void Promise.race([Promise.all([front.interrupt(), checked?.settled()]), late]).then(() => {
        runtime.post({ type: 'shutdown', exitCode: 0 });
        setTimeout(() => void close().then(killSelf), SHUTDOWN_PATIENCE).unref();
      });
    },
  });

  notice = (text) => front.notice(text);
  notices.forEach(notice);

  const backlog = new Backlog(unread);
  // What is congested is not counted as taken: code that prints waits then.
  let taken = 0;
  const takeAll = (): void => {
    backlog.take(taken);
    taken = 0;
  };
  // Once in a turn of this thread's loop: who prints without end would else fill the port as fast as it is emptied, and
  // no interrupt would have its turn.
  let turn: NodeJS.Immediate | undefined;
  const takeInTime = (): void => {
    turn ??= setImmediate(() => {
      turn = undefined;
      if (!transport.isCongested) takeAll();
    });
  };
  // Behind the listeners of the front: what they were given is on its way.
  port.on('message', (message: Posted) => {
    if (message === CLOSE) {
      raw.drain();
      front.abandon();
      raw.close();
      void close();
    } else if (message !== HOLD) {
      taken += weightOf(message);
      takeInTime();
    }
  });
  runtime.onMessage(() => {
    if (transport.isCongested) raw.isPaused = true;
  });
  transport.onRelief(() => {
    raw.isPaused = false;
    takeAll();
  });

  // Before any cell can look at the options of reports.
  lastWords.listen(() => {
    raw.drain();
    front.lastWords(reasonOfEnd(said, data.heapLimit));
  });
  bound = portsOf(await transport.bind(connection));
  front.start();
  guard.start();
  if (connection.registration) {
    const { register } = await import('../wire/registration.ts');
    await register(zeromq, connection, bound).catch(async (error: unknown) => {
      // ZeroMQ aborts a process that ends while it receives.
      await close();
      throw error;
    });
  }
  warnings(connectionFile, connection).forEach(log);
  // While the client connects: the first cell needs it.
  if (checker) setImmediate(loadParser);
  watchParent(() => {
    isOrphan = true;
    front.shutdown();
  });
}

void serve().catch(giveUp);
