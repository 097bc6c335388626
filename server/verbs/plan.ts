import { planBuild } from '../../generator/plan.js';
import { loadProject } from '../../generator/project.js';
import { ConfigError } from '../../schema/index.js';
import { planAnswer, renderErrors, renderPlanAnswer } from '../comment/answers.js';
import type { Answer, Taken } from '../taken.js';
import type { Work, World } from '../world.js';
import { withFiles } from './opened.js';

/** `/plan`: what a build would do. Nothing is stored or submitted. */
export async function plan(world: World, { pullRequest, commit }: Taken, work: Work): Promise<Answer> {
  try {
    return await withFiles(world, pullRequest, commit, work.signal, async ({ source, trust }) => {
      const project = await loadProject({ source, settings: world.settings, trust });
      const planned = await planBuild(project, { pullRequest: pullRequest.number });
      const store = await world.openStore(planned, work.signal);
      const stored = new Set<string>();
      for (const { context } of planned.images)
        if (await store.has(context.objectKey)) stored.add(context.key);
      return { kind: 'answer', markdown: renderPlanAnswer(planAnswer(planned, commit, stored)) };
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: 'refusal', markdown: renderErrors(error.diagnostics) };
  }
}
