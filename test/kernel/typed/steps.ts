/** What the tables of typed cells say often: the errors of a cell, and the type of an expression. */
import { type Claims, describeCells, type Outcome, type Step } from '../whole/cells.ts';

/** A table of claims about a kernel as it is when nobody has set anything: it checks its cells. */
export function describeTyped(
  title: string,
  claims: Claims,
  files: Readonly<Record<string, string>> = {},
): void {
  describeCells(title, claims, files, {});
}

/** A cell that does not run, with all of its type errors: `types('2322 1:7 total')`. */
export function types(...errors: readonly string[]): Outcome {
  return { types: errors };
}

/**
 * Asks for the type of an expression, by a cell that is refused for every type but `never`. It therefore runs
 * nothing and declares nothing.
 */
export function typeOf(expression: string, type: string): Step {
  const column = expression.length + 2;
  return [
    `${expression} satisfies never`,
    {
      types: [`1360 1:${column} satisfies`],
      error: `TypeScriptError: Type '${type}' does not satisfy the expected type 'never'.`,
    },
  ];
}
