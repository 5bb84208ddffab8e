/** Times as people read them, and the marks of a time axis. */

/** `250 ms`, `1.2 s`, `40 µs`, `2 min`; seconds in. */
export function durationText(seconds: number): string {
  if (seconds >= 120) return `${tidy(seconds / 60)} min`;
  if (seconds >= 1) return `${tidy(seconds)} s`;
  if (seconds >= 0.001 || seconds === 0) return `${tidy(seconds * 1000)} ms`;
  return `${tidy(seconds * 1e6)} µs`;
}

/** Three digits are enough; without zeros behind the point. */
function tidy(value: number): string {
  return String(Number(value >= 100 ? value.toFixed(0) : value.toPrecision(2)));
}

const STEPS = [1, 2, 5, 10];
const MINUTE_STEPS = [60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** Round times, evenly spaced, at most `most` of them, from 0 to `length` (seconds). */
export function ticksOf(length: number, most: number): number[] {
  const atLeast = length / most;
  const step = stepAbove(atLeast);
  const count = Math.floor(length / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

function stepAbove(atLeast: number): number {
  if (atLeast > 30) {
    const days = Math.ceil(atLeast / 86_400) * 86_400;
    return MINUTE_STEPS.find((step) => step >= atLeast) ?? days;
  }
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = STEPS.find((each) => each * power >= atLeast * (1 - 1e-9)) ?? 10;
  return step * power;
}
