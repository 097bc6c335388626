import type { CommandOutcome } from '../telemetry/metrics.js';

/** What became of an event. */
export interface TriggerResult {
  readonly outcome: CommandOutcome;
  /** Why it was ignored or refused, as a clause. */
  readonly why?: string;
  /** GitHub didn't say who may: the commit is looked at again. */
  readonly later?: true;
}

/** @param why - as a clause */
export function ignored(why: string): TriggerResult {
  return { outcome: 'ignored', why };
}

/** An event of a repository in which nothing may start by itself. */
export const NOT_ALLOWED: TriggerResult = ignored('the settings let nothing start by itself');
