/** A timeline as an SVG: no script, no fonts or styles from elsewhere; readable on white and on black. */
import { cut, escapeHtml, FONTS } from '../display/html.ts';
import type { Lane, Run, Timeline, Wait } from './lanes.ts';
import { legend } from './legend.ts';
import { durationText, ticksOf } from './scale.ts';
import {
  BARS,
  circle,
  COLORS,
  lateness,
  LEFT,
  line,
  mark,
  rect,
  RIGHT,
  round,
  stroke,
  text,
  title,
  waiting,
  WIDTH,
} from './shapes.ts';

const LANE = 28;
/** The row above the lanes of a loop that says which one it is. */
const HEADING = 22;
const TOP = 34;
/** Characters of a label that fit. */
const LABEL_LENGTH = 22;
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
/** How much of its colour a bar of many calls has at least. */
const PALEST = 0.35;

type X = (seconds: number) => number;

/** The whole drawing, an `<svg>` element that can also stand alone as a file. */
export function timelineSvg(timeline: Timeline): string {
  const { lanes, length, calls, hasOtherLoops } = timeline;
  const x: X = (seconds) => LEFT + (seconds / length) * (WIDTH - LEFT - RIGHT);
  const isNumbered = calls.length <= MOST_NUMBERS;
  let y = TOP;
  const rows: string[] = [];
  lanes.forEach((lane, i) => {
    if (hasOtherLoops && lane.loop !== lanes[i - 1]?.loop) {
      rows.push(heading(lane.loop, y));
      y += HEADING;
    }
    rows.push(laneSvg(lane, y, i, x, isNumbered));
    y += LANE;
  });
  if (lanes.length === 0) {
    rows.push(text(LEFT, TOP + 18, 'The loop had nothing to do.', `fill="${COLORS.dim}"`));
    y += LANE;
  }
  const { svg, bottom } = legend(timeline, y + 8, isNumbered);
  const height = bottom + 4;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" data-tsloop="timeline" viewBox="0 0 ${WIDTH} ${height}" ` +
    `width="${WIDTH}" height="${height}" role="img" aria-label="timeline of ${durationText(length)}" ` +
    `style="max-width:100%;height:auto" font-family="${escapeHtml(FONTS.text)}" font-size="12">` +
    `${axis(length, x, y)}${rows.join('')}${svg}</svg>`
  );
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

function heading(loop: string, top: number): string {
  return text(10, top + 15, loop, `fill="${COLORS.dim}" font-size="11" font-weight="bold"`);
}

function laneSvg(lane: Lane, top: number, index: number, x: X, isNumbered: boolean): string {
  const middle = top + LANE / 2;
  const band = index % 2 === 0 ? rect(0, top, WIDTH, LANE, `fill="${COLORS.band}"`) : '';
  const label = cut(lane.label, LABEL_LENGTH);
  const labelSvg = text(LEFT - 12, middle + 4, label, `text-anchor="end" fill="${COLORS.text}"`);
  return [
    band,
    `<g>${title(lane.label)}${labelSvg}</g>`,
    ...waitsSvg(lane.waits, middle, x),
    ...askedSvg(lane.runs, middle, x, isNumbered ? GAP : CROWDED_GAP),
    ...barsSvg(lane, middle, x, isNumbered),
  ].join('');
}

/** Sleeps and promises, as thin bars; those that would touch each other become one. */
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
    const isApart = x(wait.from) > right + GAP || right - x(wait.from) > GAP;
    if (isApart || wait.what !== block[0]?.what) flush();
    block.push(wait);
    right = Math.max(right, x(wait.to));
    if (wait.end === 'cancelled' || wait.what === 'promise') flush();
  }
  flush();
  return parts;
}

function waitSvg(first: Wait, count: number, right: number, middle: number, x: X): string {
  const left = x(first.from);
  const width = Math.max(right - left, 1);
  const bar = `<g>${title(count > 1 ? `sleeps ${count} times` : describeWait(first))}${waiting(first.what, left, width, middle)}</g>`;
  if (first.end === 'cancelled') return bar + mark('×', right, middle, COLORS.cancelled);
  return first.end === 'failed' ? bar + mark('!', right + 8, middle, COLORS.failed) : bar;
}

function describeWait({ what, from, due, to, end, place }: Wait): string {
  const where = place();
  const at = where === '' ? '' : `, begun in ${where}`;
  if (what === 'sleep') {
    const ended = end === 'cancelled' ? `, and is cancelled after ${durationText(to - from)}` : '';
    return `sleeps for ${durationText(due - from)}${ended}${at}`;
  }
  const ends = {
    'goes on': 'is pending still',
    done: 'is done',
    failed: 'has failed',
    cancelled: 'is given up',
  };
  return (
    `a task that was made of a promise${where === '' ? '' : `, in ${where}`}: its code had begun before, and the loop does ` +
    `not call it\nthe promise ${ends[end]} after ${durationText(to - from)}`
  );
}

/** From asking for a call to its time, and from there to the call. */
function askedSvg(runs: readonly Run[], middle: number, x: X, least: number): string[] {
  let last = -Infinity;
  return runs.map((run) => {
    const { asked, due, began, cancelled } = run;
    const to = began ?? cancelled ?? due ?? asked;
    if (x(to) - last < least) return '';
    if (due === null) {
      if (x(to) - x(asked) <= least) return '';
      last = x(to);
      return circle(x(asked), middle);
    }
    last = x(to);
    const until = Math.min(due, to);
    // Thin lines are hard to point at.
    const field = rect(x(asked), middle - 8, Math.max(x(to) - x(asked), 1), 16, 'fill="transparent"');
    return (
      `<g>${title(describe(run))}${field}` +
      line(x(asked) + 3.5, middle, x(until), middle, `stroke="${COLORS.wait}" stroke-dasharray="3 3"`) +
      `${stroke(x(due), middle)}${until < to ? lateness(x(until), x(to), middle) : ''}${circle(x(asked), middle)}</g>`
    );
  });
}

/** Bars of calls; those that would touch each other become one. A number that would lie on the next bar is left out. */
function barsSvg({ runs, kind }: Lane, middle: number, x: X, isNumbered: boolean): string[] {
  const parts: string[] = [];
  let block: Run[] = [];
  let right = -Infinity;
  const flush = (next: number): void => {
    if (block.length > 0) parts.push(barSvg(block, kind, middle, x, isNumbered && next - right > NUMBER));
    block = [];
  };
  const called = runs.filter(({ began }) => began !== null);
  for (const run of called.sort((a, b) => a.order - b.order)) {
    const left = x(run.began ?? 0);
    if (left > right + GAP || isNumbered) flush(left);
    block.push(run);
    right = Math.max(right, x(run.ended ?? 0), left + LEAST_BAR);
  }
  flush(Infinity);
  for (const run of runs) {
    if (run.began === null && run.cancelled !== null)
      parts.push(`<g>${title(describe(run))}${mark('×', x(run.cancelled), middle, COLORS.cancelled)}</g>`);
  }
  return parts;
}

function barSvg(
  block: readonly Run[],
  kind: Lane['kind'],
  middle: number,
  x: X,
  isNumbered: boolean,
): string {
  const [first] = block;
  if (!first) return '';
  const failed = block.find(({ end }) => end === 'failed');
  const ended = failed ?? block.find(({ end }) => end === 'cancelled');
  const left = x(first.began ?? 0);
  const width = Math.max(...block.map((run) => x(run.ended ?? 0) - left), LEAST_BAR);
  const fill = failed ? COLORS.failed : BARS[kind];
  const pale = block.length === 1 ? '' : ` fill-opacity="${round(opacityOf(block))}"`;
  const bar = rect(left, middle - 8, width, 16, `rx="2" fill="${fill}"${pale}`);
  const end = left + width;
  const look = `fill="${COLORS.text}" font-size="11" font-weight="bold"`;
  const number = isNumbered ? text(end + 3, middle + 4, String(first.order), look) : '';
  const room = isNumbered ? 14 + 6 * String(first.order).length : 6;
  const sign = failed
    ? mark('!', end + room, middle, COLORS.failed)
    : ended
      ? mark('×', end + room, middle, COLORS.cancelled)
      : '';
  return `<g>${title(block.length === 1 ? describe(first) : describeAll(block))}${bar}</g>${number}${sign}`;
}

/** How long the calls of a block take together, in seconds. */
function busyTime(block: readonly Run[]): number {
  return block.reduce((sum, { began, ended }) => sum + (ended ?? 0) - (began ?? 0), 0);
}

/** The more of a block's time nothing runs, the paler its bar: it says how busy the loop was. */
function opacityOf(block: readonly Run[]): number {
  const length = (block.at(-1)?.ended ?? 0) - (block[0]?.began ?? 0);
  return PALEST + (1 - PALEST) * Math.min(length === 0 ? 1 : busyTime(block) / length, 1);
}

/** What is shown when the pointer rests on a bar. */
function describe({ name, place, asked, due, began, ended, cancelled, end, order }: Run): string {
  const where = place();
  const lines = [
    `${name}${where === '' ? '' : `, asked for in ${where}`}`,
    `asked for at ${durationText(asked)}${due === null ? '' : `, due at ${durationText(due)}`}`,
  ];
  if (began !== null) {
    const late = due === null || began - due < 0.001 ? '' : `, ${durationText(began - due)} late`;
    lines.push(
      `called as number ${order} at ${durationText(began)}, for ${durationText((ended ?? 0) - began)}${late}`,
    );
  } else lines.push(cancelled === null ? 'not called yet' : `cancelled at ${durationText(cancelled)}`);
  if (end === 'failed') lines.push('ended with an exception');
  if (end === 'cancelled' && began !== null) lines.push('ended as cancelled');
  return lines.join('\n');
}

function describeAll(block: readonly Run[]): string {
  const [first, last] = [block[0]!, block.at(-1)!];
  const failed = block.filter(({ end }) => end === 'failed').length;
  return (
    `${block.length} calls, number ${first.order} to ${last.order}, ${durationText(busyTime(block))} together\n` +
    `from ${durationText(first.began ?? 0)} to ${durationText(last.ended ?? 0)}${failed > 0 ? `\n${failed} failed` : ''}`
  );
}
