import type { Plan } from '../plan/plan-types.js';
import { refText } from '../plan/version.js';
import { scheduleEntries } from '../plan/planned-schedules.js';
import { leftArtifact, outputArtifact } from './artifacts.js';
import { COMPILED_OUTPUT, expectedImages, imagesArgument, type DigestOf } from './compile-step.js';
import { kfpArguments, kfpPod, ownContainer } from './kfp-access.js';
import { NAMES } from './names.js';
import { retryStrategy } from './retry.js';
import type { WorkflowSettings } from './settings.js';
import { jsonFile, OUT, READABLE, stepMetadata, type Step } from './step.js';
import type { OutputParameter } from './types.js';

/** Each call of Kubeflow Pipelines may take a minute and is tried six times. */
const DEADLINE_SECONDS = 3600;
const COMPILED = '/kfops/compiled.yaml';
const IMAGES = '/kfops/images.json';
const SCHEDULES = '/kfops/schedules.json';

/**
 * The step that pins the images of the compiled pipeline, keeps it, and, where the settings have Kubeflow Pipelines,
 * uploads it as a version. It has the token, and runs none of the repository's code. Where the plan says so, it then makes
 * the repository's schedules those of the configuration, also where the configuration has none any longer.
 */
export function publishStep(plan: Plan, settings: WorkflowSettings, digestOf: DigestOf): Step {
  const { pipeline, objectStore } = plan;
  const { kfp } = settings;
  const schedules = plan.applySchedules && kfp ? scheduleEntries(pipeline) : undefined;
  return {
    task: {
      name: NAMES.publish,
      template: NAMES.publish,
      arguments: {
        artifacts: [imagesArgument(plan, digestOf)],
      },
    },
    template: {
      name: NAMES.publish,
      metadata: stepMetadata('publish'),
      inputs: {
        artifacts: [
          { ...leftArtifact(objectStore, 'compiled', COMPILED, COMPILED_OUTPUT), mode: READABLE },
          { name: 'images', path: IMAGES, mode: READABLE },
          ...(schedules ? [jsonFile('schedules', SCHEDULES, { schedules })] : []),
        ],
      },
      outputs: {
        parameters: [
          resultOutput(),
          ...(kfp ? [fileOutput('pipeline-id', 'pipeline_id'), fileOutput('version-id', 'version_id')] : []),
        ],
        artifacts: [outputArtifact(objectStore, 'pipeline', `${OUT}/pipeline.yaml`)],
      },
      activeDeadlineSeconds: String(DEADLINE_SECONDS),
      retryStrategy: retryStrategy(settings.build.retries, { service: true }),
      ...kfpPod(settings),
      container: ownContainer(settings, 'publish', [
        `--compiled=${COMPILED}`,
        `--images=${IMAGES}`,
        ...expectedImages(plan),
        `--output=${OUT}`,
        `--name=${pipeline.name}`,
        `--version=${pipeline.version}`,
        ...(pipeline.description === undefined ? [] : [`--description=${pipeline.description}`]),
        `--version-description=${versionDescription(plan)}`,
        ...(kfp ? kfpArguments(kfp, pipeline) : []),
        ...(schedules ? scheduleArguments(plan) : []),
      ]),
    },
  };
}

/** What a step of ours says of itself, for the report. */
export function resultOutput(): OutputParameter {
  return { name: 'result', valueFrom: { path: `${OUT}/result.json`, default: '{}' } };
}

function scheduleArguments({ repository, pipeline }: Plan): string[] {
  return [
    `--schedules=${SCHEDULES}`,
    `--repository=${repository.owner}/${repository.name}`,
    `--experiment=${pipeline.experiment}`,
  ];
}

function fileOutput(name: string, file: string): OutputParameter {
  return { name, valueFrom: { path: `${OUT}/${file}`, default: '' } };
}

/** On the page of Kubeflow Pipelines: what the version was made of. */
function versionDescription({ repository, revision, pullRequest, ref, requestedBy }: Plan): string {
  const of = pullRequest === undefined ? ref && ` ${refText(ref.name)}` : `#${pullRequest}`;
  const where = `${repository.owner}/${repository.name}${of ?? ''}`;
  const commit = revision.commit === undefined ? '' : ` at ${revision.commit}`;
  const changes = revision.dirty && revision.commit !== undefined ? ' with uncommitted changes' : '';
  return `${where}${commit}${changes}${requestedBy === undefined ? '' : `, for ${requestedBy}`}`;
}
