// Joins the modules of the programs that must start fast: loading sixty small files takes Node longer
// than running them. The compiler's own output stays beside the bundles, for the tests.
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRepo } from './repo.mjs';

/** The oldest Node that is supported. */
const TARGET = 'node20.19';

/** The programs: each is a file of its own in dist, what they share lies in dist/kernel/chunks. */
const PROGRAMS = ['kernel/main.ts', 'kernel/embedded/child.ts', 'kernel/cli.ts'];

/**
 * The front's thread, for whose sockets the client waits, is one file, and CommonJS: it starts 15 ms sooner than from
 * twenty chunks by the loader of ES modules.
 */
const FRONT = 'kernel/front/worker.ts';

/**
 * The scheduler is no part of the programs: cells and scripts import it from dist/src, and there
 * must be one of it.
 * @type {import('esbuild').Plugin}
 */
const scheduler = {
  name: 'scheduler',
  setup(build) {
    build.onResolve({ filter: /\/src\/(?:testing\/)?[\w-]+\.ts$/ }, ({ path: specifier, resolveDir }) => {
      const source = path.relative(inRepo('src'), path.resolve(resolveDir, specifier));
      // Bundles lie in dist/kernel, one folder deep or two: an absolute specifier serves both.
      return source.startsWith('..')
        ? null
        : { path: `#src/${source.replace(/\.ts$/, '.js')}`, external: true };
    });
    // So do cells, and the files that they import, with the comms (tsloop/comms).
    build.onResolve({ filter: /\/comm-registry\.ts$/ }, () => ({ path: '#comm-registry', external: true }));
    // And widgets (tsloop/widgets).
    build.onResolve({ filter: /\/widgets\/page\.ts$/ }, () => ({ path: '#page-widget', external: true }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  outbase: inRepo('kernel'),
  outdir: inRepo('dist/kernel'),
  bundle: true,
  platform: 'node',
  target: TARGET,
  // Packages that have both are bundled as ES modules.
  mainFields: ['module', 'main'],
  external: ['zeromq', 'oxc-parser', '@swc/core', 'execa'],
  sourcemap: true,
  logLevel: 'warning',
  plugins: [scheduler],
};

/** What all modules of the scheduler are joined to. Not the worker threads' part: it is a program of its own. */
const JOINED = 'joined.js';
const APART = new Set(['executor-worker.js']);

/**
 * Joins the modules of the scheduler, and leaves in the place of each one that hands on what was in it: who imports
 * any of them gets the same one scheduler, in two files instead of seventy, and 40 ms sooner.
 * @param {typeof import('esbuild').build} build
 */
async function joinScheduler(build) {
  const folder = inRepo('dist/src');
  // Not what lies in dist, where files may be left of modules that are no more.
  const files = (await readdir(inRepo('src'), { recursive: true }))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/').replace(/\.ts$/, '.js'))
    .filter((name) => !APART.has(name));
  const contents = files.map((name, i) => `export * as m${i} from './${name}';`).join('\n');
  await build({
    stdin: { contents, resolveDir: folder },
    outfile: path.join(folder, JOINED),
    bundle: true,
    platform: 'node',
    target: TARGET,
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  // A build in the same process may have loaded the last one.
  const address = `${pathToFileURL(path.join(folder, JOINED)).href}?${Date.now()}`;
  /** @type {Record<string, object>} */
  const joined = await import(address);
  await Promise.all(
    files.map(async (name, i) => {
      const names = Object.keys(joined[`m${i}`] ?? {});
      const from = path.posix.join('../'.repeat(name.split('/').length - 1), JOINED);
      const text =
        names.length === 0
          ? 'export {};\n'
          : `import { m${i} } from './${from}';\nexport const { ${names.join(', ')} } = m${i};\n`;
      await writeFile(path.join(folder, name), text);
    }),
  );
}

export async function bundle() {
  const { build } = await import('esbuild');
  await joinScheduler(build);
  await build({
    ...common,
    entryPoints: PROGRAMS.map((program) => inRepo(program)),
    chunkNames: 'chunks/[hash]',
    splitting: true,
    format: 'esm',
  });
  await build({
    ...common,
    entryPoints: [inRepo(FRONT)],
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    // What CommonJS does not have.
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}
