/** A value's bundle for the tests of what values look like. */
import assert from 'node:assert/strict';
import { shownAs } from '../../../kernel/display/rich.ts';

export interface Look {
  readonly html: string;
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** What a value that takes no time looks like; the HTML without its style. */
export function look(value: unknown): Look {
  const shown = shownAs(value);
  assert.ok(!(shown instanceof Promise), 'it takes no time');
  return lookOf(shown.data);
}

export async function lookLater(value: unknown): Promise<Look> {
  return lookOf((await shownAs(value)).data);
}

function lookOf(data: Record<string, unknown>): Look {
  const html = ((data['text/html'] ?? '') as string).replaceAll(/<style>[^]*?<\/style>/g, '');
  return { html, text: String(data['text/plain']), data };
}

/** The texts of the cells of a table, row by row, headings first. */
export function cellsOf(html: string): string[][] {
  return [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replaceAll(/(?:<[^>]*>)+/g, ' ').trim(),
    ),
  );
}
