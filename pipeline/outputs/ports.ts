/** A number that a step of a run reported under a name. Both names come from code of the repository. */
export interface RunMetric {
  readonly name: string;
  readonly value: number;
  /** The step that reported it, where that is known. */
  readonly step?: string;
}

/** Something that a step of a run produced. Its texts come from code of the repository. */
export interface RunArtifact {
  /** `Model`, `Dataset`, … */
  readonly type: string;
  readonly name: string;
  readonly step?: string;
  /** '' where there is no content. */
  readonly uri: string;
}

/** What a run produced, in the order in which it was produced. */
export interface StoredOutputs {
  readonly metrics: readonly RunMetric[];
  readonly artifacts: readonly RunArtifact[];
  /** How many further artifacts are known and were not read. */
  readonly unread: number;
}

/** Where Kubeflow Pipelines keeps what runs produced. */
export interface OutputsStore {
  /**
   * @returns nothing of a run that the store doesn't know
   * @throws ServiceError where the store can't be read
   */
  read(runId: string): Promise<StoredOutputs>;
  /** Ends its connections. */
  close(): void;
}

/** How a store is read. */
export interface StoreOptions {
  /** For all calls together, in milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/** How many artifacts of a run are looked at; a run with more has the rest left out. */
export const MOST_READ = 1000;
