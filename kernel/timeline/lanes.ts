/** Trace events → lanes: who did what, one lane for each task, chain of callbacks, or the cell itself. */
import type { TraceEvent } from '../../src/trace.ts';

/** What one loop did. */
export interface Recorded {
  /** What the loop is called. */
  readonly loop: string;
  readonly events: readonly TraceEvent[];
  /** When the trace began, and when it ended, in seconds of the loop's clock. */
  readonly start: number;
  readonly end: number;
  /** When it began, in seconds since the first of them. */
  readonly offset: number;
  /** See `Trace.dropped`. */
  readonly dropped: number;
}

/** How something ended, as the reader is told. */
type End = 'goes on' | 'done' | 'failed' | 'cancelled';

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
  readonly end: End;
  readonly name: string;
  /** `In [3]:2`; found when it is asked for, as that takes long. */
  place(this: void): string;
  /** Its number among all that were called, from 1, in the order of the calls. */
  order: number;
}

/** Time in which a lane waits for a sleep, or for the promise that a task was made of. */
export interface Wait {
  readonly what: 'sleep' | 'promise';
  readonly from: number;
  readonly due: number;
  readonly to: number;
  readonly end: End;
  place(this: void): string;
}

export interface Lane {
  readonly label: string;
  readonly kind: 'task' | 'callback' | 'cell' | 'others';
  /** What its loop is called. */
  readonly loop: string;
  readonly runs: Run[];
  readonly waits: Wait[];
}

export interface Timeline {
  /** Seconds. */
  readonly length: number;
  /** Those of a loop stand together. */
  readonly lanes: readonly Lane[];
  /** Whether the reader must be told which loop is which. */
  readonly hasOtherLoops: boolean;
  /** The calls in their order. */
  readonly calls: readonly Run[];
  /** How many events the trace had no room for. */
  readonly dropped: number;
}

/** More lanes than that nobody reads: what comes after them shares the last one of its loop. */
const MOST_LANES = 40;

/** The library's own callbacks: they are how futures and sleeps tell who waits for them. */
function isInner({ isInternal, task }: TraceEvent): boolean {
  return isInternal && task === null;
}

/** @param records the first is that of the notebook's own loop, if it has one; loops that did nothing have no lanes */
export function lanesOf(records: readonly Recorded[]): Timeline {
  const begin = beginOf(records);
  let room = MOST_LANES;
  const lanes: Lane[] = [];
  const called: Array<{ readonly run: Run; readonly turn: number }> = [];
  for (const record of records) {
    const own = new Lanes({ ...record, offset: record.offset - begin }, room);
    for (const event of record.events) own.add(event);
    room = Math.max(room - own.all.length, 0);
    lanes.push(...own.all);
    called.push(...own.called);
  }
  // A sort keeps the order of what is equal: in virtual time many calls are made at the same time.
  called.sort((a, b) => (a.run.began ?? 0) - (b.run.began ?? 0) || a.turn - b.turn);
  const calls = called.map(({ run }) => run);
  calls.forEach((run, i) => (run.order = i + 1));
  // Another loop may have a clock of its own, that goes on although the loop does nothing.
  const drawn = records.filter(({ events }, i) => i === 0 || events.length > 0);
  const ends = drawn.map(({ start, end, offset }) => offset - begin + end - start);
  const dropped = records.reduce((sum, record) => sum + record.dropped, 0);
  const hasOtherLoops = drawn.length > 1;
  return { length: Math.max(...ends, 1e-6), lanes, hasOtherLoops, calls, dropped };
}

/** When there was something to draw first: what comes before is the compiler's time. */
function beginOf(records: readonly Recorded[]): number {
  let begin = Infinity;
  for (const { events, offset, start } of records) {
    for (const { scheduled, started } of events) {
      const time = scheduled ?? started;
      if (time !== null) begin = Math.min(begin, offset + time - start);
    }
  }
  return begin === Infinity ? 0 : begin;
}

/** Those of one loop. */
class Lanes {
  readonly all: Array<Lane & { label: string }> = [];
  /** All that was called, and which turn it had. */
  readonly called: Array<{ readonly run: Run; readonly turn: number }> = [];
  readonly #record: Recorded;
  readonly #room: number;
  readonly #tasks = new Map<number, Lane>();
  /** The lane of each handle, and the handle itself. */
  readonly #byHandle = new Map<number, { readonly lane: Lane; readonly event: TraceEvent }>();
  #cell: Lane | undefined;
  #rest: (Lane & { label: string }) | undefined;
  #others = 0;

  constructor(record: Recorded, room: number) {
    this.#record = record;
    this.#room = room;
  }

  add(event: TraceEvent): void {
    const lane = this.#laneOf(event);
    this.#byHandle.set(event.handle, { lane, event });
    // A sleep of zero is the next step of the task that awaits it.
    if (event.kind === 'sleep' && event.task === null) lane.waits.push(this.#sleep(event));
    else if (event.kind === 'promise') lane.waits.push(this.#promise(event));
    else if (!isInner(event) || (lane.kind === 'cell' && event.callback === 'wakeUp'))
      this.#addRun(event, lane);
  }

  #addRun(event: TraceEvent, lane: Lane): void {
    const run = this.#run(event, lane);
    lane.runs.push(run);
    if (run.began !== null) this.called.push({ run, turn: event.turn ?? 0 });
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
    if (this.all.length < this.#room || kind === 'cell') return this.#push(label, kind);
    this.#rest ??= this.#push('', 'others');
    this.#others++;
    this.#rest.label = this.#others === 1 ? '1 more' : `${this.#others} others`;
    return this.#rest;
  }

  #push(label: string, kind: Lane['kind']): Lane & { label: string } {
    const lane = { label, kind, loop: this.#record.loop, runs: [], waits: [] };
    this.all.push(lane);
    return lane;
  }

  #since(time: number): number {
    const { start, end, offset } = this.#record;
    return Math.max(offset + Math.min(Math.max(time, start), end) - start, 0);
  }

  #sleep(event: TraceEvent): Wait {
    const { scheduled, due, started, cancelled } = event;
    const { start, end } = this.#record;
    return {
      what: 'sleep',
      from: this.#since(scheduled ?? start),
      due: this.#since(due ?? end),
      to: this.#since(cancelled ?? started ?? end),
      end: cancelled !== null ? 'cancelled' : started === null ? 'goes on' : 'done',
      place: () => placeText(event.place),
    };
  }

  #promise(event: TraceEvent): Wait {
    const { start, end } = this.#record;
    const to = this.#since(event.ended ?? end);
    const from = this.#since(event.scheduled ?? start);
    return { what: 'promise', from, due: to, to, end: endOf(event), place: () => placeText(event.place) };
  }

  #run(event: TraceEvent, lane: Lane): Run {
    const { kind, scheduled, due, started, ended, cancelled } = event;
    const since = (time: number | null): number | null => (time === null ? null : this.#since(time));
    return {
      asked: this.#since(scheduled ?? this.#record.start),
      due: kind === 'later' || kind === 'at' ? since(due) : null,
      began: since(started),
      // What runs still is the code that asked for this drawing.
      ended: started === null ? null : since(ended ?? started),
      cancelled: since(cancelled),
      end: endOf(event),
      name: event.task?.name ?? (lane.kind === 'cell' ? lane.label : (event.call ?? event.callback)),
      place: () => placeText(event.place),
      order: 0,
    };
  }
}

function placeText(place: TraceEvent['place']): string {
  return place === null ? '' : `${place.file}:${place.line}`;
}

function endOf({ outcome, taskEnd, task }: TraceEvent): End {
  if (outcome === 'exception' || taskEnd === 'exception') return 'failed';
  if (outcome === 'cancelled' || taskEnd === 'cancelled') return 'cancelled';
  return task !== null && taskEnd === null ? 'goes on' : 'done';
}
