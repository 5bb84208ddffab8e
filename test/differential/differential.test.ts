import assert from 'node:assert/strict';
import { python as pythonPath } from '../support/python.ts';
import { readCases } from './cases.ts';
import { compare, compareSeries, describeDifference, smallest } from './compare.ts';
import { PythonInterpreter } from './python.ts';

const PROGRAMS = 2000;
/** So that a failure names its program more nearly. */
const AT_A_TIME = 500;
const SEED = 4;

/**
 * What other versions do differently (wait_for, the order of some wake-ups) is not asyncio's contract. With 3.11.2 a
 * timeout of a task that had been cancelled before still ended as a cancellation.
 */
const VERSION = '3.11.';
const LEAST = 7;

describe("the order, compared with CPython's asyncio", function () {
  this.timeout(300_000);
  let python: PythonInterpreter;

  before(async function () {
    python = new PythonInterpreter(pythonPath());
    const version = await python.version;
    if (version.startsWith(VERSION) && Number(version.slice(VERSION.length)) >= LEAST) return;
    console.log(
      `    This Python is ${version}; the order is compared with that of ${VERSION}${LEAST} or later.`,
    );
    this.skip();
  });

  after(() => python.close());

  for (const [name, { about, program }] of readCases()) {
    it(`is the same for ${name}: ${about}`, async () => {
      const difference = await compare(program, python);
      assert.ok(difference === null, difference === null ? '' : describeDifference(difference));
    });
  }

  for (let first = 0; first < PROGRAMS; first += AT_A_TIME) {
    it(`is the same for the random programs from ${first} to ${first + AT_A_TIME - 1}`, async () => {
      const [difference] = await compareSeries(python, SEED, first, first + AT_A_TIME);
      if (difference === undefined) return;
      const small = await smallest(difference, python);
      assert.fail(
        `Program ${difference.number} of seed ${SEED} runs differently; ` +
          `npm run fuzz:loop -- --seed ${SEED} keeps it.\n${describeDifference(small)}`,
      );
    });
  }
});
