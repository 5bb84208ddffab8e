/** Elements as `React.createElement` makes them, also without React: a cell with JSX needs no package. */

const MARKS = ['react.element', 'react.transitional.element'].map((name) => Symbol.for(name));

/** The type of what `<>…</>` makes. */
export const Fragment: symbol = Symbol.for('react.fragment');

export interface JsxElement {
  readonly $$typeof: symbol;
  readonly type: unknown;
  readonly key: string | null;
  readonly ref: unknown;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Whether a value's `$$typeof` says that it is an element. */
export function isElementMark(mark: unknown): boolean {
  return MARKS.some((each) => each === mark);
}

/** What JSX is compiled to calls of, where no cell has imported React. */
export function createElement(
  type: unknown,
  given: Readonly<Record<string, unknown>> | null,
  ...children: unknown[]
): JsxElement {
  const { key, ref, ...props } = given ?? {};
  const inside = children.length === 0 ? {} : { children: children.length === 1 ? children[0] : children };
  return {
    $$typeof: Symbol.for('react.element'),
    type,
    key: typeof key === 'string' || typeof key === 'number' ? String(key) : null,
    ref: ref ?? null,
    props: { ...props, ...inside },
  };
}
