import { formatBytes } from '../../common/bytes.js';
import { WorkError } from '../../schema/index.js';
import type { WorkerStopReason } from '../ports.js';

/** What a worker may use. */
export interface WorkerLimits {
  /** For a task, until it says that only storing is left. */
  readonly seconds: number;
  /** For storing. */
  readonly storingSeconds: number;
  /** Bytes, with all that it starts. */
  readonly memory: number;
}

/** A task that took too much, or that ended its worker. It is not tried again: it would end the next one, too. */
export class PlanningStopped extends WorkError {
  constructor(
    readonly reason: WorkerStopReason,
    limits: WorkerLimits,
    storing: boolean,
  ) {
    super(...wordsFor(reason, limits, storing));
  }
}

function wordsFor(
  reason: WorkerStopReason,
  { seconds, storingSeconds, memory }: WorkerLimits,
  storing: boolean,
): [message: string, nextStep: string] {
  const operator = (setting: string): string =>
    `ask the server's operator to raise \`server.planning.${setting}\``;
  if (reason === 'time' && storing) {
    return [
      `Storing the build contexts took longer than ${storingSeconds} s and was stopped.`,
      `Exclude what the images don’t need with a \`.dockerignore\`, or ${operator('storing_seconds')}.`,
    ];
  }
  if (reason === 'time') {
    return [
      `Reading and planning this commit took longer than ${seconds} s and was stopped.`,
      `Build from folders with fewer files, with fewer and simpler patterns in their \`.dockerignore\`; or ${operator('seconds')}.`,
    ];
  }
  if (reason === 'memory') {
    return [
      `Reading and planning this commit needed more than ${formatBytes(memory)} of memory and was stopped.`,
      `Build from folders with fewer files, or ${operator('memory')}.`,
    ];
  }
  return [
    'The process that read this commit ended unexpectedly.',
    "Write the command again. If it fails again, ask the server's operator to check its log.",
  ];
}
