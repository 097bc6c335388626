import type { Check } from '../argo/doctor/doctor.js';
import type { MinioAccess } from '../stores/credentials.js';
import { problem } from './diagnosis-problem.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import type { Io } from './io.js';
import { forwardedService, reachMinio } from './reach-minio.js';
import { withServerStore } from './server-store.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

const UNREACHED: Check = {
  name: 'MinIO',
  state: 'unknown',
  found: 'not looked at: the way to it is the Kubernetes API, which does not answer',
};

/** Whether MinIO could be reached through an API server only that does not answer: there is no use in saying it twice. */
async function isCutOff(io: Io, { client, endpoint }: DiagnosisTarget, answers: boolean): Promise<boolean> {
  if (client === undefined || answers || endpoint === undefined) return false;
  return (await forwardedService(io, endpoint, client)) !== undefined;
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
  if (await isCutOff(io, target, answers)) return [UNREACHED];
  const bucket = loaded?.plan.objectStore.bucket ?? 'image-build-artifacts';
  const config = loaded?.project.config;
  try {
    const reached = await reachMinio(
      { ...io, env: withServerStore(io, settings) },
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
      const state = await waitingNotice(session, `MinIO at ${forwarded ?? access.endpoint}`).during(
        checkBucket({ ...access, bucket, ...(region !== undefined && { region }) }),
      );
      const where = forwarded === undefined ? access.endpoint : `${forwarded}, through the Kubernetes API`;
      const there =
        state === 'there' ? `bucket ${bucket}` : `the bucket ${bucket} will be made by the first build`;
      return [{ name: 'MinIO', state: 'ok', found: `${where}, ${there}` }, ...(await storeClock(access))];
    } catch (error) {
      throw reached.explain(error);
    } finally {
      await reached.close();
    }
  } catch (error) {
    return [problem('MinIO', error)];
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
