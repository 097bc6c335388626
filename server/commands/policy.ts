import { commandCode } from '../comment/view.js';
import type { Account, Permission, PullRequest } from '../ports.js';
import { isBot, isFork, isServed, mayCommand } from '../rules/permissions.js';
import { approve } from './verbs/approve.js';
import { readsFiles } from './verb-table.js';

/** What is known of a comment before GitHub is asked anything. */
export interface CommentFacts {
  /** `owner/name` of the repositories that are served: `server.repositories` of the settings. */
  readonly repositories: readonly string[];
  /** The pull request of the comment. */
  readonly repository: { readonly owner: string; readonly name: string };
  readonly author: Account;
  /** The account that this server writes with. */
  readonly me: Account;
  readonly edited: boolean;
}

/** What a decision needs. */
export interface Facts extends CommentFacts {
  /** Absent where the comment holds a command that cannot be read: who may have it explained is decided likewise. */
  readonly command?: { readonly verb: string; readonly argument?: string };
  /** As GitHub shows it now; undefined where there is none of this number. */
  readonly pullRequest: PullRequest | undefined;
  /** The author's, as GitHub says it now; `unknown` when it could not be asked. */
  readonly permission: Permission | 'unknown';
  /** Builds of forks are set up: `server.forks` of the settings. */
  readonly forks: boolean;
  /** Commits of the fork that were let be built: those of the conversation's state. */
  readonly approved: readonly string[];
  /** The commit that the command takes. Default: the head. Differs from it where one was recorded before a restart. */
  readonly commit?: string;
  /** `settings.server.command_prefix`. */
  readonly prefix?: string;
}

/** No answer and no reaction. `why` is for the log. */
export interface Ignored {
  readonly kind: 'ignore';
  readonly why: string;
}

/** Sentences in Markdown that hold nothing of what people wrote but for commit ids. */
export interface Refused {
  readonly kind: 'refuse';
  readonly reason: string;
  readonly nextStep: string;
  /** They have no permission here, or it is unknown. */
  readonly stranger?: true;
}

/** What to do with a command. */
export type Decision = { readonly kind: 'allow' } | Ignored | Refused;

const ALLOW: Decision = { kind: 'allow' };

/**
 * What can be said without asking GitHub: only comments of people, as they were first written, in repositories that
 * are served. Never refuses, as strangers are not answered.
 */
export function screen(facts: CommentFacts): { readonly kind: 'allow' } | Ignored {
  const { repository, author, me } = facts;
  if (!isServed(facts.repositories, repository)) return ignore('the repository is not served');
  if (author.id === me.id) return ignore('own comment');
  if (isBot(author)) return ignore('comment of a bot');
  if (facts.edited) return ignore('the comment was edited');
  return { kind: 'allow' };
}

/** Who may have which command obeyed where. Whatever is not known counts against it. */
export function decide(facts: Facts): Decision {
  const screened = screen(facts);
  if (screened.kind === 'ignore') return screened;
  const { pullRequest, permission } = facts;
  if (!pullRequest) return ignore('there is no such pull request');
  if (permission === 'unknown') {
    return refuseStranger(
      'GitHub did not say whether you have write permission in this repository.',
      'Write the command again in a few minutes.',
    );
  }
  if (!mayCommand(permission)) {
    return refuseStranger(
      'Commands need write permission in this repository.',
      'Ask somebody who has it to write the command.',
    );
  }
  if (!pullRequest.open) {
    return refuse('This pull request is closed.', 'Open it again, then write the command again.');
  }
  const { command } = facts;
  if (command?.verb === approve.name) return decideApproval(facts, pullRequest, command.argument);
  if (command && readsFiles(command) && isFork(pullRequest)) return decideFork(facts, pullRequest);
  return ALLOW;
}

function decideFork(facts: Facts, pullRequest: PullRequest): Decision {
  if (!facts.forks) return noForks();
  const commit = facts.commit ?? pullRequest.head.commit;
  if (facts.approved.includes(commit)) return ALLOW;
  return refuse(
    'This pull request comes from a fork, and nobody has let this commit be built.',
    `Read its changes; then write ${commandCode(`ok-to-test ${commit}`, facts.prefix)}.`,
  );
}

function decideApproval(facts: Facts, pullRequest: PullRequest, argument: string | undefined): Decision {
  if (!isFork(pullRequest)) {
    return refuse(
      'This pull request is not from a fork: it needs no `ok-to-test`.',
      `Write ${commandCode('build', facts.prefix)}.`,
    );
  }
  if (!facts.forks) return noForks();
  const head = pullRequest.head.commit;
  if (argument === undefined || !/^[0-9a-f]{40}$/.test(argument)) {
    return refuse(
      '`ok-to-test` needs all 40 digits of a commit.',
      'Name the commit that you have read, by its full id.',
    );
  }
  if (argument === head) return ALLOW;
  return refuse(
    `The head of this pull request is \`${head}\` now, not \`${argument}\`.`,
    'Read what was pushed since; then name the head.',
  );
}

function noForks(): Refused {
  return refuse(
    'This pull request comes from a fork, and this server builds none.',
    "Push its branch to this repository, or ask the server's operator to set `server.forks`.",
  );
}

function ignore(why: string): Ignored {
  return { kind: 'ignore', why };
}

function refuse(reason: string, nextStep: string): Refused {
  return { kind: 'refuse', reason, nextStep };
}

function refuseStranger(reason: string, nextStep: string): Refused {
  return { kind: 'refuse', reason, nextStep, stranger: true };
}
