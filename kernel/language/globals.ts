/**
 * A cell may call something `URL`, `Map` or `process`. In a module that hides the global from the
 * module alone; in a script's scope it would hide it from every module of the process, packages and
 * the kernel included. So such a variable gets another name in the session, and every reference to it
 * in this and in later cells is rewritten.
 */
import type MagicString from 'magic-string';
import { HOST } from '../bridge.ts';
import { type AnyNode, isNode } from './node.ts';
import { children } from './references.ts';
import { bindingNames } from './syntax.ts';

/**
 * Globals that only cells see, under the name that the session has for a variable so called: packages take a `Deno`
 * for a sign that they run in Deno.
 */
export const CELL_GLOBALS = ['Deno', 'React'] as const;
export type CellGlobal = (typeof CELL_GLOBALS)[number];

export function isCellGlobal(name: string): boolean {
  return CELL_GLOBALS.some((each) => each === name);
}

/**
 * Globals of browsers, by which packages find out that they run in one. Cells that draw on a DOM of jsdom or linkedom
 * call it `document`, and no package must take the kernel for a browser then.
 */
const OF_BROWSERS = ['document', 'window', 'self', 'navigator'];

/** The names that Node gives to every program, as of the start of the kernel, and the one that compiled code uses. */
const builtIn: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...OF_BROWSERS,
  HOST,
  ...CELL_GLOBALS,
]);

/** Whether a variable of this name would hide a global from others. */
export function isBuiltIn(name: string): boolean {
  return builtIn.has(name);
}

/** What a variable that would hide a global is called in the session. */
export function sessionName(name: string): string {
  return isBuiltIn(name) ? `${name}$cell` : name;
}

/** The opposite of {@link sessionName}: for names that users see. */
export function shownName(name: string): string {
  return name.replace(/\$cell$/, '');
}

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const blockTypes = new Set([
  'BlockStatement',
  'StaticBlock',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
]);

/** The names that a declaration directly in a scope gives to that scope. */
function declared(statements: Iterable<unknown>): string[] {
  const names: string[] = [];
  for (const statement of statements) {
    if (!isNode(statement)) continue;
    if (statement.type === 'VariableDeclaration') {
      for (const { id } of statement['declarations'] as Array<{ id: unknown }>)
        names.push(...bindingNames(id));
    } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      names.push(...bindingNames(statement['id']));
    }
  }
  return names;
}

/** The vars that belong to a function, wherever in it they stand. */
function varsOf(node: AnyNode): string[] {
  const names: string[] = [];
  const visit = (child: AnyNode): void => {
    if (functionTypes.has(child.type) || child.type === 'StaticBlock') return;
    if (child.type === 'VariableDeclaration' && child['kind'] === 'var') names.push(...declared([child]));
    for (const inner of children(child)) visit(inner);
  };
  for (const child of children(node)) visit(child);
  return names;
}

/** What the node, as a scope of its own, declares; undefined for nodes that are none. */
function scopeOf(node: AnyNode): string[] | undefined {
  if (functionTypes.has(node.type)) {
    const parameters = (node['params'] as unknown[]).flatMap(bindingNames);
    // The name of a function expression is known inside of it alone.
    const own = node.type === 'FunctionExpression' ? bindingNames(node['id']) : [];
    return [...parameters, ...own, ...varsOf(node)];
  }
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return bindingNames(node['id']);
  if (blockTypes.has(node.type)) {
    const bodies =
      node.type === 'SwitchStatement'
        ? (node['cases'] as AnyNode[]).flatMap((branch) => branch['consequent'] as unknown[])
        : node['body'];
    const head = [node['init'], node['left']];
    return [
      ...declared(Array.isArray(bodies) ? bodies : []),
      ...declared(head),
      ...bindingNames(node['param']),
    ];
  }
  return undefined;
}

/**
 * Renames every reference that reaches the session's scope, declarations included.
 * @param isRenamed whether the session calls this name otherwise
 */
export function renameGlobals(text: MagicString, root: AnyNode, isRenamed: (name: string) => boolean): void {
  const visit = (node: AnyNode, hidden: ReadonlySet<string>, shorthand: boolean): void => {
    if (node.type === 'ImportDeclaration') return;
    if (node.type === 'Identifier') {
      const name = node['name'] as string;
      if (hidden.has(name) || !isRenamed(name)) return;
      text.update(node.start, node.end, shorthand ? `${name}: ${sessionName(name)}` : sessionName(name));
      return;
    }
    const scope = scopeOf(node);
    const inner = scope && scope.length > 0 ? new Set([...hidden, ...scope]) : hidden;
    const isShorthand = node.type === 'Property' && node['shorthand'] === true;
    for (const child of children(node)) {
      // The name of a declaration belongs to the scope that it stands in; the rewriting keeps it for the value.
      const isOwnName =
        child === node['id'] && (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration');
      if (isOwnName) continue;
      const passed =
        isShorthand || (shorthand && node.type === 'AssignmentPattern' && child === node['left']);
      visit(child, inner, passed);
    }
  };
  visit(root, new Set(), false);
}
