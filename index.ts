/**
 * Kfops as a library: from a repository's configuration to one Argo Workflow.
 *
 * ```ts
 * import { defaultSettings, directoryStore, folderSource, run, stringifyWorkflow } from 'kfops';
 *
 * const source = await folderSource('.');
 * const { workflow } = await run(
 *   { settings: defaultSettings() },
 *   {
 *     source,
 *     openStore: () => Promise.resolve(directoryStore('out/contexts')),
 *     runner: { submit: ({ metadata }) => Promise.resolve({ name: metadata.name ?? '' }) },
 *   },
 * );
 * console.log(stringifyWorkflow(workflow));
 * ```
 *
 * @packageDocumentation
 */
export * from './schema/index.js';
export { compile, type Compilation, type CompileOptions } from './generator/compile.js';
export { assembleContexts } from './generator/contexts/assemble.js';
export {
  type Context,
  type ContextEntry,
  type ContextLimits,
  type ContextProblem,
  type ContextRequest,
} from './generator/contexts/context.js';
export { contextObjectKey } from './generator/contexts/manifest.js';
export { packContext } from './generator/contexts/pack.js';
export { follow, type FollowPorts } from './generator/follow.js';
export { planGraph, type Graph, type GraphNode, type NodeState } from './generator/graph/graph.js';
export { planBuild, type PlanOptions } from './generator/plan/plan.js';
export { planRun, type RunPlan, type RunPlanOptions } from './generator/plan/plan-run.js';
export type { Plan, PlannedImage, PlannedObjectStore, PlannedPipeline } from './generator/plan/plan-types.js';
export type {
  ContextSource,
  ContextStore,
  FileMode,
  Reporter,
  Revision,
  SourceEntry,
  SubmittedWorkflow,
  WorkflowRunner,
  WorkflowWatcher,
} from './generator/ports.js';
export { loadProject, type Project, type ProjectOptions } from './generator/project/project.js';
export { kfpLinks, pinLines, type KfpLinks, type PinLines } from './generator/results/published.js';
export type {
  Failure,
  FailureKind,
  ImageResult,
  FailurePlace,
  PublishStepResult,
  RunStepResult,
  StepResult,
  TagStepResult,
  WorkflowResult,
} from './generator/results/result.js';
export type { BuildDecision, BuildReason, ImageDecision, ReuseDecision } from './generator/reuse/decision.js';
export { decisionText, type ReasonStyle } from './generator/reuse/reason-text.js';
export { run, type RunPorts, type RunRequest, type RunResult } from './generator/run.js';
export type { ContextEvent, ContextObserver } from './generator/store-contexts.js';
export { createWorkflow, type WorkflowOptions } from './generator/workflow/create.js';
export { createRunWorkflow } from './generator/workflow/run-workflow.js';
export { stringifyWorkflow } from './generator/workflow/stringify.js';
export type { Workflow } from './generator/workflow/types.js';
export { folderSource } from './sources/folder.js';
export { gitCommitSource } from './sources/git.js';
export { directoryStore } from './stores/directory.js';
export { minioStore, type MinioOptions } from './stores/minio.js';
