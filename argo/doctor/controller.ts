import { type ClusterClient, workflowPath } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { type ArgoController, controllersFor } from '../discover/argo-controller.js';
import type { Check } from './doctor.js';

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const NAME = 'Argo’s controller';
/** Argo sets it as soon as it picks up a workflow, even if the workflow has to wait. */
const PICKED_UP = 'workflows.argoproj.io/phase';
/** After this time a workflow that Argo hasn't picked up is no longer a matter of load or of differing clocks; milliseconds. */
const PATIENCE_MS = 2 * 60_000;
/** For so long a workflow that was picked up shows that the controller runs; milliseconds. */
const FRESH_MS = 60 * 60_000;

/**
 * Whether Argo's controller runs and picks up the workflows of a namespace: by its Deployment where that can be read,
 * else by the state of this namespace's latest workflow.
 *
 * @param controllers - as `findControllers` found them
 */
export async function checkController(
  client: ClusterClient,
  namespace: string,
  controllers: readonly ArgoController[] | undefined,
  now = Date.now(),
): Promise<Check> {
  const [controller] = controllersFor(controllers ?? [], namespace);
  if (controller) return byDeployment(controller);
  const [other] = controllers ?? [];
  if (other) return elsewhere(other, namespace);
  return byWorkflows(await workflowsOf(client, namespace), namespace, now);
}

/** A workflow's own text can be large, and nothing of it is looked at. */
const METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/** @returns nothing without permission to list */
async function workflowsOf(
  client: ClusterClient,
  namespace: string,
): Promise<readonly { metadata: Metadata }[]> {
  try {
    const { items } = await client.call<{ items?: readonly { metadata: Metadata }[] | null }>({
      what: 'looking for workflows',
      path: workflowPath(namespace),
      accept: METADATA,
    });
    return items ?? [];
  } catch (error) {
    if (error instanceof KubernetesError) return [];
    throw error;
  }
}

function byDeployment({ name, namespace, isReady, watches }: ArgoController): Check {
  const which = watches === undefined ? 'for all namespaces' : `for the namespace ${watches} alone`;
  if (isReady)
    return { name: NAME, state: 'ok', found: `the Deployment ${name} in ${namespace} is ready, ${which}` };
  return {
    name: NAME,
    state: 'problem',
    found: `the Deployment ${name} in ${namespace} has no pod that is ready`,
    nextStep: `see why: kubectl describe -n ${namespace} deployment ${name}`,
  };
}

/** What is wrong where a controller picks up the workflows of another namespace only: nothing would ever start. */
export function elsewhere({ name, namespace, watches }: ArgoController, builds: string): Check {
  return {
    name: NAME,
    state: 'problem',
    found: `the Deployment ${name} in ${namespace} runs with --namespaced: it picks up the workflows of ${watches ?? namespace}, and none of ${builds}`,
    nextStep: `set \`namespace: ${watches ?? namespace}\` in the settings, or install Argo Workflows for the whole cluster`,
  };
}

/** How long Argo waits before it looks at a workflow again: https://argo-workflows.readthedocs.io/en/latest/environment-variables/ */
const DEFAULT_REQUEUE_TIME = '10s';

/** Whether each step costs more time than it has to. */
export function checkRequeueTime({
  name,
  namespace,
  requeueTime = DEFAULT_REQUEUE_TIME,
}: ArgoController): Check {
  const seconds = goSeconds(requeueTime);
  const found = `${requeueTime}: each step can take that much longer`;
  if (seconds === undefined || seconds <= 2) return { name: 'Argo’s requeue time', state: 'ok', found };
  return {
    name: 'Argo’s requeue time',
    state: 'unknown',
    found,
    nextStep: `for faster builds: kubectl set env -n ${namespace} deployment/${name} DEFAULT_REQUEUE_TIME=1s`,
  };
}

/** @returns undefined for a duration of several units */
function goSeconds(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * (unit === 'ms' ? 0.001 : unit === 'm' ? 60 : 1);
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
