import type { GitRef } from '../../generator/plan/plan-types.js';
import { refPath } from '../../generator/workflow/git-ref.js';
import { ANNOTATIONS, commitOf, LABELS, KFOPS_SELECTOR } from '../../generator/workflow/names.js';
import type { ClusterClient } from '../client/client.js';
import { persist, type Patience } from '../client/patience.js';
import { listMetadata, type WorkflowMetadata } from './read-many.js';

/** Which pull request, or which branch or tag. */
export type OriginKey = {
  /** GitHub's number for it, which stays when it is renamed. */
  readonly repository: { readonly id: number };
} & ({ readonly number: number } | { readonly number?: undefined; readonly ref: GitRef });

/** A workflow that was made for a pull request or a push: what its metadata alone tells. */
export interface PullRequestWorkflow {
  readonly name: string;
  readonly namespace: string;
  /** Argo's word, in lower case: `pending`, `running`, `succeeded`, `failed`, `error`. */
  readonly phase: string;
  /** Argo is done with it. */
  readonly finished: boolean;
  readonly created: Date;
  /** Hash of what was asked for; '' where it does not say. */
  readonly request: string;
  /** From 1. */
  readonly attempt: number;
  /** Full id; '' where it does not say. */
  readonly commit: string;
  /** `build`, `build_run`, `run`, `retry`; '' where it does not say. */
  readonly verb: string;
  /** Login of who asked first; '' where it does not say. */
  readonly by: string;
  /** It started without a command. */
  readonly triggered: boolean;
  /** Comments that asked for it. */
  readonly comments: readonly number[];
}

/** How a caller may change a call. */
export interface CallOptions {
  readonly patience?: Patience;
  readonly signal?: AbortSignal;
}

/**
 * The workflows of a pull request, a branch or a tag, the latest first. Only their metadata travels.
 *
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function workflowsOf(
  client: ClusterClient,
  namespace: string,
  origin: OriginKey,
  { patience = client.patience, signal }: CallOptions = {},
): Promise<readonly PullRequestWorkflow[]> {
  const { repository, number } = origin;
  const path = number === undefined ? refPath(origin.ref) : undefined;
  const own = path === undefined ? `${LABELS.pullRequest}=${number}` : `${LABELS.trigger} in (push,tag)`;
  const selector = `${KFOPS_SELECTOR},${own}`;
  const list = await persist(() => listMetadata(client, namespace, selector, signal), patience, signal);
  return (
    list.items
      // By the number: the label with the repository's name is of another name once that has changed.
      .filter(({ annotations }) => annotations?.[ANNOTATIONS.repositoryId] === String(repository.id))
      .filter(({ annotations }) => annotations?.[ANNOTATIONS.ref] === path)
      .map((metadata) => describeWorkflow(metadata, namespace))
      .sort(latestFirst)
  );
}

/** Orders workflows, for `sort`. */
export function latestFirst(a: PullRequestWorkflow, b: PullRequestWorkflow): number {
  return b.created.getTime() - a.created.getTime() || b.attempt - a.attempt;
}

const FINISHED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'error']);

/** What the metadata of a workflow in this namespace says about it. */
export function describeWorkflow(
  { name, creationTimestamp, labels = {}, annotations = {} }: WorkflowMetadata,
  namespace: string,
): PullRequestWorkflow {
  // Argo repeats its phase as a label once it has taken the workflow up.
  const phase = (labels['workflows.argoproj.io/phase'] ?? 'pending').toLowerCase();
  return {
    name,
    namespace,
    phase,
    finished: FINISHED.has(phase),
    created: new Date(creationTimestamp ?? 0),
    request: labels[LABELS.request] ?? '',
    attempt: Number(annotations[ANNOTATIONS.attempt] ?? 1) || 1,
    commit: commitOf({ labels, annotations }) ?? '',
    verb: annotations[ANNOTATIONS.verb] ?? '',
    by: annotations[ANNOTATIONS.requestedBy] ?? '',
    triggered: labels[LABELS.trigger] !== undefined,
    comments: commentsOf(annotations),
  };
}

/** The ids in the annotation of those who asked; none where it is not what Kfops writes. */
export function commentsOf(annotations: Readonly<Record<string, string>>): readonly number[] {
  try {
    const value: unknown = JSON.parse(annotations[ANNOTATIONS.comments] ?? '[]');
    return Array.isArray(value) ? value.filter((id): id is number => Number.isSafeInteger(id)) : [];
  } catch {
    return [];
  }
}

/** Media type of one workflow's metadata alone. */
export const AS_METADATA = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
