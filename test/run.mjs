// `npm test`: sets up all that the tests need and runs them.
//
//   npm test                      everything
//   npm test -- --unit            only the tests that need neither Python nor a browser
//   npm test -- --grep history    other arguments go to mocha
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureChromium } from '../kernel/dev/browser.mjs';
import { build } from '../kernel/dev/build.mjs';
import { ensureDependencies } from '../kernel/dev/dependencies.mjs';
import { ensurePython } from '../kernel/dev/python.mjs';
import { inRepo, run, runAsProgram } from '../kernel/dev/repo.mjs';

const UNIT = ['*', 'bench/*', 'src/**/*', 'kernel/**/*'].map((files) => `dist/test/${files}.test.js`);
const ALL = ['dist/test/**/*.test.js'];

/** @param {boolean} unitOnly @returns {Promise<NodeJS.ProcessEnv>} what the tests find in their environment */
async function setUp(unitOnly) {
  await ensureDependencies();
  await build();
  if (unitOnly) return {};
  return { TSLOOP_TEST_PYTHON: await ensurePython('test'), TSLOOP_TEST_CHROMIUM: await ensureChromium() };
}

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {string} file @returns {Promise<Counts>} the counts; a run that ended without them has failed as a whole */
async function readCounts(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

await runAsProgram(import.meta.url, async (args) => {
  const unitOnly = args.includes('--unit');
  const environment = await setUp(unitOnly);
  const scratch = await mkdtemp(path.join(tmpdir(), 'tsloop-test-'));
  try {
    const summary = path.join(scratch, 'summary.json');
    const reporter = inRepo('dist', 'test', 'support', 'reporter.js');
    const chosen = args.filter((arg) => arg !== '--unit');
    const code = await run(
      process.execPath,
      [
        inRepo('node_modules', 'mocha', 'bin', 'mocha.js'),
        '--reporter',
        reporter,
        ...chosen,
        ...(unitOnly ? UNIT : ALL),
      ],
      { env: { ...process.env, ...environment, TSLOOP_TEST_SUMMARY: summary } },
    );
    const { passed, failed, skipped } = await readCounts(summary);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return code;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});
