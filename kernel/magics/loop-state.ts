/** What an event loop is about to do, and what its tasks wait for, in words. */
import { TimerHandle, type Handle } from '../../src/handle.ts';
import type { EventLoop } from '../../src/loop.ts';
import { allTasks } from '../../src/tasks.ts';
import { describeTask } from '../../src/testing/deadlock.ts';
import { formatDuration } from './time.ts';

/** More of a kind are counted. */
const MOST_SHOWN = 20;

/** Some things of a kind. */
interface Section {
  readonly title: 'ready' | 'scheduled' | 'tasks';
  readonly count: number;
  /** The first of them. */
  readonly lines: readonly string[];
}

/** A loop at one moment. */
export interface LoopState {
  /** Its class, and what it does. */
  readonly title: string;
  /** Of the loop's clock, in seconds. */
  readonly time: number;
  /** Seconds until the loop has something to do: 0 if it has, undefined if nothing is even scheduled. */
  readonly next: number | undefined;
  readonly sections: readonly Section[];
}

export function stateOf(loop: EventLoop): LoopState {
  const time = loop.time();
  const handles = loop._pendingHandles().filter((handle) => !handle.cancelled());
  const isDue = (handle: Handle): boolean => !(handle instanceof TimerHandle) || handle.when() <= time;
  const ready = handles.filter(isDue);
  const timers = handles.filter((handle): handle is TimerHandle => !isDue(handle));
  timers.sort((a, b) => a.when() - b.when() || a._number - b._number);
  const doing = loop.isClosed() ? 'closed' : loop.isRunning() ? 'running' : 'not running';
  const [first] = timers;
  return {
    title: `${loop.constructor.name}: ${doing}${loop.getDebug() ? ', in debug mode' : ''}`,
    time,
    next: ready.length > 0 ? 0 : first === undefined ? undefined : first.when() - time,
    sections: [
      section('ready', ready, String),
      section('scheduled', timers, (timer) => `in ${formatDuration(timer.when() - time)}  ${String(timer)}`),
      section('tasks', [...allTasks(loop)], describeTask),
    ],
  };
}

function section<T>(title: Section['title'], items: readonly T[], describe: (item: T) => string): Section {
  return { title, count: items.length, lines: items.slice(0, MOST_SHOWN).map(describe) };
}

/** The lines of a section, the last of which counts those that are left out. */
export function linesOf({ lines, count }: Section): string[] {
  return count > lines.length ? [...lines, `and ${count - lines.length} more`] : [...lines];
}

/** The state in lines. */
export function textOfState({ title, time, sections }: LoopState): string {
  return [
    title,
    `time: ${time.toFixed(3)} s`,
    ...sections.flatMap((each) => [
      `${each.title}: ${each.count}`,
      ...linesOf(each).map((line) => `  ${line}`),
    ]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
