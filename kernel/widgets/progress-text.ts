/** What a progress bar says: how much is done, how fast, and how long the rest takes. */

/** The state of some work. */
export interface Progress {
  readonly description: string;
  /** How many of `total` are done. */
  readonly done: number;
  /** Undefined if nobody knows. */
  readonly total: number | undefined;
  /** Seconds since its beginning. */
  readonly elapsed: number;
  readonly isClosed: boolean;
}

/** `03:05`, `1:02:00`. @param seconds */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${two(minutes)}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

function formatRate(perSecond: number): string {
  if (perSecond >= 1000) return `${Math.round(perSecond).toLocaleString('en-US')}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)}/s`;
  return `${(1 / perSecond).toFixed(1)} s each`;
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** Percentage, counts, rate and time left, as far as they are known. */
export function progressFacts({ done, total, elapsed, isClosed }: Progress): string[] {
  const rate = elapsed > 0 && done > 0 ? done / elapsed : undefined;
  const known = total !== undefined;
  const percent = known ? [`${Math.floor(total > 0 ? (100 * done) / total : 100)}%`] : [];
  const counts = known ? `${formatCount(done)}/${formatCount(total)}` : formatCount(done);
  const left = known && rate !== undefined ? Math.max(0, total - done) / rate : undefined;
  const time =
    isClosed || left === undefined
      ? isClosed
        ? `took ${formatClock(elapsed)}`
        : formatClock(elapsed)
      : `${formatClock(left)} left`;
  return [...percent, counts, ...(rate === undefined ? [] : [formatRate(rate)]), time];
}

/** How wide the bar of the text is, in characters. */
const WIDTH = 24;

/** One line of a console. */
export function progressLine(progress: Progress): string {
  const { description, done, total } = progress;
  const share = total === undefined ? undefined : total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
  const full = share === undefined ? 0 : Math.floor(share * WIDTH);
  const bar = share === undefined ? [] : [`|${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}|`];
  return [...(description === '' ? [] : [description]), ...bar, progressFacts(progress).join(', ')].join(' ');
}
