/** Trace events → lanes: who did what, one lane for each task, chain of callbacks, or the cell itself. */
import type { TraceEvent } from '../../src/trace.ts';

/** One call by the loop, or what there was of it. All times are seconds since the drawing's beginning. */
export interface Run {
  readonly asked: number;
  /** Null: as soon as possible. */
  readonly due: number | null;
  /** Null: not called. */
  readonly began: number | null;
  readonly ended: number | null;
  /** When it was cancelled. */
  readonly cancelled: number | null;
  /** What the reader is told of its end. */
  readonly end: 'goes on' | 'done' | 'failed' | 'cancelled';
  readonly name: string;
  /** `In [3]:2`; found when it is asked for, as that takes long. */
  place(this: void): string;
  /** Its number among all that were called, from 1, in the order of the calls. */
  order: number;
}

/** Time in which a lane waits for a sleep. */
export interface Wait {
  readonly from: number;
  readonly due: number;
  readonly to: number;
  readonly isCancelled: boolean;
}

export interface Lane {
  label: string;
  readonly kind: 'task' | 'callback' | 'cell';
  readonly runs: Run[];
  readonly waits: Wait[];
}

export interface Timeline {
  /** Seconds. */
  readonly length: number;
  readonly lanes: readonly Lane[];
  /** How many calls were made. */
  readonly calls: number;
  /** How many events the trace had no room for. */
  readonly dropped: number;
}

/** More lanes than that nobody reads: what comes after them shares the last one. */
const MOST_LANES = 40;

/** Callbacks of the library itself: they are how futures and sleeps tell who waits for them. */
function isInner({ callback }: TraceEvent): boolean {
  return /^(?:#|(?:endSleep|wakeUp|start|settle|release)$)/.test(callback);
}

/**
 * @param start when the drawing begins, and `end` when it ends, in seconds of the loop's clock
 * @param dropped see `Trace.dropped`
 */
export function lanesOf(
  events: readonly TraceEvent[],
  start: number,
  end: number,
  dropped: number = 0,
): Timeline {
  const lanes = new Lanes(start, end);
  for (const event of events) lanes.add(event);
  const called = lanes.all.flatMap(({ runs }) => runs).filter(({ began }) => began !== null);
  called.sort((a, b) => (a.began ?? 0) - (b.began ?? 0)).forEach((run, i) => (run.order = i + 1));
  return { length: Math.max(end - start, 1e-6), lanes: lanes.all, calls: called.length, dropped };
}

class Lanes {
  readonly all: Lane[] = [];
  readonly #start: number;
  readonly #end: number;
  readonly #tasks = new Map<number, Lane>();
  /** The lane of each handle, and the handle itself. */
  readonly #byHandle = new Map<number, { readonly lane: Lane; readonly event: TraceEvent }>();
  #cell: Lane | undefined;
  #rest: Lane | undefined;

  constructor(start: number, end: number) {
    this.#start = start;
    this.#end = end;
  }

  add(event: TraceEvent): void {
    const lane = this.#laneOf(event);
    this.#byHandle.set(event.handle, { lane, event });
    if (event.kind === 'sleep') lane.waits.push(this.#wait(event));
    else if (!isInner(event) || event.task !== null) lane.runs.push(this.#run(event, lane));
    else if (lane.kind === 'cell' && event.callback === 'wakeUp') lane.runs.push(this.#run(event, lane));
  }

  #laneOf(event: TraceEvent): Lane {
    const { task, parent } = event;
    if (task !== null) {
      let lane = this.#tasks.get(task.id);
      if (!lane) {
        lane = this.#add(task.name, 'task');
        this.#tasks.set(task.id, lane);
      }
      return lane;
    }
    const asker = parent === null ? undefined : this.#byHandle.get(parent);
    // A sleep belongs to whoever sleeps; so does what the library asks for on its way.
    if (event.kind === 'sleep' || isInner(event))
      return asker?.lane ?? (this.#cell ??= this.#add('this cell', 'cell'));
    // A callback that asks for itself again is one chain.
    if (asker?.lane.kind === 'callback' && asker.event.callback === event.callback) return asker.lane;
    return this.#add(event.call ?? event.callback, 'callback');
  }

  #add(label: string, kind: Lane['kind']): Lane {
    if (this.all.length >= MOST_LANES && kind !== 'cell') {
      this.#rest ??= this.#push({ label: 'all others', kind: 'callback', runs: [], waits: [] });
      return this.#rest;
    }
    return this.#push({ label, kind, runs: [], waits: [] });
  }

  #push(lane: Lane): Lane {
    this.all.push(lane);
    return lane;
  }

  #since(time: number): number {
    return Math.min(Math.max(time, this.#start), this.#end) - this.#start;
  }

  #wait({ scheduled, due, started, cancelled }: TraceEvent): Wait {
    const from = this.#since(scheduled ?? this.#start);
    const to = this.#since(cancelled ?? started ?? this.#end);
    return { from, due: this.#since(due ?? this.#end), to, isCancelled: cancelled !== null };
  }

  #run(event: TraceEvent, lane: Lane): Run {
    const { kind, scheduled, due, started, ended, cancelled } = event;
    const since = (time: number | null): number | null => (time === null ? null : this.#since(time));
    return {
      asked: this.#since(scheduled ?? this.#start),
      due: kind === 'later' || kind === 'at' ? since(due) : null,
      began: since(started),
      // What runs still is the code that asked for this drawing.
      ended: started === null ? null : since(ended ?? started),
      cancelled: since(cancelled),
      end: endOf(event),
      name: event.call ?? (lane.kind === 'callback' ? event.callback : lane.label),
      place: () => (event.place === null ? '' : `${event.place.file}:${event.place.line}`),
      order: 0,
    };
  }
}

function endOf({ outcome, taskEnd, task }: TraceEvent): Run['end'] {
  if (outcome === 'exception' || taskEnd === 'exception') return 'failed';
  if (outcome === 'cancelled' || taskEnd === 'cancelled') return 'cancelled';
  return task !== null && taskEnd === null ? 'goes on' : 'done';
}
