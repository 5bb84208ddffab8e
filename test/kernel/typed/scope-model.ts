/**
 * What a session's scope must be after cells that declare, assign and fail: plain bookkeeping, to be held against
 * a kernel. Each declaration has a number of its own in the names of its properties, so that its type and its
 * value tell which declaration a name has come from.
 */

/** What a name is as a value. */
export interface ValueMeaning {
  /** An expression, and its type as TypeScript writes it. */
  readonly typed: string;
  type(scope: Scope): string;
  /** An expression, and its value as JSON. */
  readonly valued: string;
  value(scope: Scope): string;
  /** The name's own value as JSON, within an array. */
  readonly self: string;
  /** The type of the name itself. */
  own(scope: Scope): string;
  /** It returns another name, and is not returned itself: two could return each other. */
  readonly isReader?: boolean;
  /** Where the name may be assigned: such an assignment, and what the name is then. */
  assign?(number: number): { code: string; meaning: ValueMeaning };
}

/** What a name is as a type: an expression, and its type. */
export interface TypeMeaning {
  readonly typed: string;
  readonly type: string;
  /** Whether it has come with a value, as a class does. */
  readonly withValue: boolean;
}

export interface Declaration {
  readonly code: string;
  /** Whether it is done before the first statement of its cell, wherever it stands. */
  readonly first?: boolean;
  readonly value?: ValueMeaning;
  readonly type?: TypeMeaning;
  /** Namespaces and imports may hold types, which their text alone need not tell. */
  readonly mayBeType?: boolean;
}

/** The names of a session. */
export class Scope {
  readonly values: Map<string, ValueMeaning> = new Map();
  /**
   * `undefined` is a type that is left open: what a class's name is as a type when only its value was replaced,
   * and that of anything behind a namespace or an import.
   */
  readonly types: Map<string, TypeMeaning | undefined> = new Map();

  declare(name: string, { value, type, mayBeType = false }: Declaration): void {
    if (this.types.get(name) && (this.types.get(name)?.withValue || mayBeType))
      this.types.set(name, undefined);
    if (value) this.values.set(name, value);
    if (type) this.types.set(name, type);
  }
}

/** An expression that gives an object with one number in it, for a name of its own type. */
function holding(valued: string, key: string, number: number, own: string, self: string): ValueMeaning {
  const json = JSON.stringify({ [key]: number });
  return {
    typed: valued,
    type: () => `{ ${key}: number; }`,
    valued,
    value: () => json,
    own: () => own,
    self,
  };
}

/** A name that is such an object itself. */
function constant(name: string, key: string, number: number): ValueMeaning {
  return holding(name, key, number, `{ ${key}: number; }`, JSON.stringify({ [key]: number }));
}

function variable(name: string, key: string, number: number, own?: string): ValueMeaning {
  const meaning = constant(name, key, number);
  return {
    ...meaning,
    ...(own === undefined ? {} : { type: () => own, own: () => own }),
    assign: (next) => ({ code: `${name} = { ${key}: ${next} };`, meaning: variable(name, key, next, own) }),
  };
}

/** A cell that the declarations below need to have run first. */
export const PRELUDE = 'type Holder<Key extends string> = { [K in Key]: number }';

type Kind = (name: string, number: number, scope: Scope, others: readonly string[]) => Declaration;

export type KindName =
  | 'let'
  | 'const'
  | 'annotated'
  | 'destructuring'
  | 'awaited'
  | 'function'
  | 'reader'
  | 'class'
  | 'enum'
  | 'namespace'
  | 'import'
  | 'alias'
  | 'interface';

/** Every kind of declaration. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  let: (name, n) => ({
    code: `let ${name} = { let${n}: ${n} };`,
    value: variable(name, `let${n}`, n),
  }),
  const: (name, n) => ({
    code: `const ${name} = { const${n}: ${n} };`,
    value: constant(name, `const${n}`, n),
  }),
  annotated: (name, n) => ({
    code: `let ${name}: Holder<"held${n}"> = { held${n}: ${n} };`,
    value: variable(name, `held${n}`, n, `Holder<"held${n}">`),
  }),
  destructuring: (name, n) => ({
    code: `const { deep: [${name}] } = { deep: [{ part${n}: ${n} }] };`,
    value: constant(name, `part${n}`, n),
  }),
  awaited: (name, n) => ({
    code: `const ${name} = await Promise.resolve({ later${n}: ${n} });`,
    value: constant(name, `later${n}`, n),
  }),
  function: (name, n) => ({
    code: `function ${name}() { return { made${n}: ${n} } }`,
    first: true,
    value: holding(`${name}()`, `made${n}`, n, `() => { made${n}: number; }`, 'null'),
  }),
  /** A function that returns another name: always what that name is when the function is called. */
  reader: (name, n, scope, others) => {
    const read = others.find((other) => scope.values.has(other) && !scope.values.get(other)?.isReader);
    if (read === undefined) return kinds.function(name, n, scope, others);
    const type = (later: Scope): string => later.values.get(read)?.own(later) ?? '';
    return {
      code: `function ${name}() { return ${read} }`,
      first: true,
      value: {
        typed: `${name}()`,
        type,
        valued: `${name}()`,
        value: (later) => later.values.get(read)?.self ?? '',
        own: (later) => `() => ${type(later)}`,
        self: 'null',
        isReader: true,
      },
    };
  },
  class: (name, n) => ({
    code: `class ${name} { static shape = { shape${n}: ${n} }; member${n} = [${n}] }`,
    value: holding(`${name}.shape`, `shape${n}`, n, `typeof ${name}`, 'null'),
    type: { typed: `(null! as ${name}["member${n}"])`, type: 'number[]', withValue: true },
  }),
  enum: (name, n) => ({
    code: `enum ${name} { E${n} = "e${n}" }`,
    value: {
      typed: `${name}.E${n}`,
      type: () => name,
      valued: `${name}.E${n}`,
      value: () => `"e${n}"`,
      own: () => `typeof ${name}`,
      self: `{"E${n}":"e${n}"}`,
    },
    type: { typed: `(null! as ${name}.E${n})`, type: name, withValue: true },
  }),
  namespace: (name, n) => ({
    mayBeType: true,
    code: `namespace ${name} { export const space = { space${n}: ${n} } }`,
    value: holding(`${name}.space`, `space${n}`, n, `typeof ${name}`, `{"space":{"space${n}":${n}}}`),
  }),
  import: (name, n) => ({
    mayBeType: true,
    code: `import { join as ${name} } from "node:path";`,
    first: true,
    value: {
      typed: `${name}("${n}")`,
      type: () => 'string',
      valued: `${name}("${n}")`,
      value: () => `"${n}"`,
      own: () => '(...paths: string[]) => string',
      self: 'null',
    },
  }),
  alias: (name, n) => ({
    code: `type ${name} = { alias${n}: number[] };`,
    first: true,
    type: { typed: `(null! as ${name}["alias${n}"])`, type: 'number[]', withValue: false },
  }),
  interface: (name, n) => ({
    code: `interface ${name} { face${n}: string[] }`,
    first: true,
    type: { typed: `(null! as ${name}["face${n}"])`, type: 'string[]', withValue: false },
  }),
};
