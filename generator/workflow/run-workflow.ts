import { ConfigError } from '../../schema/index.js';
import { kfpMissing } from '../plan/plan-checks.js';
import type { RunPlan } from '../plan/plan-run.js';
import { checkTags } from './check-tags.js';
import { commonSpec } from './common-spec.js';
import type { WorkflowOptions } from './create.js';
import { dagTemplate } from './dag.js';
import { workflowMetadata } from './metadata.js';
import { NAMES } from './names.js';
import { runStep, type WantedVersion } from './run-step.js';
import type { WorkflowSettings } from './settings.js';
import type { Workflow } from './types.js';

/**
 * Writes a run of a version that was published before down as an Argo Workflow of one step. Pure: the same plan gives
 * the same object.
 *
 * @throws ConfigError where the settings have no Kubeflow Pipelines
 * @throws WorkError for a text that Argo would evaluate
 */
export function createRunWorkflow(
  plan: RunPlan,
  settings: WorkflowSettings,
  options: WorkflowOptions = {},
): Workflow {
  const { kfp } = settings;
  if (!kfp) throw new ConfigError([kfpMissing()]);
  const { pipeline } = plan;
  const version = wantedVersion(plan);
  const step = runStep(pipeline, version, { ...settings, kfp }, plan.baseBranch);
  const named = {
    name: pipeline.name,
    namespace: pipeline.namespace,
    ...('name' in version && { version: version.name }),
  };
  return checkTags({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: workflowMetadata(
      { ...plan, does: 'run', images: [], pipeline: named },
      { ...options, namespace: options.namespace ?? settings.namespace },
    ),
    spec: {
      ...commonSpec(settings, plan.imagePullSecrets),
      parallelism: 1,
      templates: [dagTemplate(NAMES.main, [step.task]), step.template],
    },
  });
}

function wantedVersion({ version }: RunPlan): Exclude<WantedVersion, { readonly by: 'publish step' }> {
  if ('id' in version) return { by: 'id', id: version.id };
  return 'name' in version ? { by: 'name', name: version.name } : { by: 'newest of', name: version.newestOf };
}
