import { planBuild } from '../generator/plan.js';
import type { Plan } from '../generator/plan-types.js';
import { loadProject, type Project } from '../generator/project.js';
import type { Io } from './io.js';
import { openProject } from './open-project.js';
import type { BuildFlags, ProjectFlags } from './options.js';

/**
 * Reads the project that the arguments name and plans its build.
 *
 * @throws ConfigError with all that is wrong
 */
export async function loadPlan(
  io: Io,
  dir: string,
  flags: ProjectFlags & BuildFlags,
): Promise<{ readonly project: Project; readonly plan: Plan }> {
  const project = await loadProject(await openProject(io, dir, flags));
  const { tag, run } = flags;
  const plan = await planBuild(project, { ...(tag !== undefined && { tag }), ...(run && { run }) });
  return { project, plan };
}
