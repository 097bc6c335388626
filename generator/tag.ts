import type { Revision } from './ports.js';

/** The grammar of a tag: https://github.com/distribution/reference (`tag`). */
const TAG = /^\w[\w.-]{0,127}$/;

/** @returns whether a text is a valid tag of an image. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/**
 * The tag that people see: the one they asked for, else the commit's first 12 digits, else, where the files are
 * those of no commit, the first 12 of the context's key.
 */
export function imageTag(asked: string | undefined, revision: Revision, contextKey: string): string {
  if (asked !== undefined) return asked;
  if (revision.commit !== undefined && !revision.dirty) return revision.commit.slice(0, 12);
  return contextKey.slice(0, 12);
}
