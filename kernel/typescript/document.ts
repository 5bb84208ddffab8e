/**
 * A cell as a module: its text as it is, and behind it what connects it with the session. Declarations
 * are hoisted, so the text keeps its positions: what the service says of them needs no translation.
 *
 * Names pass from cell to cell by global namespaces: what the cell in place 7 declares are the members of
 * `__tsloop.__tsloop_7`. Cells could import from each other's modules instead, but then every module would export
 * names, and the service looks through all exports of all modules for the shortest way to each type that it prints.
 */
import { type Declarations, mentionedWords } from './declarations.ts';
import { type Document, type Entry, globalExport, type Scope } from './scope.ts';

/** The namespace of all cells. */
const CELLS = '__tsloop';

/** Where the types of earlier cells' variables are named. */
const TYPES = '__tsloop_types';

/** Within the namespace of all cells, that of the cell in a place. A user's name must not be hidden by it. */
function cellNamespace(slot: number): string {
  return `__tsloop_${slot}`;
}

export interface Suffix {
  readonly suffix: string;
  readonly imports: ReadonlySet<Document>;
  readonly types: ReadonlyMap<string, Document>;
  /** The types that the module itself exports. */
  readonly exports: ReadonlySet<string>;
}

export interface SuffixOptions {
  /** The cell's own place; what has none declares nothing for others. */
  readonly slot?: number | undefined;
  /** Names that are in scope at run time, though no cell's text declares them. */
  readonly untyped?: ReadonlySet<string>;
  /** Where types come from, if not from the latest cell that declares them. */
  readonly types?: ReadonlyMap<string, Document>;
  /** The names that JSX is compiled to calls of. */
  readonly jsxNames?: readonly string[];
}

function typeOf(name: string, entry: Entry | undefined, { types }: SuffixOptions): Entry['type'] {
  const document = types?.get(name);
  return document ? { document, kind: 'type' } : entry?.type;
}

/** Imports what the text mentions of the session, and exports what it declares. */
export function suffixOf(
  source: string,
  declarations: Declarations,
  scope: Scope,
  options: SuffixOptions,
): Suffix {
  const lines: string[] = [];
  const imports = new Set<Document>();
  const types = new Map<string, Document>();
  /** How the text names what another document declares. */
  const pass = (document: Document, name: string): string | undefined => {
    if (!document.slot) return undefined;
    imports.add(document);
    return `${CELLS}.${cellNamespace(document.slot.number)}.${name}`;
  };
  const alias = (local: string, target: string | undefined): void => {
    if (target !== undefined) lines.push(`import ${local} = ${target};`);
  };
  const words = mentionedWords(source);
  // What JSX is compiled to mentions these, though the text does not.
  if (declarations.jsx) {
    for (const name of options.jsxNames ?? ['React']) words.add(name);
    for (const [, factory = ''] of source.matchAll(/@jsx(?:Frag)?\s+([\p{ID_Continue}$]+)/gu))
      words.add(factory);
  }
  for (const name of words) {
    const own = declarations.names.get(name);
    const entry = scope.get(name);
    const value = own?.value === undefined ? entry?.value : undefined;
    const type = own?.type === undefined ? typeOf(name, entry, options) : undefined;
    if (type?.kind === 'interface' || type?.kind === 'type') types.set(name, type.document);
    // An import brings all that a name means, and cannot be assigned to.
    const isVariable = value?.kind === 'let' || value?.kind === 'var';
    if (value && !own && !isVariable && (!type || type.document === value.document)) {
      alias(name, pass(value.document, name));
      continue;
    }
    if (value) {
      const keyword = isVariable ? 'let' : 'const';
      const target = pass(value.document, value.exported ?? name);
      // In a namespace of its own, `typeof` is out of the cell's control flow. In it, the type of x in `x.f()` would
      // depend on whether that call returns, which depends on the type of x: TypeScript gives up, and takes any.
      const named = `declare namespace ${TYPES} { type of_${name} = typeof ${target} }`;
      if (target !== undefined) lines.push(`${named} declare ${keyword} ${name}: ${TYPES}.of_${name};`);
    } else if (!own && options.untyped?.has(name)) {
      lines.push(`declare let ${name}: any;`);
    }
    if (type) alias(name, pass(type.document, name));
  }
  const exports = typesAnew(declarations, scope);
  lines.push(`export { ${[...exports].join(', ')} };`);
  for (const [name, { start, end }] of declarations.globalAssignments)
    lines.push(`let ${globalExport(name)} = (${source.slice(start, end)});`);
  if (options.slot !== undefined) {
    const members = [
      ...declarations.names.keys(),
      ...[...declarations.globalAssignments.keys()].map(globalExport),
    ];
    const namespace = `namespace ${cellNamespace(options.slot)} { export { ${members.join(', ')} }; }`;
    lines.push(`declare global { namespace ${CELLS} { ${namespace} } }`);
  }
  // The semicolon ends what the text may leave open, as `a.`
  return { suffix: `\n;${lines.join('\n')}\n`, imports, types, exports };
}

/**
 * The types that the cell declares though there is one of that name, in the session or in JavaScript. Its module
 * exports these: of two types of one name, the service says which it means only if a module exports it.
 */
function typesAnew({ names, exported }: Declarations, scope: Scope): Set<string> {
  const anew = new Set<string>();
  for (const [name, { type }] of names)
    if (type !== undefined && !exported.has(name) && (scope.get(name)?.type || name in globalThis))
      anew.add(name);
  return anew;
}
