import type { ContextSource } from '../../generator/ports.js';
import { KANIKO_MANIFEST_PATH } from '../../generator/project/project.js';
import type { TrustRules } from '../../generator/project/project-types.js';
import type { Settings } from '../../schema/index.js';
import type { Repository } from '../ports.js';
import type { PlanningPorts } from './ports.js';
import { trustOf } from './trust.js';

/** The files of a pull request at one commit, and where the manifest is that counts. Plain data. */
export interface PullRequestFiles {
  /** Where the pull request is. */
  readonly repository: Repository;
  /** Full id. */
  readonly commit: string;
  /** They come from another repository. */
  readonly fork: boolean;
  /** Those of the repository. */
  readonly settings: Settings;
  /** The branch whose kaniko-manifest.yaml counts, and its tip where that is read. */
  readonly manifest: { readonly branch: string; readonly tip?: string };
}

/** The files of a pull request, and what they may decide. */
export interface OpenedFiles {
  readonly source: ContextSource;
  readonly trust: TrustRules;
}

/**
 * Opens the files of a commit of a pull request, for as long as `use` needs them.
 *
 * @throws what opening and `use` throw
 */
export async function withPullRequestFiles<T>(
  ports: PlanningPorts,
  { repository, commit, fork, settings, manifest: { branch, tip } }: PullRequestFiles,
  signal: AbortSignal,
  use: (opened: OpenedFiles) => Promise<T>,
): Promise<T> {
  const text =
    tip === undefined
      ? undefined
      : await withCommit(ports, repository, tip, signal, (source) => source.text(KANIKO_MANIFEST_PATH));
  const trust = trustOf(settings, repository, { branch, ...(text !== undefined && { text }) }, fork);
  // A fork's commits are in the repository that it wants to change, too: GitHub keeps them for the pull request.
  return withCommit(ports, repository, commit, signal, (source) => use({ source, trust }), settings.limits);
}

/** Opens the files of a commit, for as long as `use` needs them. */
export async function withCommit<T>(
  { openCommit }: PlanningPorts,
  repository: Repository,
  commit: string,
  signal: AbortSignal,
  use: (source: ContextSource) => Promise<T>,
  limits?: Settings['limits'],
): Promise<T> {
  const source = await openCommit(repository, commit, signal, limits);
  try {
    return await use(source);
  } finally {
    await source.dispose();
  }
}
