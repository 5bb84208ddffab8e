/** What a cell declares at its top level, as values and as types, and what its text mentions. */
import { globalAssignment } from '../language/global-assignment.ts';
import { type AnyNode, isNode } from '../language/node.ts';
import type { Program } from '../language/parse.ts';
import { bindingNames, type DeclarationKind, declaredNames } from '../language/syntax.ts';

export type TypeKind = 'interface' | 'type' | 'class' | 'enum' | 'namespace' | 'import';

/** One name; it may mean a value and a type at once. */
export interface Declaration {
  readonly value?: DeclarationKind;
  readonly type?: TypeKind;
  readonly isFunction: boolean;
  /** TypeScript alone hears of the value (`declare const x`): no run of the cell declares it. */
  readonly isAmbient?: true;
  /** Where it is declared, in the cell's text: the whole statement, of the value if there is one. */
  readonly start: number;
  readonly end: number;
}

export interface Declarations {
  readonly names: ReadonlyMap<string, Declaration>;
  /** Names that the cell exports by itself. */
  readonly exported: ReadonlySet<string>;
  /** Global variables that the cell's `declare global` blocks declare, by block. */
  readonly globalBlocks: ReadonlyArray<{
    readonly start: number;
    readonly end: number;
    readonly names: readonly string[];
  }>;
  /** `declare module 'name' {}`: of a package without types, or adding to those that it has. */
  readonly ambientModules: ReadonlyArray<{
    readonly start: number;
    readonly end: number;
    readonly name: string;
  }>;
  /** `globalThis.name = expression` as a statement of its own: where the expression stands. */
  readonly globalAssignments: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
  /** Whether the text has JSX, which a .ts file may not. */
  readonly jsx: boolean;
}

function hasJsx(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasJsx);
  if (!isNode(node)) return false;
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') return true;
  for (const key in node) {
    const child = node[key];
    if (typeof child === 'object' && child !== null && hasJsx(child)) return true;
  }
  return false;
}

/** `Outer` of `namespace Outer.Inner`; undefined for `declare module 'name'` and `declare global`. */
function namespaceName(node: AnyNode): string | undefined {
  if (isGlobalBlock(node)) return undefined;
  let id = node['id'] as AnyNode;
  while (id.type === 'TSQualifiedName') id = id['left'] as AnyNode;
  return id.type === 'Identifier' ? (id['name'] as string) : undefined;
}

/** The names that one statement declares as types; a namespace and an import may be both. */
function typesOf(node: AnyNode): Array<[string, TypeKind]> {
  const name = (node['id'] as { name?: string } | null | undefined)?.name;
  switch (node.type) {
    case 'TSInterfaceDeclaration':
      return name === undefined ? [] : [[name, 'interface']];
    case 'TSTypeAliasDeclaration':
      return name === undefined ? [] : [[name, 'type']];
    case 'ClassDeclaration':
      return name === undefined ? [] : [[name, 'class']];
    case 'TSEnumDeclaration':
      return name === undefined ? [] : [[name, 'enum']];
    case 'TSImportEqualsDeclaration':
      return name === undefined ? [] : [[name, 'import']];
    case 'TSModuleDeclaration': {
      const outer = namespaceName(node);
      return outer === undefined ? [] : [[outer, 'namespace']];
    }
    case 'ImportDeclaration':
      return (node['specifiers'] as AnyNode[]).flatMap((specifier) =>
        bindingNames(specifier['local']).map((local): [string, TypeKind] => [local, 'import']),
      );
    default:
      return [];
  }
}

const ambientKinds: Readonly<Record<string, DeclarationKind>> = {
  FunctionDeclaration: 'function',
  TSDeclareFunction: 'function',
  ClassDeclaration: 'class',
  TSEnumDeclaration: 'enum',
  TSModuleDeclaration: 'namespace',
};

/** Values that only TypeScript hears of: `declare const x: number`. */
function ambientValues(node: AnyNode): Array<[string, DeclarationKind]> {
  if (node['declare'] !== true) return [];
  if (node.type === 'VariableDeclaration') {
    const kind = node['kind'] === 'const' ? 'const' : 'let';
    return (node['declarations'] as AnyNode[]).flatMap(({ id }) =>
      bindingNames(id).map((name): [string, DeclarationKind] => [name, kind]),
    );
  }
  const kind = ambientKinds[node.type];
  if (kind === undefined) return [];
  const name = node.type === 'TSModuleDeclaration' ? namespaceName(node) : bindingNames(node['id'])[0];
  return name === undefined ? [] : [[name, kind]];
}

/** The statement inside of `export …`, or the statement itself. */
function inner(statement: AnyNode): AnyNode {
  const isExport =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  return isExport && isNode(statement['declaration']) ? statement['declaration'] : statement;
}

/** A statement that no value comes from. */
function isOnlyType(node: AnyNode): boolean {
  return (
    node.type === 'TSInterfaceDeclaration' ||
    node.type === 'TSTypeAliasDeclaration' ||
    node['importKind'] === 'type' ||
    node['declare'] === true
  );
}

/** All names that the statement binds at the top level, whatever they mean. */
function boundNames(node: AnyNode): string[] {
  if (node.type === 'VariableDeclaration')
    return (node['declarations'] as AnyNode[]).flatMap(({ id }) => bindingNames(id));
  if (node.type === 'TSModuleDeclaration') return [namespaceName(node) ?? []].flat();
  if (node.type === 'ImportDeclaration')
    return (node['specifiers'] as AnyNode[]).flatMap(({ local }) => bindingNames(local));
  return bindingNames(node['id']);
}

function exportedNames(statement: AnyNode): string[] {
  if (statement.type !== 'ExportNamedDeclaration') return [];
  if (isNode(statement['declaration'])) return boundNames(statement['declaration']);
  return (statement['specifiers'] as AnyNode[]).flatMap((specifier) => {
    const exported = specifier['exported'] as { name?: string; value?: string };
    return [exported.name ?? exported.value ?? []].flat();
  });
}

function isGlobalBlock(node: AnyNode): boolean {
  return node.type === 'TSModuleDeclaration' && node['global'] === true;
}

function ambientName(node: AnyNode): string | undefined {
  const id = node['id'];
  if (node.type !== 'TSModuleDeclaration' || !isNode(id) || id.type !== 'Literal') return undefined;
  return String(id['value']);
}

/** Whether the statement makes the name a function, also as `const f = () => …`: it means the same wherever it stands. */
function isFunction(node: AnyNode, name: string): boolean {
  if (node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') return true;
  if (node.type !== 'VariableDeclaration') return false;
  return (node['declarations'] as AnyNode[]).some(
    ({ id, init }) =>
      bindingNames(id)[0] === name &&
      isNode(init) &&
      /^(?:ArrowFunction|Function)Expression$/.test(init.type),
  );
}

/** Looks at the top level only; types and values of the same name are merged. */
export function declarationsOf(program: Program): Declarations {
  const values = declaredNames(program);
  const names = new Map<string, Declaration>();
  const exported = new Set<string>();
  const globalBlocks: Array<{ start: number; end: number; names: string[] }> = [];
  const globalAssignments = new Map<string, { start: number; end: number }>();
  const ambientModules: Array<{ start: number; end: number; name: string }> = [];
  const add = (name: string, part: Partial<Declaration>, node: AnyNode): void => {
    const old = names.get(name);
    // A class is one, whatever an interface adds to it.
    const type = old?.type === 'class' ? { type: old.type } : {};
    const isOfType = part.value === undefined && old?.value !== undefined;
    const isOfValue = part.value !== undefined && old?.value === undefined;
    // Of overloads and merged values, the text from the first to the last.
    const { start, end } = isOfType
      ? old
      : { start: isOfValue ? node.start : Math.min(node.start, old?.start ?? node.start), end: node.end };
    names.set(name, { isFunction: false, ...old, ...part, ...type, start, end });
  };
  for (const statement of program.body as unknown as AnyNode[]) {
    const node = inner(statement);
    for (const name of exportedNames(statement)) exported.add(name);
    if (isGlobalBlock(node)) {
      const body = (node['body'] as AnyNode | undefined)?.['body'];
      const declared = Array.isArray(body) ? (body as AnyNode[]).map(inner).flatMap(boundNames) : [];
      globalBlocks.push({ start: statement.start, end: statement.end, names: declared });
      continue;
    }
    const ambient = ambientName(node);
    if (ambient !== undefined) ambientModules.push({ start: node.start, end: node.end, name: ambient });
    for (const name of isOnlyType(node) ? [] : boundNames(node)) {
      const value = values.get(name);
      if (value !== undefined) add(name, { value, isFunction: isFunction(node, name) }, statement);
    }
    for (const [name, value] of ambientValues(node)) add(name, { value, isAmbient: true }, statement);
    for (const [name, type] of typesOf(node)) add(name, { type }, statement);
    const assignment = globalAssignment(node);
    if (assignment) globalAssignments.set(assignment.name, assignment.value);
  }
  // What is left are the `var`s of blocks and loops.
  const whole: AnyNode = { type: 'Program', start: 0, end: program.end };
  for (const [name, value] of values) if (names.get(name)?.value === undefined) add(name, { value }, whole);
  return { names, exported, globalBlocks, ambientModules, globalAssignments, jsx: hasJsx(program.body) };
}

const word = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;

/**
 * Everything in the text that could be a reference to a name. Too many, since words of strings and comments
 * count as well; that does no harm, and it works for text that is not finished.
 */
export function mentionedWords(text: string): Set<string> {
  return new Set(text.match(word));
}
