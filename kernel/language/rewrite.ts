/**
 * A module's JavaScript → a script that the inspector's REPL mode can run again and again in one
 * scope. REPL mode lets a name be declared anew, but only with the same kind of declaration, has no
 * `import` and no `export`, and keeps `var` slow. So:
 * - `const`, `var`, functions, enums, namespaces and imports all become `let`; classes stay.
 * - functions are assigned at the top, so that they can be called before their line;
 * - imports become awaits of the session's import helper, at the top, in order;
 * - names that only the compiler introduced stay in a block and never reach the session;
 * - the value of the last expression is handed to the session.
 */
import MagicString from 'magic-string';
import { HOST } from '../bridge.ts';
import { globalAssignment, globalStep } from './global-assignment.ts';
import { CELL_GLOBALS, isBuiltIn, isCellGlobal, renameGlobals, sessionName } from './globals.ts';
import { localizeLoops } from './loops.ts';
import { type Parsed, parseJavaScript, type Statement } from './parse.ts';
import type { AnyNode } from './node.ts';
import { capturedNames, referencedNames } from './references.ts';
import type { Piece } from './types.ts';
import {
  bindingNames,
  type DeclarationKind,
  hoistedVars,
  type HoistedVar,
  type VariableDeclaration,
} from './syntax.ts';

/** What compiling a cell asks about the session. */
export interface Scope {
  /** Made as `var` or function: a new `var` of it keeps the value, as in any script. */
  readonly isKept: (name: string) => boolean;
  /** Whether any variable of the session has another name there; see globals.ts. */
  readonly renames: boolean;
  /** Declared by `const`, or imported. */
  readonly isConstant: (name: string) => boolean;
  /** Declared at all. */
  readonly isVariable: (name: string) => boolean;
  /** Referred to by a function. */
  readonly isCaptured: (name: string) => boolean;
}

export interface RewriteOptions {
  /** What the user's text declares; everything else in the JavaScript is the compiler's. */
  readonly names: ReadonlyMap<string, DeclarationKind>;
  /** What the session knows of names that earlier cells declared. */
  readonly scope: Scope;
  /** Whether the last expression is the cell's result. */
  readonly hasResult: boolean;
  /** Under which number the result is handed over. */
  readonly id: number;
  /** Enums whose text is still to be replaced; see types.ts. */
  readonly enums?: readonly Piece[];
}

export interface Rewritten {
  readonly text: MagicString;
  /**
   * What the script declares, step by step: it tells the session of every step that it has done. The first
   * is what is there once all imports are.
   */
  readonly steps: ReadonlyArray<readonly string[]>;
}

type ImportDeclaration = Extract<Statement, { type: 'ImportDeclaration' }>;

/** The names that the compiler's own helpers and temporaries take at the top level. */
function hiddenNames(body: readonly Statement[], names: ReadonlyMap<string, DeclarationKind>): Set<string> {
  const declared: string[] = [];
  for (const statement of body) {
    const node =
      statement.type === 'ExportNamedDeclaration' && statement.declaration
        ? statement.declaration
        : statement;
    if (node.type === 'VariableDeclaration') {
      declared.push(...node.declarations.flatMap(({ id }) => bindingNames(id)));
    } else if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id) {
      declared.push(node.id.name);
    } else if (node.type === 'ImportDeclaration') {
      declared.push(...node.specifiers.map(({ local }) => local.name));
    }
  }
  for (const { declaration } of hoistedVars(body)) {
    declared.push(...declaration.declarations.flatMap(({ id }) => bindingNames(id)));
  }
  return new Set(declared.filter((name) => !names.has(name)));
}

/** The names that have their value once the statement has run: of variables, classes, and compiled namespaces. */
function declaredBy(statement: Statement): string[] {
  const isExport =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  const node = isExport ? statement.declaration : statement;
  if (node?.type === 'ClassDeclaration') return bindingNames(node.id);
  if (node?.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => bindingNames(id));
  // `namespace N {}` becomes `(function (N) {})(N || (N = {}))`, and a `var N` behind all else.
  if (node?.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression') return [];
  const { callee } = node.expression;
  const fn = callee.type === 'ParenthesizedExpression' ? callee.expression : callee;
  return fn.type === 'FunctionExpression' ? fn.params.slice(0, 1).flatMap(bindingNames) : [];
}

/** A `%` or `!` line, which is an awaited call of the session by now. */
function isSessionCall(statement: Statement): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  const { expression } = statement;
  const call = expression.type === 'AwaitExpression' ? expression.argument : undefined;
  const callee = call?.type === 'CallExpression' ? call.callee : undefined;
  return (
    callee?.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === HOST
  );
}

class Rewriter {
  readonly #text: MagicString;
  readonly #source: string;
  readonly #parsed: Parsed;
  readonly #options: RewriteOptions;
  readonly #hidden: Set<string>;
  /** All names that the code refers to. */
  readonly #references: ReadonlySet<string>;
  /** Declared by a `let` at the very top, then assigned where they stood. */
  readonly #hoisted = new Set<string>();
  /** The pieces that run before all others, in order. */
  readonly #top: Array<{ start: number; end: number }> = [];
  readonly #steps: string[][] = [];

  constructor(source: string, parsed: Parsed, options: RewriteOptions) {
    this.#source = source;
    this.#text = new MagicString(source);
    this.#parsed = parsed;
    this.#options = options;
    this.#hidden = hiddenNames(parsed.program.body, options.names);
    const hasImports = parsed.program.body.some(({ type }) => type === 'ImportDeclaration');
    this.#references = hasImports ? referencedNames(parsed.program as unknown as AnyNode) : new Set();
  }

  run(): Rewritten {
    const { body } = this.#parsed.program;
    for (const { start, end, text } of this.#options.enums ?? []) this.#text.overwrite(start, end, text);
    // First: later steps overwrite whole statements, and what they keep is renamed already.
    this.#globals();
    this.#dynamicImports();
    this.#importMetas();
    if (this.#options.hasResult) this.#result(body);
    // Pieces for the top are noted in the order of these two passes: imports, then functions.
    // The `%` and `!` lines that open a cell stay before its imports: they may install what is imported.
    let isOpening = true;
    for (const statement of body) {
      if (statement.type === 'ImportDeclaration') this.#import(statement);
      else if (isOpening && isSessionCall(statement)) {
        this.#top.push({ start: statement.start, end: statement.end });
      } else isOpening = false;
    }
    for (const statement of body) this.#statement(statement);
    for (const hoisted of hoistedVars(body)) this.#var(hoisted);
    this.#loops();
    this.#milestones(body);
    this.#resetMerged(body);
    this.#moveToTop();
    this.#frame();
    return { text: this.#text, steps: this.#steps };
  }

  /** A cell that fails has declared what stands above the place where it failed. */
  #milestones(body: readonly Statement[]): void {
    const { names, id: script } = this.#options;
    const left = new Set(names.keys());
    const later: Array<{ end: number; names: string[] }> = [];
    for (const statement of body) {
      const global = globalAssignment(statement as unknown as AnyNode);
      const declared = [
        ...declaredBy(statement).filter((name) => left.delete(name)),
        ...(global ? [globalStep(global.name)] : []),
      ];
      if (declared.length > 0) later.push({ end: statement.end, names: declared });
    }
    // Imports and functions, which come first; and what stands in blocks, which may never be reached at all.
    this.#steps.push([...left], ...later.map((step) => step.names));
    for (const [index, { end }] of later.entries())
      this.#text.appendLeft(end, `;${HOST}.reached(${script}, ${index + 1});`);
    const last = body.findLast(({ type }) => type === 'ImportDeclaration');
    if (last) this.#text.appendLeft(last.end, `${HOST}.reached(${script}, 0);`);
    else this.#text.prepend(`${HOST}.reached(${script}, 0);`);
  }

  /** Whether declarations must be hoisted out of the block that hides the compiler's names. */
  get #inBlock(): boolean {
    return this.#hidden.size > 0;
  }

  /** Variables that would hide a global from the whole process; see globals.ts. */
  #globals(): void {
    const { names, scope } = this.#options;
    const mentions = CELL_GLOBALS.some((name) => this.#source.includes(name));
    if (!scope.renames && !mentions && ![...names.keys()].some(isBuiltIn)) return;
    const isRenamed = (name: string): boolean =>
      isBuiltIn(name) && (names.has(name) || scope.isVariable(name) || isCellGlobal(name));
    renameGlobals(this.#text, this.#parsed.program as unknown as AnyNode, isRenamed);
  }

  #loops(): void {
    const { program } = this.#parsed;
    const { scope, names } = this.#options;
    let captured: ReadonlySet<string> | undefined;
    const isCaptured = (name: string): boolean => {
      captured ??= capturedNames(program as unknown as AnyNode);
      return captured.has(name) || scope.isCaptured(name);
    };
    localizeLoops(this.#text, program, {
      host: HOST,
      mayCopy: (name) =>
        (names.has(name) || scope.isVariable(name)) &&
        !isBuiltIn(name) &&
        // A function that evaluates text may refer to anything.
        ![name, 'eval'].some(isCaptured),
    });
  }

  #dynamicImports(): void {
    for (const { start } of this.#parsed.module.dynamicImports) {
      this.#text.overwrite(start, start + 'import'.length, `${HOST}.import`);
    }
  }

  #importMetas(): void {
    for (const { start, end } of this.#parsed.module.importMetas)
      this.#text.overwrite(start, end, `${HOST}.meta`);
  }

  /** The last expression statement, also inside the `try` that a compiled top-level `using` makes. */
  #result(body: readonly Statement[]): void {
    const last = body.findLast(
      (statement) =>
        statement.type === 'ExpressionStatement' ||
        statement.type === 'TryStatement' ||
        statement.type === 'ExportDefaultDeclaration',
    );
    if (!last) return;
    if (last.type === 'TryStatement') {
      this.#result(last.block.body);
      return;
    }
    const expression = last.type === 'ExpressionStatement' ? last.expression : last.declaration;
    this.#text.appendRight(expression.start, `${HOST}.result(${this.#options.id}, (`);
    this.#text.appendLeft(expression.end, '))');
  }

  #import(node: ImportDeclaration): void {
    const attributes = node.attributes
      .map(
        ({ key, value }) =>
          `${JSON.stringify(key.type === 'Identifier' ? key.name : key.value)}: ${JSON.stringify(value.value)}`,
      )
      .join(', ');
    const options = attributes ? `, { with: { ${attributes} } }` : '';
    const parts: string[] = [];
    const needed: string[] = [];
    let namespace: string | undefined;
    for (const specifier of node.specifiers) {
      const local = sessionName(specifier.local.name);
      if (specifier.type === 'ImportNamespaceSpecifier') namespace = local;
      else if (specifier.type === 'ImportDefaultSpecifier') {
        parts.push(`default: ${local}`);
        if (this.#references.has(specifier.local.name)) needed.push('default');
      } else {
        const { imported } = specifier;
        const name = imported.type === 'Identifier' ? imported.name : JSON.stringify(imported.value);
        parts.push(name === local ? local : `${name}: ${local}`);
        if (this.#references.has(specifier.local.name))
          needed.push(imported.type === 'Identifier' ? imported.name : imported.value);
      }
    }
    // A name that is used as a value must be there; one that is not used may be a type, which is not.
    const check =
      needed.length === 0 ? '' : `${options === '' ? ', undefined' : ''}, ${JSON.stringify(needed)}`;
    const load = `await ${HOST}.import(${JSON.stringify(node.source.value)}${options}${check})`;
    const bindings = [
      ...(namespace === undefined ? [] : [`${namespace} = ${load}`]),
      ...(parts.length === 0 ? [] : [`{ ${parts.join(', ')} } = ${namespace ?? load}`]),
    ];
    this.#text.overwrite(
      node.start,
      node.end,
      bindings.length === 0 ? `${load};` : `let ${bindings.join(', ')};`,
    );
    this.#top.push({ start: node.start, end: node.end });
  }

  #moveToTop(): void {
    let anchor = 0;
    for (const { start, end } of this.#top) {
      // What stands in place already cannot be moved; what follows goes behind it.
      if (start === anchor) {
        anchor = end;
        continue;
      }
      this.#text.move(start, end, anchor);
      // What stood on both sides must not become one statement: `a` and `[b]` would be `a[b]`.
      this.#text.prependRight(end, ';');
    }
  }

  #statement(statement: Statement): void {
    switch (statement.type) {
      case 'ExportNamedDeclaration':
        if (statement.declaration) {
          this.#text.remove(statement.start, statement.declaration.start);
          this.#statement(statement.declaration);
        } else if (statement.source) {
          this.#text.overwrite(
            statement.start,
            statement.end,
            `await ${HOST}.import(${JSON.stringify(statement.source.value)});`,
          );
        } else this.#text.overwrite(statement.start, statement.end, this.#renamed(statement));
        return;
      case 'ExportAllDeclaration':
        this.#text.overwrite(
          statement.start,
          statement.end,
          `await ${HOST}.import(${JSON.stringify(statement.source.value)});`,
        );
        return;
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        const named =
          (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') &&
          declaration.id;
        if (named) {
          this.#text.remove(statement.start, declaration.start);
          this.#statement(declaration);
        } else {
          // An unnamed default export is an expression like any other.
          this.#text.overwrite(statement.start, declaration.start, 'void (');
          this.#text.appendLeft(declaration.end, ')');
          if (this.#source[statement.end - 1] !== ';') this.#text.appendLeft(statement.end, ';');
        }
        return;
      }
      case 'FunctionDeclaration':
        if (statement.id && !this.#hidden.has(statement.id.name))
          this.#function(statement.start, statement.id, statement.end);
        return;
      case 'ClassDeclaration':
        if (!statement.id || this.#hidden.has(statement.id.name)) return;
        if (this.#inBlock || isBuiltIn(statement.id.name)) {
          this.#hoisted.add(statement.id.name);
          this.#text.appendRight(statement.start, `${sessionName(statement.id.name)} = `);
          this.#text.appendLeft(statement.end, ';');
        }
        return;
      case 'VariableDeclaration':
        if (statement.kind === 'let' || statement.kind === 'const') this.#lexical(statement);
        return;
      default:
    }
  }

  /**
   * The compiler gives a decorated class a name of its own and exports it under the user's
   * (`export { _K as K }`): that is the class that later cells must see.
   */
  #renamed(statement: Extract<Statement, { type: 'ExportNamedDeclaration' }>): string {
    const assignments = statement.specifiers.flatMap(({ local, exported }) => {
      const isRenamed = local.type === 'Identifier' && this.#hidden.has(local.name);
      if (!isRenamed || exported.type !== 'Identifier') return [];
      // With static fields the class has no statement of its own that would declare the name.
      this.#hoisted.add(exported.name);
      return [`${sessionName(exported.name)} = ${local.name};`];
    });
    return assignments.join(' ') || ';';
  }

  /** `function f() {}` → `f = function () {};` at the top. An assignment names the function all the same. */
  #function(start: number, id: { name: string; start: number; end: number }, end: number): void {
    this.#hoisted.add(id.name);
    // A name of its own would be one that later definitions cannot replace; where the session calls it
    // otherwise it is needed, and in nobody's way.
    if (!isBuiltIn(id.name)) this.#text.remove(id.start, id.end);
    this.#text.appendRight(start, `${sessionName(id.name)} = `);
    this.#text.appendLeft(end, ';\n');
    this.#top.push({ start, end });
  }

  #lexical(declaration: VariableDeclaration): void {
    const names = declaration.declarations.flatMap(({ id }) => bindingNames(id));
    if (this.#inBlock && !names.some((name) => this.#hidden.has(name))) {
      this.#assign(declaration, 'statement');
      for (const name of names) this.#hoisted.add(name);
    } else if (declaration.kind === 'const') {
      // A const could not be declared anew by a later cell.
      this.#text.overwrite(declaration.start, declaration.start + 'const'.length, 'let');
    }
  }

  #var({ declaration, place }: HoistedVar): void {
    const names = declaration.declarations.flatMap(({ id }) => bindingNames(id));
    for (const name of names) this.#hoisted.add(name);
    this.#assign(declaration, place);
  }

  /** Turns a declaration into assignments to names that are declared at the top. */
  #assign(declaration: VariableDeclaration, place: HoistedVar['place']): void {
    const { declarations } = declaration;
    const bare =
      declarations.length === 1 && declarations[0] && !declarations[0].init ? declarations[0] : undefined;
    if (place === 'loop head' && bare && this.#isLoopVariable(declaration)) {
      this.#text.remove(declaration.start, bare.start);
      return;
    }
    const kept = declarations.filter(({ init }) => init);
    const [first] = kept;
    const last = kept.at(-1);
    // `void`, because a parenthesis alone would call what stands on the line before.
    const open = place === 'statement' ? 'void (' : '';
    const close = place === 'statement' ? ');' : '';
    if (!first || !last) {
      const resets = declarations.flatMap(({ id }) => bindingNames(id)).flatMap((name) => this.#reset(name));
      const text = place === 'statement' ? `${resets.join('')};` : 'void 0';
      this.#text.overwrite(declaration.start, declaration.end, text);
      return;
    }
    this.#text.overwrite(declaration.start, first.start, open || ' ');
    kept.forEach((declarator, index) => {
      const next = kept[index + 1];
      if (next) this.#text.overwrite(declarator.end, next.start, ', ');
    });
    if (last.end < declaration.end) this.#text.overwrite(last.end, declaration.end, close || ' ');
    else if (close) this.#text.appendLeft(declaration.end, close);
  }

  /** Where a declaration without a value is reached, an older variable of that name ends. */
  #reset(name: string): string[] {
    const { names, scope } = this.#options;
    const kind = names.get(name);
    const stays = (kind === 'var' && scope.isKept(name)) || kind === 'namespace';
    return scope.isVariable(name) && !stays ? [`${sessionName(name)} = undefined;`] : [];
  }

  /** Enums and namespaces compile to `E || {}`: they would merge with what the session has under the name. */
  #resetMerged(body: readonly Statement[]): void {
    const { names, scope } = this.#options;
    const left = new Set(
      [...names].flatMap(([name, kind]) =>
        /^(?:enum|namespace)$/.test(kind) && scope.isVariable(name) ? [name] : [],
      ),
    );
    for (const statement of body) {
      for (const name of declaredBy(statement)) {
        if (left.delete(name)) this.#text.appendRight(statement.start, `${sessionName(name)} = undefined;`);
      }
    }
  }

  /** `for (var x of xs)`: no semicolon follows the declaration, other than in `for (var x;;)`. */
  #isLoopVariable(declaration: VariableDeclaration): boolean {
    return /^\s*(?:of|in)\b/.test(this.#source.slice(declaration.end));
  }

  #frame(): void {
    const { scope } = this.#options;
    // What the session has keeps its value until the new declaration is reached, as it may never be.
    const declare = [...this.#hoisted].filter((name) => !this.#hidden.has(name) && !scope.isVariable(name));
    const hiddenVars = [...this.#hoisted].filter((name) => this.#hidden.has(name));
    const head = declare.length === 0 ? '' : `let ${declare.map(sessionName).join(', ')};`;
    const block = this.#inBlock ? `{${hiddenVars.length === 0 ? '' : `let ${hiddenVars.join(', ')};`}` : '';
    this.#text.prepend(`'use strict';${head}${block}`);
    // The inspector keeps alive what a script evaluates to; the result has been handed over already.
    this.#text.append(`${this.#inBlock ? '\n}' : ''}\n;void 0;`);
  }
}

/** Rewrites a module's JavaScript; `parsed` is its tree when the caller has it already. */
export function rewrite(
  source: string,
  options: RewriteOptions,
  parsed: Parsed = parseJavaScript(source),
): Rewritten {
  return new Rewriter(source, parsed, options).run();
}
