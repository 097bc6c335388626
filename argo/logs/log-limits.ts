import { cutEnd, lastOf } from '../../schema/cut.js';

/** What the reason of a failure is looked for in: the end of a log, and no line that is longer than any message. */
export const LOG_LIMITS = { characters: 64 * 1024, lineLength: 2_000, messageLength: 8_000 } as const;

/** The part of a log that rules may see. Done again, it changes nothing. */
export function boundLog(log: string): string {
  return lastOf(log, LOG_LIMITS.characters)
    .split('\n')
    .map((line) => cutEnd(line, LOG_LIMITS.lineLength))
    .join('\n');
}
