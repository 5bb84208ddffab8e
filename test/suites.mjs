// The suites that `npm test` is made of, each a mocha process of its own: one that breaks off takes no
// other with it.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { inRepo, root } from '../kernel/dev/repo.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {readonly string[]} files the compiled tests, from the root of the repository
 * @property {string} [node] the path of the Node to run on, if it is not ours
 */

/** Folders of dist/test whose tests need Python, a browser, or the packages of test/packages. */
const CLIENTS = ['browser', 'conformance', 'differential', 'notebooks', 'packages'];
/** Folders whose tests start a whole kernel each. */
const WHOLE = ['kernel/whole', 'kernel/typed'];
/** What depends on the version of Node: the scheduler's order, and all that runs cells. */
const ON_EACH_NODE = ['src', 'kernel/embedded', 'kernel/modules', 'kernel/runtime', 'kernel/whole'];

/** @returns {Promise<string[]>} */
async function testFiles() {
  const files = await readdir(inRepo('dist', 'test'), { recursive: true });
  return files
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

/** @param {string} file @param {readonly string[]} folders */
const isIn = (file, folders) => folders.some((folder) => file.startsWith(`${folder}/`));

/** @param {readonly string[]} files */
const compiled = (files) => files.map((file) => path.relative(root, inRepo('dist', 'test', file)));

/**
 * All tests, for the Node that runs this.
 * @param {boolean} unitOnly without what needs Python, a browser or packages
 * @returns {Promise<Suite[]>}
 */
export async function suites(unitOnly) {
  const files = await testFiles();
  const clients = files.filter((file) => isIn(file, CLIENTS));
  const whole = files.filter((file) => isIn(file, WHOLE));
  const units = files.filter((file) => !clients.includes(file) && !whole.includes(file));
  const found = [
    { name: 'units', files: compiled(units) },
    { name: 'whole kernels', files: compiled(whole) },
    { name: 'clients', files: compiled(clients) },
  ];
  return unitOnly ? found.slice(0, 2) : found;
}

/**
 * The tests whose outcome may depend on Node's version.
 * @param {string} name 'Node 24'
 * @param {string} node the path of its program
 * @returns {Promise<Suite>}
 */
export async function suiteOnNode(name, node) {
  const files = (await testFiles()).filter((file) => isIn(file, ON_EACH_NODE));
  return { name, files: compiled(files), node };
}
