import { createHash } from 'node:crypto';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import type { BuildVerb, Trigger } from '../comment/state.js';
import type { WorkflowIdentity } from '../planning/build.js';
import type { PullRequestRef } from '../ports.js';

/** What makes two commands the same: asked for again, it joins the workflow that runs. */
export interface Identity {
  readonly pullRequest: PullRequestRef;
  /** Full id. */
  readonly commit: string;
  readonly verb: BuildVerb;
  /** Names of the images that are asked for, sorted, each once; absent: all. */
  readonly images?: readonly string[];
  /** As written, sorted. */
  readonly flags: readonly string[];
}

/** Who asked for a workflow, and how. */
export interface Asked {
  /** Ids of the comments that ask for it, or a `triggerId`. */
  readonly comments: readonly number[];
  /** GitHub login. */
  readonly by: string;
  readonly trigger?: Trigger;
}

/** A request with the place of its workflow. */
export interface PlacedIdentity extends Identity {
  /** Absent: that of the settings. */
  readonly namespace?: string;
}

/** 20 hex digits, the same for the same request, no matter who makes it and how often. */
export function requestHash({ pullRequest, commit, verb, images, flags }: Identity): string {
  const parts = [
    pullRequest.repository.id,
    pullRequest.number,
    commit,
    verb,
    ...(images ? [images] : []),
    ...flags,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}

/**
 * The name and marks of an attempt at a request. The name depends on these and the namespace alone, so that a second
 * delivery, a second replica and a lost answer meet the workflow that is there already, and a repository whose builds move
 * to another namespace gets new names.
 *
 * @param attempt - from 1: one more than the last that is finished
 * @param rules - `rulesFingerprint` of its repository
 */
export function workflowIdentity(
  identity: PlacedIdentity,
  attempt: number,
  { comments, by, trigger }: Asked,
  rules: string,
): WorkflowIdentity {
  const { pullRequest, commit, verb, namespace } = identity;
  const { repository, number } = pullRequest;
  const request = requestHash(identity);
  const named = [request, attempt, ...(namespace === undefined ? [] : [namespace])].join(' ');
  const hash = createHash('sha256').update(named).digest('hex').slice(0, 12);
  return {
    name: `kfops-pr-${number}-${hash}`,
    version: `pr-${number}-${commit.slice(0, 12)}-${hash.slice(0, 6)}`,
    labels: { [LABELS.request]: request, ...(trigger && { [LABELS.trigger]: trigger }) },
    annotations: {
      [ANNOTATIONS.repositoryId]: String(repository.id),
      [ANNOTATIONS.repository]: `${repository.owner}/${repository.name}`,
      [ANNOTATIONS.comments]: JSON.stringify(comments),
      [ANNOTATIONS.verb]: verb,
      [ANNOTATIONS.requestedBy]: by,
      [ANNOTATIONS.attempt]: String(attempt),
      [ANNOTATIONS.rules]: rules,
    },
  };
}
