/** Which names a piece of JavaScript refers to, and which of them its functions can see. */
import { type AnyNode, isNode } from './node.ts';
import { bindingNames } from './syntax.ts';

/** The child nodes of a node that can hold references: names of members, keys and labels are none. */
export function* children(node: AnyNode): Generator<AnyNode> {
  for (const key in node) {
    if (key === 'property' && node.type === 'MemberExpression' && node['computed'] !== true) continue;
    if (key === 'key' && node['computed'] !== true) continue;
    if (key === 'label' || node.type === 'MetaProperty') continue;
    const value = node[key];
    if (Array.isArray(value)) {
      for (const entry of value as unknown[]) if (isNode(entry)) yield entry;
    } else if (isNode(value)) yield value;
  }
}

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  // Fields and static blocks run like methods.
  'PropertyDefinition',
  'StaticBlock',
]);

/** The names that a function itself declares: its parameters, its vars, and what stands directly in its body. */
function ownNames(fn: AnyNode): Set<string> {
  const names = new Set<string>();
  const add = (pattern: unknown): void => bindingNames(pattern).forEach((name) => names.add(name));
  if (Array.isArray(fn['params'])) for (const parameter of fn['params'] as unknown[]) add(parameter);
  const body = isNode(fn['body']) ? fn['body']['body'] : fn['body'];
  if (Array.isArray(body)) {
    for (const statement of body as AnyNode[]) {
      if (statement.type === 'VariableDeclaration') {
        for (const { id } of statement['declarations'] as Array<{ id: unknown }>) add(id);
      } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
        add(statement['id']);
    }
  }
  return names;
}

/**
 * The names of outer scopes that functions inside the node refer to. May hold too many (names of
 * blocks inside of functions), never too few.
 */
export function capturedNames(root: AnyNode): Set<string> {
  const captured = new Set<string>();
  const visit = (node: AnyNode, own: ReadonlySet<string> | undefined): void => {
    const inner = functionTypes.has(node.type) ? new Set([...(own ?? []), ...ownNames(node)]) : own;
    if (node.type === 'Identifier' && inner && !inner.has(node['name'] as string))
      captured.add(node['name'] as string);
    for (const child of children(node)) visit(child, inner);
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
