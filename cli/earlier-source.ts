import { resolve } from 'node:path';

import type { EarlierSource } from '../generator/plan/explain-builds.js';
import type { Io } from './io.js';

/** The files of a repository where its branch left the default branch: what a plan compares with to say what changed. */
export function earlierSource({ cwd }: Pick<Io, 'cwd'>, dir: string, commit = 'HEAD'): EarlierSource {
  return async (use) => {
    const { branchPoint, gitCommitSource } = await import('../sources/git.js');
    const folder = resolve(cwd, dir);
    const point = await branchPoint(folder, commit);
    return point === undefined ? undefined : use(await gitCommitSource(folder, point));
  };
}
