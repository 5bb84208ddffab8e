/** Small questions about syntax trees. */
import { type AnyNode, isNode } from './node.ts';
import type { Program, Statement } from './parse.ts';

/** A pattern's names, in order: `{a, b: [c, ...d]}` → a, c, d. */
export function bindingNames(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern['name'] as string];
    case 'ObjectPattern':
      return (pattern['properties'] as unknown[]).flatMap((property) =>
        isNode(property)
          ? bindingNames(property.type === 'RestElement' ? property['argument'] : property['value'])
          : [],
      );
    case 'ArrayPattern':
      return (pattern['elements'] as unknown[]).flatMap(bindingNames);
    case 'AssignmentPattern':
      return bindingNames(pattern['left']);
    case 'RestElement':
      return bindingNames(pattern['argument']);
    case 'TSParameterProperty':
      return bindingNames(pattern['parameter']);
    default:
      return [];
  }
}

export type VariableDeclaration = Extract<Statement, { type: 'VariableDeclaration' }>;

/** Where a `var` stands that belongs to the top level: as a statement, or in the head of a loop. */
export interface HoistedVar {
  readonly declaration: VariableDeclaration;
  readonly place: 'statement' | 'loop head';
}

/** The `var` declarations that the top level hoists, those inside blocks and loops included. */
export function hoistedVars(statements: readonly unknown[]): HoistedVar[] {
  const found: HoistedVar[] = [];
  const visit = (value: unknown, place: HoistedVar['place']): void => {
    if (!isNode(value)) return;
    switch (value.type) {
      case 'VariableDeclaration':
        if (value['kind'] === 'var')
          found.push({ declaration: value as unknown as VariableDeclaration, place });
        return;
      case 'BlockStatement':
        for (const statement of value['body'] as unknown[]) visit(statement, 'statement');
        return;
      case 'IfStatement':
        visit(value['consequent'], 'statement');
        visit(value['alternate'], 'statement');
        return;
      case 'ForStatement':
        visit(value['init'], 'loop head');
        visit(value['body'], 'statement');
        return;
      case 'ForInStatement':
      case 'ForOfStatement':
        visit(value['left'], 'loop head');
        visit(value['body'], 'statement');
        return;
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'LabeledStatement':
        visit(value['body'], 'statement');
        return;
      case 'TryStatement':
        visit(value['block'], 'statement');
        visit((value['handler'] as AnyNode | null)?.['body'], 'statement');
        visit(value['finalizer'], 'statement');
        return;
      case 'SwitchStatement':
        for (const branch of value['cases'] as AnyNode[]) {
          for (const statement of branch['consequent'] as unknown[]) visit(statement, 'statement');
        }
        return;
      case 'ExportNamedDeclaration':
        visit(value['declaration'], 'statement');
        return;
      default:
    }
  };
  for (const statement of statements) visit(statement, 'statement');
  return found;
}

/** What a name was declared as; all but `var` and `function` are fresh with every declaration. */
export type DeclarationKind =
  | 'var'
  | 'function'
  | 'let'
  | 'const'
  | 'class'
  | 'enum'
  | 'namespace'
  | 'import';

/** The values that the user's text declares at its top level: name → kind, in order. Types are left out. */
export function declaredNames(program: Program): Map<string, DeclarationKind> {
  const names = new Map<string, DeclarationKind>();
  for (const { declaration } of hoistedVars(program.body)) {
    for (const { id } of declaration.declarations)
      for (const name of bindingNames(id)) names.set(name, 'var');
  }
  for (const statement of program.body) {
    const node =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? (statement.declaration as Statement)
        : statement;
    if ('declare' in node && node.declare) continue;
    switch (node.type) {
      case 'VariableDeclaration':
        if (node.kind === 'var') break;
        for (const { id } of node.declarations) {
          for (const name of bindingNames(id)) names.set(name, node.kind === 'let' ? 'let' : 'const');
        }
        break;
      case 'FunctionDeclaration':
        if (node.id) names.set(node.id.name, 'function');
        break;
      case 'ClassDeclaration':
        if (node.id) names.set(node.id.name, 'class');
        break;
      case 'TSEnumDeclaration':
        names.set(node.id.name, 'enum');
        break;
      case 'TSModuleDeclaration': {
        // `namespace Outer.Inner` declares Outer; `declare module 'name'` declares no value.
        let id: { type: string; left?: unknown; name?: unknown } = node.id;
        while (id.type === 'TSQualifiedName') id = id.left as typeof id;
        const name = id.type === 'Identifier' ? String(id.name) : undefined;
        if (name !== undefined && !names.has(name)) names.set(name, 'namespace');
        break;
      }
      case 'TSImportEqualsDeclaration':
        names.set(node.id.name, 'import');
        break;
      case 'ImportDeclaration':
        if (node.importKind === 'type') break;
        for (const specifier of node.specifiers) {
          if (specifier.type === 'ImportSpecifier' && specifier.importKind === 'type') continue;
          names.set(specifier.local.name, 'import');
        }
        break;
      default:
    }
  }
  return names;
}

/** Statements that leave nothing to run: they may follow the last expression without hiding its value. */
function isTypeOnly(statement: Statement): boolean {
  if (statement.type === 'EmptyStatement') return true;
  if (statement.type === 'TSInterfaceDeclaration' || statement.type === 'TSTypeAliasDeclaration') return true;
  return 'declare' in statement && (statement.declare ?? false);
}

/** Whether the text ends in an expression, whose value is then the cell's result. */
export function endsInExpression(program: Program): boolean {
  const last = program.body.findLast((statement) => !isTypeOnly(statement));
  if (!last) return false;
  if (last.type === 'ExpressionStatement') return true;
  return (
    last.type === 'ExportDefaultDeclaration' &&
    last.declaration.type !== 'FunctionDeclaration' &&
    last.declaration.type !== 'ClassDeclaration' &&
    last.declaration.type !== 'TSInterfaceDeclaration'
  );
}

/**
 * Classes with decorators of their own that are not exported: the compiler renames them, and tells
 * the name that others are to use only in an export.
 */
export function decoratedClasses(program: Program): string[] {
  return program.body.flatMap((statement) =>
    statement.type === 'ClassDeclaration' && statement.decorators.length > 0 && statement.id
      ? [statement.id.name]
      : [],
  );
}
