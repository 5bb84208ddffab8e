// `npm run docs`: the documents, the notebooks and the API comments as a site, in .cache/site/html.
//
//   npm run docs                  every link inside of the site is checked: a broken one fails
//   npm run docs -- --external    asks also each address on the internet
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, npm } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { ensurePython } from './python.mjs';
import { cache, inRepo, run, runAsProgram, say, SetupError } from './repo.mjs';

const site = path.join(cache, 'site');
const source = path.join(site, 'source');
const tools = path.join(site, 'tools');

/** What is on the site, and what its pages link to. */
const LAID_OUT = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
  'kernel.json',
  'docs',
  'notebooks',
  'kernel',
  'src',
  'test',
  'bench',
];

/** The modules that users import, and what their pages are called. */
const ENTRY_POINTS = ['src/index.ts'];

/**
 * Builds the site.
 * @param {{ external?: boolean }} [options]
 * @returns {Promise<string>} the path of its first page
 */
export async function buildDocs({ external = false } = {}) {
  await ensureDependencies();
  const python = await ensurePython('docs');
  return withLock('docs', async () => {
    await ensureTools();
    await layOut();
    await describeApi();
    await sphinx(python, 'html');
    if (external) await sphinx(python, 'linkcheck');
    return path.join(site, 'html', 'docs', 'site', 'index.html');
  });
}

/** TypeDoc, from docs/site/package.json; installed anew when that has changed. */
async function ensureTools() {
  const stamp = path.join(tools, 'stamp');
  const wanted = await readFile(inRepo('docs', 'site', 'package-lock.json'), 'utf8');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  await rm(tools, { recursive: true, force: true });
  await mkdir(tools, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    await cp(inRepo('docs', 'site', name), path.join(tools, name));
  say('installing the tools of the site into .cache/site');
  const code = await npm(['ci', '--no-audit', '--no-fund'], tools);
  if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}; its message is above`);
  await writeFile(stamp, wanted);
}

async function layOut() {
  await rm(source, { recursive: true, force: true });
  await mkdir(source, { recursive: true });
  for (const name of LAID_OUT) {
    await cp(inRepo(name), path.join(source, name), { recursive: true, filter: isPublished }).catch(
      (error) => {
        if (error.code !== 'ENOENT') throw error;
      },
    );
  }
}

/** @param {string} file */
function isPublished(file) {
  return !/(?:^|[\\/])(?:node_modules|\.ipynb_checkpoints|__pycache__)(?:[\\/]|$)/.test(file);
}

/** API comments → Markdown. TypeDoc has no stable command line for Windows paths with spaces; its API has. */
async function describeApi() {
  say('reading the API comments');
  const typedoc = await import(
    pathToFileURL(path.join(tools, 'node_modules', 'typedoc', 'dist', 'index.js')).href
  );
  const app = await typedoc.Application.bootstrapWithPlugins({
    name: 'API',
    entryPoints: ENTRY_POINTS.map((file) => inRepo(file)),
    tsconfig: inRepo('docs', 'site', 'tsconfig.json'),
    plugin: [path.join(tools, 'node_modules', 'typedoc-plugin-markdown', 'dist', 'index.js')],
    outputs: [{ name: 'markdown', path: path.join(source, 'api') }],
    readme: 'none',
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    hideBreadcrumbs: true,
    treatWarningsAsErrors: true,
    // Types of options that are named in a signature but not exported by themselves.
    validation: { notExported: false, invalidLink: true, notDocumented: false },
  });
  const project = await app.convert();
  if (project === undefined) throw new SetupError('the API comments could not be read; the errors are above');
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new SetupError('the API comments have mistakes; they are listed above');
  await app.generateOutputs(project);
  await markOrphans(path.join(source, 'api'));
}

/** Pages of the API are reached from its first page, and are not in the side bar. @param {string} folder */
async function markOrphans(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.md') || name === 'README.md') continue;
    const file = path.join(folder, name);
    await writeFile(file, `---\norphan: true\n---\n\n${await readFile(file, 'utf8')}`);
  }
}

/** @param {string} python @param {'html' | 'linkcheck'} builder */
async function sphinx(python, builder) {
  say(builder === 'html' ? 'making the pages' : 'asking the addresses on the internet');
  // -W: a warning, such as of a link that leads nowhere, fails; --keep-going: all are shown.
  const args = [
    '-m',
    'sphinx',
    '-q',
    '-W',
    '--keep-going',
    '-E',
    '-b',
    builder,
    '-c',
    inRepo('docs', 'site'),
    source,
    path.join(site, builder),
  ];
  const code = await run(python, args);
  if (code !== 0) throw new SetupError('the site has mistakes; they are listed above');
}

await runAsProgram(import.meta.url, async (args) => {
  const unknown = args.find((arg) => arg !== '--external');
  if (unknown !== undefined) throw new SetupError(`unknown option ${unknown}; known is --external`);
  console.log(await buildDocs({ external: args.includes('--external') }));
});
