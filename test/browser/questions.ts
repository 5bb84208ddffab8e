/** Cells that ask, in JupyterLab: a box below the cell, which is typed into. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { LabPage } from './lab-page.ts';

/** Adds the tests to the suite; they type into the notebook that is open then. */
export function testQuestions(opened: () => { lab: LabPage }): void {
  /** Runs the code in a new cell, types one answer after the other, and gives what is shown at the end. */
  async function ask(code: string, answers: readonly string[], whenAsked?: (box: Locator) => Promise<void>) {
    const { lab } = opened();
    const cell = await lab.newCell(code);
    await lab.run();
    for (const answer of answers) {
      // Only the question that is open has a box; one that was answered is text.
      const box = cell.locator('input.jp-Stdin-input');
      await lab.step(`a box for ${answer}`, () => box.waitFor());
      await whenAsked?.(box);
      await box.fill(answer);
      await box.press('Enter');
      await lab.step('the box has gone', () => box.waitFor({ state: 'detached' }));
    }
    await lab.until('the asking cell has ended', async () => /^\[\d+\]:$/.test(await lab.prompt(cell)));
    return lab.output(cell);
  }

  it('asks for a line, a yes, and a secret that is not shown', async () => {
    const { lab } = opened();
    assert.match(
      await ask('const asked = prompt("Who is there?");\n`${asked} it is`', ['Ada'], async () => {
        await lab.screenshot('question');
      }),
      /^Who is there\?\s+Ada\s+'Ada it is'$/,
    );
    assert.match(await ask('confirm("Really?")', ['yes']), /true$/);
    const secret = await ask('password("Key:").length', ['sesame'], async (box) => {
      assert.equal(await box.getAttribute('type'), 'password');
    });
    assert.match(secret, /6$/);
    assert.ok(!secret.includes('sesame'), secret);
  });

  it('asks what readline asks, also where the cell has nothing left to do but wait', async () => {
    const output = await ask(
      "import { createInterface } from 'node:readline';\n" +
        'const lines = createInterface({ input: process.stdin, output: process.stdout });\n' +
        "lines.question('What is it? ', (what) => { console.log(`It is ${what}.`); lines.close() });",
      ['readline'],
    );
    assert.match(output, /^What is it\? [^]*It is readline\.$/);
    await opened().lab.screenshot('questions-answered');
  });
}
