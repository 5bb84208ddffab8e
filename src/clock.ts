/** Where a loop takes its time from. All times are in seconds. */
export interface Clock {
  /** Seconds since an arbitrary start; never goes backwards. */
  time(): number;
  /**
   * The smallest step of `time()`, in seconds. A timer whose deadline is nearer than this is due, so
   * that a loop that wakes a hair too early does not go to sleep once more.
   */
  readonly resolution: number;
}

/**
 * The system's monotonic clock: CLOCK_MONOTONIC or its equal, the one that Python's
 * `time.monotonic()`, and so its event loop, shows.
 */
export const monotonicClock: Clock = {
  // Nanoseconds stay exact integers in a double for 104 days of uptime, and within 2 ns for a year.
  time: () => Number(process.hrtime.bigint()) / 1e9,
  resolution: 1e-9,
};
