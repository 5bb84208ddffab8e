/** A timeline as an SVG: no script, no fonts or styles from elsewhere; readable on white and on black. */
import { cut, escapeHtml, FONTS } from '../display/html.ts';
import type { Lane, Run, Timeline, Wait } from './lanes.ts';
import { durationText, ticksOf } from './scale.ts';

const WIDTH = 800;
const LABELS = 150;
const RIGHT = 40;
const LANE = 28;
const TOP = 34;
const LEGEND = 62;
/** Characters of a label that fit. */
const LABEL_LENGTH = 21;
/** A call may take microseconds: it must be seen all the same. */
const LEAST_BAR = 5;
/** Bars and lines that are closer than this (pixels) become one. */
const GAP = 2;
/** … and where there are many calls, what leads to them is left out below this. */
const CROWDED_GAP = 12;
/** Room for a number behind its bar. */
const NUMBER = 12;
/** With more calls than that their numbers would cover each other. */
const MOST_NUMBERS = 24;
const MOST_TICKS = 6;

/**
 * Colours that can be read on white and on black; where JupyterLab says what its theme has, that. An image on a page
 * of its own knows no such variables.
 */
const COLORS = {
  text: 'var(--jp-content-font-color1, #7a7a7a)',
  dim: 'var(--jp-content-font-color2, #808080)',
  grid: 'var(--jp-border-color2, rgba(128, 128, 128, 0.4))',
  band: 'rgba(128, 128, 128, 0.08)',
  wait: '#8a8a8a',
  sleep: 'rgba(128, 128, 128, 0.28)',
  task: '#2f8fd8',
  callback: '#3f9d5a',
  cell: '#8e6bc9',
  failed: '#d84a3a',
  cancelled: '#b86e00',
} as const;

type X = (seconds: number) => number;

const round = (value: number): string => String(Math.round(value * 10) / 10);

/** The whole drawing, an `<svg>` element that can also stand alone as a file. */
export function timelineSvg(timeline: Timeline): string {
  const { lanes, length, calls } = timeline;
  const bottom = TOP + Math.max(lanes.length, 1) * LANE;
  const height = bottom + LEGEND;
  const x: X = (seconds) => LABELS + (seconds / length) * (WIDTH - LABELS - RIGHT);
  const numbered = calls <= MOST_NUMBERS;
  const parts = [
    axis(length, x, bottom),
    ...lanes.map((lane, i) => laneSvg(lane, TOP + i * LANE, i, x, numbered)),
    lanes.length === 0
      ? text(LABELS, TOP + 18, 'The loop had nothing to do.', `fill="${COLORS.dim}"`)
      : legend(bottom + 20, numbered, timeline.dropped),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" data-tsloop="timeline" viewBox="0 0 ${WIDTH} ${height}" ` +
    `width="${WIDTH}" height="${height}" role="img" aria-label="timeline of ${durationText(length)}" ` +
    `style="max-width:100%;height:auto" font-family="${escapeHtml(FONTS.text)}" font-size="12">${parts.join('')}</svg>`
  );
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeHtml(content)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, attributes: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${attributes}/>`;
}

function axis(length: number, x: X, bottom: number): string {
  return ticksOf(length, MOST_TICKS)
    .map(
      (tick) =>
        line(x(tick), TOP - 6, x(tick), bottom, `stroke="${COLORS.grid}"`) +
        text(x(tick), TOP - 12, durationText(tick), `text-anchor="middle" fill="${COLORS.dim}"`),
    )
    .join('');
}

function laneSvg(lane: Lane, top: number, index: number, x: X, numbered: boolean): string {
  const middle = top + LANE / 2;
  const band =
    index % 2 === 0 ? `<rect x="0" y="${top}" width="${WIDTH}" height="${LANE}" fill="${COLORS.band}"/>` : '';
  const label = text(
    LABELS - 10,
    middle + 4,
    cut(lane.label, LABEL_LENGTH),
    `text-anchor="end" fill="${COLORS.text}"`,
  );
  return [
    band,
    `<g>${title(lane.label)}${label}</g>`,
    ...waitsSvg(lane.waits, middle, x),
    ...askedSvg(lane.runs, middle, x, numbered ? GAP : CROWDED_GAP),
    ...barsSvg(lane, middle, x, numbered),
  ].join('');
}

const title = (content: string): string => `<title>${escapeHtml(content)}</title>`;

/** Sleeps, as pale bars; those that would touch each other become one. */
function waitsSvg(waits: readonly Wait[], middle: number, x: X): string[] {
  const parts: string[] = [];
  let block: Wait[] = [];
  let right = -Infinity;
  const flush = (): void => {
    const [first] = block;
    if (first) parts.push(waitSvg(first, block.length, right, middle, x));
    block = [];
    right = -Infinity;
  };
  for (const wait of waits) {
    if (x(wait.from) > right + GAP || right - x(wait.from) > GAP) flush();
    block.push(wait);
    right = Math.max(right, x(wait.to));
    if (wait.isCancelled) flush();
  }
  flush();
  return parts;
}

function waitSvg(first: Wait, count: number, right: number, middle: number, x: X): string {
  const left = x(first.from);
  const ended = first.isCancelled ? `, and is cancelled after ${durationText(first.to - first.from)}` : '';
  const what =
    count > 1 ? `sleeps ${count} times` : `sleeps for ${durationText(first.due - first.from)}${ended}`;
  const width = round(Math.max(right - left, 1));
  const cross = first.isCancelled ? mark('×', right, middle, COLORS.cancelled) : '';
  return (
    `<g>${title(what)}<rect x="${round(left)}" y="${middle - 3}" width="${width}" height="6" rx="3" ` +
    `fill="${COLORS.sleep}"/></g>${cross}`
  );
}

/** From asking for a call to its time, and from there to the call. */
function askedSvg(runs: readonly Run[], middle: number, x: X, least: number): string[] {
  let last = -Infinity;
  return runs.map(({ asked, due, began, cancelled }) => {
    const to = began ?? cancelled ?? due ?? asked;
    if (x(to) - last < least) return '';
    const circle = `<circle cx="${round(x(asked))}" cy="${middle}" r="3.5" fill="none" stroke="${COLORS.wait}" stroke-width="1.5"/>`;
    if (due === null) {
      if (x(to) - x(asked) <= least) return '';
      last = x(to);
      return circle;
    }
    last = x(to);
    const until = Math.min(due, to);
    return (
      line(x(asked) + 3.5, middle, x(until), middle, `stroke="${COLORS.wait}" stroke-dasharray="3 3"`) +
      line(x(due), middle - 8, x(due), middle + 8, `stroke="${COLORS.wait}" stroke-width="1.5"`) +
      line(x(until), middle, x(to), middle, `stroke="${COLORS.cancelled}" stroke-width="2"`) +
      circle
    );
  });
}

/** Bars of calls; those that would touch each other become one. A number that would lie on the next bar is left out. */
function barsSvg({ runs, kind }: Lane, middle: number, x: X, numbered: boolean): string[] {
  const parts: string[] = [];
  let block: Run[] = [];
  let right = -Infinity;
  const flush = (next: number): void => {
    if (block.length > 0) parts.push(barSvg(block, kind, middle, x, numbered && next - right > NUMBER));
    block = [];
  };
  const called = runs.filter(({ began }) => began !== null);
  for (const run of called.sort((a, b) => (a.began ?? 0) - (b.began ?? 0))) {
    const left = x(run.began ?? 0);
    if (left > right + GAP || numbered) flush(left);
    block.push(run);
    right = Math.max(right, x(run.ended ?? 0), left + LEAST_BAR);
  }
  flush(Infinity);
  for (const { began, cancelled } of runs) {
    if (began === null && cancelled !== null) parts.push(mark('×', x(cancelled), middle, COLORS.cancelled));
  }
  return parts;
}

function barSvg(block: readonly Run[], kind: Lane['kind'], middle: number, x: X, numbered: boolean): string {
  const [first] = block;
  if (!first) return '';
  const failed = block.find(({ end }) => end === 'failed');
  const ended = failed ?? block.find(({ end }) => end === 'cancelled');
  const left = x(first.began ?? 0);
  const width = Math.max(...block.map((run) => x(run.ended ?? 0) - left), LEAST_BAR);
  const fill = failed ? COLORS.failed : COLORS[kind];
  const rect = `<rect x="${round(left)}" y="${middle - 8}" width="${round(width)}" height="16" rx="2" fill="${fill}"/>`;
  const end = left + width;
  const number = numbered
    ? text(end + 3, middle + 4, String(first.order), `fill="${COLORS.text}" font-size="11"`)
    : '';
  const sign = ended
    ? mark(
        failed ? '!' : '×',
        end + (numbered ? 14 + 6 * String(first.order).length : 6),
        middle,
        failed ? COLORS.failed : COLORS.cancelled,
      )
    : '';
  return `<g>${title(block.length === 1 ? describe(first) : describeAll(block))}${rect}</g>${number}${sign}`;
}

function mark(sign: string, x: number, middle: number, color: string): string {
  return text(x, middle + 5, sign, `text-anchor="middle" fill="${color}" font-size="15" font-weight="bold"`);
}

/** What is shown when the pointer rests on a bar. */
function describe({ name, place, asked, due, began, ended, end, order }: Run): string {
  const where = place();
  const lines = [
    `${name}${where === '' ? '' : `, asked for in ${where}`}`,
    `asked for at ${durationText(asked)}${due === null ? '' : `, due at ${durationText(due)}`}`,
    `called as number ${order} at ${durationText(began ?? 0)}, for ${durationText((ended ?? 0) - (began ?? 0))}`,
  ];
  if (end === 'failed') lines.push('ended with an exception');
  if (end === 'cancelled') lines.push('ended as cancelled');
  return lines.join('\n');
}

function describeAll(block: readonly Run[]): string {
  const [first, last] = [block[0]!, block.at(-1)!];
  const failed = block.filter(({ end }) => end === 'failed').length;
  const busy = block.reduce((sum, { began, ended }) => sum + (ended ?? 0) - (began ?? 0), 0);
  return (
    `${block.length} calls, number ${first.order} to ${last.order}, ${durationText(busy)} together\n` +
    `from ${durationText(first.began ?? 0)} to ${durationText(last.ended ?? 0)}${failed > 0 ? `\n${failed} failed` : ''}`
  );
}

/** What each sign means, in two rows below the lanes. */
function legend(top: number, numbered: boolean, dropped: number): string {
  const style = `fill="${COLORS.dim}" font-size="11"`;
  let x = LABELS;
  let y = top;
  const parts: string[] = [];
  const entry = (width: number, sign: string, words: string): void => {
    const room = width + 6 + words.length * 5.3 + 12;
    if (x + room > WIDTH) [x, y] = [LABELS, y + 20];
    parts.push(`<g transform="translate(${round(x)} ${y})">${sign}${text(width + 6, 4, words, style)}</g>`);
    x += room;
  };
  entry(
    8,
    `<circle cx="4" cy="0" r="3.5" fill="none" stroke="${COLORS.wait}" stroke-width="1.5"/>`,
    'asked for',
  );
  entry(2, line(1, -7, 1, 7, `stroke="${COLORS.wait}" stroke-width="1.5"`), 'due');
  const bars = [COLORS.callback, COLORS.task, COLORS.cell];
  entry(
    28,
    bars
      .map((fill, i) => `<rect x="${i * 10}" y="-6" width="8" height="12" rx="2" fill="${fill}"/>`)
      .join(''),
    `callback, task, cell runs${numbered ? ' (with its turn)' : ''}`,
  );
  entry(18, `<rect x="0" y="-3" width="18" height="6" rx="3" fill="${COLORS.sleep}"/>`, 'sleeps');
  entry(14, line(0, 0, 14, 0, `stroke="${COLORS.cancelled}" stroke-width="2"`), 'is late');
  entry(8, mark('×', 4, 0, COLORS.cancelled), 'cancelled');
  entry(6, mark('!', 3, 0, COLORS.failed), 'failed');
  if (dropped > 0) entry(0, '', `${dropped} more calls were not recorded`);
  return parts.join('');
}
