/** What all widgets have: a model with a layout and a style, a look, and an end. */
import { inspect } from 'node:util';
import { comms } from '../runtime/comm-registry.ts';
import { hasWidgets, Model, type State } from './model.ts';

/** Where a kind of widget comes from: a package of the client's. */
export interface Origin {
  readonly module: string;
  readonly version: string;
}

/** The packages of the stock widgets, as ipywidgets 8 has them. */
const BASE: Origin = { module: '@jupyter-widgets/base', version: '2.0.0' };
export const CONTROLS: Origin = { module: '@jupyter-widgets/controls', version: '2.0.0' };

/** CSS of the widget's box by camel-cased names: `width`, `height`, `margin`, `padding`, `border`, `display`, `flex` … */
export type LayoutOptions = Readonly<Record<string, string | null>>;

/** What the kind's style model has: `buttonColor`, `descriptionWidth`, `handleColor`, `textColor`, `barColor` … */
export type StyleOptions = Readonly<Record<string, string | null>>;

/** What all widgets take. */
export interface WidgetOptions {
  /** Stands before it. */
  readonly description?: string;
  /** Shown, but not to be changed by the user. */
  readonly disabled?: boolean;
  /** Shown while the pointer is over it. */
  readonly tooltip?: string;
  readonly layout?: LayoutOptions;
  readonly style?: StyleOptions;
}

/** What a kind of widget is made of. */
export interface Kind {
  readonly origin: Origin;
  /** `IntSlider`: the model's name without `Model`. */
  readonly name: string;
  /** If it is not the model's name. */
  readonly view?: string;
  /** The model of its style without `StyleModel`, if it has one. */
  readonly style?: string;
}

/** The names in a state that tell a client what to make of it. */
function identity(model: Origin, name: string, view: Origin, viewName: string): State {
  return {
    _model_module: model.module,
    _model_module_version: model.version,
    _model_name: `${name}Model`,
    _view_module: view.module,
    _view_module_version: view.version,
    _view_name: `${viewName}View`,
  };
}

function snakeCased(options: Readonly<Record<string, unknown>>): State {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

function withoutUndefined(state: Readonly<State>): State {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

/** A value in a few characters. */
export function brief(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: 1, maxArrayLength: 5, maxStringLength: 60 });
}

/** Lets notebooks show the instances of a class by its `bundle`, and consoles by its `text`. */
export function looksLike(shown: {
  readonly prototype: { bundle(): Record<string, unknown>; readonly text: string };
}): void {
  Object.defineProperty(shown.prototype, Symbol.for('Jupyter.display'), {
    value(this: Widget): Record<string, unknown> {
      return this.bundle();
    },
  });
  Object.defineProperty(shown.prototype, inspect.custom, {
    value(this: Widget): string {
      return this.text;
    },
  });
}

/** A widget: the last expression of a cell shows it, and so does `display(widget)`. */
export class Widget {
  /** For other widgets. */
  readonly model: Model;
  readonly #name: string;
  readonly #parts: Model[] = [];

  /** @param state what the kind's model has beside the options */
  constructor(kind: Kind, state: Readonly<State>, options: WidgetOptions = {}) {
    const { layout = {}, style = {}, description, disabled, tooltip } = options;
    const part = (
      model: Origin,
      name: string,
      view: string,
      own: Readonly<Record<string, unknown>>,
    ): Model => {
      const made = new Model({ ...identity(model, name, BASE, view), ...snakeCased(own) });
      this.#parts.push(made);
      return made;
    };
    this.#name = kind.name;
    this.model = new Model({
      ...identity(kind.origin, kind.name, kind.origin, kind.view ?? kind.name),
      ...withoutUndefined({ description, disabled, tooltip }),
      layout: part(BASE, 'Layout', 'Layout', layout),
      ...(kind.style === undefined ? {} : { style: part(kind.origin, `${kind.style}Style`, 'Style', style) }),
      ...state,
    });
  }

  /** Changes how it looks, wherever it is shown. */
  configure(options: WidgetOptions): void {
    const { layout, style, ...own } = options;
    this.model.set(withoutUndefined(own));
    if (layout) (this.model.get('layout') as Model).set(snakeCased(layout));
    if (style) (this.model.get('style') as Model | undefined)?.set(snakeCased(style));
  }

  /** Takes it away wherever it is shown, for good. Harmless when that has been done. */
  close(): void {
    for (const each of [this.model, ...this.#parts]) each.close();
  }

  /** The text of clients without widgets. */
  get text(): string {
    const facts = this.facts();
    return `${this.#name}(${facts.join(', ')})`;
  }

  /** What the text says of it. */
  protected facts(): string[] {
    const description = this.model.get('description');
    return typeof description === 'string' && description !== '' ? [brief(description)] : [];
  }

  /** How it looks in a notebook. */
  bundle(): Record<string, unknown> {
    const plain = { 'text/plain': this.text };
    if (!hasWidgets() || this.model.isClosed) return plain;
    return {
      ...plain,
      'application/vnd.jupyter.widget-view+json': {
        version_major: 2,
        version_minor: 0,
        model_id: this.model.id,
      },
    };
  }
}
looksLike(Widget);

/** How the value of a widget is kept in its model. */
interface ValueForm<T> {
  readonly read: (model: Model) => T;
  /** @throws TypeError or RangeError that says what is wrong with it */
  readonly write: (value: T) => State;
}

/** A widget with a value that the user and code may change. */
export class ValueWidget<T> extends Widget {
  readonly #form: ValueForm<T>;
  readonly #handlers = new Set<(value: T, before: T) => unknown>();
  #last: T;

  constructor(kind: Kind, state: Readonly<State>, options: WidgetOptions, form: ValueForm<T>) {
    super(kind, state, options);
    this.#form = form;
    this.#last = form.read(this.model);
    this.model.onChange(() => this.#changed());
  }

  get value(): T {
    return this.#form.read(this.model);
  }

  set value(value: T) {
    this.model.set(this.#form.write(value));
  }

  /**
   * The handler is called with each new value and the one before, whoever has changed it; what it throws is shown
   * as an error. Returns what ends that.
   */
  onChange(handler: (value: T, before: T) => unknown): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  protected override facts(): string[] {
    return [...super.facts(), brief(this.value)];
  }

  #changed(): void {
    const before = this.#last;
    const { value } = this;
    if (Object.is(value, before)) return;
    this.#last = value;
    for (const handler of Array.from(this.#handlers)) comms.call(() => handler(value, before));
  }
}
