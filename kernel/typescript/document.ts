/**
 * A cell as a module: its text as it is, and behind it what connects it with the session. Declarations
 * are hoisted, so the text keeps its positions: what the service says of them needs no translation.
 */
import { type Declarations, mentionedWords } from './declarations.ts';
import { type Document, type Entry, globalExport, type Scope } from './scope.ts';
import { type Hub, hubName } from './slots.ts';

/** Where the types of earlier cells' variables are named. */
const TYPES = '__tsloop';

export interface Suffix {
  readonly suffix: string;
  readonly imports: ReadonlySet<Document>;
  readonly types: ReadonlyMap<string, Document>;
}

export interface SuffixOptions {
  /** The hubs that it imports from, needed or not; see slots.ts. */
  readonly hubs: readonly Hub[];
  /** How it names the module of that URI. */
  readonly specifier: (uri: string) => string;
  /** Names that are in scope at run time, though no cell's text declares them. */
  readonly untyped?: ReadonlySet<string>;
  /** Where types come from, if not from the latest cell that declares them. */
  readonly types?: ReadonlyMap<string, Document>;
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
  const imported = new Map(options.hubs.map(({ batch }) => [batch, [] as string[]]));
  const pass = (document: Document, name: string, local: string, prefix = ''): void => {
    if (!document.slot) return;
    imports.add(document);
    const { hub, number } = document.slot;
    imported.get(hub.batch)?.push(`${prefix}${hubName(name, number)} as ${local}`);
  };
  const words = mentionedWords(source);
  // What JSX is compiled to mentions these, though the text does not.
  if (declarations.jsx) {
    words.add('React');
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
      pass(value.document, name, name);
      continue;
    }
    if (value) {
      const keyword = isVariable ? 'let' : 'const';
      const local = `__tsloop_${name}`;
      pass(value.document, value.exported ?? name, local);
      // In a namespace of its own, `typeof` is out of the cell's control flow. In it, the type of x in `x.f()` would
      // depend on whether that call returns, which depends on the type of x: TypeScript gives up, and takes any.
      const named = `declare namespace ${TYPES} { type of_${name} = typeof ${local} }`;
      lines.push(`${named} declare ${keyword} ${name}: ${TYPES}.of_${name};`);
    } else if (!own && options.untyped?.has(name)) {
      lines.push(`declare let ${name}: any;`);
    }
    if (type) pass(type.document, name, name, 'type ');
  }
  // Always the same modules in the same order.
  for (const { uri, batch } of options.hubs) {
    const names = imported.get(batch) ?? [];
    lines.push(`import { ${names.join(', ')} } from ${JSON.stringify(options.specifier(uri))};`);
  }
  const exports = [...declarations.names.keys()].filter((name) => !declarations.exported.has(name));
  lines.push(`export { ${exports.join(', ')} };`);
  for (const [name, { start, end }] of declarations.globalAssignments)
    lines.push(`export let ${globalExport(name)} = (${source.slice(start, end)});`);
  // The semicolon ends what the text may leave open, as `a.`
  return { suffix: `\n;${lines.join('\n')}\n`, imports, types };
}
