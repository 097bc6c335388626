import type { Octokit } from 'octokit';

import type { Comment, CommitComments, Repository } from '../ports.js';
import type { Calls } from './calls.js';
import type { Connection } from './connection.js';
import { PER_PAGE, pages } from './pages.js';
import { commentOf } from './pull-requests.js';

/** Everybody who can read a repository can comment on its commits: of more, this server's own are not found. */
const MOST_PAGES = 10;

/** Reads and writes comments on commits. */
export function commitComments(calls: Calls, connection: Connection): CommitComments {
  return {
    list: (repository, commit, author) =>
      calls.read(repository, (octokit) => all(octokit, repository, commit, author), { awaitsNotFound: true }),

    create: (repository, commit, body) =>
      calls.write(repository, { urgency: 'final' }, async (octokit, mayBeDone) => {
        if (mayBeDone) {
          const { id } = await connection.me(repository);
          const made = (await all(octokit, repository, commit, id)).findLast((each) => each.body === body);
          if (made) return made;
        }
        const { owner, name: repo } = repository;
        const { data } = await octokit.request('POST /repos/{owner}/{repo}/commits/{commit_sha}/comments', {
          owner,
          repo,
          commit_sha: commit,
          body,
        });
        return commentOf(data);
      }),
  };
}

/** The comments of an account on a commit, oldest first. Those of others, which may be large, are not kept. */
async function all(
  octokit: Octokit,
  { owner, name: repo }: Repository,
  commit: string,
  author: number,
): Promise<Comment[]> {
  const found: Comment[] = [];
  const ask = (page: number) =>
    octokit.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/comments', {
      owner,
      repo,
      commit_sha: commit,
      per_page: PER_PAGE,
      page,
    });
  let page = 0;
  for await (const shown of pages(ask)) {
    for (const each of shown) if (each.user?.id === author) found.push(commentOf(each));
    page += 1;
    if (page === MOST_PAGES) break;
  }
  return found;
}
