/** Stopping this thread's JavaScript in the middle, so that the process survives it. */
import { executionAsyncId, executionAsyncResource } from 'node:async_hooks';
import { KeyboardInterrupt } from '../../src/errors.ts';
import { type Attempt, type Force, type Stop, STOP_SCRIPT } from '../bridge.ts';
import { holdNext, isHeld, letGo } from '../shared/held.ts';
import { isLoadingWhole } from '../shared/loading.ts';
import { captureCell, resumeStorage, suspendStorage } from './cells.ts';
import { MicrotaskChain } from './microtask-chain.ts';
import type { Session } from './session.ts';
import { isKernelCode } from './stack.ts';
import { prepareTornImmediate } from './torn-immediate.ts';
import { resetAsyncIds } from './uncaught.ts';

/** The files of the code that was interrupted through the inspector, innermost first. */
export function interruptedFiles(): string[] {
  const files = filesOnStack();
  return files.slice(files.lastIndexOf(STOP_SCRIPT) + 1);
}

/** The files of all code that runs, innermost first. Functions of V8 itself are in none, and left out. */
function filesOnStack(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let sites: NodeJS.CallSite[] | undefined;
  let text = '';
  try {
    Error.stackTraceLimit = 100;
    Error.prepareStackTrace = (_, all) => {
      sites = all;
      return '';
    };
    text = String(new Error('look').stack);
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
  // What runs may be in the middle of making the stack of an error: V8 then makes others itself.
  return sites ? sites.flatMap(fileOfSite) : text.split('\n').flatMap(fileOfFrame);
}

function fileOfSite(site: NodeJS.CallSite): string[] {
  const file = site.getFileName() || site.getScriptNameOrSourceURL();
  if (file) return [file];
  return site.isEval() ? ['eval'] : [];
}

/** The same of a line of V8's text: `    at name (file:1:2)`, `    at file:1:2` or `    at name (eval at …)`. */
function fileOfFrame(line: string): string[] {
  const file = /(?:\(|^\s+at (?:async )?)([^()]+?)(?::\d+){2}\)?$/.exec(line)?.[1];
  if (file !== undefined && file !== '<anonymous>') return [file];
  return line.includes('(eval at ') ? ['eval'] : [];
}

/** The loops that work on copies of variables, with what writes these back; see language/loops.ts. */
const loops: string[] = [];

/** Called by compiled code around such a loop. */
export const loopCalls = {
  enterLoop: (writeBack: string): void => {
    loops.push(writeBack);
  },
  leaveLoop: (): void => {
    loops.pop();
  },
};

/** Whether the code is known not to be stuck, and may fail in ways of its own. */
function isRough(force: Force): boolean {
  return force !== 'nothing' && force !== 'stuck';
}

let torn = false;
/** What undoes the preparations for an end that has been asked for and has not come yet. */
let tearing: (() => void) | undefined;
/** Whether the end that was asked for last has been swallowed, while the code went on. */
let isSwallowed = false;
/** How long (ms) a microtask waits at most for its end. */
const SPIN = 1000;
let microtasks: MicrotaskChain | undefined;
/** Which callback ran when the front last looked. */
let seen: number | undefined;

/** Where Node calls ticks, and the microtasks behind them. */
const TICKS = 'node:internal/process/task_queues';
/** Where Node keeps track of promises. */
const HOOKS = /^node:internal\/(?:async_hooks|promise_hooks)$/;
/** Where Node takes promises that are rejected, called by V8. What ends there is code of Node alone: its caller goes on. */
const REJECTIONS = 'node:internal/process/promises';
/** Parts of Node that only compute, or set what Node resets behind each callback: they leave nothing half done behind when they are torn. */
const PURE =
  /^node:(?:buffer|events|path|querystring|string_decoder|url|util|util\/types|zlib|internal\/(?:(?:async_local_storage\/)?async_context_frame|abort_controller|buffer|event_target|querystring|url|validators|util\/(?:comparisons|inspect|types)))$/;
/** Where Node loads CommonJS modules. */
const COMMON_JS = 'node:internal/modules/cjs/';
/** What starts processes: Node, and the library behind `$`. */
const STARTS = /^node:internal\/child_process$|[\\/]node_modules[\\/]execa[\\/]/;

const { nextTick } = process;

function refuseTicks(): void {
  process.nextTick = (...args: Parameters<typeof nextTick>) => {
    // Node's own parts call it as well, and would fail in their own ways.
    const caller = filesOnStack().find((file) => !isKernelCode(file));
    if (caller?.startsWith('node:')) {
      nextTick.apply(process, args);
      return;
    }
    throw new KeyboardInterrupt('The code was interrupted');
  };
}

/**
 * Makes what the front's inspector session calls on this thread, in the middle of whatever runs.
 * @param isPosting whether the thread hands output over, which it can be torn out of
 */
export function makeTerminate(session: Session, isPosting: () => boolean): (stop: Stop) => Attempt {
  const chain = new MicrotaskChain(() => {
    // It would not have its turn if the end that was asked for before had come.
    if (tearing) recoverFromSwallowed(session, tearing);
    tear(session);
    // V8 looks at the end of each turn whether it shall stop; the limit is for the case that it does not.
    const until = performance.now() + SPIN;
    while (performance.now() < until);
  });
  microtasks = chain;
  return (stop) => {
    const { force, spared } = stop;
    const cell = captureCell();
    if (cell && spared?.includes(cell.id)) return 'not now';
    const attempt = terminateStuckCode(session, stop, isPosting);
    // Whether this end comes cannot be told from the next look.
    if (stop.isPaused) tearing = undefined;
    if (attempt !== 'terminated' && typeof attempt === 'string') chain.probe(isRough(force));
    return attempt;
  };
}

/**
 * V8 ends the code at its next function call or loop. So it must be certain that there is code, and that it is the
 * user's: V8 would otherwise end the next callback of Node instead, and a message would be lost, or tear one of Node's
 * own steps, after which Node gives up the process.
 */
function terminateStuckCode(
  session: Session,
  { force, isWritten = false }: Stop,
  isPosting: () => boolean,
): Attempt {
  const files = interruptedFiles();
  const [innermost] = files;
  // Nothing runs, or V8 is between two microtasks: from Node 24 on it looks there before it goes on with an async function.
  if (innermost === undefined) return 'not now';
  // A part of Node, or a library of the kernel's, that was torn while it was loaded stays broken for ever, and it never takes long.
  if (files.includes('node:internal/bootstrap/realm') || isLoadingWhole()) return 'not now';
  const theirs = files.findIndex((file) => !file.startsWith('node:') && !isKernelCode(file));
  if (tearing) {
    // The end has come, and is about to be told: V8 does not bear to be asked for another meanwhile.
    if (theirs === -1) return 'not now';
    recoverFromSwallowed(session, tearing);
    return 'swallowed';
  }
  // V8 may swallow the end of a hook of promises.
  const own = theirs === -1 ? files : files.slice(0, theirs);
  if (own.some((file) => HOOKS.test(file))) return 'not now';
  // V8 gives up the process when an ES module that is loaded by require() is torn.
  const module = files.findIndex((file) => file.startsWith('node:internal/modules/esm/'));
  const isLoading = module !== -1 && files.slice(module).some((file) => file.startsWith(COMMON_JS));
  if (isLoading && force !== 'anything') return 'not now';
  const callback = executionAsyncId();
  const isStuck = callback === seen;
  seen = callback;
  if (force === 'nothing') return 'not now';
  if (own.includes(REJECTIONS)) return isStuck && theirs !== -1 ? 'nearly' : 'not now';
  const isOwn = theirs === -1 || !own.every((file) => PURE.test(file));
  // A process whose start is torn would be left behind.
  const isStarting = hasCalled(files, STARTS) && !isHeld();
  if (isStarting && force !== 'anything') return 'not now';
  // Other code calls process.nextTick, too, and would not know what to make of it.
  if (isRough(force) && files.at(-1) === TICKS) refuseTicks();
  // Code that prints without end spends its time waiting for the front, in the kernel.
  const isImpatient = force === 'callbacks' || force === 'anything';
  const isPrinting = isStuck && isImpatient && isPosting();
  if (isStuck && isOwn && theirs !== -1) holdNext(callback);
  const may =
    force === 'anything' || isHeld() || isPrinting || (!isOwn && (isStuck || force === 'callbacks'));
  if (!may) return isStuck && theirs !== -1 ? 'nearly' : 'not now';
  // Its microtasks have turns: that is where it can be ended for certain.
  if (isSwallowed && !isRough(force) && !microtasks?.isWaiting) return 'nearly';
  if (loops.length > 0 && !isWritten) return { writeBack: loops.join(', ') };
  loops.length = 0;
  letGo();
  seen = undefined;
  tear(session);
  return 'terminated';
}

/** Whether the user's code has called what runs in these files, or something of Node's that has. */
function hasCalled(files: readonly string[], pattern: RegExp): boolean {
  const caller = files.findIndex(
    (file) => !file.startsWith('node:') && !isKernelCode(file) && !pattern.test(file),
  );
  return files.slice(0, caller === -1 ? undefined : caller).some((file) => pattern.test(file));
}

/** To be called through the inspector, when it is known that microtasks make one another without end. */
export function endMicrotasks(): void {
  microtasks?.end();
}

/**
 * V8 ends the code that runs, sooner or later: code that it has compiled may go on for some calls. Node counts its
 * nested callbacks, and gives up the process when torn code has left some. So the count is reset twice: now, for what
 * Node compares on the way out, and when the code has ended, for what it has begun in between.
 */
function tear(session: Session): void {
  torn = true;
  tearing = prepareTornImmediate(executionAsyncResource());
  resetAsyncIds();
  suspendStorage();
  session.terminate(() => {
    tearing = undefined;
    resumeStorage();
    resetAsyncIds();
  });
}

/**
 * V8 ends code before it lets anybody look. Where code runs on although it was to be ended, the end has come inside of
 * a function that Node has V8 call in the middle of it, when a promise is rejected, and was lost there.
 */
function recoverFromSwallowed(session: Session, undo: () => void): void {
  isSwallowed = true;
  undo();
  session.forgetTermination();
}

/**
 * To be called in the first callback after code was torn, before Node compares its counts.
 * @returns whether any was
 */
export function repairAfterTermination(): boolean {
  seen = undefined;
  letGo();
  process.nextTick = nextTick;
  microtasks?.reset();
  if (!torn) return false;
  torn = false;
  isSwallowed = false;
  resumeStorage();
  loops.length = 0;
  resetAsyncIds();
  return true;
}
