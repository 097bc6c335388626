import { type ClusterClient, workflowPath } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { type ArgoController, controllersFor } from '../discover/argo-controller.js';
import { watchesElsewhere } from '../discover/require-controller.js';
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
  const seen = byWorkflows(await workflowsOf(client, namespace), {
    namespace,
    now,
    isHidden: controllers === undefined,
  });
  const [other] = controllers ?? [];
  // A controller whose image has another name is not recognised.
  return other && seen.state !== 'ok' ? elsewhere(other, namespace) : seen;
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
  const which = watches === undefined ? 'for all namespaces' : `for the namespace ${watches} only`;
  if (isReady)
    return { name: NAME, state: 'ok', found: `the Deployment ${name} in ${namespace} is ready, ${which}` };
  return {
    name: NAME,
    state: 'problem',
    found: `the Deployment ${name} in ${namespace} has no pod that is ready`,
    nextStep: `see why: kubectl describe -n ${namespace} deployment ${name}`,
  };
}

function elsewhere(controller: ArgoController, builds: string): Check {
  const { address, problem, nextStep } = watchesElsewhere(controller, builds);
  return { name: NAME, state: 'problem', found: `the ${address} ${problem}`, nextStep };
}

/** How long Argo waits before it looks at a workflow again: https://argo-workflows.readthedocs.io/en/latest/environment-variables/ */
const DEFAULT_REQUEUE_TIME = '10s';

/** Whether each step takes longer than it has to. */
export function checkRequeueTime({ name, namespace, requeueTime }: ArgoController): Check {
  const check = 'Argo’s requeue time';
  const time = requeueTime ?? DEFAULT_REQUEUE_TIME;
  const found = `DEFAULT_REQUEUE_TIME is ${requeueTime === undefined ? `not set, so it is ${time}` : time}: each step can take that much longer`;
  const seconds = goSeconds(time);
  if (seconds === undefined || seconds <= 2) return { name: check, state: 'ok', found };
  return {
    name: check,
    state: 'unknown',
    found,
    nextStep: [
      'for faster builds, set this environment variable of Argo’s controller; your cluster admin can run:',
      `kubectl set env -n ${namespace} deployment/${name} DEFAULT_REQUEUE_TIME=1s`,
    ].join('\n'),
  };
}

/** Seconds of a duration as Go writes it, `1m30s`; undefined for another text. */
function goSeconds(text: string): number | undefined {
  const [, h, m, s, ms] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(text) ?? [];
  if ([h, m, s, ms].every((part) => part === undefined)) return undefined;
  return Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0) + Number(ms ?? 0) / 1000;
}

function byWorkflows(
  workflows: readonly { metadata: Metadata }[],
  // `isHidden`: there is no permission to see Deployments.
  {
    namespace,
    now,
    isHidden,
  }: { readonly namespace: string; readonly now: number; readonly isHidden: boolean },
): Check {
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
    found: `${isHidden ? 'no permission to see its Deployment' : 'no Deployment has the image workflow-controller'}, and no workflow of the last hour shows it`,
    nextStep: isHidden
      ? 'your cluster admin can run: kubectl get deployments -A | grep workflow-controller'
      : 'check that Argo Workflows is installed and its controller runs, under whatever name',
  };
}
