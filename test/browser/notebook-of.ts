/** A new notebook of the kernel, as JupyterLab would make it. */

/** @param sources the texts of its code cells @returns the content of its file, as nbformat 4.5 has it */
export function notebookOf(sources: readonly string[]): string {
  const cells = sources.map((source, i) => ({
    cell_type: 'code',
    id: `cell-${i}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  }));
  const kernelspec = { name: 'tsloop', display_name: 'TypeScript (tsloop)', language: 'typescript' };
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}
