/**
 * Mocha's `spec` report, and the outcome as JSON in the file that TSLOOP_TEST_SUMMARY names: test/mocha.mjs
 * reads it. It is written synchronously, as mocha may exit right after the end.
 */
import { writeFileSync } from 'node:fs';
import mocha from 'mocha';

export default class Reporter extends mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env['TSLOOP_TEST_SUMMARY'];
    if (file === undefined) return;
    const failures: { title: string; file: string | null }[] = [];
    runner.on('fail', (test) => failures.push({ title: test.fullTitle(), file: fileOf(test) }));
    runner.once('end', () => {
      const { passes, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failures, skipped: pending }));
    });
  }
}

/** Hooks do not always know their file; a suite around them does. */
function fileOf(runnable: Mocha.Runnable): string | null {
  let suite: Mocha.Suite | undefined = runnable.parent;
  if (runnable.file !== undefined) return runnable.file;
  while (suite !== undefined && suite.file === undefined) suite = suite.parent;
  return suite?.file ?? null;
}
