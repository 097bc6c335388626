import type { ClusterClient } from '../argo/client/client.js';
import type { Check } from '../argo/doctor/doctor.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import { networkNeeds } from './network-needs.js';
import { forwardedService } from './reach-minio.js';
import { type Requirement, requirements } from './requirements.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/** Looks at a cluster whose API answers: Argo, one's rights, and what the namespace of the workflows must hold. */
export async function* checkNamespace(
  session: Session,
  client: ClusterClient,
  patient: DiagnosisTarget,
): AsyncGenerator<Check> {
  const { io } = session;
  const doctor = await import('../argo/doctor/doctor.js');
  const { checkArgoVersion } = await import('../argo/doctor/version.js');
  const { checkController, checkRequeueTime } = await import('../argo/doctor/controller.js');
  const { controllersFor, findControllers } = await import('../argo/discover/argo-controller.js');
  const { namespace, endpoint } = patient;
  const controllers = await findControllers(client);
  const [argo, version, controller, rights] = await Promise.all([
    doctor.checkArgo(client),
    checkArgoVersion(client, namespace, controllers),
    checkController(client, namespace, controllers),
    doctor.checkRights(
      client,
      doctor.submitterRights(namespace),
      'ask your cluster admin to bind you to the Role kfops-submitter (deploy/build-namespace/2-submitter.yaml)',
    ),
  ]);
  yield argo;
  if (argo.state === 'ok') {
    yield version;
    yield controller;
    for (const one of controllersFor(controllers ?? [], namespace).slice(0, 1)) yield checkRequeueTime(one);
  }
  yield* rights;
  yield* argoServer(session, client, patient);

  const service = endpoint === undefined ? undefined : await forwardedService(io, endpoint, client);
  if (service?.certain) {
    yield* await doctor.checkRights(
      client,
      doctor.forwardRights(service.namespace, service.service),
      'set KFOPS_MINIO_ENDPOINT to an address at which this machine reaches MinIO, or ask for the Role kfops-reach-minio (deploy/laptop/reach-minio.yaml)',
    );
  }
  const objects = needsOf(patient).flatMap(({ objects, commands }) =>
    objects.map((object) => ({ object, nextStep: nextStepOf(commands) })),
  );
  yield* await doctor.checkObjects(client, namespace, objects);
  yield* podsAndNetwork(client, patient);
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

/** Argo's server, where the settings name one. */
async function* argoServer(
  session: Session,
  client: ClusterClient,
  { namespace, settings }: DiagnosisTarget,
): AsyncGenerator<Check> {
  const { server } = settings.argo;
  if (server === undefined) return;
  const [{ checkArgoServer, checkRetryRights }, { openArgoServer }] = await Promise.all([
    import('../argo/doctor/argo-server.js'),
    import('./open-argo-server.js'),
  ]);
  yield await waitingNotice(session, `Argo’s server at ${server.endpoint}`).during(
    checkArgoServer(() => openArgoServer(session.io, server, client)),
  );
  if (server.token_file === undefined) yield* await checkRetryRights(client, namespace);
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
