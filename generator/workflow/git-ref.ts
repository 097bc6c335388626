import type { GitRef } from '../plan/plan-types.js';

const [BRANCH, TAG] = ['refs/heads/', 'refs/tags/'];
/**
 * What git allows in names (git-check-ref-format) without what a shell, Markdown, a URL or a template language would
 * read as its own.
 */
const NAME = /^(?![-/.])[\p{L}\p{N}._+@#=,!%/-]{1,200}$/u;

/** A branch or tag as git writes it in full: `refs/heads/main`. */
export function refPath({ kind, name }: GitRef): string {
  return `${kind === 'branch' ? BRANCH : TAG}${name}`;
}

/** Reads what {@link refPath} writes; undefined for other refs, and for names with characters that are not expected. */
export function parseRefPath(path: string): GitRef | undefined {
  const kind = path.startsWith(BRANCH) ? 'branch' : 'tag';
  const name = path.slice((kind === 'branch' ? BRANCH : TAG).length);
  return path === refPath({ kind, name }) && NAME.test(name) ? { kind, name } : undefined;
}
