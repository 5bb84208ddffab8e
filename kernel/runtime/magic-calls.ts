/** `!` lines and magics, called by the cells that they stand in. */
import { randomUUID } from 'node:crypto';
import { KeyboardInterrupt } from '../../src/errors.ts';
import { type MimeBundle, type TypecheckMode, typecheckMode } from '../bridge.ts';
import type { MagicContext, MakeWidget } from '../magics/magic.ts';
import { splitCell } from '../magics/lines.ts';
import { assembleCell } from './assemble.ts';
import { type Cell, currentCell } from './cells.ts';
import type { SessionLoop } from './loop.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';

type Types = Readonly<Record<string, string>>;

/** The type checker answers in some 10 ms; one that has to start first takes longer (ms). */
const TYPES_TIME = 5000;

const { setTimeout, clearTimeout } = globalThis;

/** The commands are loaded with the first call: most cells have none. */
export class MagicCalls {
  readonly #session: Session;
  readonly #output: Output;
  readonly #loop: () => SessionLoop;
  readonly #makeWidget: MakeWidget;
  /** Calls that have not ended, by cell: they end by themselves when the cell's signal is aborted. */
  readonly #live = new Map<Cell, number>();
  readonly #questions = new Map<number, (types: Types) => void>();
  #lastQuestion = 0;
  readonly #watchers = new Set<(isRunning: boolean) => void>();
  #typecheck: TypecheckMode = typecheckMode(process.env['TSLOOP_TYPECHECK']) ?? 'on';

  constructor(session: Session, output: Output, loop: () => SessionLoop, makeWidget: MakeWidget) {
    this.#session = session;
    this.#output = output;
    this.#loop = loop;
    this.#makeWidget = makeWidget;
  }

  /** A cell has begun, or the last that ran has ended. */
  cellsRun(isRunning: boolean): void {
    for (const watcher of this.#watchers) watcher(isRunning);
  }

  /** Whether the cell waits for a command or a magic. */
  isLive(cell: Cell): boolean {
    return this.#live.has(cell);
  }

  /** A `!` line. Its exit code is left in `_exit_code`, as in IPython; it is no error. */
  shell(command: string): Promise<void> {
    return this.#track(async (context) => {
      const { runShell } = await import('../magics/shell.ts');
      const exitCode = await runShell(command, context);
      Object.defineProperty(globalThis, '_exit_code', {
        value: exitCode,
        configurable: true,
        writable: true,
        enumerable: false,
      });
    });
  }

  line(name: string, args: string): Promise<unknown> {
    return this.#track(async (context) =>
      (await import('../magics/registry.ts')).runLineMagic(name, args, context),
    );
  }

  cell(name: string, args: string, body: string, bodyLine: number, shown: string): Promise<unknown> {
    return this.#track(
      async (context) => (await import('../magics/registry.ts')).runCellMagic(name, args, body, context),
      { lineOffset: bodyLine - 1, shown },
    );
  }

  /** The type checker's answer to {@link MagicContext.types}. */
  takeTypes(id: number, types: Types): void {
    this.#questions.get(id)?.(types);
  }

  #types(names: readonly string[]): Promise<Types> {
    return new Promise((resolve) => {
      const id = ++this.#lastQuestion;
      const answered = (types: Types): void => {
        clearTimeout(timer);
        this.#questions.delete(id);
        resolve(types);
      };
      // Without a checker, or with one that hangs, the variables are listed all the same.
      const timer = setTimeout(answered, TYPES_TIME, {});
      this.#questions.set(id, answered);
      this.#output.emit({ type: 'askTypes', id, names });
    });
  }

  async #track<T>(
    call: (context: MagicContext) => Promise<T> | T,
    place?: { lineOffset: number; shown: string },
  ): Promise<T> {
    const cell = currentCell();
    if (!cell) throw new Error('A magic needs a cell to run in');
    this.#addLive(cell, 1);
    try {
      const value = await call(this.#context(cell, place));
      // What follows a stopped command must not run.
      if (cell.abort.signal.aborted) throw new KeyboardInterrupt('The cell was interrupted');
      return value;
    } finally {
      this.#addLive(cell, -1);
    }
  }

  #addLive(cell: Cell, change: 1 | -1): void {
    const left = (this.#live.get(cell) ?? 0) + change;
    if (left === 0) this.#live.delete(cell);
    else this.#live.set(cell, left);
  }

  #context(cell: Cell, place: { lineOffset: number; shown: string } | undefined): MagicContext {
    return {
      signal: cell.abort.signal,
      print: (text, stream = 'stdout') => this.#output.write(stream, text, cell.id),
      show: (data) => this.#output.emit({ type: 'display', cell: cell.id, data, metadata: {} }),
      showLive: (shown) => {
        const show = (data: MimeBundle, displayId: string, update: boolean): void =>
          this.#output.emit({ type: 'display', cell: cell.id, data, metadata: {}, displayId, update });
        const id = randomUUID();
        show(shown, id, false);
        return (data) => show(data, id, true);
      },
      watchCells: (listener) => {
        this.#watchers.add(listener);
        return () => void this.#watchers.delete(listener);
      },
      makeWidget: this.#makeWidget,
      addPayload: (payload) => cell.payload.push(payload),
      virtually: async (run) => {
        this.#loop().goVirtual(cell);
        try {
          return await run();
        } finally {
          this.#loop().goReal(cell);
        }
      },
      variables: async () => this.#session.variables(),
      types: (names) => this.#types(names),
      typecheck: (mode) => {
        if (mode === undefined) return this.#typecheck;
        this.#output.emit({ type: 'typecheck', mode });
        this.#typecheck = mode;
        return mode;
      },
      evaluate: (code) =>
        new Promise((resolve, reject) => {
          // Meanwhile it is the cell's own code that runs, which is stopped as that of any cell.
          this.#addLive(cell, -1);
          const source = {
            // What a line magic takes is no cell.
            code: place ? assembleCell(splitCell(code)) : code,
            shown: place?.shown ?? code,
            label: cell.label,
            lineOffset: place?.lineOffset ?? 0,
          };
          this.#session.run(
            source,
            (result) => {
              this.#addLive(cell, 1);
              if (result.status === 'ok') resolve(result.value);
              else if (result.status === 'threw') reject(result.error);
              else reject(new KeyboardInterrupt('The cell was interrupted'));
            },
            cell.lane,
          );
        }),
    };
  }
}
