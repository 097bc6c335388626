import type { Context } from '../../generator/contexts/context.js';
import type { Plan, PlannedImage } from '../../generator/plan/plan-types.js';
import { planBuild } from '../../generator/plan/plan.js';
import type { ContextSource } from '../../generator/ports.js';
import { loadProject } from '../../generator/project/project.js';
import { planAnswer, renderPlanAnswer } from '../comment/answers.js';
import { withCommit, withPullRequestFiles, type PullRequestFiles } from './files.js';
import type { TaskContext } from './task-context.js';

/** What `/plan` asks for. */
export interface PlanInput {
  readonly files: PullRequestFiles;
  readonly pullRequest: number;
  /** The commit that it is compared with. */
  readonly base: string;
  /** Names of the images that are asked for. Default: all. */
  readonly only?: readonly string[];
}

/**
 * Plans a build, and says what is new in it. Nothing is stored or submitted.
 *
 * @returns the answer as Markdown
 * @throws ConfigError with all that is wrong in the repository
 */
export function planAsAnswer(
  { files, pullRequest, base, only }: PlanInput,
  { ports, signal }: TaskContext,
): Promise<string> {
  const { settings, repository, commit } = files;
  return withPullRequestFiles(ports, files, signal, ({ source, trust }) =>
    withCommit(ports, repository, base, signal, async (there) => {
      const project = await loadProject({ source, settings, trust });
      const planned = await planBuild(project, {
        pullRequest,
        registries: ports.openRegistries(settings, signal),
        earlier: (use) => use(there),
        ...(only && { only }),
      });
      const store = await ports.openStore(settings, planned, signal);
      const stored = new Set<string>();
      for (const { key, objectKey } of contextsOf(planned)) {
        if (!stored.has(key) && (await store.has(objectKey))) stored.add(key);
      }
      const changed = await changedFiles(planned, there);
      const publishes = settings.kfp !== undefined;
      return renderPlanAnswer(planAnswer(planned, commit, { stored, changed, publishes }));
    }),
  );
}

/** Images with the same files share one. */
function contextsOf({ images }: Plan): ReadonlySet<Context> {
  return new Set(images.map(({ context }) => context));
}

/** How many files of an image's context are not the same on the base branch. */
async function changedFiles(plan: Plan, base: ContextSource): Promise<(image: PlannedImage) => number> {
  const paths = new Set<string>();
  for (const { entries } of contextsOf(plan)) for (const { source } of entries) paths.add(source.path);
  const there = new Map((await base.list([...paths])).map(({ path, blob }) => [path, blob]));
  const counts = new Map<Context, number>();
  for (const context of contextsOf(plan)) {
    const changed = context.entries.filter(({ source: { path, blob } }) => there.get(path) !== blob);
    counts.set(context, changed.length);
  }
  return ({ context }) => counts.get(context) ?? 0;
}
