import { createHash } from 'node:crypto';

import { trimEndOf } from '../../schema/trim-end.js';
import type { Context } from '../contexts/context.js';
import type { Revision } from '../ports.js';

/** As many digits of a hash as people are shown. */
const DIGITS = 12;

/**
 * The name of a pipeline's version: the same state of a repository gives the same name.
 *
 * @param contexts - all that the build is made of, for files that are those of no commit
 * @returns `pr-17-1a2b3c4d5e6f` for a pull request, `1a2b3c4d5e6f` without; the digits are the commit's, or those of
 *   the content
 */
export function versionName(
  { commit, dirty }: Revision,
  pullRequest: number | undefined,
  contexts: readonly Context[],
): string {
  const digits = (commit === undefined || dirty ? contentKey(contexts) : commit).slice(0, DIGITS);
  return pullRequest === undefined ? digits : `pr-${pullRequest}-${digits}`;
}

/** Of a branch's or tag's name in what is called by it. */
const REF_LENGTH = 60;

/**
 * The name of a branch or tag where only letters, digits, `.`, `_` and `-` may stand; `ref` where nothing is left of it.
 * Two refs can have the same.
 */
export function refText(name: string): string {
  const text = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, REF_LENGTH)
    .replace(/^[-._]+/, '');
  return trimEndOf(text, '-._') || 'ref';
}

/**
 * The name of the version that a push to a branch or tag publishes.
 *
 * @param commit - full id
 * @returns `main-1a2b3c4d5e6f`
 */
export function branchVersion(branch: string, commit: string): string {
  return `${versionBranch(branch)}-${commit.slice(0, DIGITS)}`;
}

/**
 * A branch or tag as the names of its versions begin: `release-1.2` for `release/1.2`. Kubeflow may keep versions as
 * Kubernetes objects, whose names have small letters, digits, and between them dashes and single dots. None is called
 * `pr-<number>`, as the versions of a pull request begin.
 */
export function versionBranch(branch: string): string {
  const label = refText(branch)
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/(?<![a-z0-9])\.|\.(?![a-z0-9])/g, '-');
  return /^pr-\d+$/.test(label) ? `branch-${label}` : label;
}

function contentKey([first, ...others]: readonly Context[]): string {
  if (first === undefined || others.length === 0) return first?.key ?? '';
  const hash = createHash('sha256');
  for (const { key } of [first, ...others]) hash.update(key);
  return hash.digest('hex');
}
