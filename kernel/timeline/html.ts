/** A timeline as HTML: its SVG, and for pages that take that out of what they do not trust, the same as an image. */
import { escapeHtml, styleElement } from '../display/html.ts';

/**
 * JupyterLab shows the outputs of a notebook from elsewhere without SVG and styles, but leaves the texts that were in
 * the SVG. It lets images pass, which say nothing below the pointer. So both are there, and a style that decides. A
 * `datalist` is an element that is not shown where no style says so. The style of a notebook that is trusted holds for
 * the whole page: so it asks whether the SVG is there.
 */
const STYLE = styleElement(`
  .tsloop-timeline > img:has(+ datalist > svg) { display: none; }
  .tsloop-timeline > datalist:has(> svg) { display: block; }
`);

export function timelineHtml(svg: string): string {
  const [, label = ''] = /aria-label="([^"]*)"/.exec(svg) ?? [];
  const data = Buffer.from(svg).toString('base64');
  return (
    `<div class="tsloop-timeline">${STYLE}<img alt="${escapeHtml(label)}" src="data:image/svg+xml;base64,${data}">` +
    `<datalist>${svg}</datalist></div>`
  );
}
