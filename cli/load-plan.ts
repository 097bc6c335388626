import type { Plan } from '../generator/plan/plan-types.js';
import { planBuild } from '../generator/plan/plan.js';
import { loadProject, type Project } from '../generator/project/project.js';
import type { Diagnostic } from '../schema/index.js';
import { earlierSource } from './earlier-source.js';
import { howToAsk } from './reuse-off.js';
import { requireImages } from './image-operands.js';
import { type Opening, openProject } from './open-project.js';
import { type BuildFlags, planOptions, type ProjectFlags } from './options.js';
import { openRegistries } from './registries.js';

/** A plan with what it was made of. */
export interface LoadedPlan {
  readonly project: Project;
  readonly plan: Plan;
  /** Of the settings and of the configuration. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads the project that the arguments name and plans its build.
 *
 * @throws ConfigError with all that is wrong
 */
export async function loadPlan(
  session: Opening,
  dir: string,
  flags: ProjectFlags & BuildFlags,
): Promise<LoadedPlan> {
  const { options, warnings } = await openProject(session, dir, flags);
  await requireImages(options, flags.only);
  const project = await loadProject(options);
  const how = howToAsk(session, flags);
  const plan = await planBuild(project, {
    ...planOptions(flags),
    ...(how !== undefined && { howToAsk: how }),
    ...(flags.reuse && {
      registries: await openRegistries(session.io, project.settings),
      earlier: earlierSource(session.io, dir, flags.commit),
    }),
  });
  return { project, plan, warnings: [...warnings, ...plan.warnings] };
}
