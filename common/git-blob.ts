import { createHash, type Hash } from 'node:crypto';

/** What git names its objects by: SHA-1 in nearly every repository. */
export type ObjectFormat = 'sha1' | 'sha256';

/** The hash of a git blob: `blob <size>`, a NUL, and the content that is then fed to it. */
export function blobHash(format: ObjectFormat, size: number): Hash {
  return createHash(format).update(`blob ${size}\0`);
}

/** Git's id of a blob with this content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects. */
export function blobId(format: ObjectFormat, content: Buffer): string {
  return blobHash(format, content.length).update(content).digest('hex');
}

/** Which format an object id is of. */
export function formatOf(id: string): ObjectFormat {
  return id.length === 64 ? 'sha256' : 'sha1';
}
