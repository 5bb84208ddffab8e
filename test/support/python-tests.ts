/** Shows the unittest tests of a Python file as mocha tests of their own. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { makeJupyterHome, repository } from './jupyter-home.ts';
import { runPython } from './python.ts';

/** Starting a kernel takes about a second, and more on a slow machine; a whole file has dozens of steps. */
const TIMEOUT_MS = 300_000;

interface Outcome {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

/**
 * Declares one mocha test per name. The Python file runs once, before the first of them, with the
 * kernel installed in a Jupyter of its own.
 *
 * @param file path of the Python file, from the root of the repository
 * @param names `Class.test_name` of all tests in it; a last mocha test fails when the file has others
 */
export function pythonTests(file: string, names: readonly string[]): void {
  let outcomes: Outcome[] = [];
  let log = '';

  before(async function () {
    this.timeout(TIMEOUT_MS);
    const home = await makeJupyterHome();
    try {
      const ended = await report('run', file, home.env);
      outcomes = ended.lines as Outcome[];
      log = ended.stderr;
    } finally {
      await home.remove();
    }
  });

  for (const name of names) {
    it(title(name), () => {
      const found = outcomes.find((each) => each.name === name);
      const others = outcomes.filter((each) => !names.includes(each.name)).map((each) => each.detail);
      assert(found, `${name} of ${file} did not run\n${others.join('\n')}\n${log}`);
      assert.equal(found.outcome, 'passed', found.detail);
    });
  }

  it(`has no other test in ${path.basename(file)}`, async () => {
    const { lines, stderr } = await report('list', file, {});
    assert.deepEqual(lines.map((each) => each.name).sort(), [...names].sort(), stderr);
  });
}

/** `InterruptTests.test_ends_a_loop` → `interrupt: ends a loop` */
function title(name: string): string {
  const [group = '', test = ''] = name.split('.');
  return `${group.replace(/Tests$/, '').toLowerCase()}: ${test.replace(/^test_/, '').replaceAll('_', ' ')}`;
}

async function report(
  command: 'list' | 'run',
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<{ lines: { name: string }[]; stderr: string }> {
  const script = path.join(repository, 'test', 'conformance', 'report.py');
  const { stdout, stderr } = await runPython([script, command, path.join(repository, file)], { env });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line) as { name: string }), stderr };
}
