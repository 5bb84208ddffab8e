/** A folder of one test's own, which is the current one while it runs. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called in a `describe`: gives the path of a fresh folder to each of its tests, inside of which it runs. */
export function inTemporaryFolder(): () => string {
  const home = process.cwd();
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsloop magics ')));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
  return () => folder;
}
