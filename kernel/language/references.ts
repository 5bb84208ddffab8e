/** Which names a piece of JavaScript refers to, and which of them its functions can see. */
import { bindingNames } from './syntax.ts';

export interface AnyNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

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
