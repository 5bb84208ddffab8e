/** `globalThis.name = value`, as a statement of its own: how cells declare a global variable. */
import { type AnyNode, isNode } from './node.ts';

/** What the statement declares, if it is one. The name is one that a variable can have. */
export function globalAssignment(statement: AnyNode): { name: string; value: AnyNode } | undefined {
  const expression = statement['expression'];
  if (statement.type !== 'ExpressionStatement' || !isNode(expression)) return undefined;
  const { left, right } = expression;
  if (expression.type !== 'AssignmentExpression' || expression['operator'] !== '=') return undefined;
  if (!isNode(left) || !isNode(right) || left.type !== 'MemberExpression') return undefined;
  const { object, property } = left;
  if (!isNode(object) || !isNode(property) || object['name'] !== 'globalThis') return undefined;
  if (left['computed'] === true) {
    const text = property['value'];
    const isName = typeof text === 'string' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
    return isName ? { name: text, value: right } : undefined;
  }
  return { name: property['name'] as string, value: right };
}

/** How the global is called among the names that a cell got to declare: a variable of that name is another thing. */
export function globalStep(name: string): string {
  return `globalThis.${name}`;
}
