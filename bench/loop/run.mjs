// `npm run bench:loop`: brings the build up to date, finds a Python with asyncio and, where it can be had,
// uvloop, then runs the compiled main.ts. Without Python tsloop is measured alone.
import path from 'node:path';
import { build } from '../../kernel/dev/build.mjs';
import { ensureDependencies } from '../../kernel/dev/dependencies.mjs';
import { ensurePython } from '../../kernel/dev/python.mjs';
import { cache, inRepo, run, runAsProgram, say } from '../../kernel/dev/repo.mjs';

/** @returns {Promise<NodeJS.ProcessEnv>} */
async function findPython() {
  try {
    const python = process.env['TSLOOP_BENCH_PYTHON'] ?? (await ensurePython('test'));
    const folder = path.join(cache, 'bench', 'uvloop');
    const environment = { TSLOOP_BENCH_PYTHON: python, PYTHONPATH: folder };
    const env = { ...process.env, ...environment };
    if ((await run(python, ['-c', 'import uvloop'], { env, stdio: 'ignore' })) !== 0) {
      say('installing uvloop into .cache/bench');
      await run(python, ['-m', 'pip', 'install', '--quiet', '--target', folder, 'uvloop'], {
        env,
        stdio: 'ignore',
      });
    }
    return environment;
  } catch (error) {
    say(`without Python: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

await runAsProgram(import.meta.url, async (args) => {
  await ensureDependencies();
  await build();
  const environment = await findPython();
  const program = inRepo('dist', 'bench', 'loop', 'main.js');
  return run(process.execPath, [program, ...args], { env: { ...process.env, ...environment } });
});
