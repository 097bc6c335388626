import type { ClusterClient } from '../argo/client/client.js';
import type { Check } from '../argo/doctor/doctor.js';
import { ASSUMED_STORE } from '../generator/plan/plan-parts.js';
import type { Settings } from '../schema/index.js';
import { problem } from './diagnosis-problem.js';
import type { LoadedPlan } from './load-plan.js';

/** The object store that a build would use, and how that is known. */
export interface StoreDiagnosis {
  /** `host:port`; undefined if Kubeflow has no store in the cluster and nothing names another. */
  readonly endpoint?: string;
  /** Absent where the settings or the configuration name it. */
  readonly check?: Check;
}

/** The object store of the settings or of config.yaml, else the one of the cluster. */
export async function diagnoseStore(
  { minio }: Settings,
  loaded: LoadedPlan | undefined,
  client: ClusterClient | undefined,
): Promise<StoreDiagnosis> {
  const planned = loaded?.plan.objectStore;
  const named = planned?.isAssumed ? undefined : (planned?.endpoint ?? minio.endpoint);
  if (named !== undefined) return { endpoint: named };
  if (client === undefined) return { endpoint: ASSUMED_STORE };

  const name = 'Object store’s address';
  const { findKubeflowStore, noStore } = await import('../argo/discover/kubeflow-store.js');
  try {
    const found = await findKubeflowStore(client);
    if (found === 'absent') return { check: problem(name, noStore(client)) };
    if (found !== 'hidden')
      return {
        endpoint: found.endpoint,
        check: { name, state: 'ok', found: `${found.endpoint}, found in the cluster` },
      };
  } catch (error) {
    return { endpoint: ASSUMED_STORE, check: problem(name, error) };
  }
  return {
    endpoint: ASSUMED_STORE,
    check: {
      name,
      state: 'unknown',
      found: `${ASSUMED_STORE} is assumed: no permission to see what the namespace kubeflow has`,
      nextStep:
        'with Kubeflow Pipelines 2.16 or later, set minio.endpoint in the settings (docs/minio.md); or ask for the Role kfops-reach-minio (deploy/laptop/reach-minio.yaml)',
    },
  };
}
