/** `sha256:` and 64 hexadecimal digits. Both ends are part of it: a digest with anything around it is none. */
const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** What the digest of an image is, as Argo and other readers of regular expressions are told it. */
export const DIGEST_PATTERN = DIGEST.source;

/** Whether a text is the digest of an image, and nothing else. A `RUN` step can make its build report any text. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}
