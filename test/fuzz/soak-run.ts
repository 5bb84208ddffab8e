/** A soak: random activities in one session, until there were enough or the time is over. */
import { languageServerMemory, residentMemory } from './memory.ts';
import { ACTIVITIES } from './soak-activities.ts';
import { SoakSession } from './soak-session.ts';

export interface SoakPlan {
  readonly seed: number;
  /** How many activities there are to be. */
  readonly count: number;
  /** It ends after this long (s), however many there were; each kind is tried at least once. */
  readonly seconds: number;
  /** Activities are spread over this long (s), so that what the kernel does in between is seen as well; 0: none waits. */
  readonly spread: number;
  /** Whether cells are checked, by a language server that must last as well. */
  readonly checked: boolean;
}

/** Resident memory (bytes); undefined where the system does not tell. */
export interface SoakMemory {
  readonly activities: number;
  readonly kernel: number | undefined;
  readonly languageServer: number | undefined;
}

export interface SoakResult {
  readonly activities: number;
  readonly cells: number;
  /** How often there was each. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Lines that were printed and have come. */
  readonly lines: number;
  readonly repeated: number;
  /** What was lost or wrong, in words; empty if nothing was. */
  readonly lost: readonly string[];
  /** At the start, after 500 activities, and at the end. */
  readonly memory: readonly SoakMemory[];
}

/** After so many activities the kernel has loaded all that it ever needs. */
const WARM = 500;
/** What comes after so many faults says nothing new. */
const ENOUGH_FAULTS = 5;

export async function soak(
  plan: SoakPlan,
  progress: (done: number, memory: SoakMemory) => void = () => {},
): Promise<SoakResult> {
  const session = await SoakSession.start(plan.seed, plan);
  try {
    return await run(session, plan, progress);
  } finally {
    await session.stop();
  }
}

async function run(
  session: SoakSession,
  plan: SoakPlan,
  progress: (done: number, memory: SoakMemory) => void,
): Promise<SoakResult> {
  const { pid } = session.kernel;
  const memoryAt = (activities: number): SoakMemory => ({
    activities,
    kernel: residentMemory(pid),
    languageServer: languageServerMemory(pid),
  });
  const names = Object.keys(ACTIVITIES);
  const kinds: Record<string, number> = {};
  const lost: string[] = [];
  const memory = [memoryAt(0)];
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  let done = 0;
  while (done < Math.max(plan.count, names.length) && lost.length < ENOUGH_FAULTS) {
    if (done >= names.length && seconds() >= plan.seconds) break;
    // Each kind once, then any.
    const name = names[done] ?? session.random.one(names);
    try {
      await ACTIVITIES[name]?.(session);
    } catch (error) {
      lost.push(`activity ${done}, ${name}: ${String(error)}`);
    }
    lost.push(...session.drain());
    kinds[name] = (kinds[name] ?? 0) + 1;
    done += 1;
    if (done === WARM) memory.push(memoryAt(done));
    if (done % WARM === 0) progress(done, memoryAt(done));
    const early = (done / plan.count) * plan.spread - seconds();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early * 1000));
  }
  try {
    await session.recallAll();
  } catch (error) {
    lost.push(`at the end: ${String(error)}`);
  }
  lost.push(...(await session.finish()));
  memory.push(memoryAt(done));
  const { cells } = session;
  const { lines, repeated } = session.lines;
  return { activities: done, cells, kinds, lines, repeated, lost, memory };
}
