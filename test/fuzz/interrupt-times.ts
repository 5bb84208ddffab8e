/** How long interrupts take, by the kind of the code that they stop. */
import { ENDLESS, ENDLESS_PROLOGUE, type EndlessCode } from '../support/endless-code.ts';
import { shownBy, TestKernel } from '../support/kernel-client.ts';

export interface KindTimes {
  readonly kind: string;
  /** From the request to the cell's idle status, in ms; the shortest first. */
  readonly times: readonly number[];
  /** What was lost, if anything was: a kernel, a cell or the state of a session. */
  readonly lost: readonly string[];
}

/** Cells after an interrupt: one must go on as if nothing had been. */
const NEXT = 'turns++; await sleep(0.001); await new Promise((resolve) => setTimeout(resolve, 1)); kept';

/** A session takes so many: the client looks through all that it has received. */
const OF_A_SESSION = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function start(): Promise<TestKernel> {
  const kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'off' } });
  await kernel.client.run(ENDLESS_PROLOGUE);
  return kernel;
}

/** @returns how long it took (ms) @throws Error when anything is lost */
async function interruptOnce({ client }: TestKernel, code: string, within: number): Promise<number> {
  const id = client.submit(code);
  await client.printed(id, 'begun');
  await pause(Math.random() * within);
  const since = performance.now();
  const ended = client.answer(id).then(({ reply }) => ({ reply, time: performance.now() - since }));
  const [{ reply, time }] = await Promise.all([ended, client.request('control', 'interrupt_request')]);
  if (reply['ename'] !== 'KeyboardInterrupt') throw new Error(`it ended with ${JSON.stringify(reply)}`);
  const { result } = shownBy((await client.run(NEXT)).published);
  if (result !== "'kept'") throw new Error(`the next cell showed ${String(result)}`);
  return time;
}

async function timesOf({ kind, code }: EndlessCode, count: number, within: number): Promise<KindTimes> {
  const times: number[] = [];
  const lost: string[] = [];
  let kernel: TestKernel | undefined;
  for (let i = 0; i < count; i += 1) {
    if (i % OF_A_SESSION === 0) {
      await kernel?.stop();
      kernel = undefined;
    }
    kernel ??= await start();
    try {
      times.push(await interruptOnce(kernel, code, within));
    } catch (error) {
      lost.push(String(error));
      await kernel.stop();
      kernel = undefined;
    }
  }
  await kernel?.stop();
  return { kind, times: times.toSorted((one, other) => one - other), lost };
}

/**
 * Interrupts each kind of endless code whose name matches `count` times, in a session for each kind.
 * @param within how long (ms) after the code has said that it has begun
 * @param told called after each kind
 */
export async function interruptTimes(
  kinds: RegExp,
  count: number,
  within: number,
  told: (times: KindTimes) => void,
): Promise<KindTimes[]> {
  const all: KindTimes[] = [];
  for (const each of ENDLESS) {
    if (!kinds.test(each.kind) || (each.posix && process.platform === 'win32')) continue;
    const times = await timesOf(each, count, within);
    all.push(times);
    told(times);
  }
  return all;
}

/** `47 ms`: the value below which this part of the sorted times lies. */
export function quantile(times: readonly number[], part: number): string {
  const time = times[Math.min(times.length - 1, Math.floor(times.length * part))];
  return time === undefined ? '–' : `${time.toFixed(0)} ms`;
}
