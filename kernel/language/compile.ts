/** A cell's TypeScript → the script that the session evaluates, with the way back to the cell's lines. */
import { type JsxOptions, mayHaveJsx } from './jsx.ts';
import { parseCell, type SyntaxProblem } from './parse.ts';
import { type PositionOf, positionsOf } from './positions.ts';
import type { AnyNode } from './node.ts';
import { capturedNames, constantAssignments } from './references.ts';
import { rewrite, type Scope } from './rewrite.ts';
import {
  bindingNames,
  type DeclarationKind,
  declaredNames,
  decoratedClasses,
  endsInExpression,
} from './syntax.ts';
import { transpile } from './transpile.ts';
import { eraseTypes } from './types.ts';

export interface CompileOptions {
  /** Under which number the result is handed over, see rewrite.ts. */
  readonly id: number;
  readonly scope: Scope;
  /** What JSX becomes. Asked where there may be some. */
  readonly jsxOptions?: () => JsxOptions | undefined;
}

export interface Compiled {
  readonly code: string;
  /** The values that the cell declares. */
  readonly names: ReadonlyMap<string, DeclarationKind>;
  /** Names of outer scopes that the cell's functions refer to. */
  readonly captured: ReadonlySet<string>;
  /** What is declared once the script has done its first, second… step; see rewrite.ts. */
  readonly steps: ReadonlyArray<readonly string[]>;
  /** From a place in `code` to the place in the cell; undefined for what the compiler added. Slow at the first call. */
  readonly positionOf: PositionOf;
  /** `code`, for those who do not keep it: compiles once more. */
  readonly codeAgain: () => string;
}

/** The cell is no TypeScript. The first problem is the one to show. */
export class CellSyntaxError extends Error {
  override readonly name = 'SyntaxError';
  readonly source: string;
  readonly problems: readonly SyntaxProblem[];

  constructor(source: string, problems: readonly SyntaxProblem[]) {
    super(problems[0]?.message ?? 'Invalid syntax');
    this.source = source;
    this.problems = problems;
  }

  /** The same error of a text that stands below so many other lines. */
  below(lines: number): CellSyntaxError {
    const moved = this.problems.map((problem) => ({
      ...problem,
      start: problem.start + lines,
      end: problem.end + lines,
    }));
    return new CellSyntaxError('\n'.repeat(lines) + this.source, moved);
  }
}

interface Stages {
  readonly code: string;
  readonly names: ReadonlyMap<string, DeclarationKind>;
  readonly captured: ReadonlySet<string>;
  readonly steps: ReadonlyArray<readonly string[]>;
  /** The source maps, that of the last step first. */
  readonly maps: () => string[];
}

function stages(source: string, options: CompileOptions): Stages {
  const parsed = parseCell(source);
  if (parsed.problems.length > 0) throw new CellSyntaxError(source, parsed.problems);
  const names = declaredNames(parsed.program);
  const hasResult = endsInExpression(parsed.program);
  const erased = eraseTypes(source, parsed);
  const tree = parsed.program as unknown as AnyNode;
  const isConstant = (name: string): boolean => {
    const kind = names.get(name);
    return kind === undefined ? options.scope.isConstant(name) : kind === 'const' || kind === 'import';
  };
  const [assignment] = erased?.assigns === false ? [] : constantAssignments(tree, isConstant);
  if (assignment) {
    const name = bindingNames(assignment['left'] ?? assignment['argument']).find(isConstant) ?? '';
    const message = `Cannot assign to '${name}' because it is a constant`;
    throw new CellSyntaxError(source, [{ message, start: assignment.start, end: assignment.end }]);
  }
  const captured = capturedNames(tree);
  const rewriteOptions = { ...options, names, hasResult };
  if (erased) {
    const { text, steps } = rewrite(erased.code, { ...rewriteOptions, enums: erased.enums }, erased.parsed);
    return {
      code: text.toString(),
      names,
      captured,
      steps,
      maps: () => [text.generateMap({ hires: 'boundary' }).toString()],
    };
  }
  const decorated = decoratedClasses(parsed.program);
  const exported = decorated.length === 0 ? source : `${source}\nexport { ${decorated.join(', ')} };`;
  const toScript = (sourceMap: 'none' | 'separate'): { code: string; map: string | undefined } =>
    transpile(exported, {
      jsx: parsed.jsx,
      jsxOptions: options.jsxOptions?.(),
      fileName: parsed.jsx ? 'cell.tsx' : 'cell.ts',
      sourceMap,
    });
  const script = toScript('none');
  const { text, steps } = rewrite(script.code, rewriteOptions);
  return {
    code: text.toString(),
    names,
    captured,
    steps,
    maps: () => [text.generateMap({ hires: 'boundary' }).toString(), toScript('separate').map ?? '{}'],
  };
}

/** Answers a question about a name the same way for ever: the cell is compiled again when the session has moved on. */
function remember(ask: (name: string) => boolean): (name: string) => boolean {
  // Kept as long as the cell is: most are never asked.
  let answers: Map<string, boolean> | undefined;
  return (name) => {
    const answer = answers?.get(name) ?? ask(name);
    answers ??= new Map();
    answers.set(name, answer);
    return answer;
  };
}

/**
 * Compiles a cell. Maps are made only when an error needs one, by compiling once more: keeping them
 * for every cell of a long session would cost more memory than the cells.
 * @throws CellSyntaxError
 */
export function compileCell(cell: string, options: CompileOptions): Compiled {
  // A byte order mark and a hash-bang are allowed in files, and only at their very start.
  const source = cell.replace(/^\uFEFF/, ' ').replace(/^#!/, '//');
  const scope: Scope = {
    renames: options.scope.renames,
    isKept: remember(options.scope.isKept),
    isConstant: remember(options.scope.isConstant),
    isVariable: remember(options.scope.isVariable),
    isCaptured: remember(options.scope.isCaptured),
  };
  const jsxOptions = mayHaveJsx(source) ? options.jsxOptions?.() : undefined;
  const stable = { ...options, scope, jsxOptions: () => jsxOptions };
  const { code, names, captured, steps } = stages(source, stable);
  // They are many times as large as the cell, and can be made again.
  let positions: WeakRef<PositionOf> | undefined;
  return {
    code,
    names,
    captured,
    steps,
    positionOf: (place) => {
      let find = positions?.deref();
      if (!find) {
        find = positionsOf(stages(source, stable).maps());
        positions = new WeakRef(find);
      }
      return find(place);
    },
    codeAgain: () => stages(source, stable).code,
  };
}
