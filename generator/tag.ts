import type { Revision } from './ports.js';
import { isBelow } from './contexts/paths.js';

/** The grammar of a tag: https://github.com/distribution/reference (`tag`). */
const TAG = /^\w[\w.-]{0,127}$/;

/** @returns whether a text is a valid tag of an image. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/**
 * The tag that people see: the one they asked for, else the commit's first 12 digits, else, where the files of the
 * image are those of no commit, the first 12 of its context's key.
 *
 * @param folders - all that the context is made of, from the repository's root
 */
export function imageTag(
  asked: string | undefined,
  { commit, dirty, changed }: Revision,
  folders: readonly string[],
  contextKey: string,
): string {
  if (asked !== undefined) return asked;
  const differs = changed?.some((path) => folders.some((folder) => isBelow(path, folder))) ?? dirty;
  return (commit === undefined || differs ? contextKey : commit).slice(0, 12);
}
