/** Below a timeline: the calls in their order, and what each sign means that it has. */
import { cut } from '../display/html.ts';
import type { Timeline } from './lanes.ts';
import { BARS, circle, COLORS, lateness, mark, rect, stroke, text, waiting, WIDTH } from './shapes.ts';

const ROW = 20;
/** A guess at the width of a character of the legend's size: an SVG cannot ask for it. */
const CHARACTER = 6.4;
const GAP = 16;
const LEFT = 10;
/** With more calls than that nobody reads their names in a row. */
const MOST_NAMES = 12;
const NAME_LENGTH = 24;

/** Rows of entries, from left to right. */
class Rows {
  readonly parts: string[] = [];
  #x = LEFT;
  #y: number;

  constructor(top: number) {
    this.#y = top + ROW / 2;
  }

  /** @param sign is drawn around the height 0, in so much room */
  add(width: number, sign: string, words: string, look: string = ''): void {
    const before = width === 0 ? 0 : width + 5;
    const room = before + words.length * CHARACTER + GAP;
    if (this.#x > LEFT && this.#x + room - GAP > WIDTH) this.next();
    const label = text(before, 4, words, `fill="${COLORS.dim}" font-size="11"${look}`);
    this.parts.push(`<g transform="translate(${Math.round(this.#x)} ${this.#y})">${sign}${label}</g>`);
    this.#x += room;
  }

  next(): void {
    this.#x = LEFT;
    this.#y += ROW;
  }

  /** Where the last row ends. */
  get bottom(): number {
    return this.#y + ROW / 2;
  }
}

/** @param isNumbered whether bars have the numbers of their calls */
export function legend(
  timeline: Timeline,
  top: number,
  isNumbered: boolean,
): { svg: string; bottom: number } {
  const rows = new Rows(top);
  const { calls, lanes } = timeline;
  if (calls.length > 1 && calls.length <= MOST_NAMES) {
    rows.add(0, '', 'Called in this order:', ' font-weight="bold"');
    for (const { order, name } of calls) {
      const number = text(0, 4, `${order}.`, `fill="${COLORS.text}" font-size="11" font-weight="bold"`);
      rows.add(order > 9 ? 18 : 10, number, cut(name, NAME_LENGTH), '');
    }
    rows.next();
  }
  const bar = (fill: string): string => rect(0, -6, 8, 12, `rx="2" fill="${fill}"`);
  const runs = lanes.flatMap((lane) => lane.runs);
  const waits = lanes.flatMap((lane) => lane.waits);
  const has = (kind: string): boolean => lanes.some((lane) => lane.kind === kind && lane.runs.length > 0);
  const ends = new Set([...runs, ...waits].map(({ end }) => end));
  if (has('callback')) rows.add(8, bar(BARS.callback), 'a callback runs');
  if (has('task')) rows.add(8, bar(BARS.task), 'a task runs');
  if (has('cell')) rows.add(8, bar(BARS.cell), 'the cell goes on');
  if (has('others')) rows.add(8, bar(BARS.others), 'callbacks and tasks for which there was no room');
  if (isNumbered && calls.length > 0)
    rows.add(8, text(0, 4, '1', `fill="${COLORS.text}" font-size="11" font-weight="bold"`), 'its turn');
  else if (calls.length > 0)
    rows.add(
      18,
      rect(0, -6, 18, 12, `rx="2" fill="${BARS.task}" fill-opacity="0.5"`),
      'calls close together',
    );
  if (runs.length > 0) rows.add(8, circle(4, 0), 'asked for');
  if (runs.some(({ due }) => due !== null)) {
    rows.add(2, stroke(1, 0), 'due');
    rows.add(14, lateness(0, 14, 0), 'late');
  }
  if (waits.some(({ what }) => what === 'sleep')) rows.add(18, waiting('sleep', 0, 18, 0), 'sleeps');
  if (waits.some(({ what }) => what === 'promise'))
    rows.add(18, waiting('promise', 0, 18, 0), 'its promise, which is not the loop’s, is pending');
  if (ends.has('cancelled')) rows.add(8, mark('×', 4, 0, COLORS.cancelled), 'cancelled');
  if (ends.has('failed')) rows.add(6, mark('!', 3, 0, COLORS.failed), 'failed');
  if (timeline.dropped > 0) rows.add(0, '', `${timeline.dropped} more calls were not recorded`);
  return { svg: rows.parts.join(''), bottom: rows.bottom };
}
