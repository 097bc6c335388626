/** What Argo says of a workflow: the fields that are read, of the many there are. */
export interface ObservedWorkflow {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    /** Somebody deleted it, and it waits for a finalizer. */
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: ObservedSpec;
  readonly status?: ObservedStatus;
}

export interface ObservedSpec {
  readonly shutdown?: string;
  /** Of the whole workflow, in seconds. */
  readonly activeDeadlineSeconds?: number;
  readonly parallelism?: number;
  /** How long pods stay after the end: `86400s`. */
  readonly podGC?: { readonly deleteDelayDuration?: string };
  readonly templates?: readonly {
    readonly name: string;
    readonly container?: {
      readonly args?: readonly string[];
      readonly resources?: { readonly limits?: Readonly<Record<string, unknown>> };
    };
    readonly activeDeadlineSeconds?: number | string;
    readonly inputs?: { readonly parameters?: readonly ObservedParameter[] };
    readonly outputs?: {
      readonly parameters?: readonly {
        readonly name: string;
        readonly valueFrom?: { readonly parameter?: string };
      }[];
    };
    readonly dag?: { readonly tasks?: readonly ObservedTask[] };
  }[];
}

export interface ObservedParameter {
  readonly name: string;
  readonly value?: unknown;
}

export interface ObservedTask {
  readonly name: string;
  readonly template?: string;
  readonly depends?: string;
  readonly arguments?: {
    readonly parameters?: readonly ObservedParameter[];
    readonly artifacts?: readonly { readonly name: string; readonly raw?: { readonly data: string } }[];
  };
}

export interface ObservedStatus {
  readonly phase?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly nodes?: Nodes;
  /** Above 1 MiB: the nodes as JSON, gzip, base64. */
  readonly compressedNodes?: string;
  /** The nodes are in a database that only Argo's server reads. */
  readonly offloadNodeStatusVersion?: string;
}

/** By their id. */
export type Nodes = Readonly<Record<string, WorkflowNode>>;

export interface WorkflowNode {
  readonly id: string;
  /** From the root: `wf.build-trainer(0)`. */
  readonly name: string;
  /** The task's name; an attempt has its number behind it: `build-trainer(0)`. */
  readonly displayName: string;
  readonly type: string;
  readonly phase?: string;
  readonly templateName?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** The DAG's node in which it runs; of a DAG that is done again, the attempt's. */
  readonly boundaryID?: string;
  /** Of a pod: where it was placed; absent where it never was. */
  readonly hostNodeName?: string;
  readonly nodeFlag?: { readonly hooked?: boolean };
  readonly children?: readonly string[];
  readonly outputs?: {
    readonly exitCode?: string;
    readonly parameters?: readonly { readonly name: string; readonly value?: string }[];
  };
}
