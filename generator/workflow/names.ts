import { createHash } from 'node:crypto';
import { trimEndOf } from '../../schema/trim-end.js';
import type { GitRef } from '../plan/plan-types.js';

/** Every label and annotation that Kfops writes on a Workflow. */
export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  repository: 'kfops.dev/repository',
  pullRequest: 'kfops.dev/pull-request',
  /** Read and written by {@link commitOf} and {@link commitMarks}: a label does not hold every commit's id. */
  commit: 'kfops.dev/commit',
  /** What was asked for, hashed: the same pull request, commit, verb and flags give the same. */
  request: 'kfops.dev/request',
  /** What it makes, hashed: written and read by `content.ts`. */
  content: 'kfops.dev/content',
  /** What started it without a command: `pull_request`, `push`, `tag`. */
  trigger: 'kfops.dev/trigger',
  /** The pull request tells the end of this workflow; the value is the phase that it tells. */
  reported: 'kfops.dev/reported',
  /** Others must be notified of its end: `failed`, `recovered`. Afterwards `done`, or `undelivered`. */
  notify: 'kfops.dev/notify',
} as const;

/** Label of every pod, by which NetworkPolicies tell them apart (deploy/server); its value is what the step does. */
export const STEP_LABEL = 'kfops.dev/step';

/** Annotations; those of Argo are shown on its page (Markdown since 3.6). */
export const ANNOTATIONS = {
  title: 'workflows.argoproj.io/title',
  description: 'workflows.argoproj.io/description',
  /** GitHub's number of the repository. */
  repositoryId: 'kfops.dev/repository-id',
  /** `owner/name`, which a label does not take. */
  repository: 'kfops.dev/repository',
  /** The full id, where the label has its beginning only. */
  commit: 'kfops.dev/commit',
  /** The branch or tag whose push started it: `refs/heads/main`. */
  ref: 'kfops.dev/ref',
  /** Ids of the comments that asked for it, as a JSON array. */
  comments: 'kfops.dev/comments',
  /** `build`, `build_run`, `run`, `retry`. */
  verb: 'kfops.dev/verb',
  /** GitHub login of who asked first. */
  requestedBy: 'kfops.dev/requested-by',
  /** Which attempt at the same request it is, from 1. */
  attempt: 'kfops.dev/attempt',
  /** By the image's name the path of its Dockerfile in the repository, as JSON: a failure names its place there. */
  dockerfiles: 'kfops.dev/dockerfiles',
  /** The images that needed no build, as JSON: `{"<name>":{"repository":…,"digest":…,"revision":…}}`. */
  reused: 'kfops.dev/reused',
  /** Why the server told it to stop, if nobody asked for that: a {@link WorkerStopReason}. */
  stopReason: 'kfops.dev/stop-reason',
  /** Hash of what the settings let the repository do when it was made: a retry does not outlive that. */
  rules: 'kfops.dev/rules',
  /** Name of the workflow whose failed builds this one does again. */
  retryOf: 'kfops.dev/retry-of',
  /** What notifications say of its end, as JSON. */
  notice: 'kfops.dev/notice',
  /** Names of the channels that were notified, as a JSON array. */
  notified: 'kfops.dev/notified',
} as const;

/**
 * Why the server stops a build by itself. `closed`: the pull request was · `permission`: nobody who asked for it may any
 * longer · `gone`: GitHub doesn't show the pull request or its repository to the server any longer · `replaced`: a newer
 * commit was pushed to its branch.
 */
export type StopReason = (typeof STOP_REASONS)[number];

const STOP_REASONS = ['closed', 'permission', 'gone', 'replaced'] as const;

/** The reason that is written on a workflow, if it is one. */
export function stopReasonOf(annotations: Readonly<Record<string, string>> = {}): StopReason | undefined {
  const written = annotations[ANNOTATIONS.stopReason];
  return STOP_REASONS.find((reason) => reason === written);
}

/** Value of {@link LABELS.managedBy}. */
export const MANAGED_BY = 'kfops';

/** Names of the templates and tasks that do not depend on the configuration. */
export const NAMES = {
  main: 'main',
  kaniko: 'kaniko',
  tag: 'tag-images',
  compile: 'compile-pipeline',
  publish: 'publish-pipeline',
  run: 'run-pipeline',
} as const;

interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** Longest value of a Kubernetes label. */
const LABEL_LENGTH = 63;

/** A text by its key, as labels and annotations are. */
type Texts = Readonly<Record<string, string>>;

/**
 * Label and annotation of a commit. The id of a commit in a SHA-256 repository has 64 digits and a label 63, so the label
 * has its beginning and an annotation of the same key all of it.
 */
export function commitMarks(commit: string): { readonly labels: Texts; readonly annotations: Texts } {
  const label = commit.slice(0, LABEL_LENGTH);
  return {
    labels: { [LABELS.commit]: label },
    annotations: label === commit ? {} : { [ANNOTATIONS.commit]: commit },
  };
}

/** The full id of a workflow's commit; undefined where it does not say. */
export function commitOf({
  labels = {},
  annotations = {},
}: {
  readonly labels?: Texts | undefined;
  readonly annotations?: Texts | undefined;
}): string | undefined {
  const label = labels[LABELS.commit];
  const full = annotations[ANNOTATIONS.commit];
  return label !== undefined && full?.startsWith(label) === true ? full : label;
}

/** 80 bits: nobody can look for a repository's name that has the hash of another one. */
const HASH_DIGITS = 20;

/**
 * `owner/name` as the value of a label, which takes no `/` and 63 characters: `owner.name`, as an owner has no dot. Where
 * that isn't a label, or ends like a hash, it ends with a hash. So two repositories never have the same.
 */
export function repositoryLabel({ owner, name }: RepositoryName): string {
  const label = `${owner}.${name}`;
  const start = trimEndOf(label.slice(0, LABEL_LENGTH - HASH_DIGITS - 1), '._-');
  if (label.length <= LABEL_LENGTH && /[A-Za-z0-9]$/.test(label) && !/-[0-9a-f]{20}$/.test(label))
    return label;
  const hash = createHash('sha256').update(`${owner}/${name}`).digest('hex').slice(0, HASH_DIGITS);
  return `${start}-${hash}`;
}

/**
 * The lock of a pull request, or of a branch or tag, as GitHub tells repositories apart: upper and lower case are the same.
 */
export function buildMutex({ owner, name }: RepositoryName, of: number | GitRef): string {
  const start = `kfops-${repositoryLabel({ owner: owner.toLowerCase(), name: name.toLowerCase() })}`;
  if (typeof of === 'number') return `${start}-${of}`;
  const hash = createHash('sha256').update(of.name).digest('hex').slice(0, HASH_DIGITS);
  return `${start}-${of.kind}-${hash}`;
}

/**
 * The start of a generated name: Kubernetes adds five characters to it. A Workflow's name becomes the value of a
 * label and the start of its pods' names, so it must be a DNS label of at most 63 characters.
 */
export function generateNamePrefix(repositoryName: string): string {
  const slug = repositoryName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '');
  return `kfops-${slug === '' ? '' : `${slug}-`}`;
}

/** Selects the Workflows that Kfops made by their labels. */
export const KFOPS_SELECTOR = `${LABELS.managedBy}=${MANAGED_BY}`;

/** Selects those of them that Argo has not brought to their end. */
export const UNFINISHED = `${KFOPS_SELECTOR},workflows.argoproj.io/completed!=true`;
