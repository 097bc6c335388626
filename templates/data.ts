import type { CommentTemplates } from './comment-data.js';

/** What templates/workflow-description.md.hbs shows on Argo's page of a workflow. */
export interface WorkflowDescription {
  readonly repository: { readonly owner: string; readonly name: string };
  /** Number of the pull request. */
  readonly pullRequest: number | undefined;
  /** The branch or tag that was pushed. */
  readonly ref: { readonly kind: 'branch' | 'tag'; readonly name: string } | undefined;
  /** Full commit id. */
  readonly commit: string | undefined;
  /** The files may differ from the commit. */
  readonly dirty: boolean;
  /** Those that are built first; the page shows the first 20. */
  readonly images: readonly {
    readonly name: string;
    /** `build: not in the registry` */
    readonly decision: string;
    /** With its tag; of a reused image with the start of its digest. */
    readonly destination: string;
  }[];
  /** A registry was asked: the decisions have reasons. */
  readonly decided: boolean;
  readonly anyBuilt: boolean;
  readonly allBuilt: boolean;
  readonly pipeline: {
    readonly name: string;
    readonly namespace: string;
    /** Absent where nothing is compiled. */
    readonly path: string | undefined;
    /** Absent where nothing is published. */
    readonly version: string | undefined;
  };
  /** The pipeline runs. */
  readonly run: boolean;
  /** GitHub login of who asked for it. */
  readonly requestedBy: string | undefined;
}

/** Data of each templates/<name>.md.hbs. */
export interface MarkdownTemplates extends CommentTemplates {
  'workflow-description': WorkflowDescription;
}

/** What templates/plan.txt.hbs shows. */
export interface PlanText {
  /** `owner/name`. */
  readonly repository: string;
  /** `commit 1a2b3c4d5e6f`, `folder /home/me/repo`. */
  readonly revision: string;
  readonly dirty: boolean;
  /** `2 images, 45 files, 1.2 MiB`; absent without images. */
  readonly images: string | undefined;
  /** Harmless lines. */
  readonly imageLines: readonly string[];
  /** How many images have no line. */
  readonly moreImages: number;
  readonly pipeline: {
    readonly name: string;
    readonly path: string;
    readonly namespace: string;
    /** `12 files, 34 KiB`: its code. */
    readonly source: string;
    /** Absent where it is not published. */
    readonly version: string | undefined;
  };
  /** When they are applied, and the time zone. */
  readonly schedulesTitle: string;
  /** Harmless lines, one for each schedule. */
  readonly scheduleLines: readonly string[];
  /** Harmless lines. */
  readonly treeLines: readonly string[];
}

/** What templates/next-steps.txt.hbs shows: what is left to do until the workflow runs. Commands are lines that fit. */
export interface NextSteps {
  readonly namespace: string;
  /** The build contexts are not where the cluster looks for them. */
  readonly upload:
    | {
        readonly commands: readonly string[];
        readonly store: string; readonly bucket: string;
        readonly keysKnown: boolean;
      }
    | undefined;
  /** Nobody named the object store that the workflow reads from: its address. */
  readonly assumedStore: string | undefined;
  /** What the namespace must hold, each with the commands that make it. */
  readonly needs: readonly { readonly what: string; readonly why: string; readonly commands: readonly string[] }[];
  /** Lines of the command. */
  readonly submit: readonly string[];
}

/** Data of each templates/<name>.txt.hbs. */
export interface TextTemplates {
  plan: PlanText;
  'next-steps': NextSteps;
}
