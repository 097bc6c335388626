import type { ClusterClient } from '../argo/client/client.js';
import type { Check } from '../argo/doctor/doctor.js';
import type { Settings } from '../schema/index.js';
import { checkBuildNamespace } from './diagnose-build-namespace.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import { forwardedService } from './reach-minio.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/**
 * Looks at a cluster whose API answers: Argo, one's rights, and what the namespaces of the builds must hold.
 *
 * @param others - build namespaces of rules, in addition to that of the target
 */
export async function* checkCluster(
  session: Session,
  client: ClusterClient,
  target: DiagnosisTarget,
  others: readonly string[],
): AsyncGenerator<Check> {
  const { io } = session;
  const doctor = await import('../argo/doctor/doctor.js');
  const { findControllers } = await import('../argo/discover/argo-controller.js');
  const { endpoint } = target;
  const [argo, controllers] = await Promise.all([doctor.checkArgo(client), findControllers(client)]);
  yield argo;
  const found = { isInstalled: argo.state === 'ok', controllers };
  for (const each of [target, ...others.map((namespace) => ofRules(target, namespace))])
    for await (const check of checkBuildNamespace(client, each, found))
      yield others.length > 0 ? naming(check, each.namespace) : check;
  yield* argoServer(session, client, target);

  const service = endpoint === undefined ? undefined : await forwardedService(io, endpoint, client);
  if (service?.certain) {
    yield* await doctor.checkRights(
      client,
      doctor.forwardRights(service.namespace, service.service),
      'set KFOPS_MINIO_ENDPOINT to an address at which this machine reaches the object store, or ask for the Role kfops-reach-minio (deploy/laptop/reach-minio.yaml)',
    );
  }
}

/** With the registries of the rules. The configuration is that of a repository which is built in the first namespace. */
function ofRules(target: DiagnosisTarget, namespace: string): DiagnosisTarget {
  return { ...target, namespace, loaded: undefined, settings: withRegistriesOf(target.settings, namespace) };
}

function withRegistriesOf(settings: Settings, namespace: string): Settings {
  const rules = (settings.server.rules ?? []).filter((rule) => rule.build_namespace === namespace);
  return { ...settings, registries: [...new Set(rules.flatMap(({ registries }) => registries))] };
}

/** The same line says which of several namespaces it is about. */
function naming(check: Check, namespace: string): Check {
  return check.name.endsWith(` ${namespace}`) ? check : { ...check, name: `${check.name} in ${namespace}` };
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
