/** A widget that holds what code prints and shows. */
import { comms, type Diverted } from '../runtime/comm-registry.ts';
import { hasWidgets } from './model.ts';
import { Throttle } from './throttle.ts';
import { Widget, type WidgetOptions } from './widget.ts';

/** One output in the form of a notebook file. Source: https://nbformat.readthedocs.io/en/stable/format_description.html */
type NotebookOutput = Record<string, unknown>;

/** All outputs are sent with each change: seconds from one to the next, and from the first change to the message. */
const PAUSE = 0.05;
const DELAY = 0.005;

/** More characters of text are cut off in front: all of them are sent with each change. */
const MOST_TEXT = 200_000;

/** Holds outputs of code that is run by {@link Output.capture}. */
export class Output extends Widget {
  #outputs: NotebookOutput[] = [];
  /** What is there goes away when there is something new. */
  #isStale = false;
  readonly #displays = new Map<string, NotebookOutput>();
  #divert: (<T>(run: () => T) => T) | undefined;
  readonly #throttle = new Throttle(
    () => this.model.set({ outputs: structuredClone(this.#outputs) }),
    PAUSE,
    undefined,
    DELAY,
  );

  constructor(options: WidgetOptions) {
    super(
      { origin: { module: '@jupyter-widgets/output', version: '1.0.0' }, name: 'Output' },
      { msg_id: '', outputs: [] },
      options,
    );
  }

  /**
   * Calls `run`. What it prints and shows goes into this widget, also what its timers and promises print later.
   * Where clients have no widgets, that is printed and shown as ever.
   */
  capture<T>(run: () => T): T {
    if (!hasWidgets()) return run();
    this.#divert ??= comms.divert((given) => this.#take(given));
    return this.#divert(run);
  }

  /** Takes away what it holds; with `wait` not before there is something new. */
  clear({ wait = false }: { readonly wait?: boolean } = {}): void {
    this.#isStale = true;
    if (!wait) this.settle();
  }

  /** Nothing new came: what was to be taken away with it is taken away now. */
  settle(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    this.#outputs = [];
    this.#displays.clear();
    this.#throttle.request();
  }

  override close(): void {
    this.#throttle.cancel();
    super.close();
  }

  protected override facts(): string[] {
    return [`${this.#outputs.length} ${this.#outputs.length === 1 ? 'output' : 'outputs'}`];
  }

  #take(given: Diverted): void {
    if (given.type === 'clear') {
      this.clear({ wait: given.wait });
      return;
    }
    this.settle();
    if (given.type === 'stream') this.#print(given.name, given.text);
    else if (given.type === 'error') this.#outputs.push({ output_type: 'error', ...given.error });
    else this.#show(given);
    this.#throttle.request();
  }

  #print(name: string, text: string): void {
    const last = this.#outputs.at(-1);
    const isSame = last?.['output_type'] === 'stream' && last['name'] === name;
    const whole = (isSame ? String(last['text']) : '') + text;
    const cut = whole.length > MOST_TEXT ? `…${whole.slice(-MOST_TEXT)}` : whole;
    if (isSame) last['text'] = cut;
    else this.#outputs.push({ output_type: 'stream', name, text: cut });
  }

  #show({ data, metadata, displayId, update }: Extract<Diverted, { type: 'display' }>): void {
    const shown = displayId === undefined ? undefined : this.#displays.get(displayId);
    if (update === true) {
      if (shown) Object.assign(shown, { data, metadata });
      return;
    }
    const added = { output_type: 'display_data', data, metadata };
    this.#outputs.push(added);
    if (displayId !== undefined) this.#displays.set(displayId, added);
  }
}

/** A place for outputs: `const log = output(); log.capture(() => console.log('inside'))`. */
export function output(options: WidgetOptions = {}): Output {
  return new Output(options);
}
