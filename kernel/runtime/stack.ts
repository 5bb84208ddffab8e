/** Stacks as the user wants to read them: places in cells, and none of the kernel's or Node's inner frames. */
import { findSourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AwaitSites, setAwaitSites } from '../../src/await-sites.ts';
import { CancelledError, KeyboardInterrupt } from '../../src/errors.ts';
import { dist } from '../home.ts';
import { withoutVersions } from '../modules/version-url.ts';
import { holdIfWanted } from '../shared/held.ts';
import { type CellPlace, cellPlace, isCellScript } from './scripts.ts';

/** The folder of the running kernel's own code, as URL and as path: frames in it are left out. */
const homeUrl = dist.href;
const homePath = fileURLToPath(dist);

/** Whether a file, given as URL or path, is part of the running kernel. */
export function isKernelCode(file: string): boolean {
  return file.startsWith(homeUrl) || file.startsWith(homePath);
}

const schedulerFolder = new URL('src/', dist).href;
/** The build joins all modules of the scheduler. */
const schedulerUrls = new Set(
  ['joined.js', 'schedule.js'].map((name) => new URL(name, schedulerFolder).href),
);

/** Whether the frame is the one in which the loop calls a callback. */
function isLoopCall(site: NodeJS.CallSite, file: string | null | undefined): boolean {
  return (
    schedulerUrls.has(file ?? '') &&
    /(?:^|[.#])(?:call|callTraced|iterate)$/.test(site.getFunctionName() ?? '')
  );
}

/** Node's inner files, and the libraries behind `$` and `runInExecutor`. */
const inner = /node:(?:internal\/|async_hooks\b)|[\\/]node_modules[\\/](?:execa|piscina)[\\/]/;

/** Code that runs the user's code, and that the user did not write or ask for. */
function isInnerFile(file: string): boolean {
  return isKernelCode(file) || inner.test(file);
}

/** Whether a line of a stack that was written elsewhere (Node's loader thread) is an inner frame. */
export function isInnerFrame(line: string): boolean {
  return /^\s+at /.test(line) && (inner.test(line) || line.includes(homeUrl) || line.includes(homePath));
}

/** The names that compiling a cell gives to variables (`sum$loop`, `URL$cell`) are nobody's business. */
export function withoutSuffixes(text: string): string {
  return text.replace(/\$(?:loop|cell)\b/g, '');
}

function nameOf(site: NodeJS.CallSite): string {
  const call = withoutSuffixes(site.getFunctionName() ?? '');
  const type = site.getTypeName();
  const isMethod =
    !site.isToplevel() && !site.isConstructor() && type !== null && type !== 'Object' && call !== '';
  const name = isMethod && !call.includes('.') ? `${type}.${call}` : call;
  const async = (site as { isAsync?: () => boolean }).isAsync?.() ? 'async ' : '';
  return site.isConstructor() ? `new ${call || '<anonymous>'}` : `${async}${name}`;
}

/** A frame in a cell; `name` says whose, and may be empty. */
export function cellFrame(name: string, place: CellPlace): string {
  const where = `${place.script.label}:${place.line}:${place.column}`;
  return name === '' || name === 'async ' ? `    at ${where}` : `    at ${name} (${where})`;
}

/** The innermost places in cells of errors whose stack was made, for the excerpt above the error. */
const places = new WeakMap<object, CellPlace>();

/** V8 calls this once per error, when its stack is first read. What it throws would replace the error. */
function prepare(error: Error, sites: NodeJS.CallSite[]): string {
  try {
    return write(error, sites);
  } catch {
    return [headOf(error), ...sites.map((site) => frameLine(site))].join('\n');
  } finally {
    holdIfWanted();
  }
}

/** A frame as V8 writes it. */
function frameLine(site: { toString(): string }): string {
  return `    at ${site.toString()}`;
}

/** A frame of a file that is no cell, in the lines of its TypeScript if it was compiled when it was loaded. */
function foreignFrame(site: NodeJS.CallSite, file: string | null | undefined): string {
  const frame = frameLine(site);
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (!file || line === null || column === null) return frame;
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalLine' in entry)) return withoutVersions(frame);
  return withoutVersions(frame).replace(
    `:${line}:${column}`,
    `:${entry.originalLine + 1}:${entry.originalColumn + 1}`,
  );
}

function headOf(error: Error): string {
  try {
    return withoutSuffixes(String(error));
  } catch {
    return 'Error';
  }
}

function write(error: Error, sites: NodeJS.CallSite[]): string {
  const lines: string[] = [];
  let isInCalled = false;
  for (const site of sites) {
    const file = site.getFileName() || site.getScriptNameOrSourceURL();
    // Everything below the inspector's call is the kernel that ran the cell.
    if (file === 'node:inspector') break;
    // And what is below the scheduler's call of a callback is the loop itself. (What a callback asks of the
    // scheduler stands on top of it.)
    if (isInCalled && isLoopCall(site, file)) break;
    isInCalled ||= file?.startsWith(schedulerFolder) !== true;
    if (file && isInnerFile(file)) continue;
    if (!isCellScript(file)) {
      lines.push(foreignFrame(site, file));
      continue;
    }
    const place = cellPlace(file, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
    if (!place) continue;
    if (!places.has(error)) places.set(error, place);
    lines.push(cellFrame(nameOf(site), place));
  }
  return [headOf(error), ...lines].join('\n');
}

/** Where in a cell the error was made, if anywhere. */
export function placeOfError(error: unknown): CellPlace | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  // Reading the stack is what makes V8 prepare it.
  void (error as { stack?: unknown }).stack;
  return places.get(error);
}

/**
 * Gives an error that was made elsewhere the place of the call that it answers: an import that fails
 * knows nothing of the cell that asked.
 */
export function placeAt(error: unknown, call: Error): void {
  if (!(error instanceof Error) || placeOfError(error)) return;
  const place = placeOfError(call);
  if (!place) return;
  const importer = `imported from ${join(process.cwd(), 'cell.mjs')}`;
  const cell = `imported from ${place.script.label}`;
  error.message = withoutVersions(error.message).replaceAll(importer, cell);
  addFrames(error, call, place, (stack) => withoutVersions(stack).replaceAll(importer, cell));
}

/** Places of errors that come from elsewhere, where the frames of the code that waits are still to be added. */
const innerPlaces = new WeakMap<object, CellPlace>();

/** Where an error was made, if that was the code of a cell in another thread. */
export function setInnerPlace(error: Error, place: CellPlace): void {
  innerPlaces.set(error, place);
}

/** Puts the frames of `call` below those of the error. */
function addFrames(error: Error, call: Error, place: CellPlace, edit: (stack: string) => string): void {
  places.set(error, innerPlaces.get(error) ?? place);
  const frames = (call.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = edit(error.stack ?? String(error))
    .split('\n')
    .filter((line) => !isInnerFrame(line));
  error.stack = [...own, ...frames].join('\n');
}

/** Errors that no cell's line has thrown are led to the line that awaits: of timeouts, cancels, worker threads. */
const awaitSites: AwaitSites = {
  wants(error, isInTask) {
    // A task that is cancelled is one of many, perhaps; what counts is who awaits it.
    if (isInTask && error instanceof CancelledError) return false;
    return error instanceof Error && !(error instanceof KeyboardInterrupt) && !placeOfError(error);
  },
  note(error) {
    try {
      const call = new Error();
      const place = placeOfError(call);
      if (place) addFrames(error as Error, call, place, (stack) => stack);
    } catch {
      // An error that does not let itself be changed is shown as it is.
    }
  },
};

/** From now on every stack of this thread is written by {@link prepare}. */
export function installStackTraces(): void {
  setAwaitSites(awaitSites);
  let own: typeof Error.prepareStackTrace | undefined;
  // Code that sets a function of its own and then takes it away again must not take this one away.
  Object.defineProperty(Error, 'prepareStackTrace', {
    configurable: true,
    enumerable: true,
    get: () => own ?? prepare,
    set: (value: typeof Error.prepareStackTrace | undefined) => {
      own = value === prepare ? undefined : value;
    },
  });
}
