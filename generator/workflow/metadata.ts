import type { WorkflowDescription } from '../../templates/data.js';
import { renderMarkdown } from '../../templates/render.js';
import type { Plan, PlannedImage } from '../plan/plan-types.js';
import { refText } from '../plan/version.js';
import { decisionText, isDecided } from '../reuse/reason-text.js';
import { reusedAnnotation } from '../reuse/reused-annotation.js';
import { contentLabel, type Content } from './content.js';
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
  'repository' | 'revision' | 'pullRequest' | 'ref' | 'requestedBy'
> {
  readonly does: 'build' | 'build and run' | 'run';
  readonly images: readonly Pick<
    PlannedImage,
    'name' | 'repository' | 'tag' | 'context' | 'dockerfile' | 'decision'
  >[];
  /** Absent where nothing is compiled. */
  readonly content?: Content;
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
  const { repository, revision, pullRequest, content } = subject;
  const dockerfiles = dockerfilesOf(subject);
  const reused = reusedAnnotation(subject.images);
  const commit = revision.commit === undefined ? undefined : commitMarks(revision.commit);
  return {
    ...(name === undefined ? { generateName: generateNamePrefix(repository.name) } : { name }),
    namespace,
    labels: {
      ...labels,
      [LABELS.managedBy]: MANAGED_BY,
      [LABELS.repository]: repositoryLabel(repository),
      ...(pullRequest !== undefined && { [LABELS.pullRequest]: String(pullRequest) }),
      ...(content && { [LABELS.content]: contentLabel(content) }),
      ...commit?.labels,
    },
    annotations: {
      ...annotations,
      ...commit?.annotations,
      [ANNOTATIONS.title]: title(subject),
      [ANNOTATIONS.description]: renderMarkdown('workflow-description', description(subject)),
      ...(dockerfiles !== undefined && { [ANNOTATIONS.dockerfiles]: dockerfiles }),
      ...(reused !== undefined && { [ANNOTATIONS.reused]: reused }),
    },
  };
}

function title({ repository, revision, pullRequest, ref, does }: WorkflowSubject): string {
  const where = pullRequest === undefined ? ref && ` ${refText(ref.name)}` : ` #${pullRequest}`;
  const commit = revision.commit === undefined ? '' : ` at ${revision.commit.slice(0, 12)}`;
  return `${repository.owner}/${repository.name}${where ?? ''}: ${does}${commit}`;
}

function description(subject: WorkflowSubject): WorkflowDescription {
  const { repository, revision, pullRequest, ref, requestedBy, pipeline, does } = subject;
  const [built, reused] = [
    subject.images.filter(({ decision }) => decision.action === 'build'),
    subject.images.filter(({ decision }) => decision.action === 'reuse'),
  ];
  return {
    repository,
    pullRequest,
    ref: ref && { kind: ref.kind, name: refText(ref.name) },
    commit: revision.commit,
    dirty: revision.dirty,
    // The page shows only the first ones: what is built matters more.
    images: [...built, ...reused].map((image) => ({
      name: image.name,
      decision: `${image.decision.action}: ${decisionText(image.decision)}`,
      destination: destinationOf(image),
    })),
    decided: subject.images.some(({ decision }) => isDecided(decision)),
    anyBuilt: built.length > 0,
    allBuilt: reused.length === 0,
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

function destinationOf({ repository, tag, decision }: WorkflowSubject['images'][number]): string {
  return decision.action === 'build'
    ? `${repository}:${tag}`
    : `${repository}@${decision.digest.slice(0, SHORT_DIGEST)}`;
}

/** `sha256:` and 12 digits. */
const SHORT_DIGEST = 19;

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
