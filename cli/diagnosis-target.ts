import type { ClusterClient } from '../argo/client/client.js';
import type { Settings } from '../schema/index.js';
import type { LoadedPlan } from './load-plan.js';

/** What the checks of `kfops doctor` are about. */
export interface DiagnosisTarget {
  readonly settings: Settings;
  readonly namespace: string;
  /** Absent where there is no configuration, or a wrong one. */
  readonly loaded: LoadedPlan | undefined;
  /** Address of the object store, as pods reach it; undefined if nothing names one and the cluster has none of Kubeflow's. */
  readonly endpoint: string | undefined;
  /** Absent where no cluster is chosen. */
  readonly client: ClusterClient | undefined;
}
