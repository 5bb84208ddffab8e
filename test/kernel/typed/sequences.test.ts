/**
 * Random sequences of cells against the model of the scope. A failure prints its seed, and the shortest sequence
 * that fails. TSLOOP_TEST_SEQUENCES says how many there are, TSLOOP_TEST_SEED which ones.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { printedErrors } from '../../support/type-errors.ts';
import { type KindName, kinds, PRELUDE, Scope } from './scope-model.ts';

const SEQUENCES = Number(process.env['TSLOOP_TEST_SEQUENCES'] ?? 40);
const CELLS = 12;

/** Names that are no misspellings of each other: TypeScript would propose one for the other. */
const NAMES = ['orange', 'velvet', 'thicket', 'jumble', 'spark'] as const;

/** What a cell does with one name. */
interface Action {
  readonly name: string;
  readonly does: KindName | 'assign';
}

/** How a cell ends: it runs, throws in front of one of its actions, or has a type error. */
const ENDS = {
  runs: undefined,
  throws: 'JSON.parse("{");',
  'throws in an await': 'await Promise.reject(new Error("refused"));',
  'throws in a callback': '[1].forEach(() => { throw new Error("called") });',
  'throws in a function': '(function outer() { (() => { throw new Error("inner") })() })();',
  'is refused': 'const refused: number = "text";',
} as const;

interface CellPlan {
  readonly actions: readonly Action[];
  readonly end: keyof typeof ENDS;
  /** In front of which action it throws, or has its error. */
  readonly at: number;
}

const action: fc.Arbitrary<Action> = fc.record({
  name: fc.constantFrom(...NAMES),
  does: fc.constantFrom(...(Object.keys(kinds) as KindName[]), 'assign' as const),
});

const plan: fc.Arbitrary<CellPlan> = fc.record({
  // A name is used once in a cell: twice is another error, or none, depending on the kinds.
  actions: fc.uniqueArray(action, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
  end: fc.oneof(
    { weight: 3, arbitrary: fc.constant('runs' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...(Object.keys(ENDS) as (keyof typeof ENDS)[])) },
  ),
  at: fc.nat({ max: 3 }),
});

/** One sequence in a kernel that others use too: its names carry its number. */
class Sequence {
  readonly #kernel: TestKernel;
  readonly #names: readonly string[];
  readonly #scope = new Scope();
  /** What has been run, for the report. */
  readonly #cells: string[] = [];
  #number = 0;

  constructor(kernel: TestKernel, number: number) {
    this.#kernel = kernel;
    this.#names = NAMES.map((name) => `${name}${number}`);
  }

  async run(plans: readonly CellPlan[]): Promise<void> {
    for (const each of plans) {
      await this.#runCell(each);
      await this.#compareTypes();
      await this.#compareValues();
    }
  }

  async #runCell({ actions, end, at }: CellPlan): Promise<void> {
    const scope = this.#scope;
    const used = actions.map(({ name }) => this.#nameOf(name));
    const others = this.#names.filter((name) => !used.includes(name));
    const done: (() => void)[] = [];
    const reached: (() => void)[] = [];
    const lines: string[] = [];
    for (const [index, { name: short, does }] of actions.entries()) {
      if (index === at) lines.push(ENDS[end] ?? '');
      const name = this.#nameOf(short);
      const isReached = end === 'runs' || index < at;
      this.#number += 1;
      if (does === 'assign') {
        const assigned = scope.values.get(name)?.assign?.(this.#number);
        if (!assigned) continue;
        lines.push(assigned.code);
        if (isReached) reached.push(() => scope.values.set(name, assigned.meaning));
      } else {
        const declaration = kinds[does](name, this.#number, scope, others);
        lines.push(declaration.code);
        if (declaration.first) done.push(() => scope.declare(name, declaration));
        else if (isReached) reached.push(() => scope.declare(name, declaration));
      }
    }
    if (at >= actions.length) lines.push(ENDS[end] ?? '');
    const code = lines.join('\n');
    const { errors } = await this.#send(code);
    const expected =
      end === 'runs' ? /^$/ : end === 'is refused' ? /^TypeScriptError: [^()]*$/ : /^(SyntaxError|Error): /;
    assert.match(errors.join('\n'), expected, this.#report());
    if (end !== 'is refused') for (const effect of [...done, ...reached]) effect();
  }

  /** Asks for all types at once, in a cell that is refused: nothing of it runs. */
  async #compareTypes(): Promise<void> {
    const { values, types } = this.#scope;
    const questions: Question[] = [];
    for (const name of this.#names) {
      const value = values.get(name);
      if (value) questions.push(question(value.typed, value.type(this.#scope)));
      const type = types.get(name);
      if (type) questions.push(question(type.typed, type.type));
      if (values.has(name)) continue;
      const isType = types.has(name);
      questions.push({
        code: `${name};`,
        expected: isType ? /^2693: .*only refers to a type/ : exactly(`2304: Cannot find name '${name}'.`),
      });
    }
    const code = questions.map(({ code: line }) => line).join('\n');
    const { traceback } = await this.#send(code);
    const printed = printedErrors(traceback, code).map(
      ({ place, message }) => `${place.split(' ')[0]}: ${message}`,
    );
    const report = `${printed.join('\n')}\n${this.#report()}`;
    assert.equal(printed.length, questions.length, report);
    for (const [index, { expected }] of questions.entries())
      assert.match(printed[index] ?? '', expected, report);
  }

  /** Prints all values at once; the cell is accepted only if the names are known. */
  async #compareValues(): Promise<void> {
    const meanings = [...this.#scope.values.values()];
    const code = `console.log(JSON.stringify([${meanings.map(({ valued }) => valued).join(', ')}]))`;
    const { stdout, errors } = await this.#send(code);
    assert.deepEqual(errors, [], this.#report());
    const values = meanings.map((meaning) => meaning.value(this.#scope));
    assert.equal(stdout, `[${values.join(',')}]\n`, this.#report());
  }

  #nameOf(short: string): string {
    return this.#names.find((name) => name.startsWith(short)) ?? short;
  }

  async #send(code: string): Promise<ReturnType<typeof shownBy>> {
    this.#cells.push(code);
    const { published } = await this.#kernel.client.run(code);
    return shownBy(published);
  }

  #report(): string {
    return `after these cells:\n${this.#cells.join('\n---\n')}\n`;
  }
}

/** A line that is refused, and how. */
interface Question {
  readonly code: string;
  readonly expected: RegExp;
}

/** Asks for the type of an expression: nothing but `never` satisfies `never`. */
function question(expression: string, type: string): Question {
  return {
    code: `${expression} satisfies never;`,
    expected: exactly(`1360: Type '${type}' does not satisfy the expected type 'never'.`),
  };
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

describe('random sequences of cells', () => {
  let kernel: TestKernel | undefined;
  after(() => kernel?.stop());

  it('have the types and the values that the model of the scope has', async function () {
    // Each kernel of a failure is a new one, and shrinking takes many sequences.
    this.timeout(Math.max(120_000, SEQUENCES * 10_000));
    let sequence = 0;
    const property = fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: CELLS, size: 'max' }),
      async (plans) => {
        if (!kernel) {
          kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'on' } });
          await kernel.client.run(PRELUDE);
        }
        sequence += 1;
        try {
          await new Sequence(kernel, sequence).run(plans);
        } catch (error) {
          await kernel.stop();
          kernel = undefined;
          throw error;
        }
      },
    );
    const seed = process.env['TSLOOP_TEST_SEED'];
    await fc.assert(property, {
      numRuns: SEQUENCES,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      // Shrinking drops cells and actions; what takes longer than this (ms) is reported as far as it has come.
      interruptAfterTimeLimit: Math.max(100_000, SEQUENCES * 8000),
      markInterruptAsFailure: true,
    });
  });
});
