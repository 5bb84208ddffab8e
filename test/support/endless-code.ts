/** Code that never ends by itself, in all the places where code can run: what an interrupt must stop. */

export interface EndlessCode {
  readonly kind: string;
  /** The cell. It prints `begun` when it is where it stays. */
  readonly code: string;
  /** Needs commands and signals as POSIX has them. */
  readonly posix?: true;
  /** Takes seconds to stop: what it started gets time to end by itself. */
  readonly slow?: true;
}

/** The cell that the session begins with. Chains of callbacks, which go on when their cell is stopped, end with `turns++`. */
export const ENDLESS_PROLOGUE: string = [
  'import { createTask, Future, getEventLoop, newEventLoop, sleep } from "tsloop"',
  'import { execFileSync, execSync, spawnSync } from "node:child_process"',
  'import { stat, promises as files } from "node:fs"',
  'import { createServer, get } from "node:http"',
  'import { inspect } from "node:util"',
  'import { connect, createServer as createSocketServer } from "node:net"',
  'let kept = "kept", turns = 0',
  'const loop = getEventLoop()',
].join('\n');

/** Says that the code has begun. */
const BEGUN = 'console.log("begun");';
const FOR_EVER = 'await new Promise(() => {})';

/** A WebAssembly module whose exported function `spin` loops. */
const WASM_LOOP =
  '0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,8,1,4,115,112,105,110,0,0,10,9,1,7,0,3,64,12,0,11,11';

export const ENDLESS: readonly EndlessCode[] = [
  // In the cell itself.
  { kind: 'a loop', code: `${BEGUN} for (;;);` },
  {
    kind: 'a loop that computes',
    code: `${BEGUN} let computed = 0; for (;;) computed += Math.sqrt(computed + 1);`,
  },
  { kind: 'a loop in a function', code: `function spin(): never { for (;;); }\n${BEGUN} spin()` },
  {
    kind: 'a loop in a constructor',
    code: `class Spin { constructor() { ${BEGUN} for (;;); } }\nnew Spin()`,
  },
  { kind: 'a loop in a getter', code: `({ get spin() { ${BEGUN} for (;;); } }).spin` },
  { kind: 'a loop in a proxy', code: `(new Proxy({} as any, { get() { ${BEGUN} for (;;); } })).x` },
  { kind: 'a loop that catches everything', code: `${BEGUN} for (;;) { try { for (;;); } catch {} }` },
  {
    kind: 'a loop that goes on in its finally block',
    code: `${BEGUN} for (;;) { try { throw 1 } catch {} finally { continue } }`,
  },
  {
    kind: 'a loop that prints',
    code: 'for (let i = 0; ; i++) if (i % 1_000_000 === 0) console.log("begun")',
  },
  { kind: 'a loop that prints all the time', code: 'for (let i = 0; ; i++) console.log("begun", i)' },
  {
    kind: 'a loop that writes without line ends all the time',
    code: `${BEGUN} for (;;) process.stdout.write("x")`,
  },
  { kind: 'a loop that displays all the time', code: `${BEGUN} for (let i = 0; ; i++) display(i)` },
  {
    // The stack is nearly full all the time: there is no room for a look.
    kind: 'a function that calls itself without end and catches the error of that',
    code: `function deep(): unknown { try { return deep() } catch { return deep() } } ${BEGUN} deep()`,
  },
  {
    // Long calls of native code: the front looks again and again while the end of one is awaited.
    kind: 'a loop that sorts many numbers',
    code: `{ const many = new Float64Array(1e6).map(Math.random); ${BEGUN} for (;;) many.slice().sort() }`,
  },
  { kind: 'a loop that makes arrays', code: `${BEGUN} for (;;) new Array(1000).fill(0)` },
  { kind: 'a loop that makes objects', code: `${BEGUN} for (;;) ({ a: [1, 2, 3], b: "x".repeat(10) })` },
  { kind: 'a loop that parses', code: `${BEGUN} for (;;) JSON.parse(JSON.stringify({ a: [1, 2, 3] }))` },
  {
    kind: 'a loop that spends its time in Node',
    code: `const shown = { a: [1, 2, { b: new Map([[1, 2]]) }] }; ${BEGUN} for (;;) inspect(shown)`,
  },
  { kind: 'a loop in eval', code: `${BEGUN} (0, eval)("for (;;);")` },
  {
    kind: 'a loop in another context',
    code: `import { runInNewContext } from "node:vm"\n${BEGUN} runInNewContext("for (;;);")`,
  },
  {
    kind: 'a generator without end',
    code: `function* numbers() { for (let n = 0; ; n++) yield n }\n${BEGUN} for (const _ of numbers());`,
  },
  {
    kind: 'a map that grows as it is walked through',
    code: `const walked = new Map([[0, 0]])\n${BEGUN} for (const key of walked.keys()) { walked.delete(key); walked.set(key + 1, 0) }`,
  },
  { kind: 'a sort with a slow comparison', code: `${BEGUN} [3, 2, 1].sort(() => { for (;;); })` },
  { kind: 'a regular expression that backtracks', code: `${BEGUN} /^(a+)+$/.test("a".repeat(40) + "b")` },
  {
    kind: 'a WebAssembly loop',
    code: `const spinning = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(${WASM_LOOP})))\n${BEGUN} (spinning.exports as any).spin()`,
  },
  { kind: 'Atomics.wait', code: `${BEGUN} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)` },
  {
    kind: 'a result that is shown without end',
    code: `({ [Symbol.for("nodejs.util.inspect.custom")]() { ${BEGUN} for (;;); } })`,
  },
  {
    kind: 'calls in asynchronous contexts',
    code: `import { AsyncLocalStorage } from "node:async_hooks"\nconst storage = new AsyncLocalStorage(); let entered = 0; ${BEGUN} for (;;) storage.run(1, () => { entered++ })`,
  },
  {
    kind: 'a loop in a CommonJS module',
    code: `import { createRequire } from "node:module"\nimport { writeFileSync } from "node:fs"\nconst spinningModule = process.cwd() + "/spinning-" + ++turns + ".cjs"; writeFileSync(spinningModule, "for (;;);"); ${BEGUN} createRequire(spinningModule)(spinningModule)`,
  },
  { kind: 'a loop that reads stacks of errors', code: `${BEGUN} for (;;) new Error("x").stack` },
  {
    kind: 'a loop in a function that makes the stack of an error',
    code: `${BEGUN} Error.prepareStackTrace = () => { Error.prepareStackTrace = undefined as any; for (;;); }; new Error("x").stack`,
  },
  {
    kind: 'a loop that makes promises that are rejected',
    code: `${BEGUN} for (let sum = 0; ;) { Promise.reject(1).catch(() => {}); for (let i = 0; i < 1000; i++) sum += i }`,
  },
  {
    kind: 'a loop that compresses',
    code: `import { deflateSync } from "node:zlib"\nconst plain = Buffer.alloc(100_000); ${BEGUN} for (;;) deflateSync(plain)`,
  },
  {
    kind: 'a loop that aborts signals',
    code: `${BEGUN} for (;;) { const aborter = new AbortController(); aborter.signal.addEventListener("abort", () => {}); aborter.abort() }`,
  },
  // Behind an await.
  { kind: 'a loop after an await', code: `await null; ${BEGUN} for (;;);` },
  {
    kind: 'a loop after the await of a file',
    code: `await files.readdir("."); ${BEGUN} for (;;);`,
  },
  {
    kind: 'a loop after the await of a timer',
    code: `await new Promise((resolve) => setTimeout(resolve, 1)); ${BEGUN} for (;;);`,
  },
  {
    kind: 'a loop in an async function that nobody awaits',
    code: `void (async () => { await null; ${BEGUN} for (;;); })(); ${FOR_EVER}`,
  },
  {
    kind: 'an async iteration',
    code: `async function* forever() { for (;;) yield 1 }\n${BEGUN} for await (const _ of forever());`,
  },
  {
    kind: 'a loop in an async iterator',
    code: `async function* once() { ${BEGUN} for (;;); }\nfor await (const _ of once());`,
  },
  { kind: 'an await that never settles', code: `${BEGUN} ${FOR_EVER}` },
  { kind: 'an await of a timer', code: `${BEGUN} await new Promise((resolve) => setTimeout(resolve, 1e9))` },
  {
    kind: 'an await of a server that does not answer',
    code: `const mute = createServer(() => { ${BEGUN} }).listen(0, "127.0.0.1"); await new Promise((resolve) => mute.once("listening", resolve)); await fetch(\`http://127.0.0.1:\${(mute.address() as any).port}\`)`,
  },
  // In callbacks of Node.
  { kind: 'a loop in a timer', code: `setTimeout(() => { ${BEGUN} for (;;); }, 1); ${FOR_EVER}` },
  { kind: 'a loop in an interval', code: `setInterval(() => { ${BEGUN} for (;;); }, 1); ${FOR_EVER}` },
  { kind: 'a loop in an immediate', code: `setImmediate(() => { ${BEGUN} for (;;); }); ${FOR_EVER}` },
  {
    kind: 'a loop in the second of three immediates',
    code: `setImmediate(() => {}); setImmediate(() => { ${BEGUN} for (;;); }); setImmediate(() => {}); ${FOR_EVER}`,
  },
  {
    kind: 'a loop in the first of many immediates',
    code: `for (let n = 0; n < 5; n++) setImmediate(() => { if (n === 0) { ${BEGUN} for (;;); } }); ${FOR_EVER}`,
  },
  {
    kind: 'a loop in a callback of the event loop, behind some that take long',
    code: `for (let n = 0; n < 5; n++) loop.callSoon(() => { const since = Date.now(); while (Date.now() < since + 3); if (n === 3) { ${BEGUN} for (;;); } }); await sleep(1e6)`,
  },
  {
    kind: 'an endless chain of immediates',
    code: `const turn = ++turns; const immediately = (): unknown => turn === turns && setImmediate(immediately); ${BEGUN} immediately(); ${FOR_EVER}`,
  },
  {
    kind: 'a loop in a promise reaction',
    code: `await Promise.resolve().then(() => { ${BEGUN} for (;;); })`,
  },
  {
    kind: 'an endless chain of promise reactions',
    code: `${BEGUN} const chain = (): Promise<void> => Promise.resolve().then(chain); await chain()`,
  },
  { kind: 'a loop in a microtask', code: `queueMicrotask(() => { ${BEGUN} for (;;); }); ${FOR_EVER}` },
  {
    kind: 'an endless chain of microtasks',
    code: `${BEGUN} const micro = (): void => queueMicrotask(micro); micro(); ${FOR_EVER}`,
  },
  { kind: 'awaits without end', code: `${BEGUN} for (;;) await null` },
  {
    kind: 'awaits without end, most of the time in what is between them',
    // Optimized by the time of the interrupt: V8 then looks for interrupts between microtasks alone.
    code: `let made: unknown[] = []; for (let i = 0; ; i++) { if (i === 30_000) { ${BEGUN} } made.push(new Array(1000).fill(1)); if (made.length > 2000) made = []; await null }`,
  },
  {
    kind: 'awaits of rejected promises without end',
    code: `${BEGUN} for (;;) { try { await Promise.reject(new Error("x")) } catch {} }`,
  },
  {
    kind: 'awaits without end in a task',
    code: `await createTask(async () => { ${BEGUN} for (;;) await null })`,
  },
  {
    kind: 'awaits without end in the second of three immediates',
    code: `setImmediate(() => {}); setImmediate(async () => { ${BEGUN} for (;;) await null }); setImmediate(() => {}); ${FOR_EVER}`,
  },
  {
    kind: 'microtasks and ticks by turns',
    code: `const turn = ++turns; const mixed = (): unknown => turn === turns && process.nextTick(() => queueMicrotask(mixed)); ${BEGUN} mixed(); ${FOR_EVER}`,
  },
  {
    kind: 'a stream without end',
    code: `import { PassThrough, Readable } from "node:stream"\n${BEGUN} for await (const _ of Readable.from((function* () { for (;;) yield "x" })()).pipe(new PassThrough()));`,
  },
  { kind: 'a loop in a next tick', code: `process.nextTick(() => { ${BEGUN} for (;;); }); ${FOR_EVER}` },
  {
    kind: 'an endless chain of next ticks',
    code: `${BEGUN} const again = (): void => process.nextTick(again); again(); ${FOR_EVER}`,
  },
  {
    kind: 'a loop in a callback at the end of a child',
    code: `import { spawn } from "node:child_process"\nspawn("true").on("exit", () => { ${BEGUN} for (;;); }); ${FOR_EVER}`,
    posix: true,
  },
  { kind: 'a file callback', code: `stat(".", () => { ${BEGUN} for (;;); }); ${FOR_EVER}` },
  {
    kind: 'a loop in a connection to a server',
    code: `const spinningSockets = createSocketServer(() => { ${BEGUN} for (;;); }).listen(0, "127.0.0.1", () => connect((spinningSockets.address() as any).port, "127.0.0.1")); ${FOR_EVER}`,
  },
  {
    kind: 'a loop in the handler of a request',
    code: `const spinningServer = createServer(() => { ${BEGUN} for (;;); }).listen(0, "127.0.0.1", () => get({ port: (spinningServer.address() as any).port })); ${FOR_EVER}`,
  },
  {
    kind: 'a loop in the callback of a message port',
    code: `const { port1, port2 } = new MessageChannel(); port1.onmessage = () => { port1.close(); ${BEGUN} for (;;); }; port2.postMessage(1); ${FOR_EVER}`,
  },
  {
    kind: 'a loop in a listener of an abort signal',
    code: `AbortSignal.timeout(1).addEventListener("abort", () => { ${BEGUN} for (;;); }); ${FOR_EVER}`,
  },
  // In the event loop.
  {
    kind: 'a loop in a callback of the event loop',
    code: `loop.callSoon(() => { ${BEGUN} for (;;); }); await sleep(1e6)`,
  },
  {
    kind: 'a loop in a timer of the event loop',
    code: `loop.callLater(0.001, () => { ${BEGUN} for (;;); }); await sleep(1e6)`,
  },
  {
    kind: 'an endless chain of callbacks of the event loop',
    code: `const turn = ++turns; const soon = (): unknown => turn === turns && loop.callSoon(soon); ${BEGUN} soon(); await sleep(1e6)`,
  },
  { kind: 'a loop in a task', code: `await createTask(async () => { await sleep(0); ${BEGUN} for (;;); })` },
  {
    kind: 'a promise in a task',
    code: `await createTask(() => { ${BEGUN} return ${FOR_EVER.replace('await ', '')} })`,
  },
  { kind: 'an await of a future', code: `${BEGUN} await new Future()` },
  { kind: 'a sleep', code: `${BEGUN} await sleep(1e6)` },
  { kind: 'a sleep in runUntilComplete', code: `${BEGUN} await loop.runUntilComplete(sleep(1e6))` },
  { kind: 'runForever', code: `${BEGUN} await loop.runForever()` },
  {
    kind: 'a loop in a strict event loop',
    code: `const strict = newEventLoop(); strict.callSoon(() => { ${BEGUN} for (;;); }); await strict.runForever()`,
  },
  // In other processes.
  { kind: 'a command', code: '!echo begun; sleep 1000', posix: true },
  {
    kind: 'a command with grandchildren',
    code: '!(sleep 1000; true) & echo begun; (sleep 1000; true)',
    posix: true,
  },
  {
    kind: 'a bash cell whose child has a child',
    code: '%%bash\necho begun\n(sleep 1000; true) & wait',
    posix: true,
  },
  { kind: 'a command in an expression', code: `${BEGUN} await $\`sleep 1000\``, posix: true },
  { kind: 'a synchronous command in an expression', code: `${BEGUN} $.sync\`sleep 1000\``, posix: true },
  { kind: 'execFileSync', code: `${BEGUN} execFileSync("sleep", ["1000"])`, posix: true },
  {
    kind: 'execSync with grandchildren',
    code: `${BEGUN} execSync("(sleep 1000; true) | cat; true")`,
    posix: true,
  },
  { kind: 'spawnSync, time and again', code: `${BEGUN} for (;;) spawnSync("sleep", ["0.05"])`, posix: true },
  {
    kind: 'execFileSync, its errors caught',
    code: `${BEGUN} for (;;) try { execFileSync("sleep", ["1000"]) } catch {}`,
    posix: true,
  },
  {
    kind: 'execFileSync in a function, its errors caught',
    code: `const sleeping = (): void => { try { execFileSync("sleep", ["1000"]) } catch {} }; ${BEGUN} for (;;) sleeping()`,
    posix: true,
  },
  {
    kind: 'a synchronous command in an expression, its errors caught',
    code: `${BEGUN} for (;;) try { $.sync\`sleep 1000\` } catch {}`,
    posix: true,
  },
  {
    kind: 'a command whose background job ignores SIGINT and prints all the time',
    code: '!(while :; do echo x; sleep 0.02; done) & echo begun; sleep 1000',
    posix: true,
  },
  {
    kind: 'a command that ignores SIGINT',
    code: "!trap '' INT; echo begun; sleep 1000",
    posix: true,
    slow: true,
  },
  {
    kind: 'a command that ignores SIGINT and SIGTERM',
    code: "!trap '' INT TERM; echo begun; sleep 1000",
    posix: true,
    slow: true,
  },
  {
    kind: 'execSync of a command that forks all the time',
    code: `${BEGUN} execSync("while :; do sleep 1000 & sleep 0.001; kill $!; done")`,
    posix: true,
    slow: true,
  },
  {
    kind: 'execSync of a command that ignores SIGINT',
    code: `${BEGUN} execSync("trap '' INT; sleep 1000; sleep 1000")`,
    posix: true,
    slow: true,
  },
];
