import { trimEndOf } from '../../schema/trim-end.js';
import { urlSegment } from '../../schema/url-path.js';
import type { PublishStepResult, RunStepResult } from './result.js';

/** What happened to each image of a pipeline, one line each, in plain text. */
export interface PinLines {
  /** `trainer → registry/trainer@sha256:…` */
  readonly pinned: readonly string[];
  /** What was not pinned, and why. */
  readonly notPinned: readonly string[];
}

/** Says what the publish step pinned, what not and why. */
export function pinLines({ images }: Pick<PublishStepResult, 'images'>): PinLines {
  if (images === undefined) return { pinned: [], notPinned: [] };
  const { pinned, suspicious, dynamic, unused, others, omitted } = images;
  return {
    pinned: pinned.map(
      ({ name, reference, steps }) => `${name} → ${reference}${steps > 1 ? ` (${steps} steps)` : ''}`,
    ),
    notPinned: [
      ...suspicious.map(
        ({ executor, image, near }) =>
          `${executor} has ${image}, which is not an image of this build${near === undefined ? '' : `; is ${near} meant?`}`,
      ),
      ...dynamic.map((executor) => `${executor}: a parameter decides its image at run time`),
      ...(unused.length > 0 ? [unusedLine(unused)] : []),
      ...(others > 0
        ? [`${others} ${others === 1 ? 'step has an image' : 'steps have images'} from elsewhere`]
        : []),
      ...(omitted > 0 ? [`and ${omitted} more`] : []),
    ],
  };
}

/** `a, b and 3 more: no step has these images` */
function unusedLine(names: readonly string[]): string {
  const [only, ...others] = names;
  if (others.length === 0) return `${only ?? ''}: no step has this image`;
  const more = names.length > NAMED_IMAGES ? ` and ${names.length - NAMED_IMAGES} more` : '';
  return `${names.slice(0, NAMED_IMAGES).join(', ')}${more}: no step has these images`;
}

const NAMED_IMAGES = 5;

/** Addresses of the pages of Kubeflow Pipelines. */
export interface KfpLinks {
  readonly version?: string;
  readonly run?: string;
}

/**
 * The pages of a version and of a run.
 *
 * @param url - `kfp.url` of the settings; without it there are none
 */
export function kfpLinks(
  url: string | undefined,
  publish: Pick<PublishStepResult, 'pipelineId' | 'versionId'> | undefined,
  run?: Pick<RunStepResult, 'pipelineId' | 'versionId' | 'runId'>,
): KfpLinks {
  if (url === undefined) return {};
  const page = `${trimEndOf(url, '/')}/#`;
  const { pipelineId, versionId } = publish ?? run ?? {};
  const [pipeline, version, runId] = [pipelineId, versionId, run?.runId].map((id) => urlSegment(id ?? ''));
  return {
    ...(pipeline !== undefined &&
      version !== undefined && { version: `${page}/pipelines/details/${pipeline}/version/${version}` }),
    ...(runId !== undefined && { run: `${page}/runs/details/${runId}` }),
  };
}
