/** The common look of single values: errors, dates, addresses, promises, functions. */
import { COLORS, FONTS, styleElement } from '../html.ts';

const STYLE = styleElement(`
.tsloop-value { color: ${COLORS.text}; font-family: ${FONTS.code}; font-size: ${FONTS.codeSize}; line-height: 1.45 }
.tsloop-value pre { margin: 2px 0 2px 1.3em; white-space: pre-wrap; overflow-wrap: anywhere; background: none; color: inherit }
.tsloop-value summary { cursor: pointer }
.tsloop-value i { font-style: normal; color: ${COLORS.dim} }
.tsloop-value a { color: ${COLORS.link} }
.tsloop-value b { font-weight: 600 }
.tsloop-value table { border-collapse: collapse; margin: 2px 0; width: auto; font-size: inherit }
.tsloop-value td { padding: 1px 10px 1px 0; border: 0; text-align: left; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere }
.tsloop-value tr, .tsloop-value tr:hover { background: none }
.tsloop-value .tsloop-bad { color: ${COLORS.bad} }
.tsloop-value .tsloop-good { color: ${COLORS.good} }
.tsloop-value .tsloop-wait { color: ${COLORS.warn} }`);

/** @param html without style */
export function valueHtml(html: string): string {
  return `<div class="tsloop-value">${STYLE}${html}</div>`;
}
