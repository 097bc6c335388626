const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Whether a text is the full id of a commit, SHA-1 or SHA-256, and nothing else. */
export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}
