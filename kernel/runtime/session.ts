/** The scope that cells share: compiles their text, evaluates it, and knows what they declared. */
import { HOST } from '../bridge.ts';
import { isBuiltIn, sessionName } from '../language/globals.ts';
import { CellSyntaxError, compileCell, type Compiled } from '../language/compile.ts';
import type { Scope } from '../language/rewrite.ts';
import type { DeclarationKind } from '../language/syntax.ts';
import { jsxOptionsOf } from '../modules/jsx.ts';
import { Evaluator } from './evaluate.ts';
import { registerScript, scriptName } from './scripts.ts';

export interface Source {
  /** TypeScript, nothing but. */
  readonly code: string;
  /** The text that excerpts are taken from. */
  readonly shown: string;
  /** `In [3]` */
  readonly label: string;
  /** How many lines of `shown` stand above `code`. */
  readonly lineOffset: number;
}

export type Result =
  | { readonly status: 'ok'; readonly value: unknown }
  | { readonly status: 'threw'; readonly error: unknown }
  | { readonly status: 'stopped' };

export class Session {
  /** By lane: each can be given up without the others. */
  readonly #evaluators = [new Evaluator()];
  readonly #names = new Map<string, DeclarationKind>();
  readonly #captured = new Set<string>();
  readonly #results = new Map<number, unknown>();
  /** By script that runs: what it declares with each of its steps, and as what. */
  readonly #steps = new Map<number, Pick<Compiled, 'steps' | 'names'> & { readonly lane: number }>();
  /** By lane: what has been declared since {@link takeDeclared} was last called. */
  readonly #declared = new Map<number, Set<string>>();
  #scripts = 0;
  readonly #scope: Omit<Scope, 'renames'> = {
    isKept: (name) => ['var', 'function'].includes(this.#names.get(name) ?? ''),
    isConstant: (name) => ['const', 'import'].includes(this.#names.get(name) ?? ''),
    isVariable: (name) => this.#names.has(name),
    isCaptured: (name) => this.#captured.has(name),
  };

  /** What cells have declared, also by a cell that failed afterwards. */
  get names(): ReadonlyMap<string, DeclarationKind> {
    return this.#names;
  }

  /** Called by a script with the value of its last expression. */
  readonly takeResult = (id: number, value: unknown): void => {
    this.#results.set(id, value);
  };

  /** Called by a script that has got over one of the places where it declares something. */
  readonly takeStep = (id: number, step: number): void => {
    const script = this.#steps.get(id);
    if (!script) return;
    const declared = this.#declared.get(script.lane) ?? new Set();
    this.#declared.set(script.lane, declared);
    for (const name of script.steps[step] ?? []) {
      declared.add(name);
      // Not before: a name whose declaration is not reached stays what it was.
      const kind = script.names.get(name);
      if (kind) this.#names.set(name, kind);
    }
  };

  /** The names declared since the last call: of a cell that failed, those that it got to. */
  takeDeclared(lane: number = 0): string[] {
    const declared = [...(this.#declared.get(lane) ?? [])];
    this.#declared.delete(lane);
    return declared;
  }

  /** Compiles and runs; `done` is called once, at once if the code does not await. */
  run(source: Source, done: (result: Result) => void, lane: number = 0): void {
    const id = ++this.#scripts;
    let compiled: Compiled;
    try {
      compiled = compileCell(source.code, {
        id,
        scope: { ...this.#scope, renames: [...this.#names.keys()].some(isBuiltIn) },
        jsxOptions: () => jsxOptionsOf('.'),
      });
    } catch (error) {
      done({
        status: 'threw',
        error: error instanceof CellSyntaxError ? error.below(source.lineOffset) : error,
      });
      return;
    }
    registerScript(id, {
      label: source.label,
      source: source.shown,
      code: compiled.codeAgain,
      lineOffset: source.lineOffset,
      positionOf: compiled.positionOf,
    });
    for (const name of compiled.captured) this.#captured.add(name);
    this.#steps.set(id, { steps: compiled.steps, names: compiled.names, lane });
    const evaluator = (this.#evaluators[lane] ??= new Evaluator());
    evaluator.evaluate(`${compiled.code}\n//# sourceURL=${scriptName(id)}`, (evaluation) => {
      const value = this.#results.get(id);
      this.#results.delete(id);
      this.#steps.delete(id);
      done(evaluation.status === 'ok' ? { status: 'ok', value } : evaluation);
    });
  }

  /** Those of the names that a cell could use: variables that have a value, and globals. */
  existing(names: readonly string[]): string[] {
    const variables = names.filter((name) => this.#names.has(name));
    // Undefined is what the compiler's hoisted variables are before their declaration has been reached.
    const alive = new Set(
      this.variables(variables).flatMap(({ name, value }) => (value === undefined ? [] : [name])),
    );
    return names.filter((name) => alive.has(name) || (!variables.includes(name) && name in globalThis));
  }

  /** The declared names with their values; names whose declaration has not been reached are left out. */
  variables(names: Iterable<string> = this.#names.keys()): Array<{ name: string; value: unknown }> {
    const found: Array<{ name: string; value: unknown }> = [];
    const collect = (probes: Record<string, () => unknown>): void => {
      for (const name of Object.keys(probes).sort()) {
        try {
          found.push({ name, value: probes[name]?.() });
        } catch {
          // A cell failed before it gave the name a value.
        }
      }
    };
    const host = (globalThis as unknown as Record<string, { collect?: typeof collect }>)[HOST];
    if (host) host.collect = collect;
    const probes = [...names].map((name) => `${JSON.stringify(name)}: () => ${sessionName(name)}`);
    this.#evaluators[0]?.evaluate(`${HOST}.collect({ ${probes.join(', ')} }); void 0`, () => {});
    return found;
  }

  /** Ends what is pending in the lane as stopped. The scope stays. */
  reset(lane: number = 0): void {
    this.#evaluators[lane]?.reset();
  }

  /** To be called in code that goes on although it was to be ended: only then does V8 take another request for it. */
  forgetTermination(): void {
    this.#evaluators[0]?.forgetTermination();
  }

  /** @param ended called when the running code has been ended, before Node goes on */
  terminate(ended: () => void): void {
    this.#evaluators[0]?.terminate(ended);
  }
}
