import { createHash } from 'node:crypto';

/** 48 bits, so that every id is a safe integer. */
const HASH_DIGITS = 12;

/**
 * What stands in place of a comment's id where no comment asked for something: negative, as GitHub's ids are positive. The
 * same for the same verb and commit, so each starts by itself once, however often GitHub tells of it.
 *
 * @param commit - full id
 */
export function triggerId(verb: string, commit: string): number {
  const digits = createHash('sha256').update(`${verb} ${commit}`).digest('hex').slice(0, HASH_DIGITS);
  return -1 - Number.parseInt(digits, 16);
}

/** Whether an id is a trigger's, not a comment's. */
export function isTriggerId(id: number): boolean {
  return id < 0;
}
