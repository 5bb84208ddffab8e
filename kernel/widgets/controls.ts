/** The stock controls. */
import { comms } from '../runtime/comm-registry.ts';
import type { State } from './model.ts';
import { CONTROLS, ValueWidget, Widget, type WidgetOptions } from './widget.ts';

export interface SliderOptions extends WidgetOptions {
  /** From one value to the next: 1, or a hundredth of the way where the ends are no whole numbers. */
  readonly step?: number;
  /** Where it stands at first: in the lower end, unless this says otherwise. */
  readonly value?: number;
  readonly orientation?: 'horizontal' | 'vertical';
  /** False: the value changes when the handle is let go, not while it is dragged. */
  readonly continuous?: boolean;
}

function checkNumber(value: unknown, what: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new TypeError(`${what} must be a finite number, not ${String(value)}`);
}

/**
 * A number between two others.
 * @throws TypeError for what is no number; RangeError when max is below min, the step is not above 0, or the value
 * is not between the ends
 */
export function slider(min: number, max: number, options: SliderOptions = {}): ValueWidget<number> {
  const whole = [min, max, options.step ?? 1, options.value ?? min].every(Number.isInteger);
  const { step = whole ? 1 : (max - min) / 100, value = min, orientation, continuous } = options;
  for (const [name, each] of Object.entries({ min, max, step, value })) checkNumber(each, `slider: ${name}`);
  if (max < min) throw new RangeError(`slider: max (${max}) is below min (${min})`);
  if (!(step > 0) && max > min) throw new RangeError(`slider: step must be above 0, not ${step}`);
  const write = (number: number): State => {
    checkNumber(number, "slider: a slider's value");
    if (number < min || number > max)
      throw new RangeError(`slider: the value ${number} is not between ${min} and ${max}`);
    if (whole && !Number.isInteger(number))
      throw new RangeError(
        `slider: the value ${number} is no whole number; slider(…, { step: 0.1 }) takes others`,
      );
    return { value: number };
  };
  const kind = { origin: CONTROLS, name: whole ? 'IntSlider' : 'FloatSlider', style: 'Slider' };
  const state: State = {
    min,
    max,
    step,
    ...write(value),
    ...(orientation === undefined ? {} : { orientation }),
    ...(continuous === undefined ? {} : { continuous_update: continuous }),
  };
  return new ValueWidget<number>(kind, state, options, {
    read: (model) => model.get('value') as number,
    write,
  });
}

export interface CheckboxOptions extends WidgetOptions {
  readonly value?: boolean;
}

/** A box to be ticked. */
export function checkbox(options: CheckboxOptions = {}): ValueWidget<boolean> {
  const { value = false } = options;
  return new ValueWidget<boolean>(
    { origin: CONTROLS, name: 'Checkbox', style: 'Checkbox' },
    { value, indent: false },
    options,
    { read: (model) => model.get('value') === true, write: (ticked) => ({ value: ticked }) },
  );
}

export interface TextOptions extends WidgetOptions {
  readonly value?: string;
  /** Shown while nothing is typed. */
  readonly placeholder?: string;
  /** A field of so many lines. */
  readonly rows?: number;
  /** False: the value changes with Enter or when the field is left, not with each key. */
  readonly continuous?: boolean;
}

/** A field to type in. */
export function text(options: TextOptions = {}): ValueWidget<string> {
  const { value = '', placeholder, rows, continuous } = options;
  const kind = { origin: CONTROLS, name: rows === undefined ? 'Text' : 'Textarea', style: 'Text' };
  const state: State = {
    value,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(rows === undefined ? {} : { rows }),
    ...(continuous === undefined ? {} : { continuous_update: continuous }),
  };
  return new ValueWidget<string>(kind, state, options, {
    read: (model) => String(model.get('value')),
    write: (typed) => ({ value: typed }),
  });
}

export interface DropdownOptions<T> extends WidgetOptions {
  /** What is chosen at first: the first, unless this says otherwise. */
  readonly value?: T;
}

/** What can be chosen from: values, which are their own labels, or values by label. */
export type Choices<T> = readonly T[] | Readonly<Record<string, T>>;

/**
 * One of some values.
 * @throws RangeError when there is none, or the value is none of them
 */
export function dropdown<const T>(choices: Choices<T>, options: DropdownOptions<T> = {}): ValueWidget<T> {
  const entries: Array<[string, T]> = Array.isArray(choices)
    ? (choices as readonly T[]).map((choice) => [String(choice), choice])
    : Object.entries(choices as Readonly<Record<string, T>>);
  const [first] = entries;
  if (first === undefined) throw new RangeError('dropdown: there is nothing to choose from');
  const write = (value: T): State => {
    const index = entries.findIndex(([, choice]) => Object.is(choice, value));
    if (index === -1) throw new RangeError(`dropdown: ${String(value)} is none of its choices`);
    return { index };
  };
  const state: State = {
    _options_labels: entries.map(([label]) => label),
    ...('value' in options ? write(options.value) : { index: 0 }),
  };
  return new ValueWidget<T>({ origin: CONTROLS, name: 'Dropdown', style: 'Description' }, state, options, {
    // A client may choose nothing; then it is the first.
    read: (model) => (entries[Number(model.get('index') ?? 0)] ?? first)[1],
    write,
  });
}

export interface ButtonOptions extends WidgetOptions {
  /** A name of Font Awesome's: `play`, `check`. */
  readonly icon?: string;
  readonly kind?: 'primary' | 'success' | 'info' | 'warning' | 'danger';
}

/** A button. */
export class Button extends Widget {
  readonly #handlers = new Set<() => unknown>();

  constructor(description: string, options: ButtonOptions) {
    super(
      { origin: CONTROLS, name: 'Button', style: 'Button' },
      { icon: options.icon ?? '', button_style: options.kind ?? '' },
      { ...options, description },
    );
    this.model.onMessage((content) => {
      if ((content as { event?: unknown } | null)?.event === 'click') this.click();
    });
  }

  /** The handler is called with each click; what it throws is shown as an error. Returns what ends that. */
  onClick(handler: () => unknown): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** Does what a click does. */
  click(): void {
    for (const handler of Array.from(this.#handlers)) comms.call(() => handler());
  }
}

/** A button with these words on it. */
export function button(description: string, options: ButtonOptions = {}): Button {
  return new Button(description, options);
}
