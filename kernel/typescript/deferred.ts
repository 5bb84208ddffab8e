/**
 * Which parts of a cell do not run with it: the functions and methods that it declares and does not use itself.
 * A name in there need not be known yet, as it is looked up when the function is called: another cell may
 * declare it until then.
 */
import { type AnyNode, isNode } from '../language/node.ts';
import type { Program } from '../language/parse.ts';
import { children } from '../language/references.ts';
import { bindingNames } from '../language/syntax.ts';
import type { Stretch } from './scope.ts';

/** What of TypeScript's own syntax runs. All else is types. */
const runs = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TSEnumDeclaration',
  'TSEnumBody',
  'TSEnumMember',
  'TSModuleDeclaration',
  'TSModuleBlock',
  'TSParameterProperty',
  'TSExportAssignment',
]);

/** What stands around an expression without doing anything to it. */
const wrappers = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
]);

/** A function, and the names by which the cell could come to it. */
interface Deferred {
  readonly node: AnyNode;
  readonly owners: readonly string[];
}

/** The name of a class's base: who comes to the class comes to that as well. */
interface Base {
  readonly name: string;
  readonly owners: readonly string[];
}

function nodes(value: unknown): AnyNode[] {
  return [value].flat().filter(isNode);
}

class Walk {
  readonly deferred: Deferred[] = [];
  readonly bases: Base[] = [];
  /** The names that what runs refers to. */
  readonly used = new Set<string>();

  statement(node: AnyNode): void {
    const { declaration } = node;
    switch (node.type) {
      case 'ExportNamedDeclaration':
        if (isNode(declaration)) this.statement(declaration);
        return;
      case 'ExportDefaultDeclaration':
        // To export a name is no use of it.
        if (isNode(declaration) && declaration.type !== 'Identifier') this.statement(declaration);
        return;
      case 'FunctionDeclaration':
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        this.deferred.push({ node, owners: bindingNames(node['id']) });
        return;
      case 'ClassDeclaration':
        this.#class(node, bindingNames(node['id']));
        return;
      case 'VariableDeclaration':
        for (const { id, init } of node['declarations'] as Array<{ id: AnyNode; init: unknown }>) {
          // What is being used is disposed of in the end, by a method of its own.
          const isPlain = id.type === 'Identifier' && !String(node['kind']).endsWith('using');
          if (isNode(init) && isPlain) this.#value(init, bindingNames(id));
          else for (const part of nodes(id.type === 'Identifier' ? init : [id, init])) this.eager(part);
        }
        return;
      case 'ExpressionStatement': {
        const expression = node['expression'] as AnyNode;
        if (expression.type === 'AssignmentExpression') this.#assignment(expression);
        else this.eager(expression);
        return;
      }
      default:
        this.eager(node);
    }
  }

  /** What runs with the cell. */
  eager(node: AnyNode): void {
    if (node.type === 'ImportDeclaration' || (node.type.startsWith('TS') && !runs.has(node.type))) return;
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') this.used.add(node['name'] as string);
    for (const child of children(node)) this.eager(child);
  }

  /** What is given to a name: functions, also as parts of objects and lists. */
  #value(node: AnyNode, owners: readonly string[]): void {
    if (wrappers.has(node.type)) this.#value(node['expression'] as AnyNode, owners);
    else if (/^(?:ArrowFunction|Function)Expression$/.test(node.type)) this.deferred.push({ node, owners });
    else if (node.type === 'ClassExpression') this.#class(node, owners);
    else if (node.type === 'ArrayExpression') {
      for (const element of nodes(node['elements'])) this.#value(element, owners);
    } else if (node.type === 'ObjectExpression') {
      for (const property of nodes(node['properties'])) {
        if (property.type !== 'Property') this.eager(property);
        else {
          if (property['computed'] === true) this.eager(property['key'] as AnyNode);
          this.#value(property['value'] as AnyNode, owners);
        }
      }
    } else this.eager(node);
  }

  /** `counter.next = () => …` */
  #assignment(node: AnyNode): void {
    const owners: string[] = [];
    let left = node['left'] as AnyNode;
    while (left.type === 'MemberExpression' && left['computed'] !== true) {
      owners.push((left['property'] as { name: string }).name);
      left = left['object'] as AnyNode;
    }
    if (left.type === 'Identifier' && node['operator'] === '=')
      this.#value(node['right'] as AnyNode, [...owners, left['name'] as string]);
    else this.eager(node);
  }

  #class(node: AnyNode, owners: readonly string[]): void {
    const decorators = nodes(node['decorators']);
    // A decorator may call what it is given.
    if (decorators.length > 0) for (const owner of owners) this.used.add(owner);
    for (const decorator of decorators) this.eager(decorator);
    const base = node['superClass'];
    // To extend a class calls none of its methods.
    if (isNode(base) && base.type === 'Identifier') this.bases.push({ name: base['name'] as string, owners });
    else if (isNode(base)) this.eager(base);
    for (const member of nodes((node['body'] as AnyNode)['body'])) this.#member(member, owners);
  }

  #member(member: AnyNode, owners: readonly string[]): void {
    for (const decorator of nodes(member['decorators'])) this.eager(decorator);
    if (member['computed'] === true) this.eager(member['key'] as AnyNode);
    const { value } = member;
    if (member.type === 'MethodDefinition' && isNode(value)) this.deferred.push({ node: value, owners });
    else if (member['static'] === true || member.type === 'StaticBlock') {
      // Under the class's own name, or as `this`, it can come to all of the class.
      for (const owner of owners) this.used.add(owner);
      for (const part of nodes([value, member['body']])) this.eager(part);
    } else {
      for (const node of nodes([member['typeAnnotation'], value])) this.deferred.push({ node, owners });
    }
  }
}

/** The stretches of a cell that do not run with it. */
export function deferredStretches(program: Program): Stretch[] {
  const walk = new Walk();
  for (const statement of program.body as unknown as AnyNode[]) walk.statement(statement);
  let left = walk.deferred;
  // What is used runs, and uses more.
  for (;;) {
    const isUsed = ({ owners }: Deferred | Base): boolean => owners.some((owner) => walk.used.has(owner));
    // A class is often based on one that is based on another: nearest first, as they are declared.
    for (const base of walk.bases.toReversed()) if (isUsed(base)) walk.used.add(base.name);
    const running = left.filter(isUsed);
    if (running.length === 0) return left.map(({ node: { start, end } }) => ({ start, end }));
    left = left.filter((each) => !running.includes(each));
    for (const { node } of running) walk.eager(node);
  }
}
