import { defaultSettings, type Override, type Settings } from '../schema/index.js';
import type { Plan } from './plan/plan-types.js';
import { planBuild, type PlanOptions } from './plan/plan.js';
import type { ContextSource } from './ports.js';
import { loadProject } from './project/project.js';
import type { TrustRules } from './project/project-types.js';
import { createWorkflow, type WorkflowOptions } from './workflow/create.js';
import { stringifyWorkflow } from './workflow/stringify.js';
import type { Workflow } from './workflow/types.js';

/** What {@link compile} can be told; all of it is optional. */
export interface CompileOptions extends PlanOptions, WorkflowOptions {
  /** What belongs to the cluster; default: {@link defaultSettings}. */
  readonly settings?: Settings;
  readonly overrides?: readonly Override[];
  /** What the repository's files may decide; default: everything. */
  readonly trust?: TrustRules;
}

/** A repository, compiled. */
export interface Compilation {
  readonly plan: Plan;
  readonly workflow: Workflow;
  /** The workflow as YAML that `argo submit` takes. */
  readonly yaml: string;
}

/**
 * Compiles a repository's configuration into one Argo Workflow. Nothing is written and nothing is sent: the contexts
 * that the workflow names are put in place by {@link run}, or by a `ContextStore` and `packContext`.
 *
 * @throws ConfigError with all that is wrong in the repository
 *
 * @example
 * ```ts
 * import { compile, folderSource } from 'kfops';
 * const { yaml } = await compile(await folderSource('.'), { tag: 'v1' });
 * ```
 */
export async function compile(source: ContextSource, options: CompileOptions = {}): Promise<Compilation> {
  const settings = options.settings ?? defaultSettings();
  const { trust, overrides = [] } = options;
  const project = await loadProject({ source, settings, overrides, ...(trust && { trust }) });
  const plan = await planBuild(project, options);
  const workflow = createWorkflow(plan, project.settings, options);
  return { plan, workflow, yaml: stringifyWorkflow(workflow) };
}
