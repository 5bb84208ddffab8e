/** The client of a soak: runs cells, and knows what the session must hold. */
import assert from 'node:assert/strict';
import {
  type Exchange,
  type KernelClient,
  type Received,
  shownBy,
  TestKernel,
} from '../support/kernel-client.ts';
import { Random } from './random.ts';
import { LineCount } from './soak-lines.ts';

/** What the activities use. */
const PROLOGUE = [
  'import { execFileSync, spawn } from "node:child_process"',
  'import { once } from "node:events"',
  'import { createTask, getEventLoop, sleep } from "tsloop"',
  'import { Comm, comms } from "tsloop/comms"',
  'const loop = getEventLoop()',
  'let total = 0, written = 0',
  'let release: () => void = () => {}',
  'function say(tag: string, i: number): void { console.log(`~${tag}:${i}`) }',
  'function tick(tag: string, count: number, ms: number): void { let i = 0; const timer = setInterval(() => { if (i === count) clearInterval(timer); else { say(tag, i); i++ } }, ms) }',
  'comms.registerTarget("soak", (comm) => { comm.onMessage(({ data, buffers }) => { say(String((data as { tag?: unknown }).tag), 0); comm.send({ data }, {}, buffers) }) })',
].join('\n');

/** Names are declared again and again, so that the session does not grow by what the soak itself keeps. */
const NAMES = 200;
/** What has been printed is on its way for this long (ms) at most. */
const LIMIT = 30_000;

export interface SoakOptions {
  /** Whether the session's cells are checked: the kernel has a language server then. */
  readonly checked: boolean;
}

export class SoakSession {
  readonly random: Random;
  readonly lines: LineCount = new LineCount();
  readonly kernel: TestKernel;
  /** Whether cells are checked before they are run. */
  readonly checked: boolean;
  readonly client: KernelClient;
  /** What `total` must be. */
  total = 0;
  /** Cells that have been run. */
  cells = 0;
  readonly #declared = new Map<string, string>();
  #tags = 0;

  private constructor(kernel: TestKernel, client: KernelClient, seed: number, checked: boolean) {
    this.checked = checked;
    this.kernel = kernel;
    this.client = client;
    this.random = new Random(seed);
  }

  static async start(seed: number, { checked }: SoakOptions): Promise<SoakSession> {
    const kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: checked ? 'on' : 'off' } });
    try {
      // With a name it can be asked.
      const session = new SoakSession(kernel, await kernel.connect('soak'), seed, checked);
      await session.ok(PROLOGUE);
      return session;
    } catch (error) {
      await kernel.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.kernel.stop();
  }

  /** A word that no other output has. */
  tag(): string {
    this.#tags += 1;
    return `t${this.#tags}`;
  }

  /** Sends a cell that prints so many lines of a tag. */
  submit(code: string, lines?: { readonly tag: string; readonly count?: number }): string {
    this.cells += 1;
    const id = this.client.submit(code);
    if (lines) this.lines.expect(id, lines.tag, lines.count);
    return id;
  }

  /** Runs a cell that must end well. */
  async ok(code: string, lines?: { readonly tag: string; readonly count?: number }): Promise<Exchange> {
    const exchange = await this.client.answer(this.submit(code, lines));
    assert.equal(exchange.reply['status'], 'ok', JSON.stringify(exchange.reply));
    return exchange;
  }

  /** Runs a cell that must have this result. */
  async gives(code: string, result: string): Promise<void> {
    assert.equal(shownBy((await this.ok(code)).published).result, result, `the result of ${code}`);
  }

  /** Sends what is no cell, and waits for its idle status; for its reply too, if there is to be one. */
  async ask(
    channel: 'shell' | 'control',
    type: string,
    content: object = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const { reply } = await this.client.request(channel, type, content);
    assert.equal(reply['status'], 'ok', `${type}: ${JSON.stringify(reply)}`);
    return reply;
  }

  /** Sends a comm's message, and resolves when it has been taken. */
  async post(type: string, content: object, buffers: readonly Buffer[] = [], tag?: string): Promise<void> {
    const id = this.client.send('shell', type, content, { buffers });
    if (tag !== undefined) this.lines.expect(id, tag, 1);
    await this.#idle(id);
  }

  async interrupt(): Promise<void> {
    await this.ask('control', 'interrupt_request');
  }

  /** Declares a name, or declares it once more. */
  async declare(): Promise<void> {
    const name = `v${this.random.between(0, NAMES - 1)}`;
    const n = this.random.between(0, 999_999);
    const [value, shown] = this.random.one<readonly [string, string]>([
      [`${n}`, `${n}`],
      [`'text ${n}'`, `'text ${n}'`],
      [`{ n: ${n} }`, `{ n: ${n} }`],
      [`new Map([[${n}, true]])`, `Map(1) { ${n} => true }`],
    ]);
    this.#declared.set(name, shown);
    await this.gives(`${this.random.one(['let', 'const', 'var'])} ${name} = ${value}; ${name}`, shown);
  }

  /** Looks at a name that was declared, and at what was counted. */
  async recall(): Promise<void> {
    const names = [...this.#declared.keys()];
    if (names.length > 0) {
      const name = this.random.one(names);
      await this.gives(name, this.#declared.get(name) ?? '');
    }
    await this.gives('total', String(this.total));
  }

  /** Looks at all names. */
  async recallAll(): Promise<void> {
    for (const [name, shown] of this.#declared) await this.gives(name, shown);
    await this.gives('total', String(this.total));
  }

  /** Takes in what has come; to be called when no request is under way. */
  drain(): readonly string[] {
    this.lines.take(this.client.received.splice(0));
    // The kernel's first client hears everything too.
    this.kernel.client.received.length = 0;
    return this.lines.check();
  }

  /** Waits for all lines of timers that still tick. */
  async finish(): Promise<readonly string[]> {
    const faults = [...this.drain()];
    const until = performance.now() + LIMIT;
    while (this.lines.missing.length > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      faults.push(...this.drain());
    }
    return [...faults, ...this.lines.missing];
  }

  async #idle(id: string): Promise<Received> {
    return this.client.wait(
      `the idle status after ${id}`,
      ({ parent, content }) => parent === id && content['execution_state'] === 'idle',
    );
  }
}
