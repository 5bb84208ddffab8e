// Runs one suite in mocha, and what failed in it once more.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRepo, run, say } from '../kernel/dev/repo.mjs';

/** @typedef {{ title: string, file: string | null }} Failure `file` is null for a run that broke off */
/** @typedef {{ passed: number, failures: Failure[], skipped: number }} Outcome */
/** @typedef {{ passed: number, failed: number, skipped: number, unsteady: string[] }} Counts */

/** When more files than this fail, something is broken, and a second try would only take time. */
const MOST_FILES_TRIED_AGAIN = 6;

/**
 * Runs a suite. Files with a failure are run a second time, in a process of their own, when the others are
 * done: a test that passes then counts as passed, and is named in `unsteady`. The machines that these tests
 * run on are shared; a fault that is really there fails twice, and one that is seldom is not hidden.
 * @param {import('./suites.mjs').Suite} suite
 * @param {readonly string[]} args for mocha
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Counts>}
 */
export async function runSuite(suite, args, environment) {
  say(`testing ${suite.name}`);
  const first = await runMocha(suite, suite.files, args, environment);
  const { passed, skipped } = first;
  const files = new Set(first.failures.map(({ file }) => file));
  if (files.size === 0) return { passed, failed: 0, skipped, unsteady: [] };
  const known = [...files].filter((file) => file !== null);
  const again = files.has(null) ? suite.files : known;
  if (known.length > MOST_FILES_TRIED_AGAIN)
    return { passed, failed: first.failures.length, skipped, unsteady: [] };
  say(`${suite.name}: ${first.failures.length} failed; trying ${again.length} files once more`);
  const second = await runMocha(suite, again, args, environment);
  if (files.has(null)) {
    // The first run has no counts: the second is the only one.
    const unsteady = second.failures.length === 0 ? [`${suite.name}: the first run broke off`] : [];
    return { passed: second.passed, failed: second.failures.length, skipped: second.skipped, unsteady };
  }
  const failedAgain = new Set(second.failures.map(({ title }) => title));
  const unsteady = first.failures.map(({ title }) => title).filter((title) => !failedAgain.has(title));
  const isWhole = second.failures.every(({ file }) => file !== null);
  if (!isWhole) return { passed, failed: first.failures.length, skipped, unsteady: [] };
  return { passed: passed + unsteady.length, failed: failedAgain.size, skipped, unsteady };
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {readonly string[]} files
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Outcome>}
 */
async function runMocha(suite, files, args, environment) {
  if (files.length === 0) return { passed: 0, failures: [], skipped: 0 };
  const scratch = await mkdtemp(path.join(tmpdir(), 'tsloop-test-'));
  try {
    const summary = path.join(scratch, 'summary.json');
    const node = suite.node ?? process.execPath;
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...process.env, ...environment, TSLOOP_TEST_SUMMARY: summary };
    // Programs that are called `node` in a test are this one.
    if (suite.node !== undefined)
      env['PATH'] = [path.dirname(node), process.env['PATH']].join(path.delimiter);
    const reporter = inRepo('dist', 'test', 'support', 'reporter.js');
    const mocha = inRepo('node_modules', 'mocha', 'bin', 'mocha.js');
    const code = await run(node, [mocha, '--reporter', reporter, ...args, ...files], { env });
    return await readOutcome(summary, suite, code);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @param {import('./suites.mjs').Suite} suite
 * @param {number} code mocha's exit code
 * @returns {Promise<Outcome>}
 */
async function readOutcome(file, suite, code) {
  const brokeOff = { title: `${suite.name} ended with exit code ${code}`, file: null };
  try {
    /** @type {Outcome} */
    const outcome = JSON.parse(await readFile(file, 'utf8'));
    // A failure that mocha counts nowhere, such as of a file that cannot be loaded.
    if (code !== 0 && outcome.failures.length === 0) outcome.failures.push(brokeOff);
    return outcome;
  } catch {
    return { passed: 0, failures: [brokeOff], skipped: 0 };
  }
}
