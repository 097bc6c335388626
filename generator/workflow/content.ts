import { createHash } from 'node:crypto';

import type { Plan } from '../plan/plan-types.js';
import type { WorkflowSettings } from './settings.js';

const [PIPELINE_DIGITS, CONTENT_DIGITS] = [12, 40];

/** What a workflow makes, in short: the value of a label. Without the digests of images, which builds tell at their end. */
export interface Content {
  /** The same for all workflows of one pipeline and one pull request. */
  readonly pipeline: string;
  /** The same where the pipeline's code, its arguments and all else that it's compiled, published and run with are. */
  readonly content: string;
}

/** What the workflow of a plan makes. */
export function contentOf(plan: Plan, { kfp }: Pick<WorkflowSettings, 'kfp'>): Content {
  const { repository, pullRequest, images, pipeline, run, applySchedules } = plan;
  const { name, namespace, experiment, path, source, compilerImage } = pipeline;
  const texts = pipeline.argumentDetails?.texts;
  const of = [repository.owner.toLowerCase(), repository.name.toLowerCase(), pullRequest, name, namespace];
  const made = [
    [path, pipeline.function, pipeline.description, source.key, compilerImage],
    [experiment, pipeline.arguments, run, ...(texts ? [texts] : [])],
    kfp?.endpoint,
    images.map((image) => [image.name, image.repository]),
    ...(applySchedules ? [pipeline.schedules] : []),
  ];
  return {
    pipeline: hash(of).slice(0, PIPELINE_DIGITS),
    content: hash(made).slice(0, CONTENT_DIGITS),
  };
}

/** The value of a label. */
export function contentLabel({ pipeline, content }: Content): string {
  return `${pipeline}-${content}`;
}

/** Reads what {@link contentLabel} writes. */
export function parseContent(label = ''): Content | undefined {
  const [, pipeline, content] = /^([0-9a-f]{12})-([0-9a-f]{40})$/.exec(label) ?? [];
  return pipeline === undefined || content === undefined ? undefined : { pipeline, content };
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
