import { durationSeconds } from '../../schema/index.js';
import type { RunPipeline } from '../plan/plan-run.js';
import { versionBranch } from '../plan/version.js';
import { kfpArguments, kfpPod, ownContainer, type KfpSettings } from './kfp-access.js';
import { NAMES } from './names.js';
import { resultOutput } from './publish-step.js';
import { retryStrategy } from './retry.js';
import type { WorkflowSettings } from './settings.js';
import { checkedOutput } from './step-output.js';
import { jsonFile, OUT, stepMetadata, type Step } from './step.js';
import type { Parameter } from './types.js';

const ARGUMENTS = '/kfops/arguments.json';
const ARGUMENT_DETAILS = '/kfops/argument-details.json';

/** Where a retry writes the id of the run to continue; without one, a new run starts. */
export const RETRIED_RUN = '--retry-run=';

/** Which version is run. */
export type WantedVersion =
  | { readonly by: 'publish step'; readonly name: string }
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'newest of'; readonly name: string };

/**
 * The step that starts a run of a version and follows it to its end. The run is called by the workflow's name, so that
 * a second attempt finds it; where the step is stopped, it stops the run.
 *
 * @param baseBranch - with whose last successful run the metrics are compared
 */
export function runStep(
  pipeline: RunPipeline,
  version: WantedVersion,
  settings: WorkflowSettings & { readonly kfp: KfpSettings },
  baseBranch?: string,
): Step {
  const { argumentDetails } = pipeline;
  const parameters: Required<Parameter>[] =
    version.by === 'publish step' ? [publishOutput('pipeline-id'), publishOutput('version-id')] : [];
  return {
    task: {
      name: NAMES.run,
      template: NAMES.run,
      ...(parameters.length > 0 && { arguments: { parameters } }),
    },
    template: {
      name: NAMES.run,
      metadata: stepMetadata('run'),
      inputs: {
        ...(parameters.length > 0 && { parameters: parameters.map(({ name }) => ({ name })) }),
        artifacts: [
          jsonFile('arguments', ARGUMENTS, pipeline.arguments),
          ...(argumentDetails ? [jsonFile('argument-details', ARGUMENT_DETAILS, argumentDetails)] : []),
        ],
      },
      outputs: { parameters: [resultOutput()] },
      // A run may take as long as the workflow.
      activeDeadlineSeconds: String(durationSeconds(settings.workflow.timeout)),
      retryStrategy: retryStrategy(settings.build.retries, { service: true }),
      ...kfpPod(settings),
      container: ownContainer(settings, 'run', [
        ...versionArguments(pipeline, version),
        `--experiment=${pipeline.experiment}`,
        `--name=${runName(version)}`,
        `--arguments=${ARGUMENTS}`,
        ...(argumentDetails ? [`--argument-details=${ARGUMENT_DETAILS}`] : []),
        `--output=${OUT}`,
        RETRIED_RUN,
        ...outputsArguments(settings.kfp, baseBranch),
        ...kfpArguments(settings.kfp, pipeline),
      ]),
    },
  };
}

/** No text of a repository is in them: the branch is as the names of its versions begin. */
function outputsArguments({ outputs }: KfpSettings, baseBranch: string | undefined): string[] {
  if (outputs === undefined) return [];
  return [
    `--outputs=${outputs}`,
    ...(baseBranch === undefined ? [] : [`--base-branch=${versionBranch(baseBranch)}`]),
  ];
}

function publishOutput(name: string): Required<Parameter> {
  return { name, value: checkedOutput({ task: NAMES.publish, parameter: name }, 'kfpId') };
}

/** Each workflow's run has a name of its own. */
function runName(version: WantedVersion): string {
  return version.by === 'id' ? '{{workflow.name}}' : `${version.name} {{workflow.name}}`;
}

function versionArguments({ name }: RunPipeline, version: WantedVersion): string[] {
  switch (version.by) {
    case 'publish step':
      return [
        '--pipeline-id={{inputs.parameters.pipeline-id}}',
        '--version-id={{inputs.parameters.version-id}}',
      ];
    case 'id':
      return [`--pipeline=${name}`, `--version-id=${version.id}`];
    case 'name':
      return [`--pipeline=${name}`, `--version=${version.name}`];
    case 'newest of':
      return [`--pipeline=${name}`, `--newest-of=${version.name}`];
  }
}
