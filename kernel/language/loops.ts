/**
 * Makes loops over a cell's own variables as fast as in a module. V8 keeps the variables of a script
 * in a table of boxed values: `for (…) sum += i` would allocate for every sum that is not a small
 * integer, ten times slower than a local variable. So a loop works on local copies, and writes them
 * back when it ends, however it ends:
 *
 *     { let sum$loop = sum; try { for (…) sum$loop += i } finally { sum = sum$loop } }
 *
 * That is only done where nobody can tell: no await, and no function of the session mentions the
 * name. A loop that is torn by an interrupt cannot write back itself; the front does it for it,
 * through the debugger (`enterLoop` hands over what is to be evaluated).
 */
import type MagicString from 'magic-string';
import type { Program } from './parse.ts';
import { type AnyNode, isNode } from './node.ts';
import { children } from './references.ts';
import { bindingNames } from './syntax.ts';

const loopTypes = new Set([
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

/** Statements that may hold loops which still belong to the top level. */
const containers = new Set([
  'BlockStatement',
  'IfStatement',
  'TryStatement',
  'CatchClause',
  'SwitchStatement',
  'SwitchCase',
]);

interface Facts {
  readonly assigned: Set<string>;
  /** Declared inside of the loop: these names mean something else there, at least in places. */
  readonly declared: Set<string>;
  readonly references: Array<{ readonly name: string; readonly at: AnyNode; readonly shorthand: boolean }>;
  /** Runs foreign code in the middle, or code that cannot be seen. */
  opaque: boolean;
}

function gather(loop: AnyNode): Facts {
  const facts: Facts = { assigned: new Set(), declared: new Set(), references: [], opaque: false };
  const assign = (pattern: unknown): void =>
    bindingNames(pattern).forEach((name) => facts.assigned.add(name));
  const declare = (pattern: unknown): void =>
    bindingNames(pattern).forEach((name) => facts.declared.add(name));
  const visit = (node: AnyNode, shorthand: boolean): void => {
    switch (node.type) {
      case 'Identifier':
        facts.references.push({ name: node['name'] as string, at: node, shorthand });
        if (node['name'] === 'eval' || node['name'] === 'Function') facts.opaque = true;
        return;
      case 'AwaitExpression':
      case 'YieldExpression':
        facts.opaque = true;
        return;
      case 'ForOfStatement':
        if (node['await'] === true) facts.opaque = true;
        break;
      case 'AssignmentExpression':
        assign(node['left']);
        break;
      case 'UpdateExpression':
        assign(node['argument']);
        break;
      case 'VariableDeclaration': {
        const declarators = node['declarations'] as Array<{ id: unknown; init: unknown }>;
        // A var with a value in the head of a loop has become an assignment; others are rewritten as a whole.
        const simple = node['kind'] === 'var' && declarators.length === 1 && declarators[0]?.init;
        for (const { id } of declarators) (simple ? assign : declare)(id);
        break;
      }
      case 'CatchClause':
        declare(node['param']);
        break;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        declare(node['id']);
        break;
      default:
    }
    if ((node.type === 'ForInStatement' || node.type === 'ForOfStatement') && isNode(node['left']))
      assign(node['left']);
    const isShorthand = node.type === 'Property' && node['shorthand'] === true;
    for (const child of children(node))
      visit(child, isShorthand || (shorthand && node.type === 'AssignmentPattern' && child === node['left']));
  };
  visit(loop, false);
  return facts;
}

/** The outermost loops of the top level, with their labels. */
function* topLoops(nodes: Iterable<AnyNode>): Generator<AnyNode> {
  for (const node of nodes) {
    const inner = node.type === 'LabeledStatement' ? (node['body'] as AnyNode) : node;
    if (loopTypes.has(inner.type)) yield node;
    else if (containers.has(inner.type)) yield* topLoops(children(inner));
  }
}

export interface LoopOptions {
  /** The name of the global with `enterLoop` and `leaveLoop`. */
  readonly host: string;
  /** Whether the name is one of the session's variables that no function refers to. */
  readonly mayCopy: (name: string) => boolean;
}

/** Rewrites the loops of a program where it pays and cannot be told. */
export function localizeLoops(text: MagicString, program: Program, { host, mayCopy }: LoopOptions): void {
  for (const loop of topLoops(program.body as unknown as AnyNode[])) {
    const { assigned, declared, references, opaque } = gather(loop);
    if (opaque) continue;
    const taken = new Set(references.map(({ name }) => name));
    const local = new Map(
      [...assigned]
        .filter((name) => !declared.has(name) && !taken.has(`${name}$loop`) && mayCopy(name))
        .map((name) => [name, `${name}$loop`]),
    );
    if (local.size === 0) continue;
    for (const { name, at, shorthand } of references) {
      const copy = local.get(name);
      // update() keeps what the rewriting has put beside the name.
      if (copy !== undefined) text.update(at.start, at.end, shorthand ? `${name}: ${copy}` : copy);
    }
    const back = [...local].map(([name, copy]) => `${name} = ${copy}`).join(', ');
    const copies = [...local].map(([name, copy]) => `${copy} = ${name}`).join(', ');
    text.appendRight(loop.start, `{ let ${copies}; ${host}.enterLoop(${JSON.stringify(back)}); try { `);
    text.appendLeft(loop.end, ` } finally { ${back}; ${host}.leaveLoop(); } }`);
  }
}
