/**
 * Front ends of one's own: a JavaScript module for the page, and a state that both sides share.
 * Source: https://anywidget.dev/en/afm/
 */
import { randomUUID } from 'node:crypto';
import type { CommBuffer } from '../runtime/comm-registry.ts';
import { brief, Widget, type WidgetOptions } from './widget.ts';

/** The package of the clients. Which version of it they have, no kernel knows: front ends are the same in all. */
const ANYWIDGET = { module: 'anywidget', version: '*' };

export interface FrontEnd<S extends object> extends Pick<WidgetOptions, 'layout'> {
  /** Source of an ES module with `export default { render({ model, el }) { … } }`, or its URL. */
  readonly esm: string;
  /** Style sheet, or its URL. */
  readonly css?: string;
  /** Values that both sides read and change: JSON, and binary data (the page gets a DataView). */
  readonly state?: S;
}

type Handler = (...args: never[]) => unknown;

/** What `on` may name: `change:NAME`, `change`, `msg:custom`. */
interface Events<S extends object> {
  <K extends keyof S & string>(
    event: `change:${K}`,
    handler: (value: S[K], before: S[K]) => unknown,
  ): () => void;
  (event: 'change', handler: (changed: Partial<S>) => unknown): () => void;
  (event: 'msg:custom', handler: (content: unknown, buffers: readonly Uint8Array[]) => unknown): () => void;
}

/** A widget with a front end of its own. The names are those that its page's side has, too. */
export class AnyWidget<S extends object> extends Widget {
  readonly #names: ReadonlySet<string>;

  constructor({ esm, css, state, layout }: FrontEnd<S>) {
    const own = { ...state };
    const taken = Object.keys(own).find((name) => name.startsWith('_') || name === 'layout');
    if (taken !== undefined)
      throw new TypeError(`anywidget: the state cannot have a '${taken}': the name is the widget's own`);
    super(
      { origin: ANYWIDGET, name: 'Any' },
      {
        ...own,
        _anywidget_id: `tsloop.${randomUUID()}`,
        _esm: esm,
        ...(css === undefined ? {} : { _css: css }),
      },
      layout === undefined ? {} : { layout },
    );
    this.#names = new Set(Object.keys(own));
  }

  get<K extends keyof S & string>(name: K): S[K] {
    return this.model.get(name) as S[K];
  }

  /** Changes one value, or some, here and in the page. @throws TypeError for a name that the state does not have */
  set<K extends keyof S & string>(name: K, value: S[K]): void;
  set(values: Partial<S>): void;
  set(first: string | Partial<S>, value?: unknown): void {
    const values: Record<string, unknown> = typeof first === 'string' ? { [first]: value } : { ...first };
    const unknown = Object.keys(values).find((name) => !this.#names.has(name));
    if (unknown !== undefined)
      throw new TypeError(
        `anywidget: there is no '${unknown}' in the state, which has ${[...this.#names].join(', ') || 'nothing'}`,
      );
    this.model.set(values);
  }

  /**
   * `change:NAME` is called with a value and the one before, `change` with all that have changed, `msg:custom` with
   * what the page's `model.send` sends. Returns what ends that.
   */
  readonly on: Events<S> = (event: string, handler: Handler): (() => void) => {
    const call = handler as (...args: unknown[]) => unknown;
    if (event === 'msg:custom') return this.model.onMessage(call);
    const name = event.replace(/^change:?/, '');
    if (!event.startsWith('change') || (name !== '' && !this.#names.has(name)))
      throw new TypeError(
        `anywidget: there is no event '${event}': 'change', 'change:NAME' and 'msg:custom' are`,
      );
    return this.model.onChange((changed, before) => {
      if (name === '') return call(changed);
      return name in changed ? call(changed[name], before[name]) : undefined;
    });
  };

  /** Sends a message to the page, where `model.on('msg:custom', …)` gets it. */
  send(content: unknown, buffers: readonly CommBuffer[] = []): void {
    this.model.send(content, buffers);
  }

  protected override facts(): string[] {
    const state = Object.fromEntries([...this.#names].map((name) => [name, this.model.get(name)]));
    return [brief(state)];
  }
}

/** A widget with a front end of one's own. @throws TypeError for names of values that widgets need themselves */
export function anywidget<S extends object>(frontEnd: FrontEnd<S>): AnyWidget<S> {
  return new AnyWidget<S>(frontEnd);
}
