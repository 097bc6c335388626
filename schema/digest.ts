/**
 * What the digest of an image is: `sha256:` and 64 hexadecimal digits. As text, since Argo and Python read it, too; both
 * ends are part of it, for a digest with anything around it is none.
 */
export const DIGEST_PATTERN = '^sha256:[a-f0-9]{64}$';

const DIGEST = new RegExp(DIGEST_PATTERN);

/** Whether a text is the digest of an image, and nothing else. A `RUN` step can make its build report any text. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}
