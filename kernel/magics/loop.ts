/** `%loop`: what the event loop is about to do, and what its tasks wait for. */
import type { EventLoop } from '../../src/loop.ts';
import { TimerHandle, type Handle } from '../../src/handle.ts';
import { getEventLoop } from '../../src/policy.ts';
import { allTasks } from '../../src/tasks.ts';
import { describeTask } from '../../src/testing/deadlock.ts';
import { usageError } from './arguments.ts';
import type { LineMagic } from './magic.ts';
import { formatDuration } from './time.ts';

/** More of a kind are counted. */
const MOST_SHOWN = 20;

export const loop: LineMagic = {
  name: 'loop',
  usage: 'loop',
  summary:
    'Shows the event loop: its time, what is ready and what is scheduled, and what its tasks wait for.',
  line(args, context) {
    if (args !== '') throw usageError(loop);
    context.print(describeLoop(getEventLoop()));
  },
};

/** The state of a loop, in lines. */
function describeLoop(shown: EventLoop): string {
  const now = shown.time();
  const handles = shown._pendingHandles().filter((handle) => !handle.cancelled());
  const isDue = (handle: Handle): boolean => !(handle instanceof TimerHandle) || handle.when() <= now;
  const timers = handles.filter((handle): handle is TimerHandle => !isDue(handle));
  timers.sort((a, b) => a.when() - b.when() || a._number - b._number);
  const tasks = [...allTasks(shown)];
  const state = shown.isClosed() ? 'closed' : shown.isRunning() ? 'running' : 'not running';
  return [
    `${shown.constructor.name}: ${state}${shown.getDebug() ? ', in debug mode' : ''}`,
    `time: ${now.toFixed(3)} s`,
    ...section('ready', handles.filter(isDue), String),
    ...section('scheduled', timers, (timer) => `in ${formatDuration(timer.when() - now)}  ${String(timer)}`),
    ...section('tasks', tasks, describeTask),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function section<T>(title: string, items: readonly T[], describe: (item: T) => string): string[] {
  const lines = items.slice(0, MOST_SHOWN).map((item) => `  ${describe(item)}`);
  if (items.length > MOST_SHOWN) lines.push(`  and ${items.length - MOST_SHOWN} more`);
  return [`${title}: ${items.length}`, ...lines];
}
