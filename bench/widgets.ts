/**
 * `npm run bench:widgets`: what a progress bar costs that is moved sixty times a second, as the share of one CPU that the
 * kernel's process uses, all its threads together; beside it, what the loop costs that moves none.
 */
import { prepare } from './kernels.ts';
import { withKernel } from './session.ts';
import { workFolder } from './work-folder.ts';

const SECONDS = 5;
/** Per cent. */
const MOST = 5;

/** Sixty turns a second; gives the percentage. */
function cell(turn: string): string {
  return `await (async () => {
    const cpu = process.cpuUsage();
    const begun = performance.now();
    for (let i = 1; performance.now() - begun < ${SECONDS * 1000}; i += 1) {
      ${turn};
      await new Promise((resolve) => setTimeout(resolve, begun + (i * 1000) / 60 - performance.now()));
    }
    const { user, system } = process.cpuUsage(cpu);
    return (100 * (user + system)) / 1000 / (performance.now() - begun);
  })()`;
}

const candidate = await prepare('tsloop');
let share = Infinity;
await withKernel(candidate, workFolder(), async (kernel) => {
  await kernel.ready();
  const percent = async (code: string): Promise<number> => {
    const { status, error, result } = await kernel.execute(code);
    if (status !== 'ok') throw new Error(`the cell failed: ${error}`);
    return Number(result);
  };
  await kernel.execute(
    "import { progressBar } from 'tsloop/widgets'; let bar = progressBar({ total: 1000 });",
  );
  await percent(cell('void 0'));
  const bare = await percent(cell('void 0'));
  share = await percent(cell('bar.update(i)'));
  process.stdout.write(
    `the loop alone: ${bare.toFixed(1)} % of a CPU; with a progress bar: ${share.toFixed(1)} %\n`,
  );
});
process.stdout.write(`Under ${MOST} %: ${share < MOST ? 'met' : 'not met'}\n`);
process.exitCode = share < MOST ? 0 : 1;
