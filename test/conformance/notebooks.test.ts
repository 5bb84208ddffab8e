import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeJupyterHome, type JupyterHome, repository } from '../support/jupyter-home.ts';
import { notebooksIn, shownBy } from '../support/notebook.ts';
import { runJupyter, runProgram, runPython, type Ended } from '../support/python.ts';

const stored = path.join(repository, 'notebooks');
const names = await notebooksIn(stored);
const first = 'scheduling-calls.ipynb';

/** Each runs in some seconds; a loaded machine takes its time. */
const TIMEOUT_MS = 300_000;

describe('the notebooks', function () {
  this.timeout(TIMEOUT_MS);
  let home: JupyterHome;
  let work: string;

  before(async () => {
    home = await makeJupyterHome();
  });
  after(() => home.remove());

  // Each test has a copy of the folder: notebooks read and write files beside them.
  beforeEach(async () => {
    work = await mkdtemp(path.join(tmpdir(), 'tsloop-notebooks-'));
    await cp(stored, work, { recursive: true });
  });
  afterEach(() => rm(work, { recursive: true, force: true }));

  it('exist', () => assert.ok(names.length > 0, `no notebook in ${stored}`));

  async function showsWhatIsStored(name: string, ended: Ended): Promise<void> {
    assert.equal(ended.code, 0, `${ended.stdout}\n${ended.stderr}`);
    assert.deepEqual(
      await shownBy(path.join(work, 'executed.ipynb')),
      await shownBy(path.join(stored, name)),
    );
  }

  // It runs cells by nbclient too, so one notebook will do.
  it(`jupyter nbconvert --execute shows the stored outputs of ${first}`, async () => {
    const options = ['--to', 'notebook', '--execute', '--output', 'executed.ipynb'];
    await showsWhatIsStored(
      first,
      await runJupyter(['nbconvert', ...options, first], { env: home.env, cwd: work }),
    );
  });

  for (const name of names) {
    it(`nbclient shows the stored outputs of ${name}`, async () => {
      const script = path.join(repository, 'test', 'conformance', 'execute_notebook.py');
      const files = [path.join(work, name), path.join(work, 'executed.ipynb')];
      await showsWhatIsStored(name, await runPython([script, ...files], { env: home.env, cwd: work }));
    });

    it(`tsloop run, without Jupyter, shows the stored outputs of ${name}`, async () => {
      const cli = path.join(repository, 'dist', 'kernel', 'cli.js');
      const args = [cli, 'run', name, '--output', 'executed.ipynb'];
      await showsWhatIsStored(name, await runProgram(process.execPath, args, { cwd: work }));
    });
  }
});
