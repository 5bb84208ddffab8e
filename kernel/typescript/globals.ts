/** The declarations of what cells find in their global scope besides Node's own; runtime/host.ts puts it there. */

/**
 * The text of a declaration file.
 * @param execa the path of execa's declarations, whose `$` is the one of cells
 * @param compat the path of those of what other kernels have: kernel/compat/types.ts
 * @param display the path of those of `display`: kernel/display/types.ts
 */
export function globalsDeclaration(execa: string, display: string, compat: string): string {
  return `${DECLARATIONS}
/** Shows values in the notebook, as the result of a cell is shown, at any time: display(value), display.html('<b>hi</b>'). */
declare const display: import(${JSON.stringify(display)}).Display;

/** Of Deno's global object what its notebooks show things with. */
declare const Deno: import(${JSON.stringify(compat)}).DenoGlobal;

/** What JSX needs where no cell has imported React. */
declare const React: import(${JSON.stringify(compat)}).JsxFactory;
/** Merges with what a package or a cell declares of it; where nobody does, all elements and attributes are right. */
declare namespace JSX {
  interface Element {}
  interface ElementChildrenAttribute {
    children: {};
  }
  interface IntrinsicElements {
    [name: string]: any;
  }
}

declare module 'tslab' {
  export type Display = import(${JSON.stringify(compat)}).TslabDisplay;
  const tslab: import(${JSON.stringify(compat)}).Tslab;
  export const display: (typeof tslab)['display'];
  export const newDisplay: (typeof tslab)['newDisplay'];
  export const versions: (typeof tslab)['versions'];
  export default tslab;
}

/** Runs a command: await $\`git status\`. See https://github.com/sindresorhus/execa. */
declare const $: (typeof import(${JSON.stringify(execa)}))['$'];
`;
}

const DECLARATIONS = `
/**
 * Asks the user for a line, and blocks until it is there. An empty one is \`fallback\`.
 * @throws KeyboardInterrupt when the cell is stopped, StdinNotImplementedError where nobody can answer
 */
declare function prompt(text?: unknown, fallback?: unknown): string;

/** Asks the user a question of yes or no, and blocks until it is answered: \`y\` or \`yes\` is true. */
declare function confirm(text?: unknown): boolean;

/** \`prompt\` that does not show what is typed. */
declare function password(text?: unknown): string;

/** \`prompt\` that does not block: timers and callbacks go on until the answer is there. */
declare function input(text?: unknown): Promise<string>;

/** The exit code of the last ! line. */
declare let _exit_code: number;

/** Clears the output of the cell; with wait: true not before there is something new to show. */
declare function clearOutput(options?: { readonly wait?: boolean }): void;
`;
