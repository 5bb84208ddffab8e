/**
 * What a cell asks of the module hooks with an import, written into the specifier: on Node 20 the hooks
 * run on a thread of their own, and a specifier is all that is sure to reach them in time.
 */

/** Which files are loaded anew after they have changed: those below the working directory, any, none. */
export type Autoreload = 'on' | 'all' | 'off';

export interface CellImport {
  readonly specifier: string;
  readonly autoreload: Autoreload;
  /** CommonJS files (paths) that must be loaded anew. */
  readonly stale: readonly string[];
  /** Whether the last import of this failed: what came with it is loaded once more. */
  readonly retry: boolean;
}

const SCHEME = 'tsloop-cell:';

export function writeCellImport(request: CellImport): string {
  return SCHEME + JSON.stringify(request);
}

/** Undefined for what a module imports. */
export function readCellImport(specifier: string): CellImport | undefined {
  if (!specifier.startsWith(SCHEME)) return undefined;
  return JSON.parse(specifier.slice(SCHEME.length)) as CellImport;
}
