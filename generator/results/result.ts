import type { ScheduleChanges } from './schedule-changes.js';
import type { RunOutputs } from './run-outputs.js';
import type { PinSummary, TagOutput } from './step-outputs.js';

/** How far a step is. `omitted`: what it depends on did not succeed. `reused`: an image that needed no build. */
export type StepState = 'pending' | 'running' | 'succeeded' | 'failed' | 'omitted' | 'stopped' | 'reused';

/** What went wrong with a step. */
export type FailureKind =
  | 'dockerfile_step'
  | 'file_missing'
  | 'dockerfile'
  | 'out_of_memory'
  | 'out_of_disk'
  | 'base_image'
  | 'push_refused'
  | 'context_missing'
  | 'object_store'
  | 'evicted'
  | 'unschedulable'
  | 'deadline'
  | 'image_pull'
  | 'digest'
  /** The step that tags images cannot use what it was given. */
  | 'tags'
  /** The code of the pipeline does not compile, or no pipeline is in it. */
  | 'pipeline_code'
  /** The image in which it is compiled lacks what is needed. */
  | 'compiler_image'
  /** The compiled pipeline cannot be pinned or is not taken. */
  | 'publish'
  /** Kubeflow Pipelines is away, or refuses the account. */
  | 'kubeflow'
  /** The run of the pipeline failed or was stopped. */
  | 'run_failed'
  | 'unknown';

/** A place in the repository. */
export interface FailurePlace {
  /** From the repository's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
}

/** Why a step failed, in words, and what to do next. */
export interface Failure {
  readonly kind: FailureKind;
  /** One sentence without its full stop. */
  readonly reason: string;
  readonly nextStep: string;
  /** Where in the repository it went wrong, where that is known. */
  readonly location?: FailurePlace;
  /** The line's text. */
  readonly excerpt?: string;
  /** Of a failed step of a Dockerfile whose line is not known: the file, and the instruction as Kaniko prints it. */
  readonly instruction?: { readonly file: string; readonly text: string };
  /** The step's last lines, where they are known. */
  readonly lastLines?: string;
}

/** One step of a workflow: a build, or one of the last steps. */
export interface StepResult {
  /** Its task in the workflow; absent for an image that was not to be built. */
  readonly task?: string;
  readonly state: StepState;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  /** The pod of its last attempt; it may have been cleaned up. */
  readonly pod?: string;
  /** From 1; retries count. */
  readonly attempts: number;
  readonly failure?: Failure;
  /** Why its pod has not started yet, where that is more than a moment's matter: it may wait for ever. */
  readonly waiting?: Failure;
}

/** One image of a workflow. */
export interface ImageResult extends StepResult {
  readonly name: string;
  readonly repository: string;
  readonly digest?: string;
  /** Full id of the commit that a reused image was built from. */
  readonly revision?: string;
  /** Names of the images that its build waits for. */
  readonly buildsOn?: readonly string[];
  /** Of an omitted image: name of the image whose failure prevented its build. */
  readonly failedBase?: string;
}

/**
 * The step that gives reused images the tag of this build and checks the tags of bases. What it did is known once it has
 * succeeded, which it does whatever a registry answers.
 */
export interface TagStepResult extends StepResult, Partial<TagOutput> {
  /** What did not work, as sentences with the next step; in them, `…` is code. */
  readonly warnings: readonly string[];
}

/** The step that pins and publishes the pipeline. What it did is known once it has succeeded. */
export interface PublishStepResult extends StepResult {
  /** There is Kubeflow Pipelines to publish it in; else its images are pinned, and it is kept as an artifact. */
  readonly publishes: boolean;
  /** What was pinned, what not and why. */
  readonly images?: PinSummary;
  /** Name of the pipeline's version; without `versionId` it was not published. */
  readonly version?: string;
  readonly pipelineId?: string;
  readonly versionId?: string;
  /** What is doubtful, as sentences. */
  readonly warnings: readonly string[];
  /** What was done to the repository's schedules; absent where the workflow applies none. */
  readonly schedules?: ScheduleChanges;
}

/** The step that runs the pipeline. What it did is known at its end, also where the run failed. */
export interface RunStepResult extends StepResult {
  readonly runId?: string;
  readonly experimentId?: string;
  readonly pipelineId?: string;
  readonly versionId?: string;
  /** Name of the version. */
  readonly version?: string;
  /** Kubeflow Pipelines' word: `SUCCEEDED`, `FAILED`, `SKIPPED`, `CANCELED`, … */
  readonly runState?: string;
  /** Arguments of the configuration that the pipeline does not declare. */
  readonly ignored: readonly string[];
  /** It had failed before, and continued. */
  readonly continued?: true;
  /** Why the run that had failed before couldn't continue, so that this one is new: a clause. */
  readonly notContinued?: string;
  /** What it produced, where the settings say where to look. */
  readonly outputs?: RunOutputs;
}

/** The result of a workflow, or its progress. */
export interface WorkflowResult {
  readonly name: string;
  /** `unknown`: it is gone, or its nodes are where nobody but Argo's server reads them. Never taken for success. */
  readonly phase: 'pending' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'unknown';
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  /** Somebody stopped it, and Argo has not ended it yet. */
  readonly stopping?: boolean;
  /** In the order of the configuration. */
  readonly images: readonly ImageResult[];
  readonly tags?: TagStepResult;
  readonly compile?: StepResult;
  readonly publish?: PublishStepResult;
  readonly run?: RunStepResult;
  /** Why the whole of it failed, where that is no image's or step's own failure. */
  readonly problem?: string;
  readonly nextStep?: string;
}

/** A step with the name that people know it by: an image's own, `tag`, `compile`, `publish`, `run`. */
export interface NamedStep {
  readonly label: string;
  readonly step: StepResult & Partial<Omit<ImageResult, keyof StepResult | 'name'>>;
}

/** Every step of a workflow, in the order in which they are told. */
export function stepsOf(result: WorkflowResult): readonly NamedStep[] {
  return [
    ...result.images.map((step) => ({ label: step.name, step })),
    ...(result.tags ? [{ label: 'tag', step: result.tags }] : []),
    ...(result.compile ? [{ label: 'compile', step: result.compile }] : []),
    ...(result.publish ? [{ label: 'publish', step: result.publish }] : []),
    ...(result.run ? [{ label: 'run', step: result.run }] : []),
  ];
}
