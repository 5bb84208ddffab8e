// Joins the modules of the programs that must start fast: loading sixty small files takes Node longer
// than running them. The compiler's own output stays beside the bundles, for the tests.
import path from 'node:path';
import { inRepo } from './repo.mjs';

/** The programs: each is a file of its own in dist, what they share lies in dist/kernel/chunks. */
const PROGRAMS = ['kernel/main.ts', 'kernel/embedded/child.ts', 'kernel/cli.ts'];

/**
 * The front's thread, for whose sockets the client waits, is one file, and CommonJS: it starts 15 ms sooner than from
 * twenty chunks by the loader of ES modules.
 */
const FRONT = 'kernel/front/worker.ts';

/**
 * The scheduler stays as the compiler wrote it: cells and scripts import it from dist/src, and there
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
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  outbase: inRepo('kernel'),
  outdir: inRepo('dist/kernel'),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // Packages that have both are bundled as ES modules.
  mainFields: ['module', 'main'],
  external: ['zeromq', 'oxc-parser', '@swc/core', 'execa'],
  sourcemap: true,
  logLevel: 'warning',
  plugins: [scheduler],
};

export async function bundle() {
  const { build } = await import('esbuild');
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
