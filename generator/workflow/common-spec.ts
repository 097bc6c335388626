import { durationSeconds } from '../../schema/index.js';
import { NAMES } from './names.js';
import type { WorkflowSettings } from './settings.js';
import type { Opaque, WorkflowSpec } from './types.js';

/**
 * What every workflow of Kfops has.
 *
 * Argo's controller merges its `workflowDefaults` into a workflow, and their `templateDefaults` into each template: maps
 * field by field, lists of named objects by name (MergeTo in workflow/util/merge.go). So a field that Kfops relies on is
 * set, also where its value is what Kubernetes or Argo would take anyway.
 *
 * Left to the cluster, since its admin knows better or since it adds without taking away:
 * - where pods go: nodeSelector, affinity, tolerations, schedulerName, priorities, podDisruptionBudget
 * - what they need there: podMetadata, podSpecPatch, volumes, hostAliases, dnsConfig, imagePullSecrets, the pod's
 *   securityContext (the containers have their own)
 * - what the cluster does about workflows: hooks, onExit, metrics, workflowMetadata, semaphores, a template's own
 *   parallelism and timeout
 * - archiveLogs: the controller's artifact repository can force it on, whatever a workflow says
 */
export function commonSpec(
  settings: WorkflowSettings,
  imagePullSecrets: readonly Opaque[] | undefined,
): Omit<WorkflowSpec, 'parallelism' | 'templates'> {
  const keep = durationSeconds(settings.workflow.keep);
  return {
    entrypoint: NAMES.main,
    // As each template has it (`stepAccount`): for pods that a cluster's default adds, such as an exit handler.
    automountServiceAccountToken: false,
    executor: { serviceAccountName: settings.service_accounts.executor },
    ...(imagePullSecrets && { imagePullSecrets }),
    // NetworkPolicies don't hold for a pod in its node's network.
    hostNetwork: false,
    // From when the workflow has its mutex. Pods that wait for a node count, which a template's own deadline leaves out.
    activeDeadlineSeconds: durationSeconds(settings.workflow.timeout),
    podGC: {
      strategy: 'OnWorkflowCompletion',
      deleteDelayDuration: `${durationSeconds(settings.workflow.keep_pods)}s`,
    },
    // Argo takes the one of the outcome before the one for both (`ttl` in gc_controller.go).
    ttlStrategy: { secondsAfterCompletion: keep, secondsAfterSuccess: keep, secondsAfterFailure: keep },
    // The compiled pipeline is read after the workflow's end; `kfops gc` or a rule of the bucket deletes it.
    artifactGC: { strategy: 'Never' },
  };
}
