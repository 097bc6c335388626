import { planBuild } from '../../generator/plan.js';
import type { Plan, PlannedImage } from '../../generator/plan-types.js';
import type { ContextSource } from '../../generator/ports.js';
import { loadProject } from '../../generator/project.js';
import { ConfigError } from '../../schema/index.js';
import { planAnswer, renderErrors, renderPlanAnswer } from '../comment/answers.js';
import type { Answer, Taken } from '../taken.js';
import type { Work, World } from '../world.js';
import { withCommit, withFiles } from './opened.js';

/** `/plan`: what a build would do, and what is new in it. Nothing is stored or submitted. */
export async function plan(world: World, { pullRequest, commit }: Taken, work: Work): Promise<Answer> {
  try {
    return await withFiles(world, pullRequest, commit, work.signal, async ({ source, trust }) => {
      const project = await loadProject({ source, settings: world.settings, trust });
      const planned = await planBuild(project, { pullRequest: pullRequest.number });
      const store = await world.openStore(planned, work.signal);
      const stored = new Set<string>();
      for (const { context } of planned.images) {
        if (!stored.has(context.key) && (await store.has(context.objectKey))) stored.add(context.key);
      }
      const { repository, base } = pullRequest;
      const changed = await withCommit(world, repository, base.commit, work.signal, (files) =>
        changedFiles(planned, files),
      );
      const publishes = world.settings.kfp !== undefined;
      const answer = planAnswer(planned, commit, { stored, changed, publishes });
      return { kind: 'answer', markdown: renderPlanAnswer(answer) };
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: 'refusal', markdown: renderErrors(error.diagnostics) };
  }
}

/** How many files of an image's context are not the same on the base branch. */
async function changedFiles({ images }: Plan, base: ContextSource): Promise<(image: PlannedImage) => number> {
  const paths = images.flatMap(({ context }) => context.entries.map(({ source }) => source.path));
  const there = new Map((await base.list([...new Set(paths)])).map(({ path, blob }) => [path, blob]));
  return ({ context }) =>
    context.entries.filter(({ source: { path, blob } }) => there.get(path) !== blob).length;
}
