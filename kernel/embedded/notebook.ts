/**
 * Notebook files, nbformat 4.x, as plain JSON that keeps every field it does not know.
 * Source: https://nbformat.readthedocs.io/en/latest/format_description.html
 */
import { parseSync } from 'oxc-parser';
import { v4 as uuid } from 'uuid';
import type { JsonObject, JsonValue } from '../protocol/json.ts';

export type Output = JsonObject & { output_type: string };

export interface CodeCell {
  cell_type: 'code';
  id: string;
  metadata: JsonObject;
  source: string;
  outputs: Output[];
  execution_count: number | null;
  [unknown: string]: unknown;
}

interface OtherCell {
  cell_type: 'markdown' | 'raw';
  id: string;
  metadata: JsonObject;
  source: string;
  [unknown: string]: unknown;
}

export type Cell = CodeCell | OtherCell;

/** A notebook in memory: multi-line texts are joined, every cell has an id. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: JsonObject;
  cells: Cell[];
  [unknown: string]: unknown;
}

/** The file is no notebook that can be run; the message names the file and what to do. */
export class NotebookError extends Error {
  override readonly name = 'NotebookError';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Texts of several lines are stored as lists of lines. */
function joined(value: unknown): unknown {
  return Array.isArray(value) && value.every((line) => typeof line === 'string') ? value.join('') : value;
}

/**
 * Where JSON stops being JSON, as V8 does not tell in all versions. JSON is JavaScript, so oxc knows;
 * what only JavaScript takes (a trailing comma) stays without a place.
 */
function placeOfProblem(text: string): string {
  const offset = parseSync('notebook.js', `(${text})`).errors[0]?.labels[0]?.start;
  if (offset === undefined) return '';
  // Less the parenthesis; a text that just ends does so at its own last character.
  const lines = text.slice(0, Math.min(offset - 1, text.length)).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`;
}

function parseJson(text: string, file: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    const { message } = error as Error;
    throw new NotebookError(
      `${file} is not a notebook, as it is not JSON: ${message}${placeOfProblem(json)}`,
    );
  }
}

/** The version first: the other checks hold for 4.x only. */
function checkVersion(notebook: JsonObject, file: string): void {
  const { nbformat } = notebook;
  if (typeof nbformat !== 'number') {
    throw new NotebookError(`${file} is not a notebook: it has no nbformat number.`);
  }
  if (nbformat === 4) return;
  throw new NotebookError(
    nbformat < 4
      ? `${file} is in the old notebook format ${nbformat}. Convert it to format 4 by opening and saving it in Jupyter, or with: jupyter nbconvert --to notebook --inplace FILE`
      : `${file} is in notebook format ${nbformat}; this tsloop knows format 4. A newer tsloop may know more.`,
  );
}

const knownLanguages = ['typescript', 'javascript'];

function checkLanguage(metadata: JsonObject, file: string): void {
  const spec = isObject(metadata['kernelspec']) ? metadata['kernelspec'] : {};
  const info = isObject(metadata['language_info']) ? metadata['language_info'] : {};
  const language = spec['language'] ?? info['name'];
  if (typeof language !== 'string' || knownLanguages.includes(language.toLowerCase())) return;
  const title = spec['display_name'] ?? spec['name'];
  const kernel = typeof title === 'string' ? ` (kernel "${title}")` : '';
  throw new NotebookError(
    `${file} is a notebook in ${language}${kernel}; tsloop runs TypeScript. If its cells are TypeScript all the same, choose the kernel anew in Jupyter and save it.`,
  );
}

function rejoinBundle(bundle: unknown): void {
  if (!isObject(bundle)) return;
  for (const [mime, value] of Object.entries(bundle)) {
    if (!/^application\/(?:json$|.*\+json$)/.test(mime)) bundle[mime] = joined(value) as JsonValue;
  }
}

/** Calls back with every MIME bundle of the cell: attachments and outputs. */
function eachBundle(cell: JsonObject, change: (bundle: unknown) => void): void {
  if (isObject(cell['attachments'])) Object.values(cell['attachments']).forEach(change);
  if (!Array.isArray(cell['outputs'])) return;
  for (const output of cell['outputs']) {
    if (isObject(output) && 'data' in output) change(output['data']);
  }
}

function checkCell(cell: unknown, place: string): JsonObject {
  if (!isObject(cell)) throw new NotebookError(`${place} is no JSON object.`);
  if (!['code', 'markdown', 'raw'].includes(cell['cell_type'] as string)) {
    throw new NotebookError(
      `${place} has the cell_type ${JSON.stringify(cell['cell_type'])}; there are code, markdown and raw.`,
    );
  }
  if (typeof joined(cell['source']) !== 'string') throw new NotebookError(`${place} has no source text.`);
  return cell;
}

/** nbformat 4.5's own rule for ids. */
const validId = /^[a-zA-Z0-9_-]{1,64}$/;

function freshId(taken: ReadonlySet<string>): string {
  // Eight digits, as nbformat makes them: short enough to read, and checked to be unique.
  for (;;) {
    const id = uuid().slice(0, 8);
    if (!taken.has(id)) return id;
  }
}

function normalCell(cell: JsonObject, taken: Set<string>): Cell {
  const { id } = cell;
  cell['id'] = typeof id === 'string' && validId.test(id) && !taken.has(id) ? id : freshId(taken);
  taken.add(cell['id']);
  if (!isObject(cell['metadata'])) cell['metadata'] = {};
  cell['source'] = joined(cell['source']) as string;
  if (cell['cell_type'] === 'code') {
    const outputs = Array.isArray(cell['outputs']) ? cell['outputs'].filter(isObject) : [];
    for (const output of outputs) if ('text' in output) output['text'] = joined(output['text']) as JsonValue;
    cell['outputs'] = outputs;
    cell['execution_count'] ??= null;
  }
  eachBundle(cell, rejoinBundle);
  return cell as unknown as Cell;
}

/**
 * Reads a notebook of any 4.x and brings it to 4.5, the first minor version with cell ids.
 * @throws NotebookError
 */
export function parseNotebook(text: string, file: string): Notebook {
  const notebook = parseJson(text, file);
  if (!isObject(notebook)) throw new NotebookError(`${file} is not a notebook: it holds no JSON object.`);
  checkVersion(notebook, file);
  const { cells } = notebook;
  if (!Array.isArray(cells)) throw new NotebookError(`${file} is not a notebook: it has no list of cells.`);
  if (!isObject(notebook['metadata'])) notebook['metadata'] = {};
  checkLanguage(notebook['metadata'], file);
  const checked = cells.map((cell, index) => checkCell(cell, `${file}: cell ${index + 1}`));
  const taken = new Set<string>();
  const minor = notebook['nbformat_minor'];
  return {
    ...notebook,
    nbformat: 4,
    nbformat_minor: typeof minor === 'number' && minor > 5 ? minor : 5,
    metadata: notebook['metadata'],
    cells: checked.map((cell) => normalCell(cell, taken)),
  };
}
