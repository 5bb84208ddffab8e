/** Makes random programs: the same ones for the same seed. */
import type { Block, Immediate, Item, Op, Program, Statement } from './program.ts';

/** Numbers from a seed (mulberry32): good enough to choose statements, and the same everywhere. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** Groups of statements that a program uses or does without: fewer at a time meet more often. */
const FEATURES: Readonly<Record<string, readonly Op[]>> = {
  timers: ['soon', 'later', 'drop'],
  futures: ['future', 'set', 'fail', 'hook'],
  cancelling: ['cancel', 'cancel', 'cancelIn', 'cancelIn', 'uncancel'],
  failing: ['raise', 'raise'],
  stopping: ['stop'],
  gathering: ['gather'],
  shielding: ['shield'],
  waiting: ['wait', 'waitFor'],
  completing: ['asCompleted'],
  timeouts: ['timeout', 'reschedule'],
  groups: ['group'],
  locks: ['lock', 'lock', 'lock', 'acquire', 'release'],
  semaphores: ['semaphore', 'semaphore', 'semaphore', 'down', 'post'],
  events: ['waitEvent', 'open', 'shut'],
  conditions: ['condition', 'condition', 'condition'],
  queues: ['put', 'get', 'put', 'get', 'offer', 'poll', 'taskDone', 'join'],
  barriers: ['barrier', 'barrier', 'resetBarrier', 'abortBarrier'],
};

/** What every program has. */
const BASICS: readonly Op[] = [
  'log',
  'sleep',
  'sleep',
  'sleep',
  'spawn',
  'spawn',
  'await',
  'call',
  'try',
  'state',
  'who',
  'repeat',
  'return',
];

/** In callbacks nothing waits. */
const IMMEDIATES: ReadonlySet<Op> = new Set<Op>([
  'log',
  'inc',
  'raise',
  'stop',
  'who',
  'soon',
  'later',
  'drop',
  'future',
  'spawn',
  'gather',
  'shield',
  'state',
  'cancel',
  'cancelIn',
  'uncancel',
  'set',
  'fail',
  'hook',
  'release',
  'post',
  'open',
  'shut',
  'offer',
  'poll',
  'taskDone',
  'notify',
  'notifyAll',
  'resetBarrier',
  'abortBarrier',
]);

const BODIES = 5;
const SLOTS = 8;
const HANDLES = 3;
const VARIABLES = 2;
const EACH = 2;

/** Where a statement stands: what it may refer to. */
interface Place {
  readonly body: number;
  readonly depth: number;
  readonly inGroup: boolean;
  readonly inTimeout: boolean;
  /** The condition whose lock is held, if the program does as it should. */
  readonly condition: number | null;
}

const MAIN: Place = { body: 0, depth: 0, inGroup: false, inTimeout: false, condition: null };

/** The program of this number in the series of a seed. */
export function generate(seed: number, number: number): Program {
  // Far apart, so that neighbouring numbers and seeds share nothing.
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  return new Generator(random).program();
}

class Generator {
  readonly #random: Random;
  readonly #isFocused: boolean;
  /** With what the bodies of tasks begin. */
  readonly #focus: readonly Op[] = BASICS;
  readonly #ops: readonly Op[];
  readonly #immediates: readonly Op[];
  /** Slots that something is put into somewhere. */
  readonly #filled = new Set<number>();

  constructor(random: Random) {
    this.#random = random;
    this.#isFocused = random.chance(0.7);
    if (this.#isFocused) {
      // Few features, of which there is one of each: many tasks meet at it, and are cancelled there.
      const some = [0, 1].map(() => random.pick(Object.values(FEATURES)));
      const cancelling = random.chance(0.8) ? (FEATURES['cancelling'] ?? []) : [];
      const chosen = [...some.flat(), ...cancelling];
      this.#focus = some.flat();
      this.#ops = [...BASICS, ...chosen, ...chosen, ...chosen];
    } else {
      const share = 0.15 + random.next() * 0.5;
      const chosen = Object.values(FEATURES).filter(() => random.chance(share));
      this.#ops = [...BASICS, ...chosen.flat()];
    }
    this.#immediates = this.#ops.filter((op) => IMMEDIATES.has(op));
  }

  program(): Program {
    const random = this.#random;
    const first = Array.from({ length: random.below(this.#isFocused ? 7 : 4) }, () =>
      this.#make('spawn', MAIN),
    );
    const [main = [], ...tasks] = Array.from({ length: BODIES }, (_, body) =>
      this.#block({ ...MAIN, body }, body === 0 ? 9 : 5),
    );
    const bodies = tasks.map((block, index) => this.#begin(block, { ...MAIN, body: index + 1 }));
    return {
      bodies: [[...first, ...main], ...bodies],
      slots: SLOTS,
      handles: HANDLES,
      variables: VARIABLES,
      locks: EACH,
      semaphores: Array.from({ length: EACH }, () => ({
        value: random.below(3),
        bounded: random.chance(0.4),
      })),
      events: EACH,
      conditions: EACH,
      queues: Array.from({ length: EACH }, () => ({
        kind: random.pick(['fifo', 'fifo', 'lifo', 'priority'] as const),
        size: random.below(3),
      })),
      barriers: Array.from({ length: EACH }, () => 1 + random.below(3)),
    };
  }

  /** The body of a task: with what the program is about first, or with a wait that outlives a cancel. */
  #begin(block: Block, place: Place): Block {
    const random = this.#random;
    if (random.chance(0.5)) return [this.#make(random.pick(this.#focus), place), ...block];
    if (random.chance(0.6)) return block;
    const wait: Statement = { op: 'sleep', for: random.below(4) };
    const rest = random.pick<Statement>([
      { op: 'return', value: random.below(10) },
      { op: 'raise', value: random.below(10) },
      { op: 'sleep', for: random.below(3) },
    ]);
    return [{ op: 'try', do: [wait], catch: 'cancel', handler: [rest], finally: [] }, ...block];
  }

  #block(place: Place, longest: number): Block {
    return Array.from({ length: 1 + this.#random.below(longest) }, () => this.#statement(place));
  }

  #callback({ body, depth: outer }: Place): Immediate[] {
    const place: Place = { ...MAIN, body, depth: outer + 1 };
    return Array.from(
      { length: 1 + this.#random.below(2) },
      () => this.#make(this.#random.pick(this.#immediates), place) as Immediate,
    );
  }

  #statement(place: Place): Statement {
    const random = this.#random;
    if (place.condition !== null && random.chance(0.5)) {
      const { condition } = place;
      const op = random.pick(['waitCondition', 'waitVariable', 'notify', 'notifyAll', 'inc'] as const);
      return this.#make(op, { ...place, condition });
    }
    if (place.inGroup && random.chance(0.4)) return this.#make('child', place);
    return this.#make(random.pick(this.#ops), place);
  }

  /** One that can be had there; another one if it cannot. */
  #make(op: Op, place: Place): Statement {
    const random = this.#random;
    const inner: Place = { ...place, depth: place.depth + 1 };
    const block = (longest = 3): Block => this.#block(inner, longest);
    const isDeep = place.depth >= 3;
    const log: Statement = { op: 'log', value: random.below(100) };
    const index = this.#isFocused && random.chance(0.9) ? 0 : random.below(EACH);
    const condition = random.chance(0.9) ? (place.condition ?? index) : index;
    switch (op) {
      case 'log':
        return log;
      case 'inc':
        return { op, variable: random.below(VARIABLES) };
      case 'raise':
        return random.chance(0.6) ? { op, value: random.below(10) } : log;
      case 'stop':
      case 'who':
        return { op };
      case 'soon':
        return isDeep ? log : { op, handle: random.below(HANDLES), do: this.#callback(place) };
      case 'later': {
        if (isDeep) return log;
        return {
          op,
          handle: random.below(HANDLES),
          after: this.#ticks(),
          do: this.#callback(place),
        };
      }
      case 'drop':
        return { op, handle: random.below(HANDLES) };
      case 'future':
        return { op, slot: this.#newSlot(0, false) ?? 0 };
      case 'state':
      case 'uncancel':
        return { op, slot: this.#slot() };
      case 'spawn':
      case 'child': {
        const slot = this.#newSlot(place.body, true);
        return slot === null ? log : { op, slot, body: levelOf(slot) };
      }
      case 'gather': {
        const slot = this.#newSlot(place.body, false);
        if (slot === null) return log;
        const items = Array.from({ length: random.below(4) }, () => this.#item(levelOf(slot)));
        return { op, slot, items: items.filter((item) => item !== null), collect: random.chance(0.5) };
      }
      case 'shield': {
        const slot = this.#newSlot(place.body, false);
        const item = slot === null ? null : this.#item(levelOf(slot));
        return slot === null || item === null ? log : { op, slot, item };
      }
      case 'cancel': {
        const slot = this.#slot();
        return random.chance(0.3) ? { op, slot, message: random.below(10) } : { op, slot };
      }
      case 'cancelIn':
        return { op, slot: this.#slot(), iterations: random.pick([0, 0, 1, 1, 2, 2, 3, 4, 6, 9]) };
      case 'set':
      case 'fail':
        return { op, slot: this.#slot(), value: random.below(10) };
      case 'hook':
        return isDeep ? log : { op, slot: this.#slot(), do: this.#callback(place) };
      case 'acquire':
      case 'release':
        return { op, lock: index };
      case 'post':
      case 'down':
        return { op, semaphore: index };
      case 'open':
      case 'shut':
      case 'waitEvent':
        return { op, event: index };
      case 'offer':
      case 'put':
        return { op, queue: index, value: random.below(10) };
      case 'poll':
      case 'taskDone':
      case 'get':
      case 'join':
        return { op, queue: index };
      case 'notify':
        return { op, condition, count: random.below(3) };
      case 'notifyAll':
      case 'waitCondition':
        return { op, condition };
      case 'waitVariable':
        return { op, condition, variable: random.below(VARIABLES), atLeast: random.below(3) };
      case 'resetBarrier':
      case 'abortBarrier':
        return random.chance(0.3) ? { op, barrier: index } : log;
      case 'barrier':
        return { op, barrier: index };
      case 'return':
        return random.chance(0.3) ? { op, value: random.below(10) } : log;
      case 'repeat':
        return isDeep ? log : { op, times: 2 + random.below(2), do: block() };
      case 'try':
        if (isDeep) return log;
        return {
          op,
          do: block(),
          catch: random.pick(['none', 'error', 'cancel', 'all', 'all']),
          handler: block(2),
          finally: random.chance(0.4) ? block(2) : [],
        };
      case 'sleep':
        return { op, for: random.chance(0.4) ? 0 : this.#ticks() };
      case 'call': {
        const body = this.#bodyAbove(place.body);
        return body === null ? log : { op, body };
      }
      case 'await': {
        const slot = this.#slotAbove(place.body);
        return slot === null ? log : { op, slot };
      }
      case 'wait':
      case 'asCompleted': {
        const slots = [0, 1, 2].map(() => this.#slotAbove(place.body)).filter((slot) => slot !== null);
        const timeout = random.chance(0.5) ? null : this.#ticks();
        if (op === 'asCompleted') return { op, slots: [...new Set(slots)], timeout };
        const when = random.pick(['FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED'] as const);
        return { op, slots: [...new Set(slots)], timeout, when };
      }
      case 'waitFor': {
        const item = this.#item(place.body);
        return item === null ? log : { op, item, timeout: random.chance(0.1) ? null : this.#ticks() };
      }
      case 'timeout': {
        if (isDeep) return log;
        const after = random.chance(0.1) ? null : this.#ticks();
        return { op, after, do: this.#block({ ...inner, inTimeout: true }, 3) };
      }
      case 'reschedule':
        return place.inTimeout ? { op, after: random.chance(0.1) ? null : this.#ticks() } : log;
      case 'group':
        return isDeep ? log : { op, do: this.#block({ ...inner, inGroup: true }, 4) };
      case 'lock':
        return isDeep ? { op: 'acquire', lock: index } : { op, lock: index, do: block() };
      case 'semaphore':
        return isDeep ? { op: 'down', semaphore: index } : { op, semaphore: index, do: block() };
      case 'condition': {
        if (isDeep) return log;
        return { op, condition: index, do: this.#block({ ...inner, condition: index }, 4) };
      }
      default:
        return op satisfies never;
    }
  }

  /** Few different ones, so that deadlines meet; some of them in the past. */
  #ticks(): number {
    return this.#random.pick([-1, 0, 1, 1, 2, 2, 3, 4, 5, 8]);
  }

  // Tasks that wait for each other in a circle cannot be cancelled, in CPython neither. So each slot has
  // a level; it holds tasks of the body of that number, or what waits for higher levels only; and a body
  // waits for slots above its own number.

  /** A slot for something new above the level; null above the last. */
  #newSlot(above: number, isTask: boolean): number | null {
    // Where things of both kinds would replace each other, few would live to be waited for and cancelled.
    const slots = slotsAbove(above).filter((slot) => !this.#isFocused || slot < SLOTS / 2 === isTask);
    return slots.length === 0 ? null : this.#fill(this.#random.pick(slots));
  }

  #fill(slot: number): number {
    this.#filled.add(slot);
    return slot;
  }

  /** Any, most likely one that has something. */
  #slot(): number {
    return this.#slotAbove(0) as number;
  }

  #slotAbove(level: number): number | null {
    const slots = slotsAbove(level);
    const filled = slots.filter((slot) => this.#filled.has(slot));
    if (filled.length > 0 && this.#random.chance(0.9)) return this.#random.pick(filled);
    return slots.length === 0 ? null : this.#random.pick(slots);
  }

  #bodyAbove(level: number): number | null {
    return level + 1 >= BODIES ? null : level + 1 + this.#random.below(BODIES - level - 1);
  }

  #item(above: number): Item | null {
    if (this.#random.chance(0.6)) {
      const slot = this.#slotAbove(above);
      return slot === null ? null : { slot };
    }
    const body = this.#bodyAbove(above);
    return body === null ? null : { body };
  }
}

/** From 1 to the last body. */
function levelOf(slot: number): number {
  return 1 + (slot % (BODIES - 1));
}

function slotsAbove(level: number): number[] {
  return Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => levelOf(slot) > level);
}
