import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { ANNOTATIONS, commitOf, LABELS } from '../../generator/workflow/names.js';
import type { BuildRequest, BuildVerb } from '../comment/state.js';
import type { PullRequestRef } from '../ports.js';

/** What a workflow was made for, as its labels and annotations tell. */
export interface Subject {
  /** The workflow's name. */
  readonly name: string;
  readonly uid: string;
  readonly pullRequest: PullRequestRef;
  readonly request: BuildRequest;
}

type Metadata = Pick<
  ObservedWorkflow['metadata'],
  'name' | 'uid' | 'labels' | 'annotations' | 'creationTimestamp'
>;

const VERBS: ReadonlySet<string> = new Set<BuildVerb>(['build', 'build_run', 'run', 'retry']);
const REPOSITORY = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})$/;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** @returns undefined if the server didn't create it */
export function subjectOf({
  name,
  uid,
  labels = {},
  annotations = {},
  creationTimestamp,
}: Metadata): Subject | undefined {
  const id = Number(annotations[ANNOTATIONS.repositoryId]);
  const number = Number(labels[LABELS.pullRequest]);
  const [, owner, repository = ''] = REPOSITORY.exec(annotations[ANNOTATIONS.repository] ?? '') ?? [];
  const commit = commitOf({ labels, annotations }) ?? '';
  const verb = annotations[ANNOTATIONS.verb] ?? '';
  const commentIds = idsOf(annotations[ANNOTATIONS.comments]);
  if (owner === undefined || !isId(id) || !isId(number)) return undefined;
  if (!COMMIT.test(commit) || !isVerb(verb) || commentIds.length === 0) return undefined;
  const by = annotations[ANNOTATIONS.requestedBy];
  return {
    name,
    uid: uid ?? name,
    pullRequest: { repository: { id, owner, name: repository }, number },
    request: {
      commentIds,
      by: by === undefined ? [] : [by],
      at: creationTimestamp ?? new Date().toISOString(),
      verb,
      // Kept in the comment alone, which has them unless it was deleted.
      flags: [],
      commit,
      ...(labels[LABELS.trigger] === 'pull_request' && { trigger: 'pull_request' as const }),
    },
  };
}

/** Whether a workflow was made for this pull request. */
export function isOfPullRequest(
  { labels = {}, annotations = {} }: Metadata,
  { repository, number }: PullRequestRef,
): boolean {
  return (
    annotations[ANNOTATIONS.repositoryId] === String(repository.id) &&
    labels[LABELS.pullRequest] === String(number)
  );
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Of a comment, or of a trigger. */
function isAskId(value: unknown): value is number {
  return Number.isSafeInteger(value) && value !== 0;
}

function isVerb(verb: string): verb is BuildVerb {
  return VERBS.has(verb);
}

function idsOf(json = '[]'): readonly number[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter(isAskId) : [];
  } catch {
    return [];
  }
}
