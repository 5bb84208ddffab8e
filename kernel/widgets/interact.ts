/** `interact`: a function that is called again whenever the user changes one of its arguments. */
import { comms } from '../runtime/comm-registry.ts';
import { vbox } from './box.ts';
import { hasWidgets } from './model.ts';
import { output } from './output.ts';
import type { ValueWidget } from './widget.ts';

/** Widgets by the names of the arguments that they give. */
export type Controls<V> = { readonly [K in keyof V]: ValueWidget<V[K]> };

/**
 * Shows the controls, and below them what the function gives, prints and shows for their values; now and after each
 * change. Of a function that gives a promise, what it resolves to is shown, unless there has been another change.
 *
 *     interact(({ x }) => x ** 2, { x: slider(0, 10) });
 *
 * Where clients have no widgets, the function is called once, with the values as they are.
 */
export function interact<V extends object>(fn: (values: V) => unknown, controls: Controls<V>): void {
  const entries: Array<[string, ValueWidget<unknown>]> = Object.entries(controls);
  for (const [name, control] of entries) {
    if (control.model.get('description') === undefined) control.configure({ description: name });
  }
  const values = (): V => Object.fromEntries(entries.map(([name, { value }]) => [name, value])) as V;
  const place = output();
  let run = 0;
  const call = (): void => {
    run += 1;
    const mine = run;
    const show = (value: unknown): void => {
      if (mine !== run) return;
      if (value === undefined) place.settle();
      else if (comms.isConnected) comms.show(value);
      else console.log(value);
    };
    // Not at once: what is there would be seen to vanish before something new is.
    place.clear({ wait: true });
    place.capture(() =>
      comms.call(() => {
        const result = fn(values());
        if (!(result instanceof Promise)) show(result);
        return result instanceof Promise ? result.then(show) : undefined;
      }),
    );
  };
  for (const [, control] of entries) control.onChange(call);
  if (hasWidgets()) comms.show(vbox([...entries.map(([, control]) => control), place]));
  call();
}
