/**
 * The part of Argo's Workflow that Kfops writes: only the fields in use, in the shape that Argo 3.6 to 4.1 share.
 * Tests hold every generated workflow against Argo's published schemas.
 */
export interface Workflow {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Workflow';
  readonly metadata: ObjectMeta;
  readonly spec: WorkflowSpec;
}

/** A Kubernetes object or array that passes through unchanged (a toleration, a volume, …). */
export type Opaque = Readonly<Record<string, unknown>>;

export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface WorkflowSpec {
  readonly entrypoint: string;
  readonly automountServiceAccountToken: false;
  readonly executor: Executor;
  readonly imagePullSecrets?: readonly Opaque[];
  /** Seconds for all of it: a template's own deadline does not count while its pod waits for a node. */
  readonly activeDeadlineSeconds: number;
  /** Pods that run at once. */
  readonly parallelism: number;
  readonly podGC: { readonly strategy: 'OnWorkflowCompletion'; readonly deleteDelayDuration: string };
  readonly ttlStrategy: {
    readonly secondsAfterCompletion: number;
    readonly secondsAfterSuccess: number;
    readonly secondsAfterFailure: number;
  };
  readonly hostNetwork: false;
  readonly artifactGC: { readonly strategy: 'Never' };
  readonly synchronization?: { readonly mutexes: readonly { readonly name: string }[] };
  readonly templates: readonly Template[];
}

export type Template = ContainerTemplate | DagTemplate;

interface TemplateBase {
  readonly name: string;
  readonly inputs?: Inputs;
  readonly outputs?: Outputs;
}

export interface DagTemplate extends TemplateBase {
  readonly retryStrategy: RetryStrategy;
  readonly dag: {
    /** `false`: a broken image does not stop its siblings, so that every failure is reported. */
    readonly failFast: false;
    readonly tasks: readonly DagTask[];
  };
}

/** Argo's own containers next to a step's. */
export interface Executor {
  /** Its token is read from the Secret `<name>.service-account-token` where the pod has none mounted. */
  readonly serviceAccountName: string;
}

export interface DagTask {
  readonly name: string;
  readonly template: string;
  /** Argo's enhanced depends: `a.Succeeded && b.Succeeded`. */
  readonly depends?: string;
  readonly arguments?: {
    readonly parameters?: readonly Parameter[];
    readonly artifacts?: readonly ArtifactArgument[];
  };
}

export interface ContainerTemplate extends TemplateBase {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: false;
  readonly executor: Executor;
  /**
   * Seconds from the pod's start on its node; Argo's schema wants its numbers-or-text as text. The workflow's deadline
   * comes first where less is left of it.
   */
  readonly activeDeadlineSeconds: string;
  readonly retryStrategy: LeafRetryStrategy;
  readonly metadata?: Pick<ObjectMeta, 'labels'>;
  readonly nodeSelector?: Opaque;
  readonly tolerations?: readonly Opaque[];
  readonly affinity?: Opaque;
  readonly securityContext?: Opaque;
  readonly volumes?: readonly Opaque[];
  readonly container: Container;
}

export interface Container {
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly Opaque[];
  readonly envFrom?: readonly Opaque[];
  readonly volumeMounts?: readonly Opaque[];
  readonly resources?: Opaque;
  readonly securityContext: Opaque;
}

export interface RetryStrategy {
  /** Attempts after the first. */
  readonly limit: string;
  readonly retryPolicy: 'Always' | 'OnTransientError';
}

export interface LeafRetryStrategy extends RetryStrategy {
  readonly expression: string;
  /** The pause is `duration` after the first attempt, `factor` times as long after each further one. */
  readonly backoff: { readonly duration: string; readonly factor: string };
}

export interface Parameter {
  readonly name: string;
  readonly value?: string;
}

export interface Inputs {
  readonly parameters?: readonly Parameter[];
  readonly artifacts?: readonly (S3Artifact | RawArtifact | MountedArtifact)[];
}

export interface Outputs {
  readonly parameters?: readonly OutputParameter[];
  readonly artifacts?: readonly OutputArtifact[];
}

export interface OutputParameter {
  readonly name: string;
  /** `default`: where there is no such file. */
  readonly valueFrom: { readonly path: string; readonly default?: string } | { readonly parameter: string };
}

/** An artifact that a task's arguments fill. */
export interface MountedArtifact {
  readonly name: string;
  readonly path: string;
  /** Permission bits. Without them a file from the object store is its owner's alone, and that is Argo's executor. */
  readonly mode?: number;
}

/** What a task's arguments fill an artifact with. What another task has put out is named by its key instead. */
export interface ArtifactArgument {
  readonly name: string;
  readonly raw: { readonly data: string };
}

/** A file of the object store. */
export interface S3Artifact extends MountedArtifact {
  readonly archive: { readonly none: Readonly<Record<string, never>> };
  readonly s3: {
    readonly endpoint: string;
    readonly insecure: boolean;
    readonly bucket: string;
    readonly region?: string;
    readonly key: string;
    readonly accessKeySecret: SecretKey;
    readonly secretKeySecret: SecretKey;
  };
}

/** A text of the template's own, as a file. */
export interface RawArtifact extends MountedArtifact {
  readonly raw: { readonly data: string };
}

export interface OutputArtifact extends S3Artifact {
  /** It is no error that the file is not there. */
  readonly optional: true;
}

export interface SecretKey {
  readonly name: string;
  readonly key: string;
}
