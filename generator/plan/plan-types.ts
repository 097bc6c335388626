import type { Diagnostic } from '../../schema/diagnostic.js';
import type { KanikoPod } from '../../schema/index.js';
import type { Context } from '../contexts/context.js';
import type { Revision } from '../ports.js';
import type { ImageDecision } from '../reuse/decision.js';

/** What a build will do: everything that is decided before the Workflow is written. Pure data. */
export interface Plan {
  readonly repository: { readonly owner: string; readonly name: string };
  readonly revision: Revision;
  /** Number of the pull request the build belongs to. */
  readonly pullRequest?: number;
  /** The branch or tag whose push it belongs to. */
  readonly ref?: GitRef;
  /** The base branch of the pull request. */
  readonly baseBranch?: string;
  /** GitHub login of who asked for it. */
  readonly requestedBy?: string;
  readonly images: readonly PlannedImage[];
  readonly pipeline: PlannedPipeline;
  /** Start a run of the pipeline after it was compiled. */
  readonly run: boolean;
  /** Make the schedules in Kubeflow Pipelines those of the configuration, once the pipeline is published. */
  readonly applySchedules?: true;
  /** What the kaniko manifest adds to every build pod. */
  readonly kaniko: KanikoPod;
  /** How many builds may run at once. */
  readonly parallelism: number;
  /** Where the workflow finds its contexts. */
  readonly objectStore: PlannedObjectStore;
  /** Warnings of the configuration; errors never get as far as a plan. */
  readonly warnings: readonly Diagnostic[];
}

/** A branch or a tag, by its name without `refs/heads/` or `refs/tags/`. */
export interface GitRef {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
}

/** One image of `image_builder.images`. */
export interface PlannedImage {
  readonly name: string;
  /** Name of its task in the DAG: `build-<name>` with what Argo does not take replaced. */
  readonly task: string;
  /** As the repository has it. */
  readonly context: Context;
  /** Its files are those of the commit. */
  readonly isCommit: boolean;
  /** What Kaniko gets: the context, with what this build uses in place of the Dockerfile's references to other images of the plan. */
  readonly delivered: Context;
  /** Whether it is built, and why. */
  readonly decision: ImageDecision;
  /** Names of the images of the plan that it is based on, in the order of its Dockerfile. */
  readonly buildsOn: readonly string[];
  /** The Dockerfile's path in the context. */
  readonly dockerfile: string;
  /** Where it is pushed, without tag: `registry.example/team/trainer`. */
  readonly repository: string;
  readonly tag: string;
  /** Another tag that it is pushed under: that of its key, or a tag of this build alone. */
  readonly secondTag?: string;
  readonly labels: readonly ImageLabel[];
  /** `ARG` values, in the order of the configuration. */
  readonly buildArgs: readonly (readonly [name: string, value: string])[];
  readonly target?: string;
  readonly platform?: string;
  /** Container resources as Kubernetes takes them. */
  readonly resources?: Readonly<Record<string, unknown>>;
  /** Seconds after which a build that still runs is stopped. */
  readonly timeout: number;
  /** Seconds after which an image in the registry is too old to be reused; absent: never. */
  readonly rebuildAfter?: number;
  /** Repository of the layer cache; absent: no cache. */
  readonly cacheRepository?: string;
  readonly snapshotMode?: 'full' | 'redo' | 'time';
  readonly useNewRun: boolean;
  /** Registry host to which plain http and unverified certificates are allowed. */
  readonly insecureRegistry?: string;
}

/** A label of an image. */
export type ImageLabel =
  | { readonly name: string; readonly value: string }
  /** Its value is the digest of the image of this name, which is built before. */
  | { readonly name: string; readonly digestOf: string };

/** The section `pipeline` of the configuration, as the last steps need it. */
export interface PlannedPipeline {
  readonly name: string;
  readonly namespace: string;
  readonly experiment: string;
  /** The Python file, from the repository's root. */
  readonly path: string;
  readonly function?: string;
  readonly description?: string;
  /** Its code: what the compile step is given, kept with the build contexts. */
  readonly source: Context;
  /** Name of the version that is published; the same for the same state of the repository. */
  readonly version: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Absent: there is nothing to say. */
  readonly argumentDetails?: ArgumentDetails;
  /** In the order of the configuration. */
  readonly schedules: readonly PlannedSchedule[];
  /** Image in which it is compiled: a reference, or the name of an image of the plan. */
  readonly compilerImage: string;
}

/** What a run needs to know about its arguments to check them and to give them their types. */
export interface ArgumentDetails {
  /** Numbers and booleans as they were written, where that is another text: `3.10` for 3.1. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Names that the caller has set: the pipeline must have these parameters. */
  readonly set?: readonly string[];
}

/** One of `pipeline.schedules`. */
export interface PlannedSchedule {
  readonly name: string;
  /** As it is written: five fields or a macro, in UTC. */
  readonly cron: string;
  readonly enabled: boolean;
  /** Those that replace the pipeline's. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** As in {@link ArgumentDetails}. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** A schedule as the publish step gets it. */
export interface ScheduleEntry {
  readonly name: string;
  /** As Kubeflow Pipelines reads it: six fields, seconds first. */
  readonly cron: string;
  readonly enabled: boolean;
  /** All of them: the pipeline's, and the schedule's in their place. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** As in {@link ArgumentDetails}. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Names of the schedule's own: the pipeline must have these parameters. */
  readonly set: readonly string[];
}

/** The object store as seen from inside the cluster. */
export interface PlannedObjectStore {
  /** `host:port` */
  readonly endpoint: string;
  /** Nobody named it, and no cluster was asked: it is the one that Kubeflow has had for longest. */
  readonly isAssumed?: true;
  /** https instead of http. */
  readonly secure: boolean;
  readonly region?: string;
  readonly bucket: string;
  /** The Secret in the workflow's namespace, and the keys of it that hold the two halves of the credential. */
  readonly secret: { readonly name: string; readonly accessKey: string; readonly secretKey: string };
}
