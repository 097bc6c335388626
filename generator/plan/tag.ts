/** How many digits of a commit or a key a tag has. */
export const TAG_DIGITS = 12;

/**
 * The tag that people see: the one they asked for, else the commit's first 12 digits, else, where the files of the
 * image are not the commit's, the first 12 of its context's key.
 *
 * @param isCommit - whether the context is what the commit gives
 */
export function imageTag(
  asked: string | undefined,
  commit: string | undefined,
  isCommit: boolean,
  contextKey: string,
): string {
  return asked ?? (commit !== undefined && isCommit ? commit : contextKey).slice(0, TAG_DIGITS);
}

/** Whether a tag is the one that {@link imageTag} gives an image whose context is what the commit gives. */
export function isCommitTag(tag: string, commit: string): boolean {
  return tag === commit.slice(0, TAG_DIGITS);
}
