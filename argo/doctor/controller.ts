import { apiPath, type ClusterClient, workflowPath } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import type { Check } from './doctor.js';

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Deployment {
  readonly metadata: Metadata;
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { image?: string }[] } };
  };
  readonly status?: { readonly readyReplicas?: number };
}

const NAME = 'Argo’s controller';
/** By the end of the image's name; registries in front of it differ. */
const IMAGE = /(?:^|\/)workflow-controller(?:[:@]|$)/;
/** Argo sets it as soon as it picks up a workflow, even if the workflow has to wait. */
const PICKED_UP = 'workflows.argoproj.io/phase';
/** After this time a workflow that Argo hasn't picked up is no longer a matter of load or of differing clocks; milliseconds. */
const PATIENCE_MS = 2 * 60_000;
/** For so long a workflow that was picked up shows that the controller runs; milliseconds. */
const FRESH_MS = 60 * 60_000;

/**
 * Whether Argo's controller runs: by its Deployment where that can be read, else by the state of this namespace's
 * latest workflow.
 */
export async function checkController(
  client: ClusterClient,
  namespace: string,
  now = Date.now(),
): Promise<Check> {
  const deployments = await list<Deployment>(client, apiPath('apis', 'apps', 'v1', 'deployments'));
  const controllers = deployments.filter(({ spec }) =>
    spec?.template?.spec?.containers?.some(({ image = '' }) => IMAGE.test(image)),
  );
  // There may be several: a ready one comes first.
  const controller = controllers.find(isReady) ?? controllers[0];
  return controller
    ? byDeployment(controller)
    : byWorkflows(
        await list<{ metadata: Metadata }>(client, workflowPath(namespace), METADATA),
        namespace,
        now,
      );
}

function isReady({ status }: Deployment): boolean {
  return (status?.readyReplicas ?? 0) > 0;
}

/** A workflow's own text can be large, and nothing of it is looked at. */
const METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/** @returns nothing without permission to list */
async function list<T>(client: ClusterClient, path: string, accept?: string): Promise<readonly T[]> {
  try {
    const { items = [] } = await client.call<{ items?: readonly T[] }>({
      what: 'looking for Argo’s controller',
      path,
      ...(accept !== undefined && { accept }),
    });
    return items;
  } catch (error) {
    if (error instanceof KubernetesError) return [];
    throw error;
  }
}

function byDeployment(controller: Deployment): Check {
  const { name, namespace = '' } = controller.metadata;
  if (isReady(controller))
    return { name: NAME, state: 'ok', found: `the Deployment ${name} in ${namespace} is ready` };
  return {
    name: NAME,
    state: 'problem',
    found: `the Deployment ${name} in ${namespace} has no pod that is ready`,
    nextStep: `see why: kubectl describe -n ${namespace} deployment ${name}`,
  };
}

function byWorkflows(workflows: readonly { metadata: Metadata }[], namespace: string, now: number): Check {
  const byAge = workflows
    .map(({ metadata }) => ({ ...metadata, age: now - Date.parse(metadata.creationTimestamp ?? '') }))
    .sort((a, b) => a.age - b.age);
  const latest = byAge[0];
  if (latest?.labels?.[PICKED_UP] !== undefined && latest.age < FRESH_MS) {
    return { name: NAME, state: 'ok', found: `it picked up the latest workflow, ${latest.name}` };
  }
  if (latest !== undefined && latest.labels?.[PICKED_UP] === undefined && latest.age > PATIENCE_MS) {
    return {
      name: NAME,
      state: 'problem',
      found: `the workflow ${latest.name} has waited ${Math.floor(latest.age / 60_000)} minutes without being picked up`,
      nextStep: `ask your cluster admin to check that Argo’s workflow-controller runs and watches the namespace ${namespace}`,
    };
  }
  return {
    name: NAME,
    state: 'unknown',
    found: 'no permission to see its Deployment, and no workflow of the last hour shows it',
    nextStep: 'your cluster admin can run: kubectl get deployments -A | grep workflow-controller',
  };
}
