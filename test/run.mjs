// `npm test`: sets up all that the tests need and runs them.
//
//   npm test                      everything; what depends on Node's version on each Node that is supported
//   npm test -- --this-node       everything, on the Node that npm runs on alone
//   npm test -- --node 24         only what depends on Node's version, on Node 24
//   npm test -- --unit            only the tests that need no Python, browser or packages, on this Node
//   npm test -- --grep history    other arguments go to mocha
import { ensureChromium } from '../kernel/dev/browser.mjs';
import { build } from '../kernel/dev/build.mjs';
import { ensureDependencies } from '../kernel/dev/dependencies.mjs';
import { ensureNode, lineOf, nodeLines } from '../kernel/dev/nodes.mjs';
import { ensurePython } from '../kernel/dev/python.mjs';
import { runAsProgram, SetupError } from '../kernel/dev/repo.mjs';
import { ensureTestPackages } from '../kernel/dev/test-packages.mjs';
import { runSuite } from './mocha.mjs';
import { suiteOnNode, suites } from './suites.mjs';

/** @typedef {{ unit: boolean, thisNode: boolean, nodes: string[], mocha: string[] }} Options */

/** @param {string[]} args @returns {Options} */
function parse(args) {
  /** @type {Options} */
  const options = { unit: false, thisNode: false, nodes: [], mocha: [] };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--unit') options.unit = true;
    else if (arg === '--this-node') options.thisNode = true;
    else if (arg === '--node') {
      const version = args[++i];
      if (version === undefined) throw new SetupError('--node needs a version, such as --node 24');
      options.nodes.push(version);
    } else options.mocha.push(arg);
  }
  return options;
}

/** @param {boolean} unitOnly @returns {Promise<NodeJS.ProcessEnv>} what the tests find in their environment */
async function setUp(unitOnly) {
  await ensureDependencies();
  await build();
  if (unitOnly) return {};
  return {
    TSLOOP_TEST_PYTHON: await ensurePython('test'),
    TSLOOP_TEST_CHROMIUM: await ensureChromium(),
    TSLOOP_TEST_PACKAGES: await ensureTestPackages(),
  };
}

/** @param {Options} options @returns {Promise<import('./suites.mjs').Suite[]>} */
async function chooseSuites({ unit, thisNode, nodes, mocha }) {
  const chosen = nodes.length > 0 ? [] : await suites(unit);
  const own = lineOf(process.versions.node);
  // With arguments for mocha it is somebody at work on something, who wants one answer soon.
  const everywhere = nodes.length === 0 && !unit && !thisNode && mocha.length === 0;
  const others = everywhere ? nodeLines.filter((line) => line !== own) : nodes;
  for (const line of others) chosen.push(await suiteOnNode(`on Node ${line}`, await ensureNode(line)));
  return chosen;
}

await runAsProgram(import.meta.url, async (args) => {
  const options = parse(args);
  const environment = await setUp(options.unit || options.nodes.length > 0);
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const unsteady = [];
  for (const suite of await chooseSuites(options)) {
    const counts = await runSuite(suite, options.mocha, environment);
    console.log(`${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    unsteady.push(...counts.unsteady.map((title) => `${suite.name}: ${title}`));
  }
  if (unsteady.length > 0) {
    console.log('Failed at first and passed when tried again; each of these is a fault to look for:');
    for (const title of unsteady) console.log(`  ${title}`);
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
});
