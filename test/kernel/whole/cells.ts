/** Tables of cells: each claim is a sequence of cells, each with what it shows. One kernel runs a whole table. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Exchange, shownBy, TestKernel } from '../../support/kernel-client.ts';

/** What a cell shows. What is left out must not be there. Cells are numbered from the claim's first one: `In [1]`. */
export interface Outcome {
  readonly result?: string | RegExp;
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  /** `name: message` */
  readonly error?: string | RegExp;
  /** Goes with `error`; not looked at when left out. */
  readonly traceback?: string | RegExp;
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

function compare(code: string, { published, reply }: Exchange, shows: string | Outcome, first: number): void {
  const outcome: Outcome = typeof shows === 'string' ? { result: shows } : shows;
  const shown = shownBy(published);
  // Errors first: the others are seldom what is wrong.
  check('error', shown.errors.join('\n'), outcome.error, code);
  check('result', shown.result, outcome.result, code);
  check('stdout', shown.stdout, outcome.stdout, code);
  check('stderr', shown.stderr, outcome.stderr, code);
  if (outcome.traceback !== undefined)
    check('traceback', renumber(shown.traceback, first), outcome.traceback, code);
  assert.equal(reply['status'], outcome.error === undefined ? 'ok' : 'error', code);
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
    compare(code, exchange, shows, first);
  }
}

/** A block of tests, one for each claim, with a kernel whose working directory holds the files. */
export function describeCells(
  title: string,
  claims: Claims,
  files: Readonly<Record<string, string>> = {},
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
      it(claim, async () => {
        // These claims are about running, also of what a type checker would rather not see run.
        kernel ??= await TestKernel.start({ cwd: folder, env: { TSLOOP_TYPECHECK: 'off' } });
        await runSteps(kernel, steps);
      });
    }
  });
}
