import { createHash } from 'node:crypto';

/** 48 bits, so that every id is a safe integer. */
const HASH_DIGITS = 12;

/**
 * What is used in place of a comment's id where no comment asked for something: negative, as GitHub's ids are positive. The
 * same for the same verb and commit, so it starts by itself once, however often GitHub tells of it.
 *
 * @param commit - full id
 * @param time - from 0: more for each time that the branch went back to this commit
 */
export function triggerId(verb: string, commit: string, time: number): number {
  const digits = createHash('sha256').update(`${verb} ${commit} ${time}`).digest('hex').slice(0, HASH_DIGITS);
  return -1 - Number.parseInt(digits, 16);
}

/** Whether an id is a trigger's, not a comment's. */
export function isTriggerId(id: number): boolean {
  return id < 0;
}
