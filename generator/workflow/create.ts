import { durationSeconds } from '../../schema/index.js';
import type { Plan } from '../plan-types.js';
import { buildTasks, mainDag } from './dag.js';
import { kanikoTemplates } from './kaniko-templates.js';
import { compileStep, runStep } from './last-steps.js';
import { workflowMetadata } from './metadata.js';
import { NAMES } from './names.js';
import type { WorkflowSettings } from './settings.js';
import type { Workflow } from './types.js';

/** What a caller may choose about a Workflow. */
export interface WorkflowOptions {
  /** A fixed name, so that submitting twice is harmless; without it the cluster makes one up. */
  readonly name?: string;
  /** Where it runs; default: the settings' namespace. */
  readonly namespace?: string;
  /** Further labels; Kfops' own win. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Further annotations; Kfops' own win. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Writes a plan down as ONE Argo Workflow: a Kaniko build for each image, in parallel, then the compile step, which
 * depends on every build, then, where the plan says so, the run. Pure: the same plan gives the same object.
 */
export function createWorkflow(
  plan: Plan,
  settings: WorkflowSettings,
  options: WorkflowOptions = {},
): Workflow {
  const builds = kanikoTemplates(plan, settings);
  const inMain = buildTasks(plan, builds.tasks);
  const compile = compileStep(plan, (image) => inMain.digestOf(image));
  const run = plan.run ? runStep(plan) : undefined;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: workflowMetadata(plan, { ...options, namespace: options.namespace ?? settings.namespace }),
    spec: {
      entrypoint: NAMES.main,
      // No pod gets a token of the API; Argo's own executor has one with the right to report results only.
      automountServiceAccountToken: false,
      executor: { serviceAccountName: settings.service_accounts.executor },
      ...(plan.kaniko.pod.imagePullSecrets && { imagePullSecrets: plan.kaniko.pod.imagePullSecrets }),
      activeDeadlineSeconds: durationSeconds(settings.workflow.timeout),
      parallelism: plan.parallelism,
      podGC: {
        strategy: 'OnWorkflowCompletion',
        deleteDelayDuration: `${durationSeconds(settings.workflow.keep_pods)}s`,
      },
      ttlStrategy: { secondsAfterCompletion: durationSeconds(settings.workflow.keep) },
      ...(plan.pullRequest !== undefined && {
        synchronization: { mutexes: [{ name: mutexName(plan.repository, plan.pullRequest) }] },
      }),
      templates: [
        mainDag(inMain, compile.task, run?.task),
        ...inMain.templates,
        ...builds.templates,
        compile.template,
        ...(run ? [run.template] : []),
      ],
    },
  };
}

/** One build at a time for a pull request. */
function mutexName(repository: Plan['repository'], pullRequest: number): string {
  return `kfops-${repository.owner}-${repository.name}-${pullRequest}`.toLowerCase();
}
