import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { parseRefPath, refPath } from '../../generator/workflow/git-ref.js';
import { ANNOTATIONS, commitOf, LABELS } from '../../generator/workflow/names.js';
import { TRIGGERS, type BuildRequest, type BuildVerb, type Trigger } from '../comment/state.js';
import type { Origin, PullRequestRef, PushedCommit } from '../ports.js';

/** What a workflow was made for, as its labels and annotations tell. */
export interface Subject {
  /** The workflow's name. */
  readonly name: string;
  readonly uid: string;
  readonly origin: Origin;
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
  const [, owner, repository = ''] = REPOSITORY.exec(annotations[ANNOTATIONS.repository] ?? '') ?? [];
  const commit = commitOf({ labels, annotations }) ?? '';
  const verb = annotations[ANNOTATIONS.verb] ?? '';
  const commentIds = idsOf(annotations[ANNOTATIONS.comments]);
  const trigger = TRIGGERS.find((each) => each === labels[LABELS.trigger]);
  if (owner === undefined || !isId(id)) return undefined;
  const place = placeOf({ labels, annotations }, commit, trigger);
  if (!place || !COMMIT.test(commit) || !isVerb(verb) || commentIds.length === 0) return undefined;
  const by = annotations[ANNOTATIONS.requestedBy];
  return {
    name,
    uid: uid ?? name,
    origin: { repository: { id, owner, name: repository }, ...place },
    request: {
      commentIds,
      by: by === undefined ? [] : [by],
      at: creationTimestamp ?? new Date().toISOString(),
      verb,
      // Kept in the comment alone, which has them unless it was deleted.
      flags: [],
      commit,
      ...(trigger && { trigger }),
      ...('ref' in place && { ref: refPath(place.ref) }),
    },
  };
}

/** The pull request; of a push, the commit with its branch or tag. */
function placeOf(
  { labels = {}, annotations = {} }: Pick<Metadata, 'labels' | 'annotations'>,
  commit: string,
  trigger: Trigger | undefined,
): { readonly number: number } | Pick<PushedCommit, 'commit' | 'ref'> | undefined {
  if (trigger !== 'push' && trigger !== 'tag') {
    const number = Number(labels[LABELS.pullRequest]);
    return isId(number) ? { number } : undefined;
  }
  const ref = parseRefPath(annotations[ANNOTATIONS.ref] ?? '');
  return ref?.kind === (trigger === 'tag' ? 'tag' : 'branch') ? { commit, ref } : undefined;
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
