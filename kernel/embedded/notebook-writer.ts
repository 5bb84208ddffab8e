/** A notebook in memory → the text of its file, byte for byte as Python's nbformat 5 writes it. */
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import type { Notebook } from './notebook.ts';

/** Python's str.splitlines(keepends=True): it breaks at more than `\n`. */
function splitLines(text: string): string[] {
  return (
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? []
  );
}

function isSplitMime(mime: string): boolean {
  return mime.startsWith('text/') || mime === 'application/javascript' || mime === 'image/svg+xml';
}

function splitBundle(bundle: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(bundle).map(([mime, value]): [string, JsonValue] => [
      mime,
      typeof value === 'string' && isSplitMime(mime) ? splitLines(value) : value,
    ]),
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function splitOutput(output: JsonValue): JsonValue {
  if (!isObject(output)) return output;
  if (output['output_type'] === 'stream' && typeof output['text'] === 'string') {
    return { ...output, text: splitLines(output['text']) };
  }
  return isObject(output['data']) ? { ...output, data: splitBundle(output['data']) } : output;
}

function splitCell(cell: JsonObject): JsonObject {
  const split: JsonObject = { ...cell, source: splitLines(cell['source'] as string) };
  if (Array.isArray(cell['outputs'])) split['outputs'] = cell['outputs'].map(splitOutput);
  if (isObject(cell['attachments'])) {
    split['attachments'] = Object.fromEntries(
      Object.entries(cell['attachments']).map(([name, bundle]) => [
        name,
        isObject(bundle) ? splitBundle(bundle) : bundle,
      ]),
    );
  }
  // Whether outputs are trusted is a matter of one computer, not of the file.
  const { trusted: _, ...metadata } = cell['metadata'] as JsonObject;
  split['metadata'] = metadata;
  return split;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  // Without a prototype, a field named `__proto__` is a field like any other.
  const copy = Object.create(null) as JsonObject;
  for (const name of names) copy[name] = sorted(value[name] as JsonValue);
  return copy;
}

/** Sorted names, one space of indentation, lists of lines, a newline at the end. */
export function notebookText(notebook: Notebook): string {
  const { orig_nbformat: _, orig_nbformat_minor: __, signature: ___, ...metadata } = notebook.metadata;
  const file = {
    ...notebook,
    metadata,
    cells: notebook.cells.map((cell) => splitCell(cell as unknown as JsonObject)),
  };
  return `${JSON.stringify(sorted(file), null, 1)}\n`;
}
