import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { isRecord } from '../../common/json.js';
import type { SubmittedWorkflow, WorkflowRunner } from '../../generator/ports.js';
import { LABELS } from '../../generator/workflow/names.js';
import type { Workflow } from '../../generator/workflow/types.js';
import { WorkError } from '../../schema/errors.js';
import { trimEndOf } from '../../schema/trim-end.js';
import { workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist, type Patience } from '../client/patience.js';
import type { ObservedWorkflow } from '../status/observed.js';

/** What a runner may be told. */
export interface RunnerOptions {
  /** Address of Argo's page, for links: `https://argo.example`. */
  readonly argoUrl?: string;
  readonly patience?: Patience;
}

/**
 * Submits workflows to a cluster. Submitting is harmless to repeat: the name is fixed before the first attempt, so an
 * answer that got lost is asked for again under the same name, and what is there already is adopted if it is the same.
 *
 * `submit` throws KubernetesError when the cluster does not answer or refuses, and WorkError when another workflow
 * has the name.
 */
export function workflowRunner(client: ClusterClient, options: RunnerOptions = {}): WorkflowRunner {
  return {
    async submit(workflow) {
      const namespace = workflow.metadata.namespace ?? client.namespace ?? 'default';
      const named = withName(workflow);
      await persist(() => createOrAdopt(client, namespace, named), options.patience ?? client.patience);
      const url = options.argoUrl && workflowUrl(options.argoUrl, namespace, named.metadata.name);
      const submitted: SubmittedWorkflow = { name: named.metadata.name, ...(url && { url }) };
      return submitted;
    },
  };
}

/** Argo's page for a workflow. */
export function workflowUrl(argoUrl: string, namespace: string, name: string): string {
  return `${trimEndOf(argoUrl, '/')}/workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

type NamedWorkflow = Workflow & { readonly metadata: { readonly name: string } };

/** A name that the cluster made up would be lost with its answer: it is made up here, as the cluster would. */
function withName(workflow: Workflow): NamedWorkflow {
  const { name, generateName, ...metadata } = workflow.metadata;
  return { ...workflow, metadata: { ...metadata, name: name ?? `${generateName ?? 'kfops-'}${suffix()}` } };
}

/** Five of the characters that Kubernetes uses: no vowels, nothing that reads like another. */
function suffix(): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => letters.charAt(randomInt(letters.length))).join('');
}

async function createOrAdopt(
  client: ClusterClient,
  namespace: string,
  workflow: NamedWorkflow,
): Promise<void> {
  const { name } = workflow.metadata;
  try {
    await client.call({
      what: `creating the workflow ${name} in ${namespace}`,
      method: 'POST',
      path: workflowPath(namespace),
      body: workflow,
    });
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 409) throw error;
    const there = await client.call<ObservedWorkflow>({
      what: `reading the workflow ${name} in ${namespace}`,
      path: workflowPath(namespace, name),
    });
    if (!sameRequest(there, workflow) && !sameSpec(there.spec, workflow.spec)) {
      throw new WorkError(
        `The namespace ${namespace} has another workflow named ${name}.`,
        'Choose another name, or delete that workflow first.',
        { cause: error },
      );
    }
  }
}

/**
 * Whether both were made for the same command: another replica was faster with that of somebody else, whose name is in
 * the spec.
 */
function sameRequest(there: ObservedWorkflow, { metadata: { labels } }: Workflow): boolean {
  const request = labels?.[LABELS.request];
  return request !== undefined && request === there.metadata.labels?.[LABELS.request];
}

/**
 * Whether a workflow in the cluster is what would be submitted. It may have more: stopping and suspending write into its
 * spec, and Argo's controller merges the cluster's defaults into it, and the empty fields of its Go types (`name: ""`).
 */
function sameSpec(there: unknown, ours: Workflow['spec']): boolean {
  return contains(there, withoutEmpty(ours));
}

/** Whether all of `ours` is in `there`: of maps each field, of lists of maps each entry, whatever its place. */
function contains(there: unknown, ours: unknown): boolean {
  if (Array.isArray(ours) && ours.every(isRecord))
    return Array.isArray(there) && ours.every((entry) => there.some((other) => contains(other, entry)));
  if (isRecord(ours))
    return isRecord(there) && Object.entries(ours).every(([key, field]) => contains(there[key], field));
  return isDeepStrictEqual(there, ours);
}

/** Without fields that are absent or empty, which mean the same to Go. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, withoutEmpty(field)] as const);
  return Object.fromEntries(fields.filter(([, field]) => !isEmpty(field)));
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === '';
}
