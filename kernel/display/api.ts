/** `display` and `clearOutput`, as cells have them. What is shown goes to a sink; nothing here knows of messages. */
import { randomUUID } from 'node:crypto';
import { type Form, FORMS, withMetadata } from './forms.ts';
import { checkedBundle, type Shown } from './mime.ts';
import { displaySymbol, shownAs, type Surroundings } from './rich.ts';
import type { Display, DisplayHandle, DisplayOptions, MimeContent } from './types.ts';

/** Where what is displayed goes: under the cell that runs. */
export interface DisplaySink extends Surroundings {
  /** @param update changes what was shown under this id before */
  show(shown: Shown, id: string, update: boolean): void;
  /** @param wait not before there is something new to show */
  clear(wait: boolean): void;
  /** A value that takes time to say how it looks has failed to. */
  failed(error: unknown): void;
}

/** Display ids are unique in all notebooks; making a random one each time costs more than counting. */
const session = randomUUID();
let made = 0;

/** Shows and changes one place. What takes time keeps its turn. */
class Handle implements DisplayHandle {
  readonly id: string;
  readonly #sink: DisplaySink;
  readonly #form: (value: unknown) => Shown | Promise<Shown>;
  #pending: Promise<unknown> | undefined;

  constructor(sink: DisplaySink, id: string, form: (value: unknown) => Shown | Promise<Shown>) {
    this.#sink = sink;
    this.id = id;
    this.#form = form;
  }

  update(value: unknown): void {
    this.show(value, true);
  }

  show(value: unknown, update: boolean): void {
    const shown = this.#form(value);
    const { id } = this;
    if (!(shown instanceof Promise) && !this.#pending) {
      this.#sink.show(shown, id, update);
      return;
    }
    const turn = Promise.all([shown, this.#pending]).then(
      ([ready]) => this.#sink.show(ready, id, update),
      (error: unknown) => this.#sink.failed(error),
    );
    this.#pending = turn;
    void turn.then(() => {
      if (this.#pending === turn) this.#pending = undefined;
    });
  }
}

/** Whether the value is what `display` has given: as the result of a cell it is not shown, as the cell has shown it already. */
export function isDisplayHandle(value: unknown): boolean {
  return value instanceof Handle;
}

/** The function `display` with all its forms. */
export function makeDisplay(sink: DisplaySink): Display {
  const show = (
    value: unknown,
    options: DisplayOptions,
    form: (value: unknown) => Shown | Promise<Shown>,
  ): DisplayHandle => {
    const { displayId, update = false } = options;
    if (update && displayId === undefined)
      throw new TypeError('display(…, { update: true }) needs a displayId');
    const handle = new Handle(sink, displayId ?? `${session}-${++made}`, (each) => {
      const shown = form(each);
      return shown instanceof Promise
        ? shown.then((ready) => withMetadata(ready, options))
        : withMetadata(shown, options);
    });
    handle.show(value, update);
    return handle;
  };
  const bundle = (value: unknown, source: string): Shown => ({
    data: checkedBundle(value, source),
    metadata: {},
  });
  const display = (value: unknown, options: DisplayOptions = {}): DisplayHandle =>
    show(value, options, (each) =>
      options.raw === true ? bundle(each, 'display(…, { raw: true })') : shownAs(each, sink),
    );
  const forms = Object.fromEntries(
    Object.entries(FORMS).map(([name, form]: [string, Form]) => [
      name,
      (content: unknown, options: DisplayOptions = {}) =>
        show(content, options, (each) => form(each, options)),
    ]),
  );
  const mime = (value: MimeContent, options: DisplayOptions = {}): DisplayHandle =>
    show(value, options, (each) => bundle(each, 'display.mime'));
  return Object.assign(display, forms, { mime, symbol: displaySymbol }) as unknown as Display;
}

/** The function `clearOutput`. */
export function makeClearOutput(sink: DisplaySink): (options?: { readonly wait?: boolean }) => void {
  return ({ wait = false } = {}) => sink.clear(wait);
}
