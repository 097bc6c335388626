import type { PlannedPipeline } from '../plan/plan-types.js';
import type { WorkflowSettings } from './settings.js';
import { READS_TOKENS, stepAccount, WRITABLE } from './step.js';
import { stepContainer } from './step-container.js';
import type { Container, ContainerTemplate } from './types.js';

/** The section `kfp` of the settings. */
export type KfpSettings = NonNullable<WorkflowSettings['kfp']>;

const TOKENS = '/var/run/secrets/kubeflow/pipelines';
/** The shortest that Kubernetes gives is ten minutes; the kubelet replaces it in time. */
const TOKEN_SECONDS = 3600;

/** A step of our own image that may talk to Kubeflow Pipelines. */
export function ownContainer(
  settings: WorkflowSettings,
  step: 'publish' | 'run',
  args: readonly string[],
): Container {
  const token = settings.kfp ? [{ name: 'token', mountPath: TOKENS, readOnly: true }] : [];
  return stepContainer(settings, step, args, token);
}

/** The arguments that say where Kubeflow Pipelines is. */
export function kfpArguments(
  { endpoint }: KfpSettings,
  { namespace }: Pick<PlannedPipeline, 'namespace'>,
): string[] {
  return [`--endpoint=${endpoint}`, `--token-file=${TOKENS}/token`, `--namespace=${namespace}`];
}

/** What a pod needs to be known to Kubeflow Pipelines, where there is one: an account, and a token that is for it only. */
export function kfpPod(
  settings: WorkflowSettings,
): ReturnType<typeof stepAccount> & Pick<ContainerTemplate, 'securityContext' | 'volumes'> {
  const { kfp } = settings;
  if (!kfp) return { ...stepAccount(settings), volumes: WRITABLE.volumes };
  const serviceAccountToken = {
    path: 'token',
    audience: kfp.audience,
    expirationSeconds: TOKEN_SECONDS,
  };
  return {
    ...stepAccount(settings, settings.service_accounts.publisher),
    securityContext: READS_TOKENS,
    volumes: [...WRITABLE.volumes, { name: 'token', projected: { sources: [{ serviceAccountToken }] } }],
  };
}
