import type { ClusterClient } from '../argo/client/client.js';
import type { ArgoController } from '../argo/discover/argo-controller.js';
import type { Check } from '../argo/doctor/doctor.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import { networkNeeds } from './network-needs.js';
import { type Requirement, requirements } from './requirements.js';

/** What is known about Argo in the whole cluster. */
export interface ClusterArgo {
  /** Its CRDs are there. */
  readonly isInstalled: boolean;
  /** Undefined without permission to see them. */
  readonly controllers: readonly ArgoController[] | undefined;
}

/**
 * Looks at a namespace in which builds run: whether Argo watches it, one's rights, what it must hold, and whether the
 * steps can run there.
 */
export async function* checkBuildNamespace(
  client: ClusterClient,
  target: DiagnosisTarget,
  { isInstalled, controllers }: ClusterArgo,
): AsyncGenerator<Check> {
  const doctor = await import('../argo/doctor/doctor.js');
  const { checkArgoVersion } = await import('../argo/doctor/version.js');
  const { checkController, checkRequeueTime } = await import('../argo/doctor/controller.js');
  const { controllersFor } = await import('../argo/discover/argo-controller.js');
  const { namespace } = target;
  const [version, controller, rights] = await Promise.all([
    checkArgoVersion(client, namespace, controllers),
    checkController(client, namespace, controllers),
    doctor.checkRights(
      client,
      doctor.submitterRights(namespace),
      'ask your cluster admin to bind you to the Role kfops-submitter (deploy/build-namespace/2-submitter.yaml)',
    ),
  ]);
  if (isInstalled) {
    yield version;
    yield controller;
    for (const one of controllersFor(controllers ?? [], namespace).slice(0, 1)) yield checkRequeueTime(one);
  }
  yield* rights;
  const objects = needsOf(target).flatMap(({ objects, commands }) =>
    objects.map((object) => ({ object, nextStep: nextStepOf(commands) })),
  );
  yield* await doctor.checkObjects(client, namespace, objects);
  yield* podsAndNetwork(client, target);
}

/** Whether the namespace lets the steps run, and reach what they need. */
async function* podsAndNetwork(client: ClusterClient, target: DiagnosisTarget): AsyncGenerator<Check> {
  const { loaded, namespace, settings } = target;
  const [{ checkPodSecurity }, { checkNetwork }] = await Promise.all([
    import('../argo/doctor/pod-security.js'),
    import('../argo/doctor/network.js'),
  ]);
  const pod = {
    namespace,
    image: settings.kaniko.image,
    serviceAccount: settings.service_accounts.builder ?? 'default',
    ...(loaded && { kaniko: loaded.plan.kaniko }),
  };
  const needs = networkNeeds(target);
  const [security, network] = await Promise.all([
    // The last steps run at every level.
    loaded?.plan.images.length === 0 ? undefined : checkPodSecurity(client, pod),
    checkNetwork(client, namespace, needs),
  ]);
  if (security) yield security;
  yield* network;
}

function needsOf({ loaded, settings, namespace }: DiagnosisTarget): readonly Requirement[] {
  const needs = requirements(loaded?.plan, settings, namespace);
  if (loaded) return needs;
  // What nearly every repository needs: a configuration would name the same.
  const { name } = settings.minio.secret;
  return [...needs, { objects: [{ kind: 'Secret', name }], what: `Secret ${name}`, why: '', commands: [] }];
}

/** The commands that make it, on lines of their own. */
function nextStepOf(commands: readonly string[]): string {
  return commands.length === 0
    ? 'docs/cluster.md tells what it is for and how to make it'
    : ['make it:', ...commands].join('\n');
}
