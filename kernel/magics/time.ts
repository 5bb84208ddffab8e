/** `%time` and `%%time`: how long code takes. */
import { usageError } from './arguments.ts';
import type { CellMagic, LineMagic, MagicContext } from './magic.ts';

export const time: LineMagic & CellMagic = {
  name: 'time',
  usage: 'time CODE',
  summary: 'Runs CODE (as %%time: the cell) and prints how long it took.',
  line(args, context) {
    if (args === '') throw usageError(time);
    return timed(args, context);
  },
  cell(args, body, context) {
    if (args !== '') throw usageError({ usage: 'time, with the code in the lines below' }, '%%');
    return timed(body, context);
  },
};

/** The value of the code; what it declares stays declared. Code that throws is timed as well. */
async function timed(code: string, context: MagicContext): Promise<unknown> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  try {
    return await context.evaluate(code);
  } finally {
    const wall = performance.now() - start;
    // Of the whole process: threads that the code keeps busy count.
    const { user, system } = process.cpuUsage(cpu);
    const [u, s, total] = [user, system, user + system].map((micros) => formatDuration(micros / 1e6));
    context.print(
      `CPU times: user ${u}, sys: ${s}, total: ${total}\nWall time: ${formatDuration(wall / 1000)}\n`,
    );
  }
}

/** Seconds in the unit that suits, with three digits: `1.23 ms`, `45.6 s`, `2min 5s`. */
export function formatDuration(seconds: number): string {
  if (seconds >= 59.95) {
    const whole = Math.round(seconds);
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const first = parts.findIndex((part) => part > 0);
    return parts
      .map((part, index) => `${part}${['h', 'min', 's'][index]}`)
      .slice(first)
      .join(' ');
  }
  const units: Array<[string, number]> = [
    ['s', 1],
    ['ms', 1e-3],
    ['µs', 1e-6],
  ];
  const [unit, size] = units.find(([, limit]) => seconds >= limit * 0.9995) ?? ['ns', 1e-9];
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}
