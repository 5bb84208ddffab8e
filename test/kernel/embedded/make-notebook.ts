/** Notebooks for tests, as the text of their file. */
interface CellOptions {
  readonly type?: 'code' | 'markdown' | 'raw';
  readonly tags?: readonly string[];
}

export function makeCell(source: string, { type = 'code', tags }: CellOptions = {}): Record<string, unknown> {
  return {
    cell_type: type,
    metadata: tags === undefined ? {} : { tags },
    source,
    ...(type === 'code' ? { outputs: [], execution_count: null } : {}),
  };
}

export function notebookJson(cells: readonly unknown[], metadata: Record<string, unknown> = {}): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells });
}
