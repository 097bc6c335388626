import { STEP_LABEL } from './names.js';
import type { WorkflowSettings } from './settings.js';
import type { ContainerTemplate, DagTask, Opaque, RawArtifact } from './types.js';

/** A step and the task that calls it. */
export interface Step {
  readonly template: ContainerTemplate;
  readonly task: DagTask;
}

/** What a pod is for: the NetworkPolicies of deploy/server let each reach what it needs. */
export function stepMetadata(
  step: 'build' | 'tag' | 'compile' | 'publish' | 'run',
  labels: Readonly<Record<string, string>> = {},
): { readonly labels: Readonly<Record<string, string>> } {
  return { labels: { ...labels, [STEP_LABEL]: step } };
}

/**
 * As whom a step's pod runs, without a token of the Kubernetes API; Argo's executor has one with the right to report
 * results only. Each template names all of it: a cluster's `templateDefaults` come before the workflow's spec, and a
 * webhook may give a pod what its account has in a cloud.
 */
export function stepAccount(
  settings: Pick<WorkflowSettings, 'service_accounts'>,
  account = 'default',
): Pick<ContainerTemplate, 'serviceAccountName' | 'automountServiceAccountToken' | 'executor'> {
  return {
    serviceAccountName: account,
    automountServiceAccountToken: false,
    executor: { serviceAccountName: settings.service_accounts.executor },
  };
}

/** Where a step writes what it leaves. */
export const OUT = '/kfops/out';

/** Of input artifacts: the steps' user is not the one as whom Argo fetches them. */
export const READABLE = 0o444;

/** A JSON file that a step reads, as an input artifact. */
export function jsonFile(name: string, path: string, value: object): RawArtifact {
  return { name, path, mode: READABLE, raw: { data: JSON.stringify(value) } };
}

/** The user of both images. */
const USER = 65532;

/** The root file system is read-only: a step writes into these. */
export const WRITABLE = {
  volumes: [emptyDir('tmp'), emptyDir('out')],
  volumeMounts: [
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'out', mountPath: OUT },
  ],
} as const;

/** What the last steps may do: one of them runs what a pull request brings. */
export const LOCKED_DOWN: Opaque = {
  runAsUser: USER,
  runAsGroup: USER,
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  privileged: false,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Lets a user that is not root read a projected token. */
export const READS_TOKENS: Opaque = { fsGroup: USER };

function emptyDir(name: string): Opaque {
  return { name, emptyDir: { sizeLimit: '1Gi' } };
}
