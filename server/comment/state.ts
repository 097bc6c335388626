import type { Failure, StepState } from '../../generator/results/result.js';
import type { RunOutputs } from '../../generator/results/run-outputs.js';
import type { StopReason } from '../../generator/workflow/names.js';
import type { BuildState } from '../ports.js';

/** The verbs that make a workflow. */
export type BuildVerb = 'build' | 'build_run' | 'run' | 'retry';

/** What starts builds without a command: keys of `triggers` in config.yaml. */
export const TRIGGERS = ['pull_request', 'push', 'tag'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** A command that was accepted. From here its commit is fixed. */
export interface BuildRequest {
  /** Comments that asked for it: the first, then those that joined. Of a trigger: its `triggerId`. */
  readonly commentIds: readonly number[];
  /** Logins of who asked, in the same order, each once. */
  readonly by: readonly string[];
  /** ISO 8601. */
  readonly at: string;
  readonly verb: BuildVerb;
  /** Names of the images that were asked for, sorted; absent: all. */
  readonly images?: readonly string[];
  /** Flags as written, sorted: `--force`. */
  readonly flags: readonly string[];
  /** Full id. */
  readonly commit: string;
  /** What started it without a command. */
  readonly trigger?: Trigger;
  /** The branch or tag whose push started it: `refs/heads/main`. */
  readonly ref?: string;
}

/** One row of the comment's table. */
export interface StepRow {
  /** An image's name, `tag`, `compile`, `publish` or `run`. */
  readonly name: string;
  /** `pin`: the step `publish` where there is no Kubeflow Pipelines, which pins the images and no more. */
  readonly kind: 'image' | 'tag' | 'compile' | 'publish' | 'pin' | 'run';
  readonly state: StepState;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** `repository@sha256:…` */
  readonly reference?: string;
  /** Full id of the commit that a reused image was built from. */
  readonly revision?: string;
  /** Names of the images that its build waits for. */
  readonly buildsOn?: readonly string[];
  /** Of an omitted image: name of the image whose failure prevented its build. */
  readonly failedBase?: string;
  readonly failure?: Omit<Failure, 'lastLines' | 'instruction'>;
  /** The last 20 lines of what failed, secrets masked. */
  readonly tail?: string;
  /** Why it has not started yet. */
  readonly waiting?: string;
  /** Page with its log. */
  readonly logUrl?: string;
}

/** A build as the comment shows it, with everything needed to render it again. */
export interface Build {
  readonly request: BuildRequest;
  readonly state: BuildState;
  readonly workflow?: {
    readonly name: string;
    /** Absent: that of the settings. */
    readonly namespace?: string;
    readonly url?: string;
  };
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly rows: readonly StepRow[];
  /** How many images are in which state beyond those in `rows`, of which only as many are kept as are shown. */
  readonly others?: Readonly<Partial<Record<StepRow['state'], number>>>;
  /** What its heading said, in plain text; kept of an earlier build, whose rows are not. */
  readonly summary?: string;
  /** Errors and warnings of the repository's files, as the command line prints them, or why the workflow failed. */
  readonly text?: string;
  /** One sentence on what to do next. */
  readonly nextStep?: string;
  /** What the step that tags images could not do, as sentences in which `…` is code; absent where there is nothing. */
  readonly tagWarnings?: readonly string[];
  /** What was published. */
  readonly published?: {
    readonly version: string;
    readonly versionUrl?: string;
    /** `trainer → registry/trainer@sha256:…`, and what was not pinned with its reason. */
    readonly pinned: readonly string[];
    readonly notPinned: readonly string[];
    readonly warnings: readonly string[];
    /** What was done to the schedules: clauses in which `…` is code. */
    readonly schedules?: readonly string[];
  };
  /** The run that was started. */
  readonly run?: {
    readonly id: string;
    readonly url?: string;
    /** What became of the failed run that was to continue: sentences in which `…` is code. */
    readonly note?: string;
    /** What it produced, secrets masked. */
    readonly outputs?: RunOutputs;
  };
  /** The head went on to this commit while it ran. */
  readonly headMovedTo?: string;
  /** Somebody stopped it, and Argo has not ended it yet. */
  readonly stopping?: boolean;
  /** Somebody asked for another build, which stopped this one. */
  readonly superseded?: boolean;
  /** Why the server stopped it by itself. */
  readonly stopReason?: StopReason;
}

/** The answer to a command that builds nothing, or a refusal. The latest one is shown. */
export interface Reply {
  /** Of a trigger: its `triggerId`. */
  readonly commentId: number;
  readonly by: string;
  /** The command as understood: `/plan`. Absent for a refusal of something that is no command. */
  readonly command?: string;
  readonly kind: 'answer' | 'refusal';
  /** Markdown, escaped already. */
  readonly markdown: string;
  /** Full id of the commit that it is about, where a trigger asked. */
  readonly commit?: string;
  /** For someone without permission. */
  readonly stranger?: true;
}

/** A command that was started and has not ended yet, as far as the comment knows. */
export interface PickUp {
  readonly commentId: number;
  /** Full id of what it was started with. */
  readonly commit: string;
  /** How often it was started without an end. */
  readonly times: number;
}

/** A command that a reply has ended, whatever the latest reply is. */
export interface EndedCommand {
  readonly commentId: number;
  readonly kind: Reply['kind'];
}

/** All that the bot's one comment on a pull request knows. It is kept in the comment itself. */
export interface ConversationState {
  /** Latest first. The first is shown in full, the others in one line each. */
  readonly builds: readonly Build[];
  readonly reply?: Reply;
  /** Commits of a fork that somebody with write permission has let be built. */
  readonly approved: readonly string[];
  /** Full id of the commit for which a trigger was answered last: it isn't answered again. */
  readonly answered?: string;
  /** Commands that are being worked on, or were when a server died. */
  readonly pickUps?: readonly PickUp[];
  /** Those that a reply ended last, by id: a replica that is late with one lets it be, or reacts alike. */
  readonly ended?: readonly EndedCommand[];
}

/** A pull request on which nothing was asked yet. */
export const NOTHING_YET: ConversationState = { builds: [], approved: [] };
