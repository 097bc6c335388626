/** What became of the images of a compiled pipeline, for an answer: what many steps share is said once, long lists are cut. */
export interface PinSummary {
  /** Images that are pinned now or were already, with the number of steps that have them. */
  readonly pinned: readonly { readonly name: string; readonly reference: string; readonly steps: number }[];
  /** Steps whose image is most likely mistyped. */
  readonly suspicious: readonly {
    readonly executor: string;
    readonly image: string;
    readonly near?: string;
  }[];
  /** Steps whose image a parameter decides. */
  readonly dynamic: readonly string[];
  /** Names of built images that no step has. */
  readonly unused: readonly string[];
  /** How many steps have an image from elsewhere. */
  readonly others: number;
  /** How many entries were cut off the lists. */
  readonly omitted: number;
}

/** The output `result` of the step that publishes. */
export interface PublishOutput {
  readonly images: PinSummary;
  /** Absent without Kubeflow Pipelines. */
  readonly pipeline_id?: string;
  readonly version_id?: string;
  readonly version: string;
  readonly warnings: readonly string[];
}

/** The output `result` of the step that runs the pipeline. */
export interface RunOutput {
  readonly run_id: string;
  readonly experiment_id: string;
  readonly pipeline_id: string;
  readonly version_id: string;
  /** Name of the version. */
  readonly version: string;
  /** How it ended, or was when it was left: https://www.kubeflow.org/docs/components/pipelines/reference/api/ */
  readonly state: string;
  readonly message?: string;
  /** Arguments that the pipeline does not declare. */
  readonly ignored: readonly string[];
}
