/** Event loops as tables of HTML without scripts: what `%loop live` shows where there are no widgets. */
import { COLORS, escapeHtml, FONTS, styleElement, styleRules } from '../display/html.ts';
import { durationText } from '../timeline/scale.ts';
import type { LoopRows, TaskRow, TimerRow } from './loop-rows.ts';

const RULES = `
  .tsloop-live { font-family: ${FONTS.text}; font-size: 13px; color: ${COLORS.text}; max-width: 900px; }
  .tsloop-live header { display: flex; align-items: center; gap: 8px; margin: 0 0 4px; }
  .tsloop-live .tsloop-title { margin: 8px 0 2px; font-weight: 700; }
  .tsloop-live header .tsloop-title { margin: 0; }
  .tsloop-live .tsloop-head { margin: 8px 0 2px; font-size: 12px; font-weight: 600; color: ${COLORS.dim}; }
  .tsloop-live i { font-style: normal; color: ${COLORS.dim}; font-weight: normal; }
  .tsloop-live p { margin: 2px 0; }
  .tsloop-live ol { margin: 0; padding-left: 24px; font-family: ${FONTS.code}; font-size: 12px; }
  .tsloop-live table { border-collapse: collapse; margin: 0; width: 100%; font-size: 12px; table-layout: fixed; }
  .tsloop-live th { text-align: left; font-weight: 600; color: ${COLORS.dim}; border: 0; border-bottom: 1px solid ${COLORS.border}; padding: 2px 8px; }
  .tsloop-live td { text-align: left; border: 0; padding: 3px 8px; overflow-wrap: anywhere; font-family: ${FONTS.code}; vertical-align: top; background: transparent; color: ${COLORS.text}; }
  .tsloop-live tbody tr { background: transparent; }
  .tsloop-live tbody tr:hover td { background: ${COLORS.hover}; }
  .tsloop-live button { font: inherit; font-size: 11px; padding: 1px 8px; color: ${COLORS.text}; background: ${COLORS.raised}; border: 1px solid ${COLORS.border}; border-radius: 3px; cursor: pointer; }
  .tsloop-live button:hover { border-color: ${COLORS.accent}; }
  .tsloop-live button:focus-visible { outline: 2px solid ${COLORS.accent}; }
  .tsloop-live button:disabled { opacity: 0.5; cursor: default; }
  .tsloop-live header button { margin-left: auto; }
  .tsloop-live .tsloop-dot { width: 9px; height: 9px; border-radius: 50%; background: ${COLORS.dim}; flex: none; }
  .tsloop-live .tsloop-dot.tsloop-busy { background: ${COLORS.good}; }
`;

/** Style sheet of the widget. */
export const CSS: string = styleRules(RULES);
const STYLE = styleElement(RULES);

/** The headings of the tables, and the widths of their columns in per cent. */
export const COLUMNS = {
  tasks: [
    ['task', 18],
    ['code', 16],
    ['state', 13],
    ['waits for', 23],
    ['age', 9],
    ['made in', 11],
    ['', 10],
  ],
  timers: [
    ['due in', 18],
    ['calls', 61],
    ['asked for in', 21],
  ],
} as const;

/** @param note what is said behind the title */
export function htmlOf(loops: readonly LoopRows[], note: string): string {
  const said = note === '' ? '' : ` <i>${escapeHtml(note)}</i>`;
  return `<div class="tsloop-live">${STYLE}<header><div class="tsloop-title">Event loop${said}</div></header>${loops.map(loopHtml).join('')}</div>`;
}

function loopHtml(loop: LoopRows): string {
  const { title, time, readyCount, ready, timerCount, timers, taskCount, tasks } = loop;
  return [
    `<div class="tsloop-title">${escapeHtml(title)} <i>at ${time.toFixed(3)} s</i></div>`,
    heading(`Ready to run: ${readyCount}`),
    ready.length === 0 ? '' : `<ol>${ready.map((each) => `<li>${escapeHtml(each)}</li>`).join('')}</ol>`,
    more(readyCount, ready),
    heading(`Timers: ${timerCount}`),
    table(COLUMNS.timers, timers.map(timerCells)),
    more(timerCount, timers),
    heading(`Tasks: ${taskCount}`),
    // Nothing can be cancelled here.
    table(COLUMNS.tasks.slice(0, -1), tasks.map(taskCells)),
    more(taskCount, tasks),
  ].join('');
}

/** No heading: these would stand in JupyterLab's table of contents. */
function heading(words: string): string {
  return `<div class="tsloop-head">${words}</div>`;
}

function more(count: number, shown: readonly unknown[]): string {
  return count > shown.length ? `<p><i>and ${count - shown.length} more</i></p>` : '';
}

function taskCells({ name, code, state, waitsFor, age, isOlder, place }: TaskRow): string[] {
  return [
    name,
    code,
    state,
    waitsFor,
    `${isOlder ? '> ' : ''}${durationText(Math.max(Math.round(age * 10) / 10, 0.1))}`,
    place,
  ];
}

function timerCells({ dueIn, call, place }: TimerRow): string[] {
  return [durationText(dueIn), call, place];
}

function table(
  columns: ReadonlyArray<readonly [name: string, width: number]>,
  rows: readonly string[][],
): string {
  if (rows.length === 0) return '';
  const head = columns.map(([name, width]) => `<th style="width:${width}%">${name}</th>`).join('');
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}
