import type { GitRef } from '../generator/plan/plan-types.js';

export type { GitRef } from '../generator/plan/plan-types.js';

/** A repository on GitHub. */
export interface Repository {
  /** GitHub's number for it, which stays when it is renamed. */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/** Where a pull request is. */
export interface PullRequestRef {
  readonly repository: Repository;
  readonly number: number;
}

/** A commit that was pushed to a branch, or as a tag. */
export interface PushedCommit {
  readonly repository: Repository;
  /** Full id. */
  readonly commit: string;
  readonly ref: GitRef;
  readonly number?: undefined;
}

/** What a build is for, and where it is reported: a pull request, or a commit that was pushed. */
export type Origin = PullRequestRef | PushedCommit;

/** An account on GitHub. */
export interface Account {
  readonly login: string;
  readonly id: number;
  /** An app or a machine account that GitHub calls `Bot`. */
  readonly bot: boolean;
}

/** A comment in the conversation of a pull request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly author: Account;
  readonly createdAt: Date;
  readonly edited: boolean;
  /** Its page. */
  readonly url: string;
}

/** A comment and its pull request. */
export interface PlacedComment {
  readonly pullRequest: PullRequestRef;
  readonly comment: Comment;
}

/** A pull request as it is now. */
export interface PullRequest extends PullRequestRef {
  readonly open: boolean;
  readonly draft: boolean;
  /** Its conversation: nobody can react there, and an App cannot comment. */
  readonly locked: boolean;
  readonly author: Account;
  /** Names of its labels. */
  readonly labels: readonly string[];
  readonly head: {
    /** Full id. */
    readonly commit: string;
    /** The branch's name, without `refs/heads/`. */
    readonly branch: string;
    /** Where the branch is: another repository for a fork, none when the fork was deleted. */
    readonly repository: Repository | undefined;
  };
  /** The branch that it wants to change; its author chooses it. `commit` is not always its tip. */
  readonly base: { readonly commit: string; readonly branch: string };
  /** The default branch of the repository that it is in. */
  readonly defaultBranch: string;
}

/** What somebody may do in a repository, as GitHub names it, least first. */
export type Permission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/**
 * What a write to GitHub is for, the most urgent first. Writes are paced; where they must wait, these go first.
 * `record`: fixes a command's commit, nothing continues before it · `final`: the end of a build · `reply` · `progress` ·
 * `reaction`.
 */
export type Urgency = 'record' | 'final' | 'reply' | 'progress' | 'reaction';

/** Who somebody is. */
export interface People {
  /** The account that this server writes with. */
  me(repository: Repository): Promise<Account>;
  /**
   * Not cached.
   *
   * @throws GitHubError; the caller must then refuse
   */
  permission(repository: Repository, login: string): Promise<Permission>;
}

/** Reads pull requests. */
export interface PullRequests {
  /** @returns undefined where there is none of this number */
  read(ref: PullRequestRef): Promise<PullRequest | undefined>;
  /**
   * When the branch of a pull request came to its head, as GitHub recorded it: the dates in commits are anybody's.
   *
   * @returns undefined where GitHub doesn't say: the branch is in a repository that the server can't read, or it is at
   *   another commit by now
   */
  headSince(pullRequest: PullRequest): Promise<Date | undefined>;
  /**
   * Open pull requests of a repository that changed after `since`, the latest change first. GitHub counts a push and a
   * comment as a change.
   */
  recentlyChanged(repository: Repository, since: Date): AsyncIterable<PullRequest>;
  /** Comments on pull requests of a repository that were made after `since`, oldest first. */
  recentComments(repository: Repository, since: Date): AsyncIterable<PlacedComment>;
  /** @returns undefined when it was deleted */
  comment(repository: Repository, id: number): Promise<Comment | undefined>;
}

/** Writes comments on a pull request. */
export interface Comments {
  /**
   * The comments of an account on the pull request, oldest first.
   *
   * @param author - GitHub's number of the account
   */
  list(ref: PullRequestRef, author: number): Promise<readonly Comment[]>;
  create(ref: PullRequestRef, body: string, urgency: Urgency): Promise<Comment>;
  /** @returns undefined when it was deleted meanwhile */
  edit(ref: PullRequestRef, id: number, body: string, urgency: Urgency): Promise<Comment | undefined>;
  /** A comment that no longer exists is no error. */
  remove(ref: PullRequestRef, id: number): Promise<void>;
}

/**
 * Comments on a commit. They are written once: for a change of one, GitHub asks for the permission to write the
 * repository's files, which the server must not have (server-to-server-permissions.json of github/docs, `contents`).
 */
export interface CommitComments {
  /**
   * The comments of an account on a commit, oldest first.
   *
   * @param author - GitHub's number of the account
   */
  list(repository: Repository, commit: string, author: number): Promise<readonly Comment[]>;
  create(repository: Repository, commit: string, body: string): Promise<Comment>;
}

/** 👀 started · 🚀 done · 👎 refused or failed. */
export type Reaction = 'eyes' | 'rocket' | '-1';

/** Reactions of this server on comments. Adding an existing reaction is harmless. */
export interface Reactions {
  mine(repository: Repository, commentId: number): Promise<ReadonlySet<Reaction>>;
  /** A comment that no longer exists is no error. */
  add(repository: Repository, commentId: number, reaction: Reaction): Promise<void>;
}

/** A place in a file of the commit, with what is wrong there. */
export interface Annotation {
  /** From the repository's root. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly level: 'failure' | 'warning';
  /** Plain text. */
  readonly title: string;
  /** Plain text. */
  readonly message: string;
}

/** What a commit's check shows. */
export interface CheckReport {
  /**
   * Absent for a build. `answer`: what a comment cannot say because the conversation is locked. Its check has a name of
   * its own: a rule of the branch may require the build's, and an answer must not pass for a build.
   */
  readonly kind?: 'answer';
  readonly commit: string;
  /** Tells the checks of one commit apart and stays the same for one build: the workflow's name, or the comment's id. */
  readonly externalId: string;
  readonly state: 'queued' | 'running' | 'success' | 'failure' | 'cancelled' | 'neutral';
  /** One line of plain text. */
  readonly title: string;
  /** Markdown, escaped. */
  readonly summary: string;
  /** Each 50 are a write of their own. */
  readonly annotations: readonly Annotation[];
  /** Page with more: Argo's. */
  readonly url?: string;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}

/** Shows a build's state on its commit: a check run where the server is a GitHub App, else a commit status. */
export interface Checks {
  report(repository: Repository, report: CheckReport, urgency: Urgency): Promise<void>;
  /** The largest number among the external ids of a commit's checks of a kind; 0 without such a check. */
  latest(repository: Repository, commit: string, kind?: CheckReport['kind']): Promise<number>;
}

/** How git reaches a repository. */
export interface GitAccess {
  /** `https://github.com/owner/name.git` */
  url(repository: Repository): string;
  /** A token that reads this repository, good for at least ten minutes; undefined where none is needed. */
  token(repository: Repository): Promise<string | undefined>;
}

/** GitHub, as the server needs it. */
export interface GitHub {
  readonly people: People;
  readonly pullRequests: PullRequests;
  readonly comments: Comments;
  readonly commitComments: CommitComments;
  readonly reactions: Reactions;
  readonly checks: Checks;
  readonly git: GitAccess;
  /** The repository of this name, or undefined where the server has no access. */
  repository(owner: string, name: string): Promise<Repository | undefined>;
  /** Full id of the commit that a branch points at now; undefined where there is no such branch. */
  branchTip(repository: Repository, branch: string): Promise<string | undefined>;
  /** Name of the default branch; undefined where the server has no access. */
  defaultBranch(repository: Repository): Promise<string | undefined>;
  /** The latest pushes to branches of a repository on the last day, the latest first. GitHub tells of none to tags. */
  recentPushes(repository: Repository): Promise<readonly PushEvent[]>;
  /** What a commit's author wrote about it; undefined where there is no such commit. */
  commitMessage(repository: Repository, commit: string): Promise<string | undefined>;
  /** GitHub's clock, from its last response: comments are dated by it. */
  now(): Date;
}

/** What a delivery of GitHub means to this server. */
export type InboxEvent =
  { readonly kind: 'comment'; readonly placed: PlacedComment } | PullRequestEvent | PushEvent;

/** A pull request was closed, or its head may have to be built. */
export type PullRequestEvent = { readonly kind: 'closed'; readonly pullRequest: PullRequestRef } | HeadEvent;

/** A pull request with this label isn't built by itself; commands work. */
export const HOLD_LABEL = 'kfops/hold';

/** The head of a pull request moved (`pushed`), or what kept it from being built by itself is gone (`offered`). */
export interface HeadEvent {
  readonly kind: 'pushed' | 'offered';
  readonly pullRequest: PullRequestRef;
  /** Full id of the head. */
  readonly commit: string;
  /** Who did it. */
  readonly sender: Account;
  /** When, as GitHub says. */
  readonly at: Date;
}

/** A branch or a tag points to another commit, or is new. */
export interface PushEvent {
  readonly kind: 'push';
  readonly origin: PushedCommit;
  /** Full id of the commit that it pointed to before; absent where it is new. */
  readonly before?: string;
  /** Who did it. */
  readonly sender: Account;
  /** When, as GitHub says. */
  readonly at: Date;
}

/** How far a build is. `refused`: the repository's files have errors; nothing was submitted. */
export type BuildState = 'accepted' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'refused' | 'unknown';

/** Why a planner's process ended before its task was done. */
export type WorkerStopReason = 'time' | 'memory' | 'crash';
