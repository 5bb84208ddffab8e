/** What a subcommand of `tsloop` is, and how it fails. */

export interface Command {
  /** The text of `tsloop COMMAND --help`. */
  readonly help: string;
  /**
   * @returns the exit code; undefined leaves the process to end by itself, with the exit code that
   * what it runs has set.
   */
  run(args: readonly string[]): Promise<number | undefined>;
}

/** Ends the command with its message, without a stack, and this exit code. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong: exit code 2, as is usual for that. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(message, 2);
  }
}
