import type { Octokit } from 'octokit';

import type { Comment, Comments, PullRequestRef } from '../ports.js';
import type { Calls } from './calls.js';
import type { Connection } from './connection.js';
import { PER_PAGE, pages } from './pages.js';
import { commentOf } from './pull-requests.js';

/** Writes comments. */
export function comments(calls: Calls, connection: Connection): Comments {
  return {
    list: (ref, author) => calls.read(ref.repository, (octokit) => all(octokit, ref, author)),

    create: (ref, body, urgency) =>
      calls.write(ref.repository, { urgency }, async (octokit, mayBeDone) => {
        if (mayBeDone) {
          const { id } = await connection.me(ref.repository);
          const made = (await all(octokit, ref, id)).findLast((each) => each.body === body);
          if (made) return made;
        }
        const { owner, name: repo } = ref.repository;
        const { data } = await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          owner,
          repo,
          issue_number: ref.number,
          body,
        });
        return commentOf(data);
      }),

    async edit({ repository }, id, body, urgency) {
      const { owner, name: repo } = repository;
      const key = `comment ${repository.id} ${id}`;
      const found = await calls.unlessGone(
        calls.write(repository, { urgency, key }, (octokit) =>
          octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            owner,
            repo,
            comment_id: id,
            body,
          }),
        ),
      );
      return found && commentOf(found.data);
    },

    async remove({ repository }, id) {
      const { owner, name: repo } = repository;
      await calls.unlessGone(
        calls.write(repository, { urgency: 'reply', awaitsNotFound: false }, (octokit) =>
          octokit.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            owner,
            repo,
            comment_id: id,
          }),
        ),
      );
    },
  };
}

/** The comments of an account on a pull request, oldest first. Those of others, which may be large, are not kept. */
async function all(
  octokit: Octokit,
  { repository, number }: PullRequestRef,
  author: number,
): Promise<Comment[]> {
  const found: Comment[] = [];
  const ask = (page: number) =>
    octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner: repository.owner,
      repo: repository.name,
      issue_number: number,
      per_page: PER_PAGE,
      page,
    });
  for await (const shown of pages(ask))
    for (const each of shown) if (each.user?.id === author) found.push(commentOf(each));
  return found;
}
