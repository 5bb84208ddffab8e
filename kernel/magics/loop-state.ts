/** What event loops are about to do, and what their tasks wait for, in words. */
import { TimerHandle, type Handle } from '../../src/handle.ts';
import type { EventLoop } from '../../src/loop.ts';
import { loopName } from '../../src/made-loops.ts';
import type { Task } from '../../src/task.ts';
import { allTasks } from '../../src/tasks.ts';
import { describeTask } from '../../src/testing/deadlock.ts';
import { formatDuration } from './time.ts';

/** More of a kind are counted. */
export const MOST_SHOWN = 20;

/** What a loop has at one moment. */
export interface LoopContent {
  /** Of the loop's clock, in seconds. */
  readonly time: number;
  readonly ready: readonly Handle[];
  /** Those that are due first come first. */
  readonly timers: readonly TimerHandle[];
  readonly tasks: readonly Task[];
}

export function contentOf(loop: EventLoop): LoopContent {
  const time = loop.time();
  const handles = loop._pendingHandles().filter((handle) => !handle.cancelled());
  const isDue = (handle: Handle): boolean => !(handle instanceof TimerHandle) || handle.when() <= time;
  const timers = handles.filter((handle): handle is TimerHandle => !isDue(handle));
  timers.sort((a, b) => a.when() - b.when() || a._number - b._number);
  return { time, ready: handles.filter(isDue), timers, tasks: [...allTasks(loop)] };
}

/** Those to tell of: the first, and of the others those that run, or have something to do. */
export function busyLoops([first, ...others]: readonly EventLoop[]): EventLoop[] {
  const isBusy = (loop: EventLoop): boolean => {
    const { ready, timers, tasks } = contentOf(loop);
    return loop.isRunning() || ready.length + timers.length + tasks.length > 0;
  };
  return first === undefined ? [] : [first, ...others.filter(isBusy)];
}

/** `PersistentLoop: running, in debug mode` */
export function titleOf(loop: EventLoop): string {
  const doing = loop.isClosed() ? 'closed' : loop.isRunning() ? 'running' : 'not running';
  return `${loopName(loop)}: ${doing}${loop.getDebug() ? ', in debug mode' : ''}`;
}

/** Seconds until the loop has something to do: 0 if it has, undefined if nothing is even scheduled. */
export function nextOf({ time, ready, timers }: LoopContent): number | undefined {
  if (ready.length > 0) return 0;
  const [first] = timers;
  return first === undefined ? undefined : first.when() - time;
}

/** In lines. */
export function textOfLoops(loops: readonly EventLoop[]): string {
  return busyLoops(loops).map(textOfLoop).join('\n');
}

function textOfLoop(loop: EventLoop): string {
  const { time, ready, timers, tasks } = contentOf(loop);
  const section = <T>(title: string, items: readonly T[], describe: (item: T) => string): string[] => {
    const lines = items.slice(0, MOST_SHOWN).map((item) => `  ${describe(item)}`);
    if (items.length > lines.length) lines.push(`  and ${items.length - lines.length} more`);
    return [`${title}: ${items.length}`, ...lines];
  };
  return [
    titleOf(loop),
    `time: ${time.toFixed(3)} s`,
    ...section('ready', ready, String),
    ...section('scheduled', timers, (timer) => `in ${formatDuration(timer.when() - time)}  ${String(timer)}`),
    ...section('tasks', tasks, describeTask),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
