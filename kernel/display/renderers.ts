/** All kinds of values that look like more than their text. The first that knows a value shows it. */
import { renderElement } from './charts/markup.ts';
import { renderPlotly, renderVega } from './charts/specs.ts';
import { renderJsx } from './jsx/render.ts';
import { renderMatrix, renderMlMatrix, renderTensor, renderTypedArray } from './numbers/grid.ts';
import { renderBytes } from './numbers/hex.ts';
import { renderBlob, renderCanvas, renderPicture } from './pictures/render.ts';
import type { Renderer } from './renderer.ts';
import { renderError } from './single/error.ts';
import { renderFunction } from './single/function.ts';
import { renderDate, renderPromise, renderUrl } from './single/simple.ts';
import { frameTable } from './table/frames.ts';
import { recordTable } from './table/records.ts';
import { renderTable } from './table/render.ts';
import { renderTree } from './tree/tree.ts';

export const RENDERERS: readonly Renderer[] = [
  renderFunction,
  renderError,
  renderDate,
  renderPromise,
  renderUrl,
  renderPicture,
  renderBytes,
  renderTypedArray,
  renderBlob,
  renderMatrix,
  (value) => {
    const table = recordTable(value) ?? frameTable(value);
    return table && renderTable(table);
  },
  renderVega,
  renderPlotly,
  renderJsx,
  renderElement,
  renderCanvas,
  renderMlMatrix,
  renderTensor,
  // Last, as it takes anything that has parts.
  renderTree,
];
