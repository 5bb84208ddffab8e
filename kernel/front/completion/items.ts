/** Completion items as the language service sends them: what they insert, and what that replaces. */

import { matching } from './candidate.ts';

/** Source of all these: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/ */
interface Position {
  readonly line: number;
  readonly character: number;
}
interface Range {
  readonly start: Position;
  readonly end: Position;
}
type EditRange = Range | { readonly insert: Range; readonly replace: Range };

export interface Item {
  readonly label: string;
  readonly kind?: number;
  readonly detail?: string;
  readonly sortText?: string;
  readonly filterText?: string;
  readonly insertText?: string;
  readonly textEdit?: { readonly newText: string } & (
    | { readonly range: Range }
    | { readonly insert: Range; readonly replace: Range }
  );
  readonly additionalTextEdits?: readonly unknown[];
}

export interface ItemList {
  readonly items: readonly Item[];
  readonly itemDefaults?: { readonly editRange?: EditRange };
}

/** Changes of the text elsewhere cannot be told to a client, nor can several lines be one of its choices. */
function isUsable(item: Item): boolean {
  return (item.additionalTextEdits ?? []).length === 0 && !textOf(item).includes('\n');
}

export function textOf({ textEdit, insertText, label }: Item): string {
  return textEdit?.newText ?? insertText ?? label;
}

/** Where what the item replaces begins. */
function startOf(item: Item, list: ItemList, position: Position, wordStart: number, offset: number): number {
  const edit = item.textEdit ?? list.itemDefaults?.editRange;
  if (!edit) return wordStart;
  const { start } = 'range' in edit ? edit.range : 'insert' in edit ? edit.insert : edit;
  // Of one line with the cursor, or it is nothing that a client could do.
  return start.line === position.line ? offset - (position.character - start.character) : wordStart;
}

/**
 * The items that go on with what was typed. A client replaces the same text for all of them: where some replace
 * more than the word, as `?.name` does for the dot before it, they are chosen only if there are no others.
 * @param wordStart where the word before the cursor begins, in UTF-16 code units
 */
export function chooseItems(
  list: ItemList,
  text: string,
  offset: number,
  wordStart: number,
): { readonly start: number; readonly items: readonly Item[] } {
  const position = positionOf(text, offset);
  const groups = new Map<number, Item[]>();
  for (const item of list.items.filter(isUsable)) {
    const start = startOf(item, list, position, wordStart, offset);
    const group = groups.get(start);
    if (group) group.push(item);
    else groups.set(start, [item]);
  }
  const [best] = [...groups]
    .map(([start, items]) => {
      const typed = text.slice(start, offset);
      return { start, items: matching(items, typed, (item) => item.filterText ?? textOf(item)) };
    })
    .filter(({ items }) => items.length > 0)
    .sort((a, b) => Number(b.start === wordStart) - Number(a.start === wordStart) || b.start - a.start);
  return best ?? { start: wordStart, items: [] };
}

/** In lines and UTF-16 columns from 0. */
export function positionOf(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
