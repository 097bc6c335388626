import type { SourceProblem } from '../generator/ports.js';

/** The longest pointer that the specification of Git LFS allows is below this. */
export const POINTER_BYTES = 1024;

/** What a Git LFS pointer names. */
export interface LfsPointer {
  /** SHA-256 of the content, hex. */
  readonly oid: string;
  readonly size: number;
}

/** Reads a Git LFS pointer; undefined for any other content. */
export function parsePointer(content: Buffer): LfsPointer | undefined {
  if (content.length >= POINTER_BYTES) return undefined;
  const text = content.toString('latin1');
  if (!text.startsWith('version https://git-lfs.github.com/spec/v1\n')) return undefined;
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  return oid === undefined || size === undefined ? undefined : { oid, size: Number(size) };
}

/** Whether a .gitattributes gives files to Git LFS. */
export function usesLfs(attributes: string): boolean {
  return attributes.split('\n').some((line) => /\sfilter=lfs(?:\s|$)/.test(line.split('#', 1)[0] ?? ''));
}

/** Where Git LFS keeps a content, below its folder `lfs/objects`. */
export function lfsObjectPath(oid: string): string {
  return `${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
}

/** What to do on one's own machine about a Git LFS file whose content is not there. */
export const LFS_PULL = 'run `git lfs pull`';

/** What is wrong with a pointer whose content is not there. */
export function pointerProblem(path: string, hint: string): SourceProblem {
  return {
    code: 'LFS_CONTENT',
    message: `\`${path}\` is a Git LFS file whose content is not there`,
    hint,
  };
}
