/** The metadata by which Jupyter, nbconvert and GitHub know what language a notebook is in. */
import type { JsonObject } from '../protocol/json.ts';
import { languageInfo } from '../protocol/language-info.ts';
import type { Notebook } from '../embedded/notebook.ts';

const kernelspec: JsonObject = {
  display_name: 'TypeScript (tsloop)',
  language: 'typescript',
  name: 'tsloop',
};

/**
 * A notebook that names a kernel keeps that name: it may be tsloop's under another one. Fields of
 * language_info that this does not know are kept as well.
 */
export function labelNotebook(notebook: Notebook): void {
  const { metadata } = notebook;
  metadata['kernelspec'] ??= { ...kernelspec };
  metadata['language_info'] = { ...(metadata['language_info'] as JsonObject | undefined), ...languageInfo };
}
