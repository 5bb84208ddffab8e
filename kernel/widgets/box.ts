/** Widgets beside and below each other. */
import type { State } from './model.ts';
import { CONTROLS, Widget, type WidgetOptions } from './widget.ts';

/** Holds other widgets. */
export class Box extends Widget {
  #children: readonly Widget[];

  constructor(name: 'Box' | 'HBox' | 'VBox', children: readonly Widget[], options: WidgetOptions) {
    super({ origin: CONTROLS, name }, stateOf(children), options);
    this.#children = [...children];
  }

  get children(): readonly Widget[] {
    return this.#children;
  }

  set children(children: readonly Widget[]) {
    this.#children = [...children];
    this.model.set(stateOf(children));
  }

  protected override facts(): string[] {
    return this.#children.map(({ text }) => text);
  }
}

function stateOf(children: readonly Widget[]): State {
  return { children: children.map(({ model }) => model) };
}

/** Widgets in a box, which `layout` arranges: `box([a, b], { layout: { flexFlow: 'row wrap' } })`. */
export function box(children: readonly Widget[], options: WidgetOptions = {}): Box {
  return new Box('Box', children, options);
}

/** Widgets beside each other. */
export function hbox(children: readonly Widget[], options: WidgetOptions = {}): Box {
  return new Box('HBox', children, options);
}

/** Widgets below each other. */
export function vbox(children: readonly Widget[], options: WidgetOptions = {}): Box {
  return new Box('VBox', children, options);
}
