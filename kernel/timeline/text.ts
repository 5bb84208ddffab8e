/** A timeline as plain text, for consoles and for what is kept of notebooks in other formats. */
import type { Lane, Run, Timeline, Wait } from './lanes.ts';
import { durationText } from './scale.ts';

/** Longer ones are cut: their picture says more. */
const MOST_LINES = 30;

/** One line a call, in the order of the calls; then what was not called. */
export function timelineText(timeline: Timeline): string {
  const { lanes, length, dropped, hasOtherLoops } = timeline;
  const nameOf = ({ label, loop }: Lane): string => (hasOtherLoops ? `${loop}: ${label}` : label);
  const calls = timeline.calls.length;
  // What has no calls of its own to be listed.
  const promises = lanes.flatMap((lane) => lane.waits.map((wait) => ({ lane, wait })));
  const runs = lanes.flatMap((lane) => lane.runs.map((run) => ({ lane, run })));
  runs.sort((a, b) => rank(a.run) - rank(b.run));
  const width = Math.max(0, ...runs.slice(0, MOST_LINES).map(({ lane }) => nameOf(lane).length));
  const lines = runs
    .slice(0, MOST_LINES)
    .map(({ lane, run }) => `  ${nameOf(lane).padEnd(width)}  ${describe(run)}`);
  for (const { lane, wait } of promises) {
    if (wait.what === 'promise' && lines.length < MOST_LINES)
      lines.push(`  ${nameOf(lane).padEnd(width)}  ${describePromise(wait)}`);
  }
  if (runs.length > MOST_LINES) lines.push(`  and ${runs.length - MOST_LINES} more`);
  if (dropped > 0) lines.push(`  and ${dropped} more that were not recorded`);
  const counts = `${calls} ${calls === 1 ? 'call' : 'calls'}`;
  return [`timeline of ${durationText(length)}: ${counts}`, ...lines].join('\n');
}

const rank = ({ order, asked }: Run): number => (order === 0 ? 1e9 + asked : order);

function describePromise({ from, to, end }: Wait): string {
  const ends = { 'goes on': 'pending still', done: 'done', failed: 'failed', cancelled: 'cancelled' };
  return `made of a promise at ${durationText(from)}${end === 'goes on' ? ', ' : `, at ${durationText(to)} `}${ends[end]}`;
}

function describe({ order, due, began, cancelled, end }: Run): string {
  const time = due === null ? '' : `due at ${durationText(due)}, `;
  if (began === null)
    return cancelled === null ? `${time}not called yet` : `${time}cancelled at ${durationText(cancelled)}`;
  const ends = { 'goes on': '', done: '', failed: ', failed', cancelled: ', ended as cancelled' };
  return `${order}. ${time}called at ${durationText(began)}${ends[end]}`;
}
