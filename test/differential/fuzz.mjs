// `npm run fuzz:loop`: sets up Python and the build, then runs the compiled fuzz.ts.
import { build } from '../../kernel/dev/build.mjs';
import { ensureDependencies } from '../../kernel/dev/dependencies.mjs';
import { ensurePython } from '../../kernel/dev/python.mjs';
import { inRepo, run, runAsProgram } from '../../kernel/dev/repo.mjs';

await runAsProgram(import.meta.url, async (args) => {
  await ensureDependencies();
  await build();
  const python = process.env['TSLOOP_TEST_PYTHON'] ?? (await ensurePython('test'));
  const program = inRepo('dist', 'test', 'differential', 'fuzz.js');
  return run(process.execPath, [program, ...args], { env: { ...process.env, TSLOOP_TEST_PYTHON: python } });
});
