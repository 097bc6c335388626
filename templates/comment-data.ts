/** A text that leads somewhere. Addresses of other schemes than https and http lead nowhere. */
export interface Link {
  readonly text: string;
  readonly url: string;
}

/** A row of the table of steps. */
export interface StepCells {
  readonly name: string;
  /** `✅ built` */
  readonly state: string;
  /** `1m 05s`; '' where there is none. */
  readonly time: string;
  /** Start of its digest: `sha256:1a2b3c4d5e6f`. */
  readonly digest: string | undefined;
  /** Of a reused image; `since`: the commit that it was built from, where that is known. */
  readonly unchanged: { readonly since: Link | undefined } | undefined;
  /** Why it failed, waits or was left out: a sentence, in which `…` is code. */
  readonly reason: string | undefined;
  readonly logUrl: string | undefined;
}

/** What a reader needs of a failed step in addition to its row. */
export interface FailureDetails {
  readonly name: string;
  /** The line that failed; without an address where it is in no file of the repository. */
  readonly place: { readonly text: string; readonly url: string | undefined } | undefined;
  /** A sentence in which `…` is code. */
  readonly nextStep: string;
  /** Lines of its log, under `The last 20 lines of trainer`. */
  readonly tail: { readonly title: string; readonly text: string } | undefined;
}

/** What templates/partials/steps.md.hbs, failures.md.hbs and tag-warnings.md.hbs show. */
export interface StepsView {
  readonly steps: readonly StepCells[];
  /** There are logs to link to. */
  readonly logs: boolean;
  /** `… and 480 others: 470 built, 10 waiting`. */
  readonly others: string | undefined;
  /** What tags could not be set or checked: sentences in which `…` is code. */
  readonly tagWarnings: readonly string[];
  readonly failures: readonly FailureDetails[];
  /** Where there are many. */
  readonly foldedFailures: readonly FailureDetails[];
  /** `The last lines of 10 that failed`. */
  readonly foldedTitle: string;
}

/** What templates/partials/outputs.md.hbs shows: what a run produced. */
export interface OutputsView {
  readonly metrics: readonly {
    readonly label: string;
    readonly value: string;
    readonly base: string;
    readonly difference: string;
  }[];
  readonly moreMetrics: number;
  /** The version that they are compared with. */
  readonly base: string | undefined;
  /** Sentences in which `…` is code. */
  readonly notes: readonly string[];
  readonly artifacts: readonly { readonly type: string; readonly name: string; readonly uri: string }[];
  readonly moreArtifacts: number;
  /** `3 artifacts`; '' where there is none. */
  readonly artifactsTitle: string;
}

/** A build in full. */
export interface BuildView extends StepsView {
  /** `/build --force` */
  readonly command: string;
  readonly commit: Link;
  /** Who asked, each with the comment. */
  readonly askedBy: readonly Link[];
  /** A commit started it, without a command; `askedBy` is who pushed it. */
  readonly isTriggered: boolean;
  /** The branch or tag, if a push started it. */
  readonly ref: { readonly kind: 'branch' | 'tag'; readonly name: string } | undefined;
  /** Further people, beyond those. */
  readonly moreAsked: number;
  /** `took 3m 12s`, `since 12:04 UTC`. */
  readonly time: string | undefined;
  readonly workflow: { readonly name: string; readonly url: string | undefined } | undefined;
  /** Mermaid's own text. */
  readonly picture: string | undefined;
  /** Lines as the command line prints them. */
  readonly messages: { readonly title: string | undefined; readonly text: string } | undefined;
  /** A sentence in which `…` is code. */
  readonly problem: string | undefined;
  /** A sentence in which `…` is code. */
  readonly nextStep: string | undefined;
  readonly published:
    | {
        readonly version: string;
        readonly url: string | undefined;
        readonly notPinned: readonly string[];
        readonly warnings: readonly string[];
        /** What was done to the schedules; clauses in which `…` is code. */
        readonly schedules: string | undefined;
      }
    | undefined;
  readonly run:
    | {
        readonly id: string;
        readonly url: string | undefined;
        /** Sentences in which `…` is code. */
        readonly note: string | undefined;
      }
    | undefined;
  readonly outputs: OutputsView | undefined;
  /** Lines that name images by digest. */
  readonly images: { readonly title: string; readonly text: string } | undefined;
  /** The head went on to this commit. */
  readonly headMovedTo: Link | undefined;
}

/** What templates/comment.md.hbs shows: the one comment on a pull request. */
export interface CommentView {
  readonly heading: string;
  readonly build: BuildView | undefined;
  readonly reply:
    | {
        /** A reply under a build has a heading of its own. */
        readonly heading: string | undefined;
        readonly by: Link;
        /** A commit asked for it, without a command. */
        readonly isTriggered: boolean;
        /** Markdown, escaped. */
        readonly markdown: string;
      }
    | undefined;
  readonly history: readonly {
    readonly emoji: string;
    readonly text: string;
    readonly command: string;
    readonly commit: Link;
    readonly by: string;
    /** `22 Nov 2026, 12:04 UTC`. */
    readonly at: string;
    readonly workflow: { readonly name: string; readonly url: string | undefined } | undefined;
  }[];
  readonly historyTitle: string;
  /** What can be asked for next, in which `…` is code. */
  readonly hints: string;
}

/** What templates/check.md.hbs shows: the summary of a commit's check. */
export interface CheckView extends StepsView {
  readonly messages: string | undefined;
  readonly problem: string | undefined;
  readonly nextStep: string | undefined;
  /** `200 places are marked in the files; 3 further ones are not.` */
  readonly unmarked: string | undefined;
}

/** What templates/help.md.hbs shows. */
export interface HelpView {
  /** `usage`: the command as it is written, with its argument. */
  readonly verbs: readonly { readonly usage: string; readonly help: string }[];
  /** `verbs`: those that have the flag. */
  readonly flags: readonly { readonly usage: string; readonly verbs: string; readonly help: string }[];
  /** The command that explains one of them. */
  readonly more: string;
}

/** What templates/verb-help.md.hbs shows: one command. All but `usage` are sentences or clauses in which `…` is code. */
export interface VerbHelpView {
  /** The command as it is written, with all that can follow it. */
  readonly usage: string;
  readonly help: string;
  readonly parts: readonly { readonly usage: string; readonly help: string }[];
  readonly examples: readonly { readonly command: string; readonly help: string }[];
  readonly starts: string;
  readonly who: string;
}

/** What templates/plan-answer.md.hbs shows: what a build would do. */
export interface PlanAnswer {
  /** Full commit id. */
  readonly commit: string;
  /** In the order of the configuration. */
  readonly images: readonly {
    readonly name: string;
    readonly context: {
      readonly files: number;
      readonly bytes: number;
      /** Its content is in the object store already. */
      readonly stored: boolean;
      /** Files of it that are not the same on the base branch. */
      readonly changed: number;
    };
    /** With its tag. */
    readonly destination: string;
    /** Not reused. */
    readonly isBuilt: boolean;
    /** Why; a clause in which `…` is code. Absent where no registry was asked. */
    readonly reason?: string;
    /** From 1: those of one number start together. Of a reused image it says nothing. */
    readonly order: number;
  }[];
  /** How many builds run at once at most. */
  readonly parallelism: number;
  readonly pipeline: {
    readonly name: string;
    readonly path: string;
    readonly namespace: string;
    /** Of the version that would be published; none without Kubeflow Pipelines. */
    readonly version: string | undefined;
    /** `next`: when it runs next, or why it doesn't. */
    readonly schedules: readonly { readonly name: string; readonly cron: string; readonly next: string }[];
  };
  /** It would run, too. */
  readonly run: boolean;
  /** The DAG as Mermaid's own text. */
  readonly picture?: string;
  /** Warnings as the command line prints them. */
  readonly warnings?: string;
}

/** What templates/plan-answer.md.hbs is given of a {@link PlanAnswer}. */
export interface PlanView {
  readonly summary: string;
  readonly images: readonly {
    readonly order: number | undefined;
    readonly name: string;
    readonly decision: string;
    /** A clause in which `…` is code. */
    readonly reason: string | undefined;
    readonly context: string;
    readonly isNew: string;
    readonly destination: string;
  }[];
  readonly moreImages: number;
  /** There are reasons. */
  readonly decided: boolean;
  readonly ordered: boolean;
  readonly pipeline: PlanAnswer['pipeline'];
  /** When the schedules are applied: a sentence in which `…` is code. */
  readonly schedulesNote: string;
  /** Of their times. */
  readonly timeZone: string;
  readonly run: boolean;
  readonly picture: string | undefined;
  readonly warnings: string | undefined;
}

/** What templates/diff-answer.md.hbs shows. Sentences and clauses in which `…` is code. */
export interface DiffView {
  readonly summary: string;
  readonly images: readonly { readonly name: string; readonly change: string }[];
  /** References as they are shown. */
  readonly bases: readonly { readonly image: string; readonly before: string; readonly now: string }[];
  /** Digests as they are shown. */
  readonly digests: readonly { readonly image: string; readonly before: string; readonly now: string }[];
  /** Rows that the tables don't have. */
  readonly more: number;
  readonly pipeline: string;
  readonly diff: { readonly title: string; readonly text: string } | undefined;
  readonly nextStep: string | undefined;
}

/** What templates/log-answer.md.hbs shows. Sentences in which `…` is code. */
export interface LogView {
  readonly text: string;
  /** Steps to choose from, by their state. */
  readonly groups: readonly string[];
  readonly log: { readonly title: string; readonly text: string } | undefined;
  readonly nextStep: string;
}

/** What templates/refusal.md.hbs shows. Sentences in which `…` is code. */
export interface RefusalView {
  readonly reason: string;
  readonly nextStep: string | undefined;
}

/** What templates/status-answer.md.hbs shows. */
export interface StatusView extends StepsView {
  readonly text: string;
  readonly workflow: { readonly name: string; readonly url: string | undefined } | undefined;
  readonly waiting: string | undefined;
}

/** Data of the templates of the server's comments. */
export interface CommentTemplates {
  comment: CommentView;
  check: CheckView;
  help: HelpView;
  'verb-help': VerbHelpView;
  'plan-answer': PlanView;
  'status-answer': StatusView;
  'diff-answer': DiffView;
  'log-answer': LogView;
  refusal: RefusalView;
  errors: { readonly text: string };
  'not-there': { readonly command: string; readonly instead: string };
}
