import type {
  Comment,
  PlacedComment,
  PullRequest,
  PullRequestRef,
  PullRequests,
  Repository,
} from '../ports.js';
import type { Calls } from './calls.js';
import { accountOf } from './connection.js';
import { GitHubError } from './errors.js';
import { PER_PAGE, pages } from './pages.js';

/** A comment as GitHub shows it, as far as it is used. */
interface ShownComment {
  readonly id: number | bigint;
  readonly body?: string | undefined;
  readonly user: Parameters<typeof accountOf>[0];
  readonly created_at: string;
  readonly updated_at: string;
  readonly html_url: string;
}

/** Reads pull requests and their comments. */
export function pullRequests(calls: Calls): PullRequests {
  return {
    read: (ref) => readPullRequest(calls, ref),
    headSince: ({ head }) => headSince(calls, head),
    recentlyChanged: (repository, since) => recentlyChanged(calls, repository, since),
    recentComments: (repository, since) => recentComments(calls, repository, since),
    comment: async (repository, id) => {
      const { owner, name } = repository;
      const found = await calls.find(
        repository,
        (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            owner,
            repo: name,
            comment_id: id,
          }),
        { awaitsNotFound: true },
      );
      return found && commentOf(found.data);
    },
  };
}

async function readPullRequest(calls: Calls, ref: PullRequestRef): Promise<PullRequest | undefined> {
  const { owner, name } = ref.repository;
  const found = await calls.find(
    ref.repository,
    (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
        owner,
        repo: name,
        pull_number: ref.number,
      }),
    { awaitsNotFound: true },
  );
  return found && pullRequestOf(ref.repository, found.data);
}

async function* recentlyChanged(
  calls: Calls,
  repository: Repository,
  since: Date,
): AsyncGenerator<PullRequest> {
  const { owner, name } = repository;
  const ask = (page: number) =>
    calls.read(repository, (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/pulls', {
        owner,
        repo: name,
        state: 'open',
        sort: 'updated',
        direction: 'desc',
        per_page: PER_PAGE,
        page,
      }),
    );
  for await (const shown of pages(ask)) {
    for (const each of shown) {
      if (new Date(each.updated_at) < since) return;
      yield pullRequestOf(repository, each);
    }
  }
}

/** A pull request as GitHub shows it, as far as it is used. */
interface ShownPullRequest {
  readonly number: number;
  readonly state: string;
  readonly draft?: boolean | undefined;
  readonly locked: boolean;
  readonly user: Parameters<typeof accountOf>[0];
  readonly labels: readonly { readonly name?: string }[];
  readonly head: {
    readonly sha: string;
    readonly ref: string;
    /** Null for a fork that was deleted, whatever GitHub's description says. */
    readonly repo: Parameters<typeof repositoryOf>[0] | null;
  };
  readonly base: {
    readonly sha: string;
    readonly ref: string;
    readonly repo: { readonly default_branch?: string };
  };
}

function pullRequestOf(repository: Repository, shown: ShownPullRequest): PullRequest {
  const { number, state, draft, locked, user, labels, head, base } = shown;
  return {
    repository,
    number,
    open: state === 'open',
    draft: draft ?? false,
    locked,
    author: accountOf(user),
    labels: labels.flatMap(({ name: label }) => label ?? []),
    head: {
      commit: head.sha,
      branch: head.ref,
      repository: head.repo ? repositoryOf(head.repo) : undefined,
    },
    base: { commit: base.sha, branch: base.ref },
    defaultBranch: base.repo.default_branch ?? '',
  };
}

async function headSince(
  calls: Calls,
  { commit, branch, repository }: PullRequest['head'],
): Promise<Date | undefined> {
  if (!repository) return undefined;
  const { owner, name } = repository;
  const found = await unlessRefused(
    calls.find(repository, (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/activity', {
        owner,
        repo: name,
        ref: `refs/heads/${branch}`,
        direction: 'desc',
        per_page: 1,
      }),
    ),
  );
  const last = found?.data[0];
  const since = new Date(last?.timestamp ?? NaN);
  return last?.after === commit && !Number.isNaN(since.getTime()) ? since : undefined;
}

async function* recentComments(
  calls: Calls,
  repository: Repository,
  since: Date,
): AsyncGenerator<PlacedComment> {
  const { owner, name } = repository;
  const ask = (page: number) =>
    calls.read(repository, (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/issues/comments', {
        owner,
        repo: name,
        since: since.toISOString(),
        sort: 'created',
        direction: 'asc',
        per_page: PER_PAGE,
        page,
      }),
    );
  for await (const shown of pages(ask)) {
    for (const each of shown) {
      const comment = commentOf(each);
      const number = numberIn(each.html_url);
      // GitHub goes by the time of the last change.
      if (number === undefined || comment.createdAt < since) continue;
      yield { pullRequest: { repository, number }, comment };
    }
  }
}

/** The value; undefined where GitHub doesn't let the server see it. */
async function unlessRefused<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof GitHubError && error.trouble === 'refused') return undefined;
    throw error;
  }
}

/** A comment in the words of this server. */
export function commentOf(shown: ShownComment): Comment {
  return {
    id: Number(shown.id),
    body: shown.body ?? '',
    author: accountOf(shown.user),
    createdAt: new Date(shown.created_at),
    edited: shown.updated_at !== shown.created_at,
    url: shown.html_url,
  };
}

/** A repository in the words of this server. */
export function repositoryOf(shown: {
  readonly id: number | bigint;
  readonly name: string;
  readonly owner: { readonly login: string };
}): Repository {
  return { id: Number(shown.id), owner: shown.owner.login, name: shown.name };
}

/** The number in `…/pull/7#issuecomment-1`; undefined for an issue's comment. Only the URL of the page differs. */
function numberIn(page: string): number | undefined {
  const number = /\/pull\/(\d+)(?:#|$)/.exec(page)?.[1];
  return number === undefined ? undefined : Number(number);
}
