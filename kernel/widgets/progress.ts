/** Progress bars: of a loop, or moved by hand. */
import { comms } from '../runtime/comm-registry.ts';
import { hbox, type Box } from './box.ts';
import { hasWidgets } from './model.ts';
import { progressFacts, progressLine, type Progress } from './progress-text.ts';
import { realTime, Throttle, type Timing } from './throttle.ts';
import { CONTROLS, looksLike, Widget } from './widget.ts';

export interface ProgressOptions {
  /** How many there are to do; without it the bar only counts. */
  readonly total?: number;
  /** Stands before the bar. */
  readonly description?: string;
}

/** Seconds from one message to the next: more is not seen, and costs. */
const PAUSE = 0.1;

/** Where a bar is drawn. */
interface Drawing {
  /** @param isFailed the work has broken off */
  draw(progress: Progress, isFailed: boolean): void;
  /** Nothing is drawn any more. */
  end(): void;
}

/** A bar of the client's. */
class WidgetDrawing implements Drawing {
  readonly #bar = new Widget(
    { origin: CONTROLS, name: 'FloatProgress', view: 'Progress', style: 'Progress' },
    { min: 0, value: 0 },
    { layout: { flex: '2' }, style: { descriptionWidth: 'initial' } },
  );
  readonly #label = new Widget({ origin: CONTROLS, name: 'Label', style: 'Label' }, { value: '' });
  readonly #box: Box = hbox([this.#bar, this.#label], { layout: { width: '100%' } });
  #isShown = false;

  draw(progress: Progress, isFailed: boolean): void {
    const { description, done, total, isClosed } = progress;
    const isDone = isClosed && !isFailed;
    this.#bar.model.set({
      description,
      // Of an unknown number the bar is full: that it is being worked on, the label says.
      max: total || 1,
      // Beyond its end the client would draw over what is beside it.
      value: total ? Math.min(done, total) : 1,
      bar_style: isFailed ? 'danger' : isDone ? 'success' : total === undefined ? 'info' : '',
    });
    this.#label.model.set({ value: progressFacts(progress).join(' · ') });
    if (this.#isShown) return;
    this.#isShown = true;
    comms.show(this.#box);
  }

  end(): void {
    // What is shown stays to be seen.
  }
}

/** One line that is written over and over: consoles, `tsloop run`, plain scripts. */
class TextDrawing implements Drawing {
  #width = 0;

  draw(progress: Progress): void {
    const line = progressLine(progress);
    process.stdout.write(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }

  end(): void {
    process.stdout.write('\n');
  }
}

/** A progress bar, shown from when it is made. */
export class ProgressBar {
  readonly #timing: Timing;
  readonly #drawing: Drawing = hasWidgets() ? new WidgetDrawing() : new TextDrawing();
  readonly #throttle: Throttle;
  readonly #begun: number;
  #total: number | undefined;
  #description: string;
  #done = 0;
  #isClosed = false;
  #isFailed = false;

  /** @throws RangeError when the total is no number of 0 or more */
  constructor({ total, description = '' }: ProgressOptions = {}, timing: Timing = realTime) {
    if (total !== undefined && !(total >= 0 && total < Infinity))
      throw new RangeError(`progressBar: total must be a number of 0 or more, not ${String(total)}`);
    this.#total = total;
    this.#description = description;
    this.#timing = timing;
    this.#begun = timing.now();
    this.#throttle = new Throttle(() => this.#draw(), PAUSE, timing);
    this.#throttle.flush();
  }

  /** How many are done. */
  get value(): number {
    return this.#done;
  }

  /** How many there are to do. Undefined if nobody knows. */
  get total(): number | undefined {
    return this.#total;
  }

  set total(total: number | undefined) {
    this.#total = total;
    this.#request();
  }

  get description(): string {
    return this.#description;
  }

  set description(description: string) {
    this.#description = description;
    this.#request();
  }

  /**
   * From now on so many are done. It is drawn ten times a second at most, the last value always.
   * @throws TypeError for what is no finite number
   */
  update(done: number): void {
    if (!Number.isFinite(done))
      throw new TypeError(`progressBar: update takes a finite number, not ${String(done)}`);
    this.#done = done;
    this.#request();
  }

  /** So many more are done. */
  increment(by: number = 1): void {
    this.update(this.#done + by);
  }

  /** The end. Harmless when it is closed. */
  close(): void {
    this.#end(false);
  }

  /** The end of work that has broken off: the bar turns red. */
  fail(): void {
    this.#end(true);
  }

  /** What it says, as text. */
  get text(): string {
    return progressLine(this.#progress());
  }

  /** In a notebook the bar is there already: as a result it is only text. */
  bundle(): Record<string, unknown> {
    return { 'text/plain': this.text };
  }

  #end(isFailed: boolean): void {
    if (this.#isClosed) return;
    this.#isFailed = isFailed;
    this.#isClosed = true;
    this.#throttle.flush();
    this.#drawing.end();
  }

  #request(): void {
    if (!this.#isClosed) this.#throttle.request();
  }

  #progress(): Progress {
    return {
      description: this.#description,
      done: this.#done,
      total: this.#total,
      elapsed: (this.#timing.now() - this.#begun) / 1000,
      isClosed: this.#isClosed,
    };
  }

  #draw(): void {
    this.#drawing.draw(this.#progress(), this.#isFailed);
  }
}

looksLike(ProgressBar);

/**
 * Shows a progress bar, which is moved by `update` and `increment`.
 * @throws RangeError when the total is no number of 0 or more
 */
export function progressBar(options: ProgressOptions = {}): ProgressBar {
  return new ProgressBar(options);
}

function sizeOf(items: unknown): number | undefined {
  const { length, size } = items as { length?: unknown; size?: unknown };
  return typeof length === 'number' ? length : typeof size === 'number' ? size : undefined;
}

function* counted<T>(items: Iterable<T>, options: ProgressOptions): Generator<T, void, undefined> {
  const bar = new ProgressBar(options);
  let isWhole = false;
  try {
    for (const item of items) {
      yield item;
      bar.increment();
    }
    isWhole = true;
  } finally {
    if (isWhole) bar.close();
    else bar.fail();
  }
}

async function* countedAsync<T>(
  items: AsyncIterable<T>,
  options: ProgressOptions,
): AsyncGenerator<T, void, undefined> {
  const bar = new ProgressBar(options);
  let isWhole = false;
  try {
    for await (const item of items) {
      yield item;
      bar.increment();
    }
    isWhole = true;
  } finally {
    if (isWhole) bar.close();
    else bar.fail();
  }
}

/**
 * The same items, with a progress bar that shows how many of them have been worked on. How many there are is taken
 * from `length` or `size` where `total` does not say it.
 */
export function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
export function progress<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): Iterable<T> | AsyncIterable<T> {
  const total = options.total ?? sizeOf(items);
  const known = total === undefined ? options : { ...options, total };
  if (Symbol.asyncIterator in Object(items)) return countedAsync(items as AsyncIterable<T>, known);
  if (Symbol.iterator in Object(items)) return counted(items as Iterable<T>, known);
  throw new TypeError(`progress takes something to iterate over, not ${typeof items}`);
}
