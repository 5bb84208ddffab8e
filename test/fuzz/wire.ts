/**
 * `npm run fuzz:wire -- --count 1000000 --seed 1`: sends a front that many mutated messages, and a whole kernel
 * some of them over its sockets (`--sockets 20000`). Exit code 1 when anything went wrong.
 */
import { parseArgs } from 'node:util';
import { megabytes } from './memory.ts';
import { FuzzedFront } from './wire-front.ts';
import { fuzzKernel } from './wire-kernel.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    sockets: { type: 'string' },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
const sockets = Number(values.sockets ?? Math.min(count, 20_000));
if (![count, seed, sockets].every(Number.isInteger)) {
  console.error('Usage: npm run fuzz:wire -- --count N --seed S [--sockets N]; all are integers');
  process.exit(2);
}

process.on('unhandledRejection', (reason) => {
  console.error('A promise of the front was rejected, and nobody handled it:', reason);
  process.exit(1);
});

const front = new FuzzedFront(seed);
const step = Math.max(1, Math.ceil(count / 20));
let faults: readonly string[] = [];
for (let done = 0; done < count;) {
  const outcome = await front.run(Math.min(step, count - done));
  done = outcome.messages;
  faults = outcome.faults;
  console.log(
    `${done} messages, ${outcome.signed} signed, ${outcome.cells} cells, ${outcome.sent} answers, ` +
      `${faults.length} faults, ${megabytes(process.memoryUsage.rss())}`,
  );
}
for (const fault of faults.slice(0, 20)) console.log(fault);

if (sockets > 0) {
  const peers = Math.ceil(sockets / 4);
  const { messages, isHacked, memory } = await fuzzKernel({ count: sockets, peers, seed });
  console.log(
    `${messages} messages over sockets, and ${peers} peers that speak ZeroMQ badly: the kernel is alive, ` +
      `${isHacked ? 'CODE WITHOUT A SIGNATURE WAS RUN' : 'no code without a signature was run'}, ` +
      `${megabytes(memory[0])} after the first tenth, ${megabytes(memory[1])} at the end`,
  );
  if (isHacked) process.exitCode = 1;
}
if (faults.length > 0) process.exitCode = 1;
