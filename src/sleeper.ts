/** A pending `sleep`. Its timer's only argument, so that a loop can find the sleeps among its timers. */
export interface Sleeper {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The callback of all sleeps; a handle that has it has a Sleeper as its argument. */
export function wakeSleeper(sleeper: Sleeper): void {
  sleeper.resolve();
}
