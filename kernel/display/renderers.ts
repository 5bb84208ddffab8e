/** All kinds of values that look like more than their text. The first that knows a value shows it. */
import type { Renderer } from './renderer.ts';
import { recordTable } from './table/records.ts';
import { renderTable } from './table/render.ts';
import { renderTree } from './tree/tree.ts';

export type { Rendered, RenderContext } from './renderer.ts';

export const RENDERERS: readonly Renderer[] = [
  (value) => {
    const table = recordTable(value);
    return table && renderTable(table);
  },
  renderTree,
];
