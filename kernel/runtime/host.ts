/** What a cell finds in its global scope, besides what Node puts there. */
import { HOST } from '../bridge.ts';
import type { Display } from '../display/types.ts';
import { CELL_GLOBALS, type CellGlobal, sessionName } from '../language/globals.ts';
import { makeDollar } from '../magics/dollar.ts';
import { shellText } from '../magics/interpolate.ts';
import { currentCell } from './cells.ts';
import { makeFramelessGuard } from './frameless.ts';
import { cellMeta, cellRequire, importFromCell } from './imports.ts';
import type { Session } from './session.ts';
import { loopCalls, makeTerminate } from './interrupt.ts';

export interface HostServices {
  readonly session: Session;
  /** Whether output is being handed over right now. */
  isPosting(this: void): boolean;
  shell(command: string): Promise<void>;
  magic(name: string, args: string): Promise<unknown>;
  readonly display: Display;
  /** The globals that only cells see, each made when it is first used. */
  readonly globals: Readonly<Record<CellGlobal, () => unknown>>;
  clearOutput(this: void, options?: { readonly wait?: boolean }): void;
}

/** What compiled cells call: a cell that replaced it would be the last one. */
function fix(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: false, writable: false, enumerable: false });
}

function hide(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
}

/** A global made when it is first read; cells may replace it like any other. */
function hideLazily(name: string, make: () => unknown): void {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    enumerable: false,
    get: make,
    set: (value: unknown) => {
      hide(name, value);
    },
  });
}

/** Defines the globals of cells: `require`, `$`, `display`, `clearOutput`, and the one that compiled code calls. */
export function installHost(services: HostServices): void {
  const { session } = services;
  const frameless = makeFramelessGuard();
  fix(HOST, {
    import: importFromCell,
    meta: cellMeta,
    result: session.takeResult,
    reached: session.takeStep,
    text: shellText,
    shell: (...parts: string[]) => services.shell(parts.join('')),
    magic: services.magic,
    ...loopCalls,
    // These are called through the inspector, in the middle of running code.
    terminate: makeTerminate(session, services.isPosting),
    stopFrameless: frameless.look,
    endFrameless: frameless.end,
  });
  hideLazily('require', cellRequire);
  hide(
    '$',
    makeDollar(() => currentCell()?.abort.signal),
  );
  for (const name of CELL_GLOBALS) {
    hideLazily(sessionName(name), () => {
      const value = services.globals[name]();
      hide(sessionName(name), value);
      return value;
    });
  }
  hide('display', services.display);
  hide('clearOutput', services.clearOutput);
}
