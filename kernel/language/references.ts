/** Which names a piece of JavaScript refers to, and which of them its functions can see. */
import { type AnyNode, isNode } from './node.ts';
import { bindingNames } from './syntax.ts';

/**
 * The child nodes of a node that can hold references: names of members, keys and labels are none. (No generator: half
 * of the time of a walk would be its.)
 */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  if (node.type === 'MetaProperty') return found;
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null) continue;
    if (key === 'property' && node.type === 'MemberExpression' && node['computed'] !== true) continue;
    if (key === 'label' || (key === 'key' && node['computed'] !== true)) continue;
    if (Array.isArray(value)) {
      for (const entry of value as unknown[]) if (isNode(entry)) found.push(entry);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  // Fields and static blocks run like methods.
  'PropertyDefinition',
  'AccessorProperty',
  'StaticBlock',
]);

/** What a function's body declares for all of the body. */
function bodyNames(fn: AnyNode): string[] {
  const body = isNode(fn['body']) ? fn['body']['body'] : fn['body'];
  if (!Array.isArray(body)) return [];
  return (body as AnyNode[]).flatMap((statement) => {
    if (statement.type === 'VariableDeclaration') {
      return (statement['declarations'] as Array<{ id: unknown }>).flatMap(({ id }) => bindingNames(id));
    }
    const isNamed = statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration';
    return isNamed ? bindingNames(statement['id']) : [];
  });
}

/** `<Comp/>` refers to Comp as an identifier does. */
function referenceOf(node: AnyNode): string | undefined {
  return node.type === 'Identifier' || node.type === 'JSXIdentifier' ? (node['name'] as string) : undefined;
}

/** All names that the node refers to, or declares below its top level. Imports do not count. */
export function referencedNames(root: AnyNode): Set<string> {
  const names = new Set<string>();
  const visit = (node: AnyNode): void => {
    if (node.type === 'ImportDeclaration') return;
    const name = referenceOf(node);
    if (name !== undefined) names.add(name);
    for (const child of children(node)) visit(child);
  };
  visit(root);
  return names;
}

/**
 * The names of outer scopes that functions inside the node refer to. May hold too many (names of
 * blocks inside of functions), never too few.
 */
export function capturedNames(root: AnyNode): Set<string> {
  const captured = new Set<string>();
  const visit = (node: AnyNode, own: ReadonlySet<string> | undefined): void => {
    const name = referenceOf(node);
    if (name !== undefined && own && !own.has(name)) captured.add(name);
    if (!functionTypes.has(node.type)) {
      for (const child of children(node)) visit(child, own);
      return;
    }
    const parameters = Array.isArray(node['params'])
      ? (node['params'] as unknown[]).flatMap(bindingNames)
      : [];
    const outside = new Set([...(own ?? []), ...parameters]);
    const inside = new Set([...outside, ...bodyNames(node)]);
    // Defaults of parameters do not see what the body declares.
    for (const child of children(node)) visit(child, child === node['body'] ? inside : outside);
  };
  visit(root, undefined);
  return captured;
}

/**
 * Assignments to names that `isConstant` knows, where nothing in the text gives the name another
 * meaning. (A name that is also declared in some inner scope is left to the type checker.)
 */
export function constantAssignments(root: AnyNode, isConstant: (name: string) => boolean): AnyNode[] {
  const inner = new Set<string>();
  const found: AnyNode[] = [];
  const declare = (pattern: unknown): void => bindingNames(pattern).forEach((name) => inner.add(name));
  const target = (pattern: unknown, at: AnyNode): void => {
    if (bindingNames(pattern).some(isConstant)) found.push(at);
  };
  const visit = (node: AnyNode, isTop: boolean): void => {
    if (node.type === 'AssignmentExpression') target(node['left'], node);
    if (node.type === 'UpdateExpression') target(node['argument'], node);
    if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') target(node['left'], node);
    if (!isTop) {
      if (node.type === 'VariableDeclarator') declare(node['id']);
      if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') declare(node['id']);
    }
    if (node.type === 'CatchClause') declare(node['param']);
    if (Array.isArray(node['params']))
      for (const parameter of node['params'] as unknown[]) declare(parameter);
    const staysTop = isTop && /^(?:Program|ExportNamedDeclaration|VariableDeclaration)$/.test(node.type);
    for (const child of children(node)) visit(child, staysTop);
  };
  visit(root, true);
  return found.filter((node) =>
    bindingNames(node['left'] ?? node['argument']).some((name) => isConstant(name) && !inner.has(name)),
  );
}
