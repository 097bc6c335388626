import type { Check } from '../argo/doctor/doctor.js';
import type { MinioAccess } from '../stores/credentials.js';
import { problem } from './diagnosis-problem.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import type { Io } from './io.js';
import { clusterService, forwardedService, keysKnown, reachMinio } from './reach-minio.js';
import { withServerStore } from './server-store.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/**
 * Why the object store can't be reached, where the Kubernetes API is the only way to it and was reported already: the same
 * cause is no second problem.
 */
async function whyCutOff(
  io: Io,
  { client, endpoint, loaded }: DiagnosisTarget,
  answers: boolean,
): Promise<string | undefined> {
  if (answers || endpoint === undefined) return undefined;
  if (client) return (await forwardedService(io, endpoint, client)) && 'which does not answer';
  // With keys, the name may resolve here: in a pod without a service account, for example.
  const inline = loaded?.project.config.value.image_builder?.minio.credentials ?? undefined;
  return !keysKnown(io.env, inline) && (await clusterService(io, endpoint))
    ? 'and no cluster is chosen'
    : undefined;
}

/**
 * Whether the object store answers, and whether its clock agrees with this machine's.
 *
 * @param endpoint - as pods reach it
 * @param answers - the Kubernetes API does
 */
export async function checkStore(
  session: Session,
  target: DiagnosisTarget,
  endpoint: string,
  answers: boolean,
): Promise<readonly Check[]> {
  const { io } = session;
  const { settings, namespace, loaded, client } = target;
  const env = withServerStore(io, settings);
  const cutOff = await whyCutOff({ ...io, env }, target, answers);
  if (cutOff !== undefined)
    return [
      {
        name: 'Object store',
        state: 'unknown',
        found: `not looked at: the way to it is the Kubernetes API, ${cutOff}`,
      },
    ];
  const bucket = loaded?.plan.objectStore.bucket ?? 'image-build-artifacts';
  const config = loaded?.project.config;
  try {
    const reached = await reachMinio(
      { ...io, env },
      {
        ...(config && { config }),
        settings,
        endpoint,
        namespace,
        cluster: () => Promise.resolve(client),
      },
    );
    try {
      const { checkBucket } = await import('../stores/minio-check.js');
      const { region } = settings.minio;
      const { access, forwarded } = reached;
      const state = await waitingNotice(
        session,
        `the object store at ${forwarded ?? access.endpoint}`,
      ).during(checkBucket({ ...access, bucket, ...(region !== undefined && { region }) }));
      const where = forwarded === undefined ? access.endpoint : `${forwarded}, through the Kubernetes API`;
      const there =
        state === 'there' ? `bucket ${bucket}` : `the bucket ${bucket} will be made by the first build`;
      return [
        { name: 'Object store', state: 'ok', found: `${where}, ${there}` },
        ...(await storeClock(access)),
      ];
    } catch (error) {
      throw reached.explain(error);
    } finally {
      await reached.close();
    }
  } catch (error) {
    return [problem('Object store', error)];
  }
}

async function storeClock({ endpoint, secure }: MinioAccess): Promise<readonly Check[]> {
  const [{ checkClock }, { readServerClock }] = await Promise.all([
    import('../argo/doctor/clock.js'),
    import('../stores/server-clock.js'),
  ]);
  const reading = await readServerClock(`${secure ? 'https' : 'http'}://${endpoint}`);
  return reading ? [checkClock('the object store', reading)] : [];
}
