/** What the process's exit code says. Scripts may rely on it. */
export const ExitCode = {
  /** The work is done. */
  Done: 0,
  /** The work was understood and failed, or kfops itself has a mistake. */
  Failed: 1,
  /** Wrong usage or wrong configuration: nothing was done. */
  Usage: 2,
  /** Something outside (object store, git host, cluster) did not answer or refused. */
  Unavailable: 3,
  /** Stopped with Ctrl-C: 128 + SIGINT, as shells count. */
  Interrupted: 130,
  /** Stopped with SIGTERM. */
  Terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
