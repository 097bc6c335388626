import type { Plan } from '../generator/plan/plan-types.js';
import { planBuild } from '../generator/plan/plan.js';
import { loadProject, type Project } from '../generator/project/project.js';
import type { Diagnostic } from '../schema/index.js';
import { type Opening, openProject } from './open-project.js';
import type { BuildFlags, ProjectFlags } from './options.js';

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
  const project = await loadProject(options);
  const { tag, run, cache } = flags;
  const plan = await planBuild(project, {
    ...(tag !== undefined && { tag }),
    ...(run && { run }),
    ...(cache === false && { cache }),
  });
  return { project, plan, warnings: [...warnings, ...plan.warnings] };
}
