/** A timeline as plain text, for consoles and for what is kept of notebooks in other formats. */
import type { Lane, Run, Timeline } from './lanes.ts';
import { durationText } from './scale.ts';

/** Longer ones are cut: their picture says more. */
const MOST_LINES = 30;

/** One line a call, in the order of the calls; then what was not called. */
export function timelineText(timeline: Timeline): string {
  const { lanes, length, calls, dropped } = timeline;
  const runs = lanes.flatMap((lane) => lane.runs.map((run) => ({ lane, run })));
  runs.sort((a, b) => rank(a.run) - rank(b.run));
  const width = Math.max(0, ...runs.slice(0, MOST_LINES).map(({ lane }) => nameOf(lane).length));
  const lines = runs
    .slice(0, MOST_LINES)
    .map(({ lane, run }) => `  ${nameOf(lane).padEnd(width)}  ${describe(run)}`);
  if (runs.length > MOST_LINES) lines.push(`  and ${runs.length - MOST_LINES} more`);
  if (dropped > 0) lines.push(`  and ${dropped} more that were not recorded`);
  const counts = `${calls} ${calls === 1 ? 'call' : 'calls'}`;
  return [`timeline of ${durationText(length)}: ${counts}`, ...lines].join('\n');
}

const rank = ({ order, asked }: Run): number => (order === 0 ? 1e9 + asked : order);

const nameOf = ({ label }: Lane): string => label;

function describe({ order, due, began, cancelled, end }: Run): string {
  const time = due === null ? '' : `due at ${durationText(due)}, `;
  if (began === null)
    return cancelled === null ? `${time}not called yet` : `${time}cancelled at ${durationText(cancelled)}`;
  const ends = { 'goes on': '', done: '', failed: ', failed', cancelled: ', ended as cancelled' };
  return `${order}. ${time}called at ${durationText(began)}${ends[end]}`;
}
