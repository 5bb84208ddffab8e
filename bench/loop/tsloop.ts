/**
 * What is measured of tsloop, and of Node's own primitives beside it. Each measurement is a process of its
 * own, which writes its figures as JSON: `node --expose-gc tsloop.js NAME`.
 */
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { newEventLoop, sleep, type EventLoop } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/index.ts';
import { median } from './report.ts';

export type Figures = Readonly<Record<string, number>>;

const CHAIN = 1_000_000;
const BATCH = 1_000_000;
const TASKS = 100_000;
const WAITS = 220;
/** The first waits of a process are those of code that is not compiled yet. */
const COLD_WAITS = 20;
const ECHOES = 300;
/** So short that a single run says little. */
const FEW_RUNS = 31;

/** Nanoseconds that each of `count` took. */
async function nanoseconds(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return ((performance.now() - start) * 1e6) / count;
}

/** Bytes of the heap and of typed arrays, after a collection. */
async function memory(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function chainOf(loop: EventLoop, count: number): Promise<void> {
  let left = count;
  const next = (): void => {
    if (--left > 0) loop.callSoon(next);
    else loop.stop();
  };
  loop.callSoon(next);
  return loop.runForever();
}

function batchOf(loop: EventLoop, count: number): Promise<void> {
  const nothing = (): void => {};
  for (let i = 0; i < count; i++) loop.callSoon(nothing);
  loop.callSoon(() => loop.stop());
  return loop.runForever();
}

type Ask = (callback: () => void) => unknown;

function nodeChain(ask: Ask, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const next = (): void => {
      if (--left > 0) ask(next);
      else resolve();
    };
    ask(next);
  });
}

function nodeBatch(ask: Ask, count: number): Promise<void> {
  return new Promise((resolve) => {
    const nothing = (): void => {};
    for (let i = 0; i < count; i++) ask(nothing);
    ask(resolve);
  });
}

const PRIMITIVES: Readonly<Record<string, Ask>> = {
  nextTick: process.nextTick,
  queueMicrotask,
  setImmediate,
};

/** Deadlines that are the same in each run, and in Python. */
function deadlines(count: number): Float64Array {
  const delays = new Float64Array(count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (state * 48271) % 2147483647;
    delays[i] = (state / 2147483647) * 1000;
  }
  return delays;
}

/** Adds timers, cancels every second one, runs the others; nanoseconds a timer. */
async function timersOf(count: number): Promise<number> {
  const delays = deadlines(count);
  const loop = newEventLoop(virtualTime());
  const nothing = (): void => {};
  return nanoseconds(count, async () => {
    const handles = Array.from(delays, (delay) => loop.callLater(delay, nothing));
    for (let i = 0; i < count; i += 2) handles[i]?.cancel();
    loop.callLater(1001, () => loop.stop());
    await loop.runForever();
  });
}

async function lateness(loop: EventLoop): Promise<Figures> {
  const late: number[] = [];
  let cpu = process.cpuUsage();
  let start = performance.now();
  for (let wait = 0; wait < WAITS; wait++) {
    if (wait === COLD_WAITS) {
      cpu = process.cpuUsage();
      start = performance.now();
    }
    const due = loop.time() + 0.001 + ((wait * 7919) % 49_000) / 1e6;
    let called = 0;
    loop.callAt(due, () => {
      called = loop.time();
      loop.stop();
    });
    await loop.runForever();
    if (wait >= COLD_WAITS) late.push((called - due) * 1e6);
  }
  const { user, system } = process.cpuUsage(cpu);
  const percent = (user + system) / 10 / (performance.now() - start);
  late.sort((a, b) => a - b);
  const at = (share: number): number => late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), early: late.filter((each) => each < -1).length, cpu: percent };
}

/** Round trips to a server on this thread, which an endless chain keeps busy; milliseconds. */
async function echoes(): Promise<Figures> {
  const loop = newEventLoop();
  let isOver = false;
  const spin = (): void => void (isOver ? loop.stop() : loop.callSoon(spin));
  loop.callSoon(spin);
  const run = loop.runForever();
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as { port: number }).port, '127.0.0.1');
  await once(client, 'connect');
  client.setNoDelay(true);
  const times: number[] = [];
  for (let echo = 0; echo < ECHOES; echo++) {
    const start = performance.now();
    client.write('x');
    await once(client, 'data');
    times.push(performance.now() - start);
  }
  isOver = true;
  await run;
  client.destroy();
  server.close();
  times.sort((a, b) => a - b);
  return { p50: times[ECHOES / 2] ?? 0, p99: times[Math.floor(ECHOES * 0.99)] ?? 0 };
}

const MEASUREMENTS: Readonly<Record<string, () => Promise<Figures>>> = {
  async chain() {
    const loop = newEventLoop();
    await chainOf(loop, CHAIN / 10);
    return { ns: await nanoseconds(CHAIN, () => chainOf(loop, CHAIN)) };
  },
  async batch() {
    const loop = newEventLoop();
    await batchOf(loop, BATCH / 10);
    return { ns: await nanoseconds(BATCH, () => batchOf(loop, BATCH)) };
  },
  async nodeChain() {
    const figures: Record<string, number> = {};
    for (const [name, ask] of Object.entries(PRIMITIVES)) {
      const count = name === 'setImmediate' ? CHAIN / 10 : CHAIN;
      figures[name] = await nanoseconds(count, () => nodeChain(ask, count));
    }
    return figures;
  },
  async nodeBatch() {
    const figures: Record<string, number> = {};
    for (const [name, ask] of Object.entries(PRIMITIVES)) {
      figures[name] = await nanoseconds(BATCH, () => nodeBatch(ask, BATCH));
    }
    return figures;
  },
  async tasks() {
    const loop = newEventLoop();
    const one = async (): Promise<void> => {
      await sleep(0);
    };
    const many = (count: number): Promise<void> =>
      loop.runUntilComplete(async () => {
        for (let i = 0; i < count; i++) await loop.createTask(one);
      });
    await many(TASKS / 10);
    return { ns: await nanoseconds(TASKS, () => many(TASKS)) };
  },
  async sleeps() {
    const loop = newEventLoop();
    const many = (count: number): Promise<void> =>
      loop.runUntilComplete(async () => {
        for (let i = 0; i < count; i++) await sleep(0);
      });
    await many(TASKS);
    return { ns: await nanoseconds(TASKS * 4, () => many(TASKS * 4)) };
  },
  async timers() {
    const few: number[] = [];
    for (let run = 0; run < FEW_RUNS; run++) few.push(await timersOf(10_000));
    return { ns: await timersOf(1_000_000), few: median(few) };
  },
  async timerMemory() {
    const loop = newEventLoop(virtualTime());
    const delays = deadlines(1_000_000);
    const nothing = (): void => {};
    const before = await memory();
    for (const delay of delays) loop.callLater(delay, nothing);
    const bytes = ((await memory()) - before) / delays.length;
    // Only now may it be collected.
    loop.close();
    return { bytes };
  },
  async nodeTimers() {
    const delays = deadlines(100_000);
    const nothing = (): void => {};
    let timers: NodeJS.Timeout[] = [];
    const create = await nanoseconds(delays.length, async () => {
      timers = Array.from(delays, (delay) => setTimeout(nothing, delay * 1000));
    });
    const clear = await nanoseconds(delays.length, async () => timers.forEach(clearTimeout));
    return { create, clear };
  },
  lateness: () => lateness(newEventLoop()),
  latenessHigh: () => lateness(newEventLoop({ timerPrecision: 'high' })),
  echo: echoes,
  async leak() {
    const loop = newEventLoop();
    await chainOf(loop, CHAIN);
    const one = async (): Promise<void> => sleep(0);
    const tasks = (count: number): Promise<void> =>
      loop.runUntilComplete(async () => {
        for (let i = 0; i < count; i++) await loop.createTask(one);
      });
    await tasks(10_000);
    const before = await memory();
    await chainOf(loop, 10_000_000);
    const handles = (await memory()) - before;
    await tasks(1_000_000);
    return { handles: handles / 1024, tasks: ((await memory()) - before) / 1024 };
  },
  async trace() {
    const loop = newEventLoop();
    await chainOf(loop, CHAIN / 10);
    const never = await nanoseconds(CHAIN, () => chainOf(loop, CHAIN));
    const trace = loop.trace({ limit: 1000 });
    const on = await nanoseconds(CHAIN / 10, () => chainOf(loop, CHAIN / 10));
    trace.stop();
    return { never, on, after: await nanoseconds(CHAIN, () => chainOf(loop, CHAIN)) };
  },
};

const name = process.argv[2] ?? '';
const measure = MEASUREMENTS[name];
if (measure === undefined) {
  console.error(`There is no measurement ${name}: ${Object.keys(MEASUREMENTS).join(', ')}`);
  process.exit(2);
}
console.log(JSON.stringify(await measure()));
