import { hunkLines } from '../../common/hunks.js';
import { lineChanges } from '../../common/line-diff.js';
import { contextBudget } from '../../generator/contexts/budget.js';
import { compareImages, type ComparedImage } from '../../generator/plan/compare-images.js';
import { ignoringErrors } from '../../generator/plan/earlier-images.js';
import { assemblePipelineSource } from '../../generator/plan/pipeline-source.js';
import type { Plan } from '../../generator/plan/plan-types.js';
import { planBuild } from '../../generator/plan/plan.js';
import type { ContextSource } from '../../generator/ports.js';
import { loadProject, type Project } from '../../generator/project/project.js';
import { AS_CODE, decisionText } from '../../generator/reuse/reason-text.js';
import { comparablePipeline } from '../../pipeline/comparable.js';
import { ServiceError, WorkError } from '../../schema/index.js';
import { cutDiff, type CompiledBuild, type DiffAnswer, type PipelineDiff } from '../comment/diff-answer.js';
import { withCommit, withPullRequestFiles, type PullRequestFiles } from './files.js';
import { sourceDiff } from './source-diff.js';
import type { TaskContext } from './task-context.js';

/** What `/diff` asks for. */
export interface DiffInput {
  readonly files: PullRequestFiles;
  readonly pullRequest: number;
  /** What it is compared with. */
  readonly base: { readonly commit: string; readonly branch: string };
  /** The builds whose compiled pipelines are compared, as far as there are any. */
  readonly head: CompiledBuild | undefined;
  readonly earlier: CompiledBuild | undefined;
}

/**
 * Compares what a build would make with the base branch. Nothing is stored, submitted or run.
 *
 * @throws ConfigError with all that is wrong in the repository
 */
export function diffWithBase(input: DiffInput, context: TaskContext): Promise<DiffAnswer> {
  const { files, pullRequest, base } = input;
  const { ports, signal } = context;
  const { settings, repository, commit } = files;
  return withPullRequestFiles(ports, files, signal, ({ source, trust }) =>
    withCommit(ports, repository, base.commit, signal, async (there) => {
      const project = await loadProject({ source, settings, trust });
      const registries = ports.openRegistries(settings, signal);
      const plan = await planBuild(project, { pullRequest, registries });
      const compared = await compareImages(project, plan.images, there, registries);
      const { images, bases } = compared ?? {
        images: plan.images.map(({ name }) => ({ name, change: 'new' as const })),
        bases: [],
      };
      return {
        commit,
        base,
        isComparable: compared !== undefined,
        images: images.map(imageOf),
        bases: bases.map(({ image, before, now }) => ({
          image,
          before: `${before.name}@${before.digest}`,
          now: `${now.name}@${now.digest}`,
        })),
        pipeline: await pipelineDiff(input, { project, plan, source, there }, context),
      };
    }),
  );
}

function imageOf({ name, change }: ComparedImage): DiffAnswer['images'][number] {
  if (typeof change === 'string') return { name, kind: change };
  return { name, kind: 'changed', reason: decisionText({ action: 'build', reason: change }, AS_CODE) };
}

/** What is compared. */
interface States {
  readonly project: Project;
  readonly plan: Plan;
  readonly source: ContextSource;
  readonly there: ContextSource;
}

async function pipelineDiff(input: DiffInput, states: States, context: TaskContext): Promise<PipelineDiff> {
  const { head, earlier } = input;
  let unread: string | undefined;
  if (head && earlier) {
    try {
      const compiled = await compiledDiff(head, earlier, input, states, context);
      if (compiled) return compiled;
      unread = 'The object store no longer has both of them.';
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof ServiceError) && !(error instanceof WorkError)) throw error;
      context.log.warn({ err: error }, 'cannot compare the compiled pipelines');
      unread = error.message;
    }
  }
  const { lines, files } = await sources(states);
  return {
    kind: 'source',
    files,
    ...cutDiff(lines),
    missing: unread !== undefined ? 'unread' : head ? 'base' : 'head',
    ...(unread !== undefined && { unread }),
  };
}

/** @returns undefined if one of the compiled pipelines is no longer there */
async function compiledDiff(
  head: CompiledBuild,
  earlier: CompiledBuild,
  { files: { settings } }: DiffInput,
  { plan }: States,
  { ports, signal }: TaskContext,
): Promise<PipelineDiff | undefined> {
  const [before, now] = await Promise.all(
    [earlier, head].map(({ objectKey }) => ports.readOutput(settings, plan, objectKey, signal)),
  );
  if (before === undefined || now === undefined) return undefined;
  const [a, b] = [comparablePipeline(before), comparablePipeline(now)];
  const digests = [...new Set([...a.digests.keys(), ...b.digests.keys()])]
    .sort()
    .map((image) => ({ image, before: a.digests.get(image), now: b.digests.get(image) }))
    .filter((each) => each.before !== each.now);
  const lines = hunkLines(a.lines, lineChanges(a.lines, b.lines));
  return { kind: 'compiled', head, earlier, digests, ...cutDiff(lines) };
}

async function sources({ project, plan, source, there }: States): ReturnType<typeof sourceDiff> {
  const { settings, config } = project;
  const limits = { files: settings.limits.context_files, bytes: settings.limits.context_bytes };
  const before = await ignoringErrors(async () => {
    const earlier = await ignoringErrors(() => loadProject({ source: there, settings }));
    const { pipeline } = (earlier?.config ?? config).value;
    return assemblePipelineSource(there, pipeline.pipeline_path, contextBudget(limits).links);
  });
  return sourceDiff({ source: there, files: before }, { source, files: plan.pipeline.source });
}
