/**
 * Programs of the differential test, in a form that belongs to neither language: `interpreter.py` runs
 * them on CPython's asyncio, `interpreter.ts` on tsloop. All times are ticks of 1/64 s, which sums of
 * doubles represent exactly; what is stored in numbered slots can be waited for, cancelled and
 * completed from anywhere.
 */

/** What a coroutine may do; the first block of a program is its main coroutine. */
export type Block = readonly Statement[];

/** What a callback may do as well: nothing here waits. */
export type Immediate =
  | { readonly op: 'log'; readonly value: number }
  | { readonly op: 'inc'; readonly variable: number }
  | { readonly op: 'raise'; readonly value: number }
  | { readonly op: 'stop' }
  /** Which task this is; and how many there are. */
  | { readonly op: 'who' }
  | { readonly op: 'soon'; readonly handle: number; readonly do: readonly Immediate[] }
  | {
      readonly op: 'later';
      readonly handle: number;
      readonly after: number;
      readonly do: readonly Immediate[];
    }
  /** Cancels a handle. */
  | { readonly op: 'drop'; readonly handle: number }
  | { readonly op: 'future'; readonly slot: number }
  | { readonly op: 'spawn'; readonly slot: number; readonly body: number }
  | {
      readonly op: 'gather';
      readonly slot: number;
      readonly items: readonly Item[];
      readonly collect: boolean;
    }
  | { readonly op: 'shield'; readonly slot: number; readonly item: Item }
  | { readonly op: 'state'; readonly slot: number }
  | { readonly op: 'cancel'; readonly slot: number; readonly message?: number }
  /** Cancels the slot after so many iterations of the loop. */
  | { readonly op: 'cancelIn'; readonly slot: number; readonly iterations: number }
  | { readonly op: 'uncancel'; readonly slot: number }
  | { readonly op: 'set'; readonly slot: number; readonly value: number }
  | { readonly op: 'fail'; readonly slot: number; readonly value: number }
  /** Adds a done callback. */
  | { readonly op: 'hook'; readonly slot: number; readonly do: readonly Immediate[] }
  | { readonly op: 'release'; readonly lock: number }
  | { readonly op: 'post'; readonly semaphore: number }
  | { readonly op: 'open'; readonly event: number }
  | { readonly op: 'shut'; readonly event: number }
  | { readonly op: 'offer'; readonly queue: number; readonly value: number }
  | { readonly op: 'poll'; readonly queue: number }
  | { readonly op: 'taskDone'; readonly queue: number }
  | { readonly op: 'notify'; readonly condition: number; readonly count: number }
  | { readonly op: 'notifyAll'; readonly condition: number }
  | { readonly op: 'resetBarrier'; readonly barrier: number }
  | { readonly op: 'abortBarrier'; readonly barrier: number };

export type Statement =
  | Immediate
  | { readonly op: 'return'; readonly value: number }
  | { readonly op: 'repeat'; readonly times: number; readonly do: Block }
  | {
      readonly op: 'try';
      readonly do: Block;
      /** What is caught: nothing, errors but no cancellation, cancellation alone, or both. */
      readonly catch: 'none' | 'error' | 'cancel' | 'all';
      readonly handler: Block;
      readonly finally: Block;
    }
  | { readonly op: 'sleep'; readonly for: number }
  /** Awaits a coroutine without making a task of it. */
  | { readonly op: 'call'; readonly body: number }
  | { readonly op: 'await'; readonly slot: number }
  | {
      readonly op: 'wait';
      readonly slots: readonly number[];
      readonly timeout: number | null;
      readonly when: 'FIRST_COMPLETED' | 'FIRST_EXCEPTION' | 'ALL_COMPLETED';
    }
  | { readonly op: 'waitFor'; readonly item: Item; readonly timeout: number | null }
  | { readonly op: 'asCompleted'; readonly slots: readonly number[]; readonly timeout: number | null }
  | { readonly op: 'timeout'; readonly after: number | null; readonly do: Block }
  /** Moves the deadline of the innermost timeout. */
  | { readonly op: 'reschedule'; readonly after: number | null }
  | { readonly op: 'group'; readonly do: Block }
  /** Starts a task of the innermost group. */
  | { readonly op: 'child'; readonly slot: number; readonly body: number }
  | { readonly op: 'lock'; readonly lock: number; readonly do: Block }
  | { readonly op: 'acquire'; readonly lock: number }
  | { readonly op: 'semaphore'; readonly semaphore: number; readonly do: Block }
  | { readonly op: 'down'; readonly semaphore: number }
  | { readonly op: 'waitEvent'; readonly event: number }
  | { readonly op: 'condition'; readonly condition: number; readonly do: Block }
  | { readonly op: 'waitCondition'; readonly condition: number }
  /** Waits until a variable has reached a value. */
  | {
      readonly op: 'waitVariable';
      readonly condition: number;
      readonly variable: number;
      readonly atLeast: number;
    }
  | { readonly op: 'put'; readonly queue: number; readonly value: number }
  | { readonly op: 'get'; readonly queue: number }
  | { readonly op: 'join'; readonly queue: number }
  | { readonly op: 'barrier'; readonly barrier: number };

export type Op = Statement['op'];

/** What a slot holds, or a new coroutine. */
export type Item = { readonly slot: number } | { readonly body: number };

export interface Program {
  readonly bodies: readonly Block[];
  readonly slots: number;
  readonly handles: number;
  readonly variables: number;
  readonly locks: number;
  /** Initial values. */
  readonly semaphores: readonly { readonly value: number; readonly bounded: boolean }[];
  readonly events: number;
  readonly conditions: number;
  readonly queues: readonly { readonly kind: 'fifo' | 'lifo' | 'priority'; readonly size: number }[];
  /** Numbers of parties. */
  readonly barriers: readonly number[];
}

export const TICKS_PER_SECOND = 64;

/** A program that does more statements than this fails from there on: it would take too long. */
export const STATEMENT_LIMIT = 400;
