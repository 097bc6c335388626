import type { WorkflowDescription } from '../../templates/data.js';
import { renderMarkdown } from '../../templates/render.js';
import type { Plan } from '../plan-types.js';
import { ANNOTATIONS, generateNamePrefix, LABELS, MANAGED_BY, repositoryLabel } from './names.js';
import type { ObjectMeta } from './types.js';

/** What the caller has to say about the metadata. */
export interface MetadataOptions {
  readonly name?: string | undefined;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** Name, labels and annotations: what the Workflow is, whose, of which commit, for machines and for Argo's page. */
export function workflowMetadata(
  plan: Plan,
  { name, namespace, labels, annotations }: MetadataOptions,
): ObjectMeta {
  const { repository, revision, pullRequest } = plan;
  return {
    ...(name === undefined ? { generateName: generateNamePrefix(repository.name) } : { name }),
    namespace,
    labels: {
      ...labels,
      [LABELS.managedBy]: MANAGED_BY,
      [LABELS.repository]: repositoryLabel(repository),
      ...(pullRequest !== undefined && { [LABELS.pullRequest]: String(pullRequest) }),
      ...(revision.commit !== undefined && { [LABELS.commit]: revision.commit }),
    },
    annotations: {
      ...annotations,
      [ANNOTATIONS.title]: title(plan),
      [ANNOTATIONS.description]: renderMarkdown('workflow-description', description(plan)),
    },
  };
}

function title({ repository, revision, pullRequest, run }: Plan): string {
  const what = run ? 'build and run' : 'build';
  const where = pullRequest === undefined ? '' : ` #${pullRequest}`;
  const commit = revision.commit === undefined ? '' : ` at ${revision.commit.slice(0, 12)}`;
  return `${repository.owner}/${repository.name}${where}: ${what}${commit}`;
}

function description(plan: Plan): WorkflowDescription {
  const { repository, revision, pullRequest, requestedBy, pipeline, run } = plan;
  return {
    repository,
    pullRequest,
    commit: revision.commit,
    dirty: revision.dirty,
    images: plan.images.map(({ name, repository, tag }) => ({ name, destination: `${repository}:${tag}` })),
    pipeline: { name: pipeline.name, namespace: pipeline.namespace, path: pipeline.path },
    run,
    requestedBy,
  };
}
