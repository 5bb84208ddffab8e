// `npm run check`: all that can be said about the sources without running them. It changes nothing, and
// needs no network once node_modules is there. Every check runs, also after one has failed.
import { ensureDependencies } from './dependencies.mjs';
import { build } from './build.mjs';
import { inRepo, run, runAsProgram, say } from './repo.mjs';

/** @type {readonly { name: string, bin: string, args: string[] }[]} */
const CHECKS = [
  { name: 'format (npm run format repairs it)', bin: 'oxfmt/bin/oxfmt', args: ['--check'] },
  { name: 'lint', bin: 'oxlint/bin/oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'types', bin: 'typescript/bin/tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'types of the set-up scripts', bin: 'typescript/bin/tsc', args: ['-p', 'kernel/dev'] },
  {
    name: 'architecture',
    bin: 'mocha/bin/mocha.js',
    args: ['--reporter', 'dot', 'dist/test/architecture.test.js'],
  },
  { name: 'unused files, exports and packages', bin: 'knip/bin/knip.js', args: ['--no-progress'] },
  // Not with npm pack, which would build the portable variant into dist.
  { name: 'the npm package', bin: 'publint/src/cli.js', args: ['--pack', 'false', '--strict'] },
];

await runAsProgram(import.meta.url, async () => {
  await ensureDependencies();
  await build();
  const failed = [];
  for (const { name, bin, args } of CHECKS) {
    say(`checking ${name}`);
    if ((await run(process.execPath, [inRepo('node_modules', bin), ...args])) !== 0) failed.push(name);
  }
  if (failed.length > 0) say(`failed: ${failed.join('; ')}`);
  else say('every check passed');
  return failed.length === 0 ? 0 : 1;
});
