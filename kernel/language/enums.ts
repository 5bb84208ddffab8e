/** Enums whose values stand in their text: what they are is known before anything runs. */
import { type AnyNode, isNode } from './node.ts';

function nameOf(id: AnyNode): string | undefined {
  if (id.type === 'Identifier') return id['name'] as string;
  return id.type === 'Literal' && typeof id['value'] === 'string' ? id['value'] : undefined;
}

/** The value that a literal has; undefined for all else. */
function valueOf(node: AnyNode): number | string | undefined {
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'number' || typeof node['value'] === 'string'
        ? node['value']
        : undefined;
    case 'TemplateLiteral': {
      const [only, ...others] = node['quasis'] as Array<{ value: { cooked?: string } }>;
      return others.length === 0 ? only?.value.cooked : undefined;
    }
    case 'UnaryExpression': {
      const value = node['operator'] === '-' ? valueOf(node['argument'] as AnyNode) : undefined;
      return typeof value === 'number' ? -value : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * The object that an enum is, as text: by name its values, and by each number the name that has it.
 * @returns undefined when a value would have to be computed
 */
export function enumObject(node: AnyNode): string | undefined {
  const entries: Array<[key: string, value: number | string]> = [];
  let next: number | undefined = 0;
  for (const member of (node['body'] as AnyNode)['members'] as AnyNode[]) {
    const name = nameOf(member['id'] as AnyNode);
    const { initializer } = member;
    const value: number | string | undefined = isNode(initializer) ? valueOf(initializer) : next;
    // In an object's text this name means something else.
    if (name === undefined || name === '__proto__' || value === undefined) return undefined;
    entries.push([name, value]);
    if (typeof value === 'number') entries.push([String(value), name]);
    next = typeof value === 'number' ? value + 1 : undefined;
  }
  return `{ ${entries.map(([key, value]) => `${JSON.stringify(key)}: ${textOf(value)}`).join(', ')} }`;
}

function textOf(value: number | string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}
