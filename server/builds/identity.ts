import { createHash } from 'node:crypto';

import { branchVersion } from '../../generator/plan/version.js';
import { refPath } from '../../generator/workflow/git-ref.js';
import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import type { BuildVerb, Trigger } from '../comment/state.js';
import type { WorkflowIdentity } from '../planning/build.js';
import type { Origin } from '../ports.js';

/** What makes two commands the same: asked for again, it joins the workflow that runs. */
export interface Identity {
  readonly origin: Origin;
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
export function requestHash({ origin, commit, verb, images, flags }: Identity): string {
  const parts = [
    origin.repository.id,
    origin.number ?? refPath(origin.ref),
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
  const { origin, commit, verb, namespace } = identity;
  const { repository } = origin;
  const request = requestHash(identity);
  const named = [request, attempt, ...(namespace === undefined ? [] : [namespace])].join(' ');
  const hash = createHash('sha256').update(named).digest('hex').slice(0, 12);
  return {
    ...namesFor(origin, commit, hash),
    labels: { [LABELS.request]: request, ...(trigger && { [LABELS.trigger]: trigger }) },
    annotations: {
      [ANNOTATIONS.repositoryId]: String(repository.id),
      ...(origin.number === undefined && { [ANNOTATIONS.ref]: refPath(origin.ref) }),
      [ANNOTATIONS.repository]: `${repository.owner}/${repository.name}`,
      [ANNOTATIONS.comments]: JSON.stringify(comments),
      [ANNOTATIONS.verb]: verb,
      [ANNOTATIONS.requestedBy]: by,
      [ANNOTATIONS.attempt]: String(attempt),
      [ANNOTATIONS.rules]: rules,
    },
  };
}

/** A push publishes under its branch's or tag's name; each build of a pull request under a name of its own. */
function namesFor(origin: Origin, commit: string, hash: string): Pick<WorkflowIdentity, 'name' | 'version'> {
  if (origin.number === undefined)
    return { name: `kfops-push-${hash}`, version: branchVersion(origin.ref.name, commit) };
  const version = `pr-${origin.number}-${commit.slice(0, 12)}-${hash.slice(0, 6)}`;
  return { name: `kfops-pr-${origin.number}-${hash}`, version };
}
