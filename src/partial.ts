/**
 * Binding arguments ahead, as Python's `functools.partial`. JavaScript has no keyword arguments; by
 * convention they are the fields of an options object, the function's last parameter. `kw({...})`
 * says that an object is meant so, and not as a positional argument that happens to be an object.
 */

/**
 * Keyword arguments, to be bound by `partial` or to be given to a partial. Made by `kw`.
 *
 * @example
 * const keywords = kw({ speed: 2 });
 * console.log(keywords instanceof Keywords, keywords.values.speed); // true 2
 */
export class Keywords<out K extends object> {
  readonly values: K;
  constructor(values: K) {
    this.values = values;
  }
}

/**
 * Marks the fields of an object as keyword arguments.
 *
 * @example
 * const greet = (name: string, { greeting = 'Hello' } = {}) => `${greeting}, ${name}`;
 * console.log(partial(greet, kw({ greeting: 'Good evening' }))('Ada')); // Good evening, Ada
 *
 * @throws TypeError if `values` is not an object
 */
export function kw<const K extends object>(values: K): Keywords<K> {
  if (typeof values !== 'object' || values === null) {
    throw new TypeError(`kw() takes an object whose fields are the keyword arguments, not ${String(values)}`);
  }
  return new Keywords(values);
}

/** The last parameter's type, without the undefined of an optional one. */
type LastOf<P extends readonly unknown[]> = Required<P> extends readonly [...unknown[], infer L] ? L : never;
/** The other parameters. With keywords bound all of them must be given: the options come after them. */
type InitOf<P extends readonly unknown[]> = Required<P> extends readonly [...infer I, unknown] ? I : never;

/** The first parameters of P, as many as there are arguments in G. */
type Take<P extends readonly unknown[], G extends readonly unknown[]> = G extends readonly [
  unknown,
  ...infer GR,
]
  ? P extends readonly [(infer H)?, ...infer PR]
    ? [H, ...Take<PR, GR>]
    : [never, ...Take<[], GR>]
  : [];
/** The parameters that follow these. */
type Drop<P extends readonly unknown[], G extends readonly unknown[]> = G extends readonly [
  unknown,
  ...infer GR,
]
  ? P extends readonly [unknown?, ...infer PR]
    ? Drop<PR, GR>
    : []
  : P;

/** Keywords K as the options O want them: no unknown ones. */
type Fitting<O, K> = { readonly [N in keyof K]: N extends keyof OptionsOf<O> ? OptionsOf<O>[N] : never };
/** The options of a partial may themselves be given as `Keywords`. */
type OptionsOf<O> =
  Exclude<O, Keywords<object>> extends never
    ? O extends Keywords<infer K>
      ? K
      : never
    : Exclude<O, Keywords<object>>;

/** What may be bound, given what is. */
type Bindable<P extends readonly unknown[], G extends readonly unknown[]> = G extends readonly [
  ...infer B,
  Keywords<infer K>,
]
  ? readonly [...Take<InitOf<P>, B>, Keywords<Fitting<LastOf<P>, K>>]
  : Readonly<Take<P, G>>;

/** The options that a call may still give: those bound have become optional. */
type Rest<O, K> = Omit<O, keyof K> & Partial<Pick<O, keyof K & keyof O>>;

/**
 * The options parameter after binding K. A plain options object is taken only where nothing is
 * required in it; required keywords are given as `kw({...})`, which is never mistaken.
 */
type OptionsAfter<R extends object> = object extends R ? [options?: R | Keywords<R>] : [options: Keywords<R>];

type Unbound<P extends readonly unknown[], G extends readonly unknown[]> = G extends readonly [
  ...infer B,
  Keywords<infer K>,
]
  ? [...Drop<InitOf<P>, B>, ...OptionsAfter<Rest<OptionsOf<LastOf<P>>, K>>]
  : Drop<P, G>;

/** What was bound, for showing it: as the attributes of Python's partial objects. */
export interface BoundParts {
  readonly func: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
  readonly keywords: object | undefined;
}

const parts = new WeakMap<object, BoundParts>();

/** What a partial has bound; undefined if the value is no partial. */
export function boundParts(value: unknown): BoundParts | undefined {
  return typeof value === 'function' ? parts.get(value) : undefined;
}

/**
 * A function that calls `func` with the bound positional arguments before those of the call, and
 * with the bound keywords in its options object. Keywords given at the call win over bound ones, as
 * do those of a later partial over those of an earlier one; a partial of a partial is one call.
 *
 * With keywords bound, the options object follows the positional arguments, all of which must have
 * been given. A call adds keywords with `kw({...})`, or with a plain object as its last argument if
 * that comes after all required parameters (`func.length`); any other object is positional.
 *
 * @example
 * function callback(arg: number, { kwarg = 'default' }: { kwarg?: string } = {}) {
 *   console.log(`callback invoked with ${arg} and ${kwarg}`);
 * }
 * const loop = getEventLoop();
 * loop.callSoon(partial(callback, kw({ kwarg: 'not default' })), 2);
 * loop.callSoon(partial(callback, 3));
 *
 * @throws TypeError if `func` is not a function, or if `kw(...)` is not the last argument
 */
export function partial<P extends readonly unknown[], R, const G extends readonly unknown[]>(
  func: (...args: P) => R,
  ...bound: G & Bindable<P, G>
): (...args: Unbound<P, G>) => R;
export function partial(
  func: (...args: never[]) => unknown,
  ...bound: readonly unknown[]
): (...args: never[]) => unknown {
  if (typeof func !== 'function') {
    throw new TypeError(`partial() takes a function first, not ${String(func)}`);
  }
  const inner = parts.get(func);
  const given = splitKeywords(bound);
  const target = (inner?.func ?? func) as (...args: readonly unknown[]) => unknown;
  const args = [...(inner?.args ?? []), ...given.args];
  const keywords = merge(inner?.keywords, given.keywords);

  const call = function (this: unknown, ...later: unknown[]): unknown {
    if (keywords === undefined) return target.call(this, ...args, ...later);
    const last = splitKeywords(later, target.length - args.length);
    return target.call(this, ...args, ...last.args, merge(keywords, last.keywords));
  };
  Object.defineProperty(call, 'name', { value: `partial ${target.name}`, configurable: true });
  parts.set(call, { func: target, args, keywords });
  return call;
}

/**
 * Separates keywords from positional arguments. A plain object counts as keywords from the index
 * `plainFrom` on, if it comes last.
 */
function splitKeywords(
  args: readonly unknown[],
  plainFrom = Infinity,
): { args: readonly unknown[]; keywords: object | undefined } {
  const last = args.length - 1;
  const misplaced = args.findIndex((arg) => arg instanceof Keywords);
  if (misplaced !== -1 && misplaced !== last) {
    throw new TypeError('kw(...) must be the last argument, after all positional ones');
  }
  const candidate = args[last];
  if (candidate instanceof Keywords) return { args: args.slice(0, -1), keywords: candidate.values };
  if (last >= plainFrom && isPlainObject(candidate)) return { args: args.slice(0, -1), keywords: candidate };
  return { args, keywords: undefined };
}

function merge(earlier: object | undefined, later: object | undefined): object | undefined {
  return earlier === undefined ? later : later === undefined ? { ...earlier } : { ...earlier, ...later };
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
