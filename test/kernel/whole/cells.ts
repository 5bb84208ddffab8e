/** Tables of cells: each claim is a sequence of cells, each with what it shows. One kernel runs a whole table. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Exchange, shownBy, TestKernel } from '../../support/kernel-client.ts';
import { printedErrors } from '../../support/type-errors.ts';

/** What a cell shows. What is left out must not be there. Cells are numbered from the claim's first one: `In [1]`. */
export interface Outcome {
  readonly result?: string | RegExp;
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  /** `name: message` */
  readonly error?: string | RegExp;
  /** Goes with `error`; not looked at when left out. */
  readonly traceback?: string | RegExp;
  /**
   * The type errors that kept the cell from running, all of them, each as `code line:column underlined`:
   * `2322 1:7 total`. `error` may be left out.
   */
  readonly types?: readonly string[];
  /** The same, as warnings on stderr of a cell that ran. */
  readonly warnings?: readonly string[];
}

/** A cell and what it shows: a text alone is its result, nothing is nothing. */
export type Step = readonly [cell: string, shows?: string | Outcome];

export type Claims = Readonly<Record<string, readonly Step[]>>;

function check(
  what: string,
  actual: string | undefined,
  expected: string | RegExp | undefined,
  code: string,
): void {
  const message = `${what} of the cell:\n${code}\n`;
  if (expected instanceof RegExp) assert.match(actual ?? '', expected, message + (actual ?? ''));
  else assert.equal(actual ?? '', expected ?? '', message);
}

/** Numbers the cells of tracebacks from the claim's first one. */
function renumber(text: string, first: number): string {
  return text.replace(/In \[(\d+)\]/g, (_, count: string) => `In [${Number(count) - first + 1}]`);
}

function compare(code: string, { published, reply }: Exchange, outcome: Outcome, first: number): void {
  const shown = shownBy(published);
  // Errors first: the others are seldom what is wrong.
  if (outcome.types) compareTypes(code, { published, reply }, outcome.types);
  if (!outcome.types || outcome.error !== undefined)
    check('error', shown.errors.join('\n'), outcome.error, code);
  check('result', shown.result, outcome.result, code);
  check('stdout', shown.stdout, outcome.stdout, code);
  if (!outcome.warnings) check('stderr', shown.stderr, outcome.stderr, code);
  if (outcome.traceback !== undefined)
    check('traceback', renumber(shown.traceback, first), outcome.traceback, code);
  const isError = outcome.error !== undefined || outcome.types !== undefined;
  assert.equal(reply['status'], isError ? 'error' : 'ok', code);
}

/** The whole of a failed type check: one error, which lists them all, and the same in the reply. */
function compareTypes(
  code: string,
  { published, reply }: Pick<Exchange, 'published' | 'reply'>,
  types: readonly string[],
): void {
  const { errors, traceback } = shownBy(published);
  const printed = printedErrors(traceback, code);
  const message = `type errors of the cell:\n${code}\n${errors.join('\n')}\n${traceback}`;
  assert.deepEqual(
    printed.map(({ place }) => place),
    types,
    message,
  );
  const more = printed.length === 1 ? '' : ` (and ${printed.length - 1} more)`;
  const evalue = `${printed[0]?.message.split('\n')[0]}${more}`;
  assert.deepEqual(errors, [`TypeScriptError: ${evalue}`], message);
  for (const { label } of printed) assert.equal(label, `In [${String(reply['execution_count'])}]`, message);
  assert.deepEqual([reply['ename'], reply['evalue']], ['TypeScriptError', evalue], message);
  assert.equal((reply['traceback'] as string[]).join('\n'), traceback, message);
}

/** Waits for the warnings, which may come later than the cell's end. */
async function compareWarnings(
  { client }: TestKernel,
  code: string,
  id: string,
  warnings: readonly string[],
): Promise<void> {
  const stderr = (): string => shownBy(client.published(id)).stderr;
  const isWhole = (text: string): boolean =>
    text.split(/ - (?:error|warning) TS/).length > warnings.length && /\^\s*$|called\.\s*$/.test(text);
  await client.wait(
    `${warnings.length} warnings of the cell:\n${code}`,
    ({ parent, type }) => parent === id && type === 'stream' && isWhole(stderr()),
  );
  const printed = printedErrors(stderr(), code).map(({ place }) => place);
  assert.deepEqual(printed, warnings, code);
}

/** Makes files in a new temporary folder; returns the folder. */
export async function makeFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tsloop-cells-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** Runs one claim in a kernel. */
async function runSteps(kernel: TestKernel, steps: readonly Step[]): Promise<void> {
  let first: number | undefined;
  for (const [code, shows = {}] of steps) {
    const exchange = await kernel.client.run(code);
    first ??= Number(exchange.reply['execution_count']);
    const outcome: Outcome = typeof shows === 'string' ? { result: shows } : shows;
    compare(code, exchange, outcome, first);
    if (outcome.warnings) await compareWarnings(kernel, code, exchange.id, outcome.warnings);
  }
}

/**
 * A block of tests, one for each claim, with a kernel whose working directory holds the files.
 * @param env variables of the kernel, asked for when it is started
 */
export function describeCells(
  title: string,
  claims: Claims,
  files: Readonly<Record<string, string>> = {},
  // Most claims are about running, also of what a type checker would rather not see run.
  env: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>) = {
    TSLOOP_TYPECHECK: 'off',
  },
): void {
  describe(title, () => {
    let folder: string;
    let kernel: TestKernel | undefined;
    before(async () => {
      folder = await makeFolder(files);
    });
    afterEach(async function () {
      // A kernel that did not do what it should is not asked further.
      if (this.currentTest?.state !== 'failed') return;
      await kernel?.stop();
      kernel = undefined;
    });
    after(async () => {
      await kernel?.stop();
      await rm(folder, { recursive: true, force: true });
    });
    for (const [claim, steps] of Object.entries(claims)) {
      it(claim, async function () {
        // On a busy machine a cell takes tenths of a second.
        this.timeout(Math.max(30_000, 500 * steps.length));
        const variables = typeof env === 'function' ? env() : env;
        kernel ??= await TestKernel.start({ cwd: folder, env: variables });
        await runSteps(kernel, steps);
      });
    }
  });
}
