/**
 * Descriptors 1 and 2 of the process, led to the front: children inherit them, and native code writes to
 * them past process.stdout. POSIX only; children.ts does without.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { CellId, RuntimePort, ToFront } from '../bridge.ts';
import { areMade, closeFifos, type Fifos, openFifos, removeFifos, startFifos } from '../wire/fifos.ts';
import { setLogDescriptor } from '../wire/log.ts';
import { encodeMark } from '../wire/marks.ts';
import { type Channel, Channels } from './channels.ts';
import { hasWasi, watchRawWriters } from './raw-writers.ts';

// As they are before they are taken over for cells.
const { closeSync, constants, fstatSync, openSync, statSync, writeSync } = fs;
// Cells may replace it.
const { setTimeout } = globalThis;

type ChildProcessModule = typeof import('node:child_process');

/** Loaded when it is needed: no start should wait for it. */
function childProcess(): ChildProcessModule {
  return createRequire(import.meta.url)('node:child_process') as ChildProcessModule;
}

const STDOUT = 1;
const STDERR = 2;

/** How long (ms) the thread waits for room in a FIFO before it tries again: for moments, so that it can be stopped. */
const WAIT = 5;

/** How long (ms) the thread waits for FIFOs before it does without. */
const PATIENCE = 2000;

/**
 * ZeroMQ's thread takes connections even while the front stands still, and so might take the number 1 for one. A client
 * makes several; the last one some 100 ms after the first, if it was faster than the sockets. So nothing is led so soon
 * (ms) after the start.
 */
const SETTLING = 300;

/** A descriptor whose number is taken is tried so many times, 1 ms apart. */
const TRIES = 100;

const pause = new Int32Array(new SharedArrayBuffer(4));

export class Descriptors {
  readonly #port: RuntimePort;
  readonly #since = performance.now();
  readonly #token = randomBytes(12).toString('hex');
  /** Descriptors to write marks by, which do not block; undefined before the capture. */
  #writers: readonly number[] | undefined;
  readonly #channels = new Channels({
    make: () => makeFifos(true),
    opened: (channel, readers) => {
      this.post({ type: 'channel', channel: channel.id, cell: channel.cell, readers });
      this.#writers = [...(this.#writers ?? []), ...channel.writers];
    },
    released: (channel) => {
      this.post({ type: 'released', channel: channel.id });
      this.#writers = this.#writers?.filter((fd) => !channel.writers.includes(fd));
    },
  });
  /** `none`: what this process prints is read by whoever has started it. */
  #state: 'none' | 'free' | 'trying' | 'captured' | 'failed';
  #marks = 0;
  #cell: CellId = 0;
  /** Whether others than this process's JavaScript may write: for good, or while these cells run. */
  #hasOthers = false;
  #mayBringOthers = false;
  /** Whether the last message had a mark. */
  #isMarking = false;

  constructor(port: RuntimePort) {
    this.#port = port;
    this.#state = port.standStill === undefined ? 'none' : process.platform === 'win32' ? 'failed' : 'free';
    if (this.#state === 'free') watchRawWriters(() => this.capture());
  }

  /** Whether what children print on inherited descriptors is lost. */
  get isImpossible(): boolean {
    return this.#state === 'failed';
  }

  /** Posts messages, and marks where in the output of others they stand, if there are others. */
  readonly post = (...messages: ToFront[]): void => {
    this.#isMarking = this.#needsMarks;
    const [first, ...rest] = messages;
    if (!first) return;
    let marked = first;
    if (this.#writers && this.#isMarking) {
      marked = { ...first, mark: (this.#marks += 1) };
      this.#mark();
    }
    if (rest.length === 0) this.#port.post(marked);
    else if (this.#port.postTogether) this.#port.postTogether([marked, ...rest]);
    else for (const message of [marked, ...rest]) this.#port.post(message);
  };

  /**
   * What others write from now on is this cell's.
   * @param mayBringOthers whether its code, or that of cells that run beside it, may bring in others who write
   */
  enter(cell: CellId, mayBringOthers: boolean = this.#mayBringOthers): void {
    this.#mayBringOthers = mayBringOthers;
    if (this.#cell === cell) return;
    this.#cell = cell;
    if (this.#needsMarks) this.#separate();
    this.#channels.enter(cell);
  }

  /** From now on others than this process's JavaScript may write: a child, a native addon, another thread. */
  expectOthers(): void {
    if (this.#hasOthers) return;
    this.#hasOthers = true;
    this.#separate();
  }

  /** What has been posted, without a mark perhaps, stands before what others write from now on. */
  #separate(): void {
    if (!this.#writers) return;
    if (this.#isMarking) this.#mark();
    else this.post({ type: 'mark' });
  }

  /** Marks cost the front as much as the rest of a short cell: there are none while nobody writes between them. */
  get #needsMarks(): boolean {
    return this.#hasOthers || this.#mayBringOthers || hasWasi();
  }

  /**
   * What a child of this cell gets as standard output and error that runs beside it; to be given back when it has ended.
   * Undefined where it inherits those of the process.
   */
  lend(cell: CellId): Channel | undefined {
    if (this.#state !== 'captured') return undefined;
    try {
      const channel = this.#channels.lend(cell);
      this.#divide();
      return channel;
    } catch {
      // No more descriptors, …: what it prints counts to the cell that runs then.
      return undefined;
    }
  }

  giveBack(channel: Channel): void {
    this.#channels.giveBack(channel);
  }

  /** Calls what waits for a child of this cell, which inherits the descriptors of the process. */
  during<T>(cell: CellId | undefined, wait: () => T): T {
    if (this.#state !== 'captured') return wait();
    const before = this.#cell;
    this.#divide();
    this.#markFor(cell ?? before);
    try {
      return wait();
    } finally {
      this.#markFor(before);
    }
  }

  /** Children print to several FIFOs; the front reads these in any order, but for what messages divide. */
  #divide(): void {
    this.post({ type: 'mark' });
  }

  #markFor(cell: CellId): void {
    if (this.#cell === cell) return;
    this.#cell = cell;
    this.#mark();
  }

  /** Leads the descriptors to the front, if that is possible and not done yet. @param fifos made before, if there are any */
  capture(fifos?: Fifos): void {
    // A child of the capture's own keeps what descriptor 2 led to; it prints nothing.
    if (!fifos && this.#state !== 'trying') this.expectOthers();
    if (this.#state !== 'free') {
      if (fifos) closeFifos(fifos);
      return;
    }
    const early = this.#since + SETTLING - performance.now();
    if (early > 0 && fifos) {
      setTimeout(() => this.capture(fifos), early).unref();
      return;
    }
    this.#state = 'trying';
    let opened = fifos;
    try {
      opened ??= makeFifos();
      if (early > 0) Atomics.wait(pause, 0, 0, early);
      this.#capture(opened);
      this.#state = 'captured';
    } catch {
      this.#state = 'failed';
      // No mkfifo, no more descriptors, …: the process prints as it did, and children get pipes.
      if (opened) closeFifos(opened);
    }
  }

  #capture(fifos: Fifos): void {
    const { readers, paths, folder } = fifos;
    // An open takes the lowest free number: 0 must not be one.
    try {
      fstatSync(0);
    } catch {
      openSync('/dev/null', 'r');
    }
    const log = reopenStderr();
    const flags = constants.O_WRONLY | constants.O_NONBLOCK;
    const writers = paths.map((path) => openSync(path, flags));
    // Whatever is opened elsewhere in the process between the two calls would take the number that is free.
    const isLed = this.#port.standStill?.(() => {
      lead(STDOUT, paths[0]);
      lead(STDERR, paths[1]);
    });
    if (!isLed) throw new Error('The other thread is too busy to stand still');
    removeFifos(folder);
    // Node's realpathSync takes the last file that was looked at for the one that it asks about.
    statSync('/');
    if (log !== undefined) setLogDescriptor(log);
    this.#port.post({ type: 'captured', token: this.#token, readers, log });
    this.#writers = writers;
    this.#isMarking = true;
    this.#mark();
  }

  #mark(): void {
    const text = encodeMark(this.#token, { mark: this.#marks, cell: this.#cell });
    for (const writer of this.#writers ?? []) writeWhenFree(writer, text);
  }
}

/** Waits until they are there: the child that is about to be started inherits them. @throws Error when they are not */
function makeFifos(hasEnd: boolean = false): Fifos {
  const making = startFifos(childProcess().spawn);
  const until = performance.now() + PATIENCE;
  while (!areMade(making) && performance.now() < until) Atomics.wait(pause, 0, 0, 1);
  return openFifos(making, hasEnd);
}

function lead(fd: number, path: string): void {
  closeSync(fd);
  for (let left = TRIES; left > 0; left -= 1) {
    const opened = openSync(path, constants.O_WRONLY);
    if (opened === fd) return;
    // Somebody was faster after all, as threads that read files are; most give it back soon.
    closeSync(opened);
    Atomics.wait(pause, 0, 0, 1);
  }
  // What they have opened must be left to them, and no child may inherit it.
  throw new Error(`Descriptor ${fd} is taken`);
}

/** A second descriptor of what is the process's standard error by now. */
function reopenStderr(): number | undefined {
  try {
    return openSync('/dev/fd/2', constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY);
  } catch {
    // A socket cannot be opened again. A child keeps it, and ends when this process does: its input does then.
    const child = childProcess().spawn('cat', [], { stdio: ['pipe', STDERR, 'ignore'], detached: true });
    child.on('error', () => {});
    child.unref();
    const input = child.stdin as Socket;
    input.on('error', () => {});
    input.unref();
    return (input as unknown as { _handle?: { fd?: number } })._handle?.fd;
  }
}

function writeWhenFree(fd: number, text: string): void {
  for (;;) {
    try {
      writeSync(fd, text);
      return;
    } catch (error) {
      // Else nobody reads any more: the process is about to end.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(pause, 0, 0, WAIT);
    }
  }
}
