import type { WorkflowDescription } from '../../templates/data.js';
import { renderMarkdown } from '../../templates/render.js';
import type { Plan, PlannedImage } from '../plan/plan-types.js';
import {
  ANNOTATIONS,
  commitMarks,
  generateNamePrefix,
  LABELS,
  MANAGED_BY,
  repositoryLabel,
} from './names.js';
import type { ObjectMeta } from './types.js';

/** What the caller has to say about the metadata. */
export interface MetadataOptions {
  readonly name?: string | undefined;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** What a workflow is about. */
export interface WorkflowSubject extends Pick<
  Plan,
  'repository' | 'revision' | 'pullRequest' | 'requestedBy'
> {
  readonly does: 'build' | 'build and run' | 'run';
  readonly images: readonly Pick<PlannedImage, 'name' | 'repository' | 'tag' | 'context' | 'dockerfile'>[];
  readonly pipeline: {
    readonly name: string;
    readonly namespace: string;
    /** Absent where nothing is compiled. */
    readonly path?: string;
    /** Absent where nothing is published. */
    readonly version?: string;
  };
}

/** Name, labels and annotations: what the Workflow is, whose, of which commit, for machines and for Argo's page. */
export function workflowMetadata(
  subject: WorkflowSubject,
  { name, namespace, labels, annotations }: MetadataOptions,
): ObjectMeta {
  const { repository, revision, pullRequest } = subject;
  const dockerfiles = dockerfilesOf(subject);
  const commit = revision.commit === undefined ? undefined : commitMarks(revision.commit);
  return {
    ...(name === undefined ? { generateName: generateNamePrefix(repository.name) } : { name }),
    namespace,
    labels: {
      ...labels,
      [LABELS.managedBy]: MANAGED_BY,
      [LABELS.repository]: repositoryLabel(repository),
      ...(pullRequest !== undefined && { [LABELS.pullRequest]: String(pullRequest) }),
      ...commit?.labels,
    },
    annotations: {
      ...annotations,
      ...commit?.annotations,
      [ANNOTATIONS.title]: title(subject),
      [ANNOTATIONS.description]: renderMarkdown('workflow-description', description(subject)),
      ...(dockerfiles !== undefined && { [ANNOTATIONS.dockerfiles]: dockerfiles }),
    },
  };
}

function title({ repository, revision, pullRequest, does }: WorkflowSubject): string {
  const where = pullRequest === undefined ? '' : ` #${pullRequest}`;
  const commit = revision.commit === undefined ? '' : ` at ${revision.commit.slice(0, 12)}`;
  return `${repository.owner}/${repository.name}${where}: ${does}${commit}`;
}

function description(subject: WorkflowSubject): WorkflowDescription {
  const { repository, revision, pullRequest, requestedBy, pipeline, does } = subject;
  return {
    repository,
    pullRequest,
    commit: revision.commit,
    dirty: revision.dirty,
    images: subject.images.map(({ name, repository, tag }) => ({
      name,
      destination: `${repository}:${tag}`,
    })),
    pipeline: {
      name: pipeline.name,
      namespace: pipeline.namespace,
      path: pipeline.path,
      version: pipeline.version,
    },
    run: does !== 'build',
    requestedBy,
  };
}

/** All annotations together may have 256 KiB; this one is left out where it would be large. */
const LONGEST_DOCKERFILES = 65_536;

function dockerfilesOf({ images }: WorkflowSubject): string | undefined {
  const paths = images.flatMap(({ name, dockerfile, context }) => {
    const entry = context.entries.find(({ path }) => path === dockerfile);
    return entry === undefined ? [] : [[name, entry.source.path] as const];
  });
  const json = JSON.stringify(Object.fromEntries(paths));
  return paths.length === 0 || json.length > LONGEST_DOCKERFILES ? undefined : json;
}
