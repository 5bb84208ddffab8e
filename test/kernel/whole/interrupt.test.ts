/** Interrupts: whatever the kernel is doing it stops, keeps its state, and goes on. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InterruptFuzz } from '../../fuzz/interrupts.ts';
import { ENDLESS, ENDLESS_PROLOGUE } from '../../support/endless-code.ts';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

const INTERRUPTED = 'KeyboardInterrupt: The cell was interrupted';

/** Runs a cell until it says that it has begun, and for `later` ms more, and stops it. @returns how long (ms) that took */
async function interrupt({ client }: TestKernel, code: string, later: number = 0): Promise<number> {
  const id = client.submit(code);
  await client.printed(id, 'begun');
  await new Promise((resolve) => setTimeout(resolve, later));
  const since = performance.now();
  const { reply } = await client.request('control', 'interrupt_request');
  assert.equal(reply['status'], 'ok');
  const ended = await client.answer(id);
  assert.equal(ended.reply['status'], 'error');
  assert.equal(ended.reply['ename'], 'KeyboardInterrupt');
  assert.deepEqual(shownBy(ended.published).errors, [INTERRUPTED]);
  return performance.now() - since;
}

/** What goes on in the background: a timer, callbacks of the loop, and a server. */
const WITNESSES = [
  'let beats = 0, ticks = 0',
  'const beat = setInterval(() => beats++, 5)',
  'const tick = (): void => { ticks++; loop.callLater(0.005, tick) }; tick()',
  'const server = createServer((_, response) => response.end("served")).listen(0, "127.0.0.1")',
  'await new Promise((resolve) => server.once("listening", resolve))',
].join('\n');

/** The session has its state, does all that it did before, and what earlier cells have left running goes on. */
async function isWell({ client }: TestKernel, token: number): Promise<void> {
  await client.run(`let token = ${token}; turns++`);
  const { published } = await client.run(
    [
      'await sleep(0.001); await new Promise((resolve) => setTimeout(resolve, 1)); await loop.runUntilComplete(sleep(0.001))',
      'const [b, t] = [beats, ticks]; while (beats < b + 2 || ticks < t + 2) await sleep(0.001)',
      'const served = await (await fetch(`http://127.0.0.1:${(server.address() as any).port}`)).text();',
      '[kept, served, token]',
    ].join('\n'),
  );
  const { result, errors } = shownBy(published);
  assert.deepEqual([errors, result], [[], `[ 'kept', 'served', ${token} ]`]);
}

async function start(): Promise<TestKernel> {
  const kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'off' } });
  assert.deepEqual(shownBy((await kernel.client.run(ENDLESS_PROLOGUE)).published).errors, []);
  assert.deepEqual(shownBy((await kernel.client.run(WITNESSES)).published).errors, []);
  return kernel;
}

describe('an interrupt', function () {
  this.timeout(60_000);
  let kernel: TestKernel | undefined;
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await kernel?.stop();
    kernel = undefined;
  });
  after(() => kernel?.stop());

  for (const [index, { kind, code, posix }] of ENDLESS.entries()) {
    if (posix && process.platform === 'win32') continue;
    it(`stops ${kind}, and the kernel keeps its state`, async () => {
      kernel ??= await start();
      await interrupt(kernel, code);
      await isWell(kernel, index);
    });
  }

  it('of an idle kernel does nothing, twenty times over', async () => {
    kernel ??= await start();
    for (let i = 0; i < 20; i += 1) await kernel.client.request('control', 'interrupt_request');
    await isWell(kernel, 100);
  });

  it('runs the finally blocks of what waits, and their output belongs to the cell', async () => {
    kernel ??= await start();
    const { client } = kernel;
    const id = client.submit(
      'try { console.log("begun"); await loop.runUntilComplete(sleep(1e6)) } finally { console.log("cleaned up"); loop.callSoon(() => {}) }',
    );
    await client.printed(id, 'begun');
    await client.request('control', 'interrupt_request');
    const { published } = await client.answer(id);
    assert.deepEqual(
      [shownBy(published).stdout, shownBy(published).errors],
      ['begun\ncleaned up\n', [INTERRUPTED]],
    );
    await isWell(kernel, 101);
  });

  it('of a loop over a variable of the cell keeps its value up to then', async () => {
    kernel ??= await start();
    const { client } = kernel;
    const id = client.submit(
      'let reached = 0; let mark = "none"; console.log("begun"); for (;;) { reached += 1; mark = "some" }',
    );
    await client.printed(id, 'begun');
    await client.request('control', 'interrupt_request');
    await client.answer(id);
    const [first, second] = [
      await client.run('reached > 1000 && mark'),
      await client.run('const at = reached; await sleep(0.01); reached === at'),
    ];
    assert.deepEqual(
      [first, second].map(({ published }) => shownBy(published).result),
      ["'some'", 'true'],
    );
  });

  it('of a loop over a variable of the cell does not leave it behind what else the loop has done, 20 times over', async () => {
    kernel ??= await start();
    const { client } = kernel;
    const bodies = [
      'turns += 1; seen[0] = turns',
      'turns++; see(turns)',
      'turns += 1; seen[0] = turns; sort()',
    ];
    await client.run(
      'const seen = [0]; const see = (turn: number): void => { seen[0] = turn }; const sort = (): void => { [3, 1, 2].sort() }',
    );
    const behind: unknown[] = [];
    for (let i = 0; i < 20; i += 1) {
      const id = client.submit(
        `var turns = 0; console.log("begun"); for (;;) { ${bodies[i % bodies.length]} }`,
      );
      await client.printed(id, 'begun');
      await client.request('control', 'interrupt_request');
      await client.answer(id);
      // The end may come between the two statements, but never a turn later.
      const { published } = await client.run('[turns > 100, [0, 1].includes(turns - seen[0])].join()');
      behind.push(shownBy(published).result);
    }
    assert.deepEqual(
      behind,
      behind.map(() => "'true,true'"),
    );
  });

  it('of endless awaits is not lost in a hook of promises while a debugger is attached, ten times over', async () => {
    kernel ??= await start();
    const { client } = kernel;
    await client.run(
      'import { Session } from "node:inspector"; const debugging = new Session(); debugging.connect(); debugging.post("Debugger.enable"); debugging.post("Debugger.setSkipAllPauses", { skip: true })',
    );
    for (let i = 0; i < 10; i += 1) await interrupt(kernel, 'console.log("begun"); for (;;) await null');
    await client.run('debugging.disconnect()');
    await isWell(kernel, 107);
  });

  // When V8 has optimized them, as it has within half a second.
  for (const [kind, where, token] of [
    ['awaits of rejected promises without end', 'in what Node does about them', 108],
    ['awaits without end, most of the time in what is between them', 'between two microtasks', 111],
  ] as const) {
    it(`of ${kind} is not lost ${where}, ten times over`, async () => {
      kernel ??= await start();
      const code = ENDLESS.find((each) => each.kind === kind)?.code;
      assert.ok(code);
      for (let i = 0; i < 10; i += 1) await interrupt(kernel, code, i * 50);
      await isWell(kernel, token);
    });
  }

  it('ends what Node has called at once: exits of children, CommonJS modules', async () => {
    kernel ??= await start();
    for (const { kind, code } of ENDLESS.filter((each) => /CommonJS|end of a child/.test(each.kind))) {
      const times: number[] = [];
      for (let i = 0; i < 3; i += 1) times.push(await interrupt(kernel, code));
      // A second is when anything is ended, wherever it is.
      assert.ok(Math.min(...times) < 900, `${kind}: ${times.join()} ms`);
    }
    await isWell(kernel, 109);
  });

  it('of a loop that prints loses no line', async () => {
    kernel ??= await start();
    const { client } = kernel;
    const id = client.submit('const count = { printed: 0 }; for (;;) console.log("line", count.printed++)');
    await client.printed(id, 'line 0');
    await client.request('control', 'interrupt_request');
    const { published } = await client.answer(id);
    const lines = shownBy(published).stdout.split('\n').slice(0, -1);
    assert.deepEqual(
      lines,
      lines.map((_, n) => `line ${n}`),
    );
    const { published: counted } = await client.run('count.printed');
    // It may have been counted, and not been printed yet.
    assert.ok([0, 1].includes(Number(shownBy(counted).result) - lines.length));
  });

  it('leaves the timers and callbacks of earlier cells alone', async () => {
    kernel ??= await start();
    const { client } = kernel;
    const earlier = await client.run(
      'let beats = 0; const beat = setInterval(() => beats++, 1); const tick = (): void => { loop.callLater(0.001, tick); ticks++ }; let ticks = 0; tick()',
    );
    await interrupt(kernel, 'console.log("begun"); for (;;);');
    await interrupt(kernel, 'console.log("begun"); await new Promise(() => {})');
    const { published } = await client.run(
      'const [b, t] = [beats, ticks]; while (beats < b + 3 || ticks < t + 3) await sleep(0.001); clearInterval(beat); "both went on"',
    );
    assert.equal(shownBy(published).result, "'both went on'");
    assert.deepEqual(shownBy(client.published(earlier.id)).errors, []);
  });

  it('aborts the cells that wait behind the one that it stops', async () => {
    kernel ??= await start();
    const { client } = kernel;
    const [first, second] = [
      client.submit('console.log("begun"); for (;;);'),
      client.submit('kept = "changed"'),
    ];
    await client.printed(first, 'begun');
    await client.request('control', 'interrupt_request');
    assert.equal((await client.answer(second)).reply['status'], 'aborted');
    await isWell(kernel, 102);
  });

  const parents = {
    'a command': '!sleep 1000 & echo "child $!"; sleep 1000',
    'a command in an expression':
      'await $({ stdout: "inherit" })`sh -c ${\'sleep 1000 & echo "child $!"; sleep 1000\'}`',
  };
  for (const [parent, code] of Object.entries(parents))
    it(`ends the children of ${parent} with it`, async () => {
      if (process.platform === 'win32') return;
      kernel ??= await start();
      const { client } = kernel;
      const id = client.submit(code);
      await client.printed(id, '\n');
      const pid = Number(/child (\d+)/.exec(shownBy(client.published(id)).stdout)?.[1]);
      await client.request('control', 'interrupt_request');
      await client.answer(id);
      const { published } = await client.run(
        `const gone = (): boolean => { try { process.kill(${pid}, 0); return false } catch { return true } }\nwhile (!gone()) await sleep(0.01)\n"gone"`,
      );
      assert.equal(shownBy(published).result, "'gone'");
    });

  it('reaches children that still had the handler of their shell when it came', async () => {
    if (process.platform !== 'linux') return;
    kernel ??= await start();
    const { client, folder } = kernel;
    const told = path.join(folder, 'told');
    // A copy of the shell takes the signal, and nothing comes of it. Of SIGTERM, the shell would die without a word.
    const copy = `trap 'hit=1' INT; touch '${told}.begun'; echo begun; while [ -z "$hit" ]; do :; done; exec sleep 1000`;
    const script = `trap : INT; (${copy}); echo "$?" >> '${told}'`;
    await interrupt(kernel, `%%sh\n${script}`);
    assert.equal(readFileSync(told, 'utf8'), '130\n');
    rmSync(`${told}.begun`);
    const id = client.submit(`execSync(${JSON.stringify(script)}, { stdio: 'ignore' })`);
    while (!existsSync(`${told}.begun`)) await new Promise((resolve) => setTimeout(resolve, 5));
    await client.request('control', 'interrupt_request');
    await client.answer(id);
    assert.equal(readFileSync(told, 'utf8'), '130\n130\n');
    await isWell(kernel, 107);
  });

  it('of a loop in an immediate leaves those behind it', async () => {
    kernel ??= await start();
    for (const endless of [0, 1]) {
      await interrupt(
        kernel,
        `let ran: number[] = []; for (let n = 0; n < 4; n++) setImmediate(() => { if (n === ${endless}) { console.log("begun"); for (;;); } else ran.push(n) }); await new Promise(() => {})`,
      );
      const { published } = await kernel.client.run('while (ran.length < 3) await sleep(0.001); ran.join()');
      const others = [0, 1, 2, 3].filter((n) => n !== endless).join();
      assert.equal(shownBy(published).result, `'${others}'`);
    }
  });

  it('of awaits without end leaves the callbacks behind them', async () => {
    kernel ??= await start();
    const { client } = kernel;
    const places = ['setImmediate(f)', 'setTimeout(f, 2)', 'process.nextTick(f)', 'loop.callSoon(f)'];
    for (const place of places) {
      await interrupt(
        kernel,
        `let ran: number[] = []; for (let n = 0; n < 4; n++) { const f = async (): Promise<void> => { if (n === 1) { console.log("begun"); for (;;) await null } else ran.push(n) }; ${place} }; await new Promise(() => {})`,
      );
      const { published } = await client.run('while (ran.length < 3) await sleep(0.001); ran.join()');
      assert.equal(shownBy(published).result, "'0,2,3'", place);
    }
  });

  it('of microtasks without end leaves the kernel alive, fifteen times over', async () => {
    kernel ??= await start();
    const chains = ENDLESS.filter(({ kind }) => /chain of (?:microtasks|promise reactions)/.test(kind));
    assert.equal(chains.length, 2);
    for (let i = 0; i < 15; i += 1) for (const { code } of chains) await interrupt(kernel, code);
    await isWell(kernel, 105);
  });

  it('of execFileSync lets a finally block call it once more', async function () {
    if (process.platform === 'win32') return;
    kernel ??= await start();
    const { client } = kernel;
    const id = client.submit(
      'try { console.log("begun"); execFileSync("sleep", ["1000"]) } finally { console.log(String(execFileSync("echo", ["cleaned up"]))) }',
    );
    await client.printed(id, 'begun');
    await client.request('control', 'interrupt_request');
    const { published } = await client.answer(id);
    assert.deepEqual(
      [shownBy(published).stdout, shownBy(published).errors],
      ['begun\ncleaned up\n\n', [INTERRUPTED]],
    );
    await isWell(kernel, 103);
  });

  it('of execFileSync lets a finally block call it by the function that was stopped', async function () {
    if (process.platform === 'win32') return;
    kernel ??= await start();
    const { client } = kernel;
    const id = client.submit(
      [
        'const call = (file: string, ...args: string[]): string => String(execFileSync(file, args))',
        'try { console.log("begun"); call("sleep", "1000") } finally { console.log(call("echo", "cleaned up")) }',
      ].join('\n'),
    );
    await client.printed(id, 'begun');
    await client.request('control', 'interrupt_request');
    const { published } = await client.answer(id);
    assert.equal(shownBy(published).stdout, 'begun\ncleaned up\n\n');
    await isWell(kernel, 105);
  });

  it('of execFileSync in a loop that catches its errors starts no other child', async function () {
    if (process.platform === 'win32') return;
    kernel ??= await start();
    const { client } = kernel;
    const started = path.join(kernel.folder, 'started');
    const id = client.submit(
      `console.log("begun"); for (;;) try { execFileSync("sh", ["-c", ${JSON.stringify(`echo x >> '${started}'; exec sleep 1000`)}]) } catch {}`,
    );
    await client.printed(id, 'begun');
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 5));
    await client.request('control', 'interrupt_request');
    await client.answer(id);
    assert.equal(readFileSync(started, 'utf8'), 'x\n');
    await isWell(kernel, 106);
  });

  it('of a call of native code says that it cannot stop it, and stops what follows', async function () {
    // A file that blocks whoever reads it, for as long as the test wants.
    if (process.platform === 'win32') return;
    kernel ??= await start();
    const { client, folder } = kernel;
    const fifo = path.join(folder, 'blocking');
    execFileSync('mkfifo', [fifo]);
    const id = client.submit(
      `import { readFileSync } from "node:fs"\nconsole.log("begun"); readFileSync(${JSON.stringify(fifo)}); for (;;);`,
    );
    await client.printed(id, 'begun');
    await client.request('control', 'interrupt_request');
    await client.printed(id, 'cannot be stopped now');
    await client.printed(id, 'Restart the kernel');
    await writeFile(fifo, 'the end');
    const { published } = await client.answer(id);
    assert.deepEqual(shownBy(published).errors, [INTERRUPTED]);
    await isWell(kernel, 104);
  });
});

describe('an interrupt at a random moment', function () {
  this.timeout(300_000);
  it('is answered a hundred times over, idle kernels included, and no cell is lost', async () => {
    const fuzz = await InterruptFuzz.start(20_260_101);
    try {
      const { tried, idle } = await fuzz.run(100);
      assert.equal(tried, 100);
      assert.ok(idle > 5);
    } finally {
      await fuzz.stop();
    }
  });
});
