/**
 * Interrupts at random moments of random cells, and of an idle kernel, while garbage is collected all the time:
 * `npm run fuzz:interrupts -- --count 1000 --seed 1`. Each interrupt must be answered, each cell must end, and the
 * next one must find the session as it was.
 *
 * `npm run fuzz:interrupts -- --times 20` interrupts each kind of endless code as often, and says how long that took;
 * `--kinds microtasks` only those whose name matches, `--within 1000` within a second after the code has begun, when V8
 * has optimized it.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ENDLESS, ENDLESS_PROLOGUE } from '../support/endless-code.ts';
import { type Exchange, shownBy, TestKernel } from '../support/kernel-client.ts';
import { interruptTimes, type KindTimes, quantile } from './interrupt-times.ts';
import { Random } from './random.ts';

export interface FuzzResult {
  readonly tried: number;
  /** Of these, those of a kernel that ran no cell. */
  readonly idle: number;
  /** How often there had to be another one, since the endless code had not begun yet. */
  readonly early: number;
}

/** Cells that end by themselves, if they are let. */
const FINITE = [
  '1 + 1',
  'let made = [1, 2, 3].map((n) => n * n); made',
  'for (let i = 0; i < 2e6; i++) Math.sqrt(i)',
  'await sleep(0.02)',
  'await new Promise((resolve) => setTimeout(resolve, 20)); "awaited"',
  'for (let i = 0; i < 2000; i++) console.log("line", i)',
  'for (let i = 0; i < 50; i++) await null',
  'for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))',
  'for (let i = 0; i < 20; i++) loop.callSoon(() => Math.sqrt(i)); await sleep(0.005)',
  'await loop.runUntilComplete(sleep(0.01))',
  'await files.readdir(".")',
  'throw new Error("of the cell")',
  'const unlike: number = ; // no TypeScript',
  '%who',
];

/** What goes on in the kernel beside the cells. */
const BACKGROUND = [
  'import { setFlagsFromString } from "node:v8"',
  'import { runInNewContext } from "node:vm"',
  'setFlagsFromString("--expose-gc")',
  'const collect = runInNewContext("gc") as () => void',
  'const collecting = setInterval(collect, 20)',
  'const ticking = (): void => { loop.callLater(0.003, ticking) }; ticking()',
].join('\n');

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An interrupt that came too early is repeated after this long (ms): far longer than any cell takes to begin. */
const AGAIN = 2000;
/** Random moments lie within this long (ms) after the cell was sent; some of them later, in code that V8 has optimized. */
const SPREAD = 60;
const LATE_SPREAD = 1000;
const LATE = 0.1;

export class InterruptFuzz {
  readonly #random: Random;
  readonly #kernel: TestKernel;
  #early = 0;

  private constructor(kernel: TestKernel, seed: number) {
    this.#kernel = kernel;
    this.#random = new Random(seed);
  }

  static async start(seed: number): Promise<InterruptFuzz> {
    const kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'off' } });
    for (const code of [ENDLESS_PROLOGUE, BACKGROUND]) {
      const { errors } = shownBy((await kernel.client.run(code)).published);
      if (errors.length > 0) throw new Error(`the session could not be set up: ${errors.join()}`);
    }
    return new InterruptFuzz(kernel, seed);
  }

  stop(): Promise<void> {
    return this.#kernel.stop();
  }

  /** @throws Error at the first interrupt, cell or session that is lost, with its number and its code */
  async run(count: number, progress: (done: number) => void = () => {}): Promise<FuzzResult> {
    let idle = 0;
    for (let i = 0; i < count; i += 1) {
      const code = this.#pick();
      idle += code === undefined ? 1 : 0;
      try {
        await (code === undefined ? this.#interruptIdle() : this.#interrupt(code));
        await this.#isWell(i);
      } catch (error) {
        throw new Error(`interrupt ${i}, of ${code ?? 'an idle kernel'}: ${String(error)}`, { cause: error });
      }
      progress(i + 1);
    }
    return { tried: count, idle, early: this.#early };
  }

  /** A cell; undefined for none. */
  #pick(): string | undefined {
    const kind = this.#random.fraction();
    if (kind < 0.15) return undefined;
    if (kind < 0.4) return this.#random.one(FINITE);
    const stoppable = ENDLESS.filter(({ posix, slow }) => !slow && !(posix && process.platform === 'win32'));
    return this.#random.one(stoppable).code;
  }

  async #interruptIdle(): Promise<void> {
    const { client } = this.#kernel;
    const asked = client.request('control', 'interrupt_request');
    // Half of the time the next cell is on its way beside the interrupt, which was not meant for it.
    if (this.#random.fraction() < 0.5) await asked;
    else {
      await pause(1);
      this.#mustBeOk(await client.run('"not meant"'));
      await asked;
    }
  }

  async #interrupt(code: string): Promise<void> {
    const { client } = this.#kernel;
    const isFinite = FINITE.includes(code);
    const id = client.submit(code);
    const spread = this.#random.fraction() < LATE ? LATE_SPREAD : SPREAD;
    await pause(this.#random.fraction() * spread);
    await client.request('control', 'interrupt_request');
    const { reply } = await this.#end(id);
    if (!isFinite && reply['ename'] !== 'KeyboardInterrupt')
      throw new Error(`it ended with ${JSON.stringify(reply)}`);
  }

  /** The end of a cell. What it waits for may have begun after the interrupt only: then there is another one. */
  async #end(id: string): Promise<Exchange> {
    const { client } = this.#kernel;
    const again = setInterval(() => {
      this.#early += 1;
      client.send('control', 'interrupt_request');
    }, AGAIN);
    try {
      return await client.answer(id);
    } finally {
      clearInterval(again);
    }
  }

  async #isWell(token: number): Promise<void> {
    const { client } = this.#kernel;
    const code = `turns++; await sleep(0.001); [kept, ${token}]`;
    const early = this.#early;
    let exchange = await this.#end(client.submit(code));
    // A callback of the cell before had not begun when that was stopped, and has kept the thread since.
    if (this.#early > early) exchange = await client.run(code);
    this.#mustBeOk(exchange);
    const { result } = shownBy(exchange.published);
    if (result !== `[ 'kept', ${token} ]`) throw new Error(`the session has changed: ${String(result)}`);
  }

  #mustBeOk({ reply }: Exchange): void {
    if (reply['status'] !== 'ok') throw new Error(`the next cell ended with ${JSON.stringify(reply)}`);
  }
}

/** Prints how long each kind took, and all together. @param within in ms @returns whether nothing was lost */
async function printTimes(kinds: RegExp, count: number, within: number): Promise<boolean> {
  const line = ({ kind, times, lost }: KindTimes): string =>
    [
      `${kind}: ${times.length} interrupts, median ${quantile(times, 0.5)}, 90 % within ${quantile(times, 0.9)}, at most ${quantile(times, 1)}, ${lost.length} lost`,
      ...lost,
    ].join('\n');
  const all = await interruptTimes(kinds, count, within, (times) => console.log(line(times)));
  const times = all.flatMap((each) => each.times).toSorted((one, other) => one - other);
  console.log(
    line({ kind: `Node ${process.versions.node}, all`, times, lost: all.flatMap(({ lost }) => lost) }),
  );
  return all.every(({ lost }) => lost.length === 0);
}

async function fuzzInterrupts(count: number, seed: number): Promise<void> {
  const start = performance.now();
  const fuzz = await InterruptFuzz.start(seed);
  try {
    const { tried, idle, early } = await fuzz.run(count, (done) => {
      if (done % 100 === 0) console.log(`${done} interrupts`);
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(
      `Node ${process.versions.node}: ${tried} interrupts tried, ${idle} of them idle, 0 lost (${early} came before what they were to stop), ${seconds} s`,
    );
  } finally {
    await fuzz.stop();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      times: { type: 'string' },
      kinds: { type: 'string', default: '' },
      within: { type: 'string', default: '30' },
    },
  });
  const { count, seed, times, kinds, within } = values;
  if (times === undefined) await fuzzInterrupts(Number(count), Number(seed));
  else if (!(await printTimes(new RegExp(kinds), Number(times), Number(within)))) process.exitCode = 1;
}
