/**
 * `%loop live`: what the event loop is about to do, in one place under a cell, changed while cells run. It is a widget
 * where the page can have one. Elsewhere, and until the page says so, it is a display that is updated, which every
 * client shows. The notebook always keeps that form as well, so that it is readable without its kernel.
 */
import type { MimeBundle } from '../bridge.ts';
import type { EventLoop } from '../../src/loop.ts';
import { watchLoops } from '../../src/made-loops.ts';
import { CSS, htmlOf } from './loop-html.ts';
import { ESM, type PageMessage, type PageState } from './loop-page.ts';
import { TaskBook, type LoopRows } from './loop-rows.ts';
import { textOfLoops } from './loop-state.ts';
import type { MagicContext, PageWidget } from './magic.ts';

/** Milliseconds from one picture to the next. */
const PAUSE = 250;

/** What Node's timers can wait at most (ms). */
const LONGEST = 2 ** 31 - 1;

/** What tells the live display of time. */
export interface Waiting {
  /** Calls `fn` after so many ms. Returns what cancels that. */
  (milliseconds: number, fn: () => void): () => void;
}

// Cells may replace them.
const { setTimeout, clearTimeout } = globalThis;

const realWaiting: Waiting = (milliseconds, fn) => {
  // It keeps no process alive, and is no work that virtual time would wait for.
  const timer = setTimeout(fn, milliseconds).unref();
  return () => clearTimeout(timer);
};

type LiveContext = Pick<MagicContext, 'showLive' | 'watchCells' | 'makeWidget'>;

let current: Live | undefined;

/**
 * Shows the loops under the cell, from now on and until {@link stopLive}. The display that was there before ends.
 * @param loops those that are open, the notebook's own first
 */
export async function showLive(
  context: LiveContext,
  loops: () => readonly EventLoop[],
  wait: Waiting = realWaiting,
): Promise<void> {
  stopLive();
  const live = new Live(context, loops, wait);
  current = live;
  const frontEnd = { esm: ESM, css: CSS, state: live.state };
  const widget = await context.makeWidget(frontEnd);
  // Another one may have taken its place meanwhile.
  if (current !== live) widget?.close();
  else if (widget) live.use(widget);
}

/** Ends the live display; what it shows stays as it is. Harmless without one. */
export function stopLive(): void {
  current?.stop();
  current = undefined;
}

class Live {
  readonly #loops: () => readonly EventLoop[];
  readonly #wait: Waiting;
  readonly #book = new TaskBook();
  readonly #change: (data: MimeBundle) => void;
  readonly #ends: Array<() => void> = [];
  #rows: LoopRows[];
  /** What is shown, as {@link #comparable} has it. */
  #shown: string;
  /** What the display shows, which may be older than what the widget shows. */
  #kept: string;
  // The cell of the magic runs.
  #isRunning = true;
  #isPaused = false;
  #widget: PageWidget | undefined;
  /** How many pages have said that they have the widget; one that is loaded anew counts again. */
  #pages = 0;
  #cancel: (() => void) | undefined;

  constructor(context: LiveContext, loops: () => readonly EventLoop[], wait: Waiting) {
    this.#loops = loops;
    this.#wait = wait;
    for (const loop of loops()) loop._notePlaces(true);
    this.#ends.push(
      watchLoops((loop) => loop._notePlaces(true)),
      () => loops().forEach((loop) => loop._notePlaces(false)),
    );
    this.#rows = this.#book.rows(loops());
    this.#kept = this.#shown = this.#comparable();
    this.#change = context.showLive(this.#bundle(''));
    this.#ends.push(
      context.watchCells((isRunning) => {
        this.#isRunning = isRunning;
        this.#widget?.set({ isRunning });
        // A cell that has begun has done nothing yet.
        if (!isRunning) {
          this.#refresh();
          this.#keep();
        }
        this.#go();
      }),
    );
    // What the notebook keeps shall not need a kernel that is gone.
    process.prependListener('exit', stopLive);
    this.#ends.push(() => process.off('exit', stopLive));
    this.#go();
  }

  get state(): PageState {
    return { loops: this.#rows, isRunning: this.#isRunning, isPaused: this.#isPaused, isLive: true };
  }

  /** From now on also in this widget, when the page has it. */
  use(widget: PageWidget): void {
    this.#widget = widget;
    widget.onMessage((content) => this.#receive(content as PageMessage | null));
    widget.onChange('isPaused', (isPaused) => {
      this.#isPaused = isPaused === true;
      if (!this.#isPaused) this.#refresh();
      this.#go();
    });
    // A page that does not know of widgets closes them at once.
    widget.onClose(() => this.#leave());
    // It was made of what there was a moment ago.
    widget.set(this.state);
  }

  stop(): void {
    this.#cancel?.();
    for (const end of this.#ends) end();
    this.#rows = this.#book.rows(this.#loops());
    const [widget, pages] = [this.#widget, this.#pages];
    // First another form takes the widget's place: a view of one that is closed would leave nothing.
    this.#widget = undefined;
    this.#change(this.#bundle('no longer live'));
    // JupyterLab changes no displays that were there when the page was loaded: there the widget itself says it.
    if (pages > 1) widget?.set({ loops: this.#rows, isLive: false });
    else widget?.close();
  }

  #receive(message: PageMessage | null): void {
    if (message?.type === 'here') {
      this.#pages++;
      if (this.#pages === 1) this.#change(this.#bundle(''));
    } else if (message?.type === 'cancel') {
      this.#book.find(message.task)?.cancel();
      this.#refresh();
      this.#go();
    }
  }

  #leave(): void {
    this.#widget = undefined;
    if (this.#pages === 0) return;
    this.#pages = 0;
    this.#isPaused = false;
    this.#change(this.#bundle(''));
    this.#go();
  }

  /** What there is to be seen, without the time that always changes. */
  #comparable(): string {
    return textOfLoops(this.#loops()).replaceAll(/^time: .*$/gm, '');
  }

  #refresh(): void {
    if (this.#isPaused) return;
    const now = this.#comparable();
    this.#rows = this.#book.rows(this.#loops());
    if (now === this.#shown) return;
    this.#shown = now;
    this.#widget?.set({ loops: this.#rows });
    // A widget that is shown anew with every picture could not be clicked.
    if (this.#pages === 0) this.#keep();
  }

  /** Brings the display up to date, and with it what the notebook keeps. */
  #keep(): void {
    if (this.#kept === this.#shown) return;
    this.#kept = this.#shown;
    this.#change(this.#bundle(''));
  }

  #go(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#isPaused) return;
    const next = this.#rows.map((loop) => loop.next).filter((each) => each !== null);
    // Between cells nothing happens before the next timer is due, and nothing at all without one.
    if (!this.#isRunning && next.length === 0) {
      this.#keep();
      return;
    }
    const pause = this.#isRunning ? PAUSE : Math.max(PAUSE, Math.min(Math.min(...next) * 1000 + 1, LONGEST));
    this.#cancel = this.#wait(pause, () => {
      this.#refresh();
      this.#go();
    });
  }

  #bundle(note: string): MimeBundle {
    return {
      'text/html': htmlOf(this.#rows, note),
      'text/plain': textOfLoops(this.#loops()),
      ...(this.#pages > 0 ? this.#widget?.view : {}),
    };
  }
}
