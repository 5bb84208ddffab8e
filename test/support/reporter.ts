/**
 * Mocha's `spec` report, and the counts as JSON in the file that TSLOOP_TEST_SUMMARY names: test/run.mjs
 * closes with them. They are written synchronously, as mocha may exit right after the end.
 */
import { writeFileSync } from 'node:fs';
import mocha from 'mocha';

export default class Reporter extends mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env['TSLOOP_TEST_SUMMARY'];
    if (file === undefined) return;
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}
