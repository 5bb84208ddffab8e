/**
 * TypeScript → JavaScript by blanking the types out: every offset, line and column stays what it was, so that there
 * is nothing to parse again and no source map to go through. Done to the text and to its syntax tree alike. What
 * is more than types (namespaces, decorators, JSX, …) is for transpile.ts, but for plain enums.
 *
 * Libraries that blank types out (amaro, ts-blank-space) parse the text again, and so must who goes on with what they
 * give. amaro takes 0.13 ms for a cell of the bench, and that parse 0.11 ms, of the 1.6 ms that the cell takes in all;
 * this, on the tree that is there, takes 0.02 ms.
 */
import { enumObject } from './enums.ts';
import { type AnyNode, isNode } from './node.ts';
import type { Parsed } from './parse.ts';

/** A node that is being changed. */
type Tree = { type: string; start: number; end: number; [key: string]: unknown };

/** A piece of the text, and what is to stand in its place. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Thrown where blanks do not do. */
class NotErasable extends Error {}

/** A line break and then one of these: what stands above would go on here, but for the type that ended it. */
const goesOn = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const JOINS = new Set(['(', '[', '`', '<']);

const lineBreak = /[\n\r\u2028\u2029]/;
const visible = /[^\n\r\u2028\u2029]/g;

const modifiers = /\b(?:public|private|protected|readonly|override|abstract|declare)\b/g;

/** Names of fields that, without their types, would be words of the grammar. */
const PREFIXES = new Set(['get', 'set', 'static', 'async', 'accessor']);

/** Statements that are nothing but types; also, at the same place, what is only declared. */
function isTypes(node: Tree): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
      return true;
    case 'TSModuleDeclaration':
    case 'VariableDeclaration':
    case 'ClassDeclaration':
      return node['declare'] === true;
    case 'ImportDeclaration':
      return node['importKind'] === 'type';
    case 'ExportAllDeclaration':
      return node['exportKind'] === 'type';
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration': {
      const declaration = node['declaration'];
      return node['exportKind'] === 'type' || (isNode(declaration) && isTypes(declaration));
    }
    default:
      return false;
  }
}

class Eraser {
  readonly #source: string;
  /** In any order. */
  readonly #edits: Piece[] = [];
  /** Whether there is anything that assigns to a name other than where it is declared. */
  assigns = false;
  readonly enums: Piece[] = [];
  readonly #enumNames = new Set<string>();

  constructor(source: string) {
    this.#source = source;
  }

  get text(): string {
    const edits = this.#edits;
    if (edits.length === 0) return this.#source;
    edits.sort((a, b) => a.start - b.start);
    let text = '';
    let at = 0;
    for (const edit of edits) {
      text += this.#source.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return text + this.#source.slice(at);
  }

  /** Puts blanks in the place of a piece of the text. */
  #blank(start: number, end: number): void {
    const piece = this.#source.slice(start, end);
    const text = lineBreak.test(piece) ? piece.replace(visible, ' ') : ' '.repeat(piece.length);
    this.#edits.push({ start, end, text });
  }

  /** The same for what ended what stands above it, which must not go on with what follows. */
  #end(start: number, end: number): void {
    this.#edits.push({ start, end: start + 1, text: ';' });
    this.#blank(start + 1, end);
  }

  /** Leaves JavaScript, in place. @returns what stands in the place of the node now */
  visit(node: Tree): Tree {
    switch (node.type) {
      case 'Literal':
        return node;
      case 'Identifier':
        this.#identifier(node);
        return node;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        return this.#cast(node);
      case 'TSNonNullExpression': {
        const expression = node['expression'] as Tree;
        this.#blank(expression.end, node.end);
        return this.visit(expression);
      }
      case 'Program':
        this.#enums(node['body'] as Tree[]);
        this.#statements(node['body'] as Tree[]);
        return node;
      case 'BlockStatement':
      case 'StaticBlock':
        this.#statements(node['body'] as Tree[]);
        return node;
      case 'SwitchCase':
        if (isNode(node['test'])) node['test'] = this.visit(node['test']);
        this.#statements(node['consequent'] as Tree[]);
        return node;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node);
        break;
      case 'ClassBody':
        this.#members(node);
        return node;
      case 'ObjectPattern':
      case 'ArrayPattern':
        this.#pattern(node);
        break;
      case 'RestElement':
        this.#rest(node);
        break;
      case 'AssignmentPattern':
        if (node['typeAnnotation'] || node['optional'] === true) throw new NotErasable();
        break;
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
        this.#take(node, 'typeArguments');
        break;
      case 'VariableDeclaration':
        // Explicit resource management runs natively only from Node 24.
        if (node['kind'] === 'using' || node['kind'] === 'await using') throw new NotErasable();
        break;
      case 'VariableDeclarator':
        node['definite'] = false;
        break;
      case 'AssignmentExpression':
      case 'UpdateExpression':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.assigns = true;
        break;
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
        this.#specifiers(node);
        break;
      case 'Decorator':
      case 'AccessorProperty':
        throw new NotErasable();
      default:
        if (node.type.startsWith('TS') || node.type.startsWith('JSX')) throw new NotErasable();
    }
    this.#children(node);
    return node;
  }

  #children(node: Tree): void {
    for (const key in node) {
      const child = node[key];
      if (typeof child !== 'object' || child === null) continue;
      if (!Array.isArray(child)) {
        if (isNode(child)) node[key] = this.visit(child);
        continue;
      }
      const list = child as unknown[];
      for (let index = 0; index < list.length; index += 1) {
        const entry = list[index];
        if (isNode(entry)) list[index] = this.visit(entry);
      }
    }
  }

  /** At the top level an enum becomes a variable. */
  #enums(statements: Tree[]): void {
    for (const [index, statement] of statements.entries()) {
      const { declaration } = statement;
      if (statement.type === 'TSEnumDeclaration') statements[index] = this.#enum(statement);
      else if (isNode(declaration) && declaration.type === 'TSEnumDeclaration')
        statement['declaration'] = this.#enum(declaration);
    }
  }

  #enum(node: Tree): Tree {
    const { start, end } = node;
    const id = node['id'] as Tree;
    const name = id['name'] as string;
    const text = node['declare'] === true ? undefined : enumObject(node);
    // A second one of the name adds to the first.
    if (text === undefined || this.#enumNames.has(name)) throw new NotErasable();
    this.#enumNames.add(name);
    this.enums.push({ start: id.end, end, text: ` = ${text}` });
    const init = { type: 'ObjectExpression', start: id.end, end, properties: [] };
    const declarator = { type: 'VariableDeclarator', start: id.start, end, id, init, definite: false };
    return {
      type: 'VariableDeclaration',
      start,
      end,
      kind: 'var',
      declarations: [declarator],
      declare: false,
    };
  }

  #statements(statements: Tree[]): void {
    for (const [index, statement] of statements.entries()) {
      if (isTypes(statement)) {
        const { start, end } = statement;
        this.#end(start, end);
        statements[index] = { type: 'EmptyStatement', start, end: start + 1 };
      } else statements[index] = this.visit(statement);
    }
  }

  /** Blanks what is of a kind that only types are of. */
  #take(node: Tree, key: string): AnyNode | undefined {
    const types = node[key];
    if (!isNode(types)) return undefined;
    node[key] = null;
    this.#blank(types.start, types.end);
    return types;
  }

  /** A name as it is declared: `x?: T`, `x!: T`. */
  #identifier(node: Tree): void {
    if ((node['decorators'] as unknown[] | undefined)?.length) throw new NotErasable();
    if (!node['typeAnnotation'] && node['optional'] !== true) return;
    const end = node.start + (node['name'] as string).length;
    // Else the name is written with escapes.
    if (this.#source.slice(node.start, end) !== node['name']) throw new NotErasable();
    this.#cut(node, end);
  }

  /** All of a binding behind this offset is its type. */
  #cut(node: Tree, end: number): void {
    node['typeAnnotation'] = null;
    if ('optional' in node) node['optional'] = false;
    if (end < node.end) this.#blank(end, node.end);
    node.end = end;
  }

  #pattern(node: Tree): void {
    const annotation = node['typeAnnotation'];
    if (!annotation && node['optional'] !== true) return;
    const before = this.#source.slice(node.start, isNode(annotation) ? annotation.start : node.end);
    const own = before.replace(/\s*(?:\?\s*)?$/, '');
    if (!/[\]}]$/.test(own)) throw new NotErasable();
    this.#cut(node, node.start + own.length);
  }

  #rest(node: Tree): void {
    if (node['typeAnnotation']) this.#cut(node, (node['argument'] as Tree).end);
  }

  /** `x as T`: where T ended the statement, a `(` in the next line would call x. */
  #cast(node: Tree): Tree {
    const expression = node['expression'] as Tree;
    goesOn.lastIndex = node.end;
    const blank = goesOn.exec(this.#source)?.[0] ?? '';
    const next = this.#source[node.end + blank.length] ?? '';
    if (lineBreak.test(blank) && JOINS.has(next)) throw new NotErasable();
    this.#blank(expression.end, node.end);
    return this.visit(expression);
  }

  #function(node: Tree): void {
    const isArrow = node.type === 'ArrowFunctionExpression';
    const parameters = this.#take(node, 'typeParameters');
    // `return <T>(x: T) => x` with a line break in the brackets would return nothing.
    if (isArrow && parameters && lineBreak.test(this.#source.slice(parameters.start, parameters.end)))
      throw new NotErasable();
    const params = node['params'] as Tree[];
    const [first, second] = params;
    if (first?.type === 'Identifier' && first['name'] === 'this') {
      params.shift();
      const comma = /^\s*,/.exec(this.#source.slice(first.end, first.end + 100));
      this.#blank(first.start, second?.start ?? first.end + (comma?.[0].length ?? 0));
    }
    const returned = node['returnType'];
    if (!isNode(returned)) return;
    if (!isArrow || !lineBreak.test(this.#source.slice(returned.start, returned.end))) {
      this.#take(node, 'returnType');
      return;
    }
    // No line may end between `)` and `=>`: the bracket goes behind the type.
    node['returnType'] = null;
    const bracket = this.#source.slice(0, returned.start).trimEnd().length - 1;
    if (this.#source[bracket] !== ')') throw new NotErasable();
    this.#blank(bracket, returned.end - 1);
    this.#edits.push({ start: returned.end - 1, end: returned.end, text: ')' });
  }

  #class(node: Tree): void {
    this.#take(node, 'typeParameters');
    this.#take(node, 'superTypeArguments');
    const list = node['implements'] as Tree[];
    const [first] = list;
    if (first) {
      const word = /implements\s*$/.exec(this.#source.slice(node.start, first.start));
      if (!word) throw new NotErasable();
      this.#blank(node.start + word.index, list.at(-1)?.end ?? first.end);
      node['implements'] = [];
    }
    if (node['abstract'] === true) {
      const words = /^abstract\s+(?=class\b)/.exec(this.#source.slice(node.start, node.start + 100));
      if (!words) throw new NotErasable();
      node['abstract'] = false;
      this.#blank(node.start, node.start + 'abstract'.length);
      node.start += words[0].length;
    }
  }

  #members(body: Tree): void {
    body['body'] = (body['body'] as Tree[]).filter((member) => {
      if (this.#isDeclaredOnly(member)) this.#end(member.start, member.end);
      else if (member.type === 'MethodDefinition' || member.type === 'PropertyDefinition') {
        this.#member(member);
        this.#children(member);
      } else this.visit(member);
      return !this.#isDeclaredOnly(member);
    });
  }

  #isDeclaredOnly(member: Tree): boolean {
    if (member.type === 'TSIndexSignature' || member.type.startsWith('TSAbstract')) return true;
    if (member.type === 'PropertyDefinition') return member['declare'] === true;
    const value = member['value'];
    return (
      member.type === 'MethodDefinition' && isNode(value) && value.type === 'TSEmptyBodyFunctionExpression'
    );
  }

  #member(member: Tree): void {
    const key = member['key'] as Tree;
    const isField = member.type === 'PropertyDefinition';
    if (typeof member['accessibility'] === 'string' || member['readonly'] || member['override'])
      this.#modifiers(member, key.start);
    const value = member['value'];
    const annotation = member['typeAnnotation'];
    const isOptional = member['optional'] === true || member['definite'] === true;
    if (!annotation && !isOptional) return;
    if (isField && !value && PREFIXES.has(String(key['name']))) throw new NotErasable();
    if (isOptional) {
      const mark = /^\s*(?:\]\s*)?[?!]/.exec(this.#source.slice(key.end, key.end + 100));
      if (!mark) throw new NotErasable();
      const end = key.end + mark[0].length;
      this.#blank(end - 1, end);
      member['optional'] = false;
      if (isField) member['definite'] = false;
    }
    this.#take(member, 'typeAnnotation');
  }

  /** The words before a member's name. */
  #modifiers(member: Tree, end: number): void {
    const { start } = member;
    const head = this.#source.slice(start, end);
    // A comment may hold such words, too.
    if (head.includes('/')) throw new NotErasable();
    for (const { 0: word, index } of head.matchAll(modifiers)) {
      // `*` and `[` would go on with the member above.
      if (index === 0) this.#end(start, start + word.length);
      else this.#blank(start + index, start + index + word.length);
    }
    const rest = head.replace(modifiers, (word) => ' '.repeat(word.length));
    member.start += rest.length - rest.trimStart().length;
    Object.assign(member, { accessibility: null, override: false });
    if ('readonly' in member) member['readonly'] = false;
  }

  #specifiers(node: Tree): void {
    const specifiers = node['specifiers'] as Tree[];
    const isType = (specifier: Tree): boolean =>
      specifier['importKind'] === 'type' || specifier['exportKind'] === 'type';
    for (const [index, specifier] of specifiers.entries()) {
      if (!isType(specifier)) continue;
      const next = specifiers[index + 1];
      const comma = /^\s*,/.exec(this.#source.slice(specifier.end, next?.start ?? specifier.end + 100));
      if (next && !comma) throw new NotErasable();
      this.#blank(specifier.start, specifier.end + (comma?.[0].length ?? 0));
    }
    node['specifiers'] = specifiers.filter((specifier) => !isType(specifier));
  }
}

export interface Erased {
  readonly code: string;
  readonly parsed: Parsed;
  /** What is still to be put in the place of what, as it is longer: to the tree these are variables with their values. */
  readonly enums: readonly Piece[];
  /** Whether anything is assigned to a name other than where it is declared. */
  readonly assigns: boolean;
}

/**
 * The text without its types, and with it the tree, which is changed. A text that is JavaScript stays as it is.
 * @returns undefined when blanking out does not do; what is then left of the tree means the same as before
 */
export function eraseTypes(source: string, parsed: Parsed): Erased | undefined {
  const eraser = new Eraser(source);
  try {
    eraser.visit(parsed.program as unknown as Tree);
  } catch (error) {
    if (error instanceof NotErasable) return undefined;
    throw error;
  }
  const code = eraser.text;
  // Those of `type A = import('…').B` are gone.
  const isLeft = ({ start }: { start: number }): boolean => code.startsWith('import', start);
  const { dynamicImports, importMetas } = parsed.module;
  const module = {
    ...parsed.module,
    dynamicImports: dynamicImports.filter(isLeft),
    importMetas: importMetas.filter(isLeft),
  };
  return { code, parsed: { ...parsed, module }, enums: eraser.enums, assigns: eraser.assigns };
}
